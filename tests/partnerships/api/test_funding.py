"""Money, schemes and sums over HTTP."""

from datetime import date
from decimal import Decimal

import pytest

from core.tenancy.scope import tenant_scope
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, counted, error_of, nothing_changes
from tests.factories.funding import make_funding, make_scheme
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.units import make_unit

DAY = date(2026, 3, 9)


def on_partner(**body):
    return lambda: {"partnership": make_partnership().pk, **body}


class TestFundingEntries(ApiContract):
    resource = Resource(
        prefix="funding-entries",
        view="partnerships.view_funding",
        create="partnerships.add_funding_entry",
        edit="partnerships.edit_funding_entry",
        delete="partnerships.delete_funding_entry",
        make=lambda author: make_funding(),
        payload=on_partner(
            measure="invoiced",
            amount="12000.00",
            currency="GBP",
            rate="1.15000000",
            rate_on="2026-03-09",
            booked_on="2026-03-09",
            due_on="2026-04-08",
            source="industry",
            channel="RES",
            domain="energy",
            reference="INV-7",
        ),
        patch={"reference": "INV-8", "note": "Sent again"},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "project": (make_project, lambda pk: {"project": pk}),
            "scheme": (make_scheme, lambda pk: {"scheme": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 5, "update": 6},
    )


class TestSchemes(ApiContract):
    resource = Resource(
        prefix="funding-schemes",
        view="partnerships.view_schemes",
        create="partnerships.add_scheme",
        edit="partnerships.edit_scheme",
        delete="partnerships.delete_scheme",
        make=lambda author: make_scheme(),
        payload=lambda: {
            "name": "Innovation voucher",
            "funder": "Ministry of Research",
            "kind": "voucher",
            "channels": ["RES", "FAC"],
            "domains": ["energy"],
            "sme_only": True,
            "rate": "50.00",
            "cap": "10000.00",
            "deadline_on": "2027-01-31",
        },
        patch={"cap": "12000.00", "channels": ["RES"]},
        queries={"list": 2, "detail": 1, "create": 2, "update": 4},
    )


def test_an_amount_comes_back_with_what_follows_from_it(alpha):
    with tenant_scope(alpha.id):
        partner = make_partnership()
    api = Api(alpha, "officer")
    body = {"partnership": partner.pk, "measure": "received", "amount": "100.00", "booked_on": "2026-03-09"}
    made = api.post("funding-entries/", body).json()
    assert (made["currency"], made["base_amount"], made["fiscal_year"]) == ("EUR", "100.00", 2026)
    changed = api.patch(
        f"funding-entries/{made['id']}/", {"currency": "USD", "rate": "0.5", "rate_on": "2026-03-09", "version": 1}
    ).json()
    assert (changed["base_amount"], changed["rate"], changed["version"]) == ("50.00", "0.50000000", 2)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"base_amount": "5.00"}, "base_amount"),
        ({"fiscal_year": 2020}, "fiscal_year"),
        ({"external_id": "x"}, "external_id"),
        ({"currency": "USD"}, "rate"),
        ({"measure": "in_kind"}, "valuation_basis"),
        ({"due_on": "2026-05-01"}, "due_on"),
        ({"amount": "0.00"}, "amount"),
        ({"partnership": None}, "partnership"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(alpha, body, field):
    with tenant_scope(alpha.id):
        row = make_funding()
    with nothing_changes():
        error = error_of(Api(alpha, "manager").patch(f"funding-entries/{row.pk}/", body), 400)
    assert list(error["fields"]) == [field]


def test_entries_are_filtered_as_on_the_page(alpha):
    with tenant_scope(alpha.id):
        row = make_funding(measure="spent", booked_on=date(2024, 5, 5))
        make_funding(booked_on=DAY)
    api = Api(alpha, "researcher")
    for query in ({"measure": "spent"}, {"year": 2024}, {"partnership": row.partnership_id}, {"year_to": 2025}):
        found = api.get("funding-entries/", query).json()["results"]
        assert [each["id"] for each in found] == [row.pk]


# Sums


def totals(office, role: str = "manager", **query) -> list[dict]:
    return Api(office, role).get("funding-totals/", {"first_year": 2020, "last_year": 2026, **query}).json()


@pytest.fixture
def money(alpha):
    with tenant_scope(alpha.id):
        unit = make_unit(name="Institute of Wind")
        partner = make_partnership(unit=unit)
        project = make_project(partner)
        make_funding(partner, amount=Decimal(100), source="industry", booked_on=date(2024, 2, 1))
        make_funding(partner, amount=Decimal(-30), source="industry", booked_on=date(2024, 3, 1))
        make_funding(
            partner, amount=Decimal(40), currency="USD", rate=Decimal("0.5"), rate_on=DAY, booked_on=date(2025, 2, 1)
        )
        make_funding(project=project, amount=Decimal(500), source="federal", channel="LAB", booked_on=date(2024, 5, 1))
        make_funding(partner, measure="committed", amount=Decimal(1000), domain="energy", booked_on=date(2024, 1, 1))
        make_funding(partner, amount=Decimal(7), booked_on=date(2019, 1, 1))
    return partner


def test_sums_stand_by_year_group_and_measure(alpha, money):
    found = {(each["key"], each["fiscal_year"], each["measure"]): each["amount"] for each in totals(alpha)}
    assert found == {
        ("federal", 2024, "received"): "500.00",
        ("industry", 2024, "committed"): "1000.00",
        ("industry", 2024, "received"): "70.00",
        ("industry", 2025, "received"): "20.00",
    }


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("channel", {("LAB", "Joint laboratory"), ("RES", "Research and development")}),
        ("domain", {("energy", "Energy and climate"), ("", "Domain not known")}),
        ("unit", {("{unit}", "Institute of Wind"), ("", "No unit")}),
        ("partner", {("{partner}", "{name}"), ("", "No partner")}),
    ],
)
def test_the_years_may_be_split_by_other_things(alpha, money, by, groups):
    with tenant_scope(alpha.id):
        words = {"unit": money.unit_id, "partner": money.pk, "name": money.organization.name}
    expected = {tuple(word.format(**words) for word in group) for group in groups}
    assert {(each["key"], each["name"]) for each in totals(alpha, by=by)} == expected


def test_one_measure_may_be_asked_for(alpha, money):
    assert {each["measure"] for each in totals(alpha, measure="committed")} == {"committed"}
    assert sum(each["entries"] for each in totals(alpha)) == 5


def test_ten_years_are_the_default_and_cost_two_statements(alpha, money):
    api = Api(alpha, "manager")
    api.get("funding-totals/")
    with counted() as statements:
        found = api.get("funding-totals/").json()
    assert len(statements) <= 2 + 2
    assert found


@pytest.mark.parametrize("query", [{"by": "moon"}, {"measure": "total"}, {"first_year": "last"}, {"strange": 1}])
def test_a_wrong_question_is_refused(alpha, query):
    error_of(Api(alpha, "manager").get("funding-totals/", query), 400)


def test_who_may_not_see_money_sees_no_sums(alpha, beta, money):
    error_of(Api(alpha, "viewer").get("funding-totals/"), 403)
    assert totals(beta) == []
