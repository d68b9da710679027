"""A large office for benchmarks: 3,000 partners, 20,000 people and 300,000 interactions over ten years.

Names and texts are put together from the lists below, drawn from a seed, so every run has the same office. The rows
go in by COPY as superuser with triggers off: the history of changes stays empty and references are not checked.
"""

import io
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from django.db import connection, models

from core.actor import Actor
from core.tenancy.scope import tenant_scope, tenant_transaction
from organizations.models import Affiliation, Contact, Organization, OrganizationAlias, OrganizationIdentifier
from partnerships.actions.health import recompute_health
from partnerships.models import (
    Interaction,
    Participant,
    Partnership,
    PartnershipHealth,
    Project,
    ProjectParticipant,
)
from tenants.actions.tenants import add_member, open_tenant
from tenants.models import Tenant
from tests import databases

SLUG = "large"
PARTNERS, PEOPLE, INTERACTIONS, PROJECTS, MEMBERS = 3_000, 20_000, 300_000, 4_000, 12
YEARS = 10
RARE_WORD = "zeppelin"
RARE_EVERY = 9_973


def _words(text: str) -> list[str]:
    return text.split()


BEGINNINGS = _words("""
    Aar Alpen Amber Balt Bern Bjørn Blau Brücken Dansk Delta Elb Falken Fjord Gdań Grün Hafen Havel Höhen Isar
    Jutland Kiel Königs Kraków Lahn Linden Łódz Main Malmö Møller Nadel Nord Öster Oder Pommern Rhein Ruhr Sankt
    Schön Skåne Spree Stein Sund Tatra Trave Ulm Väster Vest Vindby Warta Weser Wiśla Zürn
""")
MIDDLES = _words("""
    aero agrar auto bio chem data elektro energi farma fein gruben holz hydro kabel klima labor lager licht mare mek
    nano optik papir plast quant robo sensor silo sol stahl tele terra textil turbin vind werk
""")
ENDINGS = ["GmbH AG", "A/S", "AB", "Sp. z o.o.", "S.A.", "Ltd", "KG", "ApS", "Oy"]
CITIES = _words("""
    Aarhus Gdańsk München Kraków Malmö Zürich Hamburg Łódź Odense Göteborg Wrocław Köln Lübeck Poznań
""")
FIRST = _words("""
    Ana Bartosz Bjørn Celina Dorota Elin Erik Frauke Grzegorz Günther Hanna Ida Jürgen Katarzyna Lars Lena Łukasz
    Małgorzata Mikkel Nils Ola Paweł Rasmus Renate Sigrid Sören Tomasz Ulla Vera Zofia
""")
LAST = _words("""
    Ahlström Bąk Becker Brandt Christensen Dąbrowski Eriksen Fröhlich Grabowski Günther Hansen Holm Jørgensen
    Kowalczyk Krämer Larsen Lindqvist Müller Nielsen Nowak Ostrowski Petersen Rasmussen Schäfer Sørensen Szymański
    Thomsen Vogel Wiśniewski Wójcik Zielińska Østergaard
""")
TITLES = ["Head of research", "Managing director", "Lab manager", "Innovation lead", "HR partner", "Engineer", ""]
VERBS = _words("""
    discussed reviewed agreed postponed sketched compared priced tested shared presented drafted closed
""")
TOPICS = _words("""
    acoustics alloys battery biogas bolts budget bypass calibration casting catalysts ceramics coating composites
    corrosion curriculum cybersecurity datasets deadline deliverables drones electrolysis emissions enzymes ethics
    facilities fatigue fermentation fibres filters foresight foundry funding glass graphene grid guidelines
    heatpumps hydrogen imaging internship insulation interviews invoices lasers lecture licensing lubrication
    magnets membranes metrology milestones mobility modelling moulding nanotubes onboarding optics packaging patents
    permits photonics pigments pilots placements polymers prototypes pumps radar recycling regulation resins robots
    roadmap rotors safety sampling scholarship sealing seminar sensors simulation soils solvents spectra standards
    steel storage supplychain surfaces telemetry tender textiles thesis tooling torque toxicity training turbines
    vaccines valves vibration wafers warranty wastewater welding windtunnel workshop yields zoning
""")
TAILS = [
    "with the whole team", "on site", "by telephone", "after the summer", "before the board meets", "in two steps",
    "for the joint proposal", "with their lawyers", "at the fair", "together with a second faculty",
]  # fmt: skip


def build(database: str, *, seed: int = 11, scale: float = 1.0) -> Tenant:
    """Make the office in a migrated database, with its health as the product computes it; ``scale`` multiplies it."""
    tenant, _made = open_tenant(
        slug=SLUG, name="Large University", country="DK", currency="EUR", time_zone="Europe/Copenhagen"
    )
    members = [
        add_member(
            tenant=tenant,
            email=f"member{number}@{SLUG}.example",
            name=f"{FIRST[number]} {LAST[number]}",
            role="manager" if number < 4 else "officer",
            password="correct-horse-battery-staple",
        ).user_id
        for number in range(MEMBERS)
    ]
    with tenant_scope(tenant.pk), databases.superuser(database) as cursor:
        cursor.execute("set session_replication_role = replica")
        for model, names, rows in _everything(members, random.Random(seed), scale):
            _copy(cursor, model, names, rows)
        cursor.execute("analyze")
    with tenant_transaction(tenant.pk):
        recompute_health(actor=Actor.system(tenant.pk))
    with databases.superuser(database) as cursor:
        cursor.execute("vacuum analyze")
    return tenant


