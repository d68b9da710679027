"""A slip of the pen in a year is refused wherever a day is given, and named."""

import pytest

from tests.api_kit import Api, nothing_changes
from tests.factories.agreement_parts import make_ip_asset
from tests.factories.agreements import make_agreement
from tests.factories.partnerships import make_partnership
from tests.factories.talent import make_program, make_student

SLIPS = ("0026-03-01", "1899-12-31", "9999-12-31")
DAYS = {
    "agreements": ("effective_on", "expires_on"),
    "grants": ("starts_on", "ends_on"),
    "screenings": ("valid_until",),
    "projects": ("started_on", "ended_on"),
    "opportunities": ("expected_close_on", "next_step_on"),
    "positions": ("starts_on", "ends_on", "apply_by"),
    "placements": ("starts_on", "ends_on"),
    "talent-events": ("occurred_on",),
    "students": ("graduates_on",),
}


@pytest.mark.parametrize("resource", DAYS)
def test_a_year_that_nobody_means_is_refused(in_alpha, resource):
    partnership = make_partnership()
    program, student, agreement = make_program(), make_student(), make_agreement(partnership)
    needed = {
        "agreements": {"title": "Pumps", "kind": "nda", "partnership": partnership.pk},
        "grants": {"agreement": agreement.pk, "asset": make_ip_asset(level="internal").pk, "kind": "license"},
        "screenings": {"organization": partnership.organization_id, "lists": "EU list"},
        "projects": {"title": "Pumps", "channel": "RES"},
        "opportunities": {"title": "Pumps", "partnership": partnership.pk, "next_step": "Ask"},
        "positions": {"title": "Pumps", "partnership": partnership.pk, "program": program.pk},
        "placements": {"student": student.pk, "partnership": partnership.pk, "program": program.pk},
        "talent-events": {"title": "Fair", "partnership": partnership.pk, "kind": "recruiting_event", "people": 9},
        "students": {"name": "Mei Dahl"},
    }[resource]
    given = {"starts_on": "2027-03-01", "ends_on": "2027-04-01"} if resource == "placements" else {}
    api = Api(in_alpha, "manager")
    for name in DAYS[resource]:
        for slip in SLIPS:
            with nothing_changes():
                answer = api.post(f"{resource}/", {**needed, **given, name: slip})
            assert answer.status_code == 400, (name, slip, answer.content)
            assert answer.json()["fields"] == {name: ["Check the year."]}, (name, slip)
