"""A folder of projects of the real one's shape, for machines that do not have it."""

import random
from datetime import date, timedelta
from pathlib import Path

from organizations.rules.identifiers import mod_11_2_check_character, ror_check_digits
from tests.folders import write_folder

OFFICES, PROJECTS, ORGANIZATIONS, PER_PROJECT = 5, 241, 1800, 14
TYPES = ["PRC"] * 30 + ["HES"] * 29 + ["REC"] * 24 + ["OTH"] * 8 + ["PUB"] * 5 + [""] * 4
COUNTRIES = ["DE", "GB", "FR", "ES", "IT", "NL", "BE", "NO", "CH", "AT", "PT", "PL", "SE", "GR", "DK"]


def generate(path: Path, *, scale: int = 1, seed: int = 7) -> Path:
    """Five offices, 241 projects × scale and 1,800 organizations × scale, drawn from a seed."""
    chance = random.Random(seed)
    organizations = [_organization(number, chance) for number in range(ORGANIZATIONS * scale)]
    offices = [
        {
            "tenant": f"office-{each}",
            "org_id": organizations[each]["org_id"],
            "name": f"University {each}",
            "country": "NO",
        }
        for each in range(OFFICES)
    ]
    projects, links, participations = [], [], []
    for number in range(PROJECTS * scale):
        start = date(2008, 1, 1) + timedelta(days=chance.randrange(5000))
        project = f"P-{number:06}"
        projects.append(
            {
                "project_id": project,
                "acronym": f"ACR{number}",
                "display_title": f"Project {number} on the properties of generated titles of ordinary length",
                "start_date": start.isoformat(),
                "end_date": (start + timedelta(days=1400)).isoformat(),
                "status": "SIGNED",
                "total_cost_eur": str(chance.randrange(10**6, 10**7)),
                "ec_contribution_eur": str(chance.randrange(10**6)),
                "currency": "EUR",
                "programme": "A programme",
                "url": f"https://projects.example/{number}",
            }
        )
        owners = chance.sample(range(OFFICES), 1 if chance.random() < 0.94 else 2)
        links += [{"tenant": f"office-{each}", "project_id": project, "tenant_role": "participant"} for each in owners]
        partners = chance.sample(range(OFFICES, len(organizations)), PER_PROJECT - len(owners))
        participations += [
            {
                "project_id": project,
                "org_id": organizations[each]["org_id"],
                "role": "participant",
                "ec_contribution_eur": f"{chance.randrange(10**8) / 100:.2f}",
            }
            for each in [*owners, *partners]
        ]
    return write_folder(
        path,
        tenants=offices,
        tenant_projects=links,
        projects=projects,
        participations=participations,
        organizations=organizations,
    )


def _organization(number: int, chance: random.Random) -> dict[str, str]:
    stem = f"0{number:06x}".translate(str.maketrans("ilou", "wxyz"))[:7]
    digits = f"00000001{number:07}"
    known = chance.random() < 0.36
    return {
        "org_id": str(900000000 + number),
        "pic": str(900000000 + number),
        "display_name": f"ORGANIZATION NUMBER {number} FOR RESEARCH AND DEVELOPMENT",
        "short_name": f"ORG{number}" if chance.random() < 0.77 else "",
        "type_code": chance.choice(TYPES),
        "country": chance.choice(COUNTRIES),
        "city": "Cityville",
        "latitude": f"{chance.uniform(35, 65):.5f}",
        "longitude": f"{chance.uniform(-10, 25):.5f}",
        "geo_precision": "city",
        "website": f"https://www.organization{number}.example" if chance.random() < 0.58 else "",
        "ror_id": f"https://ror.org/{stem}{ror_check_digits(stem)}" if known else "",
        "isni": digits + mod_11_2_check_character(digits) if known else "",
    }