def _copy(cursor, model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """COPY rows of the named columns; the model's defaults fill the others, and the ids count from one."""
    rest = {
        field.column: _default_of(field)
        for field in model._meta.concrete_fields
        if not field.generated and field.column not in {"id", *names}
    }
    constants = "".join(f"\t{_text(value)}" for value in rest.values())
    text = io.StringIO()
    count = 0
    for count, row in enumerate(rows, 1):
        text.write("\t".join(map(_text, (count, *row))) + constants + "\n")
    text.seek(0)
    table = model._meta.db_table
    cursor.copy_expert(f"copy {table} ({', '.join(['id', *names, *rest])}) from stdin", text)
    cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(count, 1)])


def _default_of(field: models.Field) -> object:
    """What the database gets for a field that is left out."""
    if isinstance(field, models.JSONField):  # a prepared one is SQL, and COPY takes text
        return json.dumps(field.get_default())
    return field.get_db_prep_save(field.get_default(), connection)


def _text(value: object) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\t", " ").replace("\n", r"\n")
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(map(_text, value)) + "}"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _everything(members: list[int], chance: random.Random, scale: float) -> Iterator[tuple]:
    partners, people = int(PARTNERS * scale), int(PEOPLE * scale)
    interactions, projects = int(INTERACTIONS * scale), int(PROJECTS * scale)
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    names = [_organization(number, chance) for number in range(partners)]
    yield (
        Organization,
        ("name", "legal_name", "kind", "country", "city", "website"),
        (
            (name, f"{name} {ending}", "company", "DE", chance.choice(CITIES), f"https://www.{_ascii(name)}.example")
            for name, ending in names
        ),
    )
    yield (
        OrganizationAlias,
        ("organization_id", "name"),
        ((number + 1, f"{_initials(names[number][0])}{number}") for number in range(0, partners, 3)),
    )
    yield (
        OrganizationIdentifier,
        ("organization_id", "scheme", "value"),
        ((number + 1, "grid", f"grid.{100000 + number}.7") for number in range(0, partners, 2)),
    )
    contacts = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _each in range(people)]
    yield (
        Contact,
        ("name", "email"),
        ((name, f"{_ascii(name)}{number}@{_ascii(names[number % partners][0])}.example")
         for number, name in enumerate(contacts)),
    )  # fmt: skip
    yield (
        Affiliation,
        ("contact_id", "organization_id", "title", "started_on"),
        (
            (number + 1, number % partners + 1, chance.choice(TITLES), today.date() - timedelta(days=400))
            for number in range(people)
        ),
    )
    started = today.date() - timedelta(days=365 * YEARS)
    yield (
        Partnership,
        ("organization_id", "owner_id", "started_on", "summary"),
        ((number + 1, chance.choice(members), started, "") for number in range(partners)),
    )
    yield PartnershipHealth, ("partnership_id",), ((number + 1,) for number in range(partners))
    heavy = list(accumulate(1 / (10 + number) for number in range(partners)))
    chosen = chance.choices(range(partners), cum_weights=heavy, k=interactions)
    yield (
        Interaction,
        ("partnership_id", "kind", "direction", "occurred_at", "note", "confidentiality", "source", "logged_by_id"),
        (
            (
                partner + 1,
                chance.choice(("meeting", "meeting", "call", "email_two_way", "site_visit", "event")),
                chance.choice("OI"),
                today - timedelta(minutes=chance.randrange(1, 1440 * 365 * YEARS)),
                _note(number, chance),
                "confidential" if chance.random() < 0.05 else "internal",
                "manual",
                chance.choice(members),
            )
            for number, partner in enumerate(chosen)
        ),
    )
    yield (
        Participant,
        ("interaction_id", "contact_id", "member_id"),
        _participants(chosen, members, people, partners, chance),
    )
    yield (
        Project,
        ("title", "acronym", "channel", "status", "started_on", "programme", "award"),
        (
            (
                f"{chance.choice(TOPICS).title()} and {chance.choice(TOPICS)} for {chance.choice(TOPICS)}",
                f"{chance.choice(BEGINNINGS)}{number}".upper() if number % 2 else "",
                "RES",
                "active",
                today.date() - timedelta(days=chance.randrange(3000)),
                "A program",
                chance.randrange(10_000, 900_000),
            )
            for number in range(projects)
        ),
    )
    yield (
        ProjectParticipant,
        ("project_id", "organization_id"),
        ((number + 1, chance.randrange(partners) + 1) for number in range(projects)),
    )


def _participants(chosen, members, people, partners, chance) -> Iterator[tuple]:
    for number, partner in enumerate(chosen, 1):
        yield number, None, chance.choice(members)
        yield number, partner + partners * chance.randrange(max(people // partners, 1)) + 1, None


def _organization(number: int, chance: random.Random) -> tuple[str, str]:
    first = BEGINNINGS[number % len(BEGINNINGS)]
    name = f"{first}{chance.choice(MIDDLES)} {chance.choice(MIDDLES).title()}{chance.choice(MIDDLES)}"
    return name, chance.choice(ENDINGS)


def _note(number: int, chance: random.Random) -> str:
    sentences = []
    for _each in range(chance.choice((1, 1, 2, 2, 3, 5))):
        topic, other = _topic(chance), _topic(chance)
        sentences.append(f"We {chance.choice(VERBS)} the {topic} and {other} {chance.choice(TAILS)}.")
    if number % RARE_EVERY == 0:
        sentences.append(f"They also spoke of a {RARE_WORD}.")
    return " ".join(sentences)


def _topic(chance: random.Random) -> str:
    """Few words are common and many are rare, as in every language."""
    return TOPICS[min(int(chance.expovariate(1 / 18)), len(TOPICS) - 1)]


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()).upper()


def _ascii(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
