"""The ledger, its sums, the form and the import page."""

from datetime import date
from decimal import Decimal

import pytest

from core.tenancy.scope import tenant_scope
from partnerships.models import FundingEntry
from tests.api_kit import nothing_changes
from tests.factories.funding import make_funding, make_scheme
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.units import make_unit

DAY = date(2026, 3, 9)


def test_the_foot_of_the_ledger_has_a_sum_for_each_measure_and_no_total(in_alpha, client_of):
    partner = make_partnership()
    for measure, amount in (("received", 100), ("received", 50), ("committed", 300), ("spent", 20)):
        make_funding(partner, measure=measure, amount=Decimal(amount))
    words = client_of(in_alpha).get(f"{in_alpha.prefix}/funding/").content.decode()
    foot = words[words.index("<tfoot") :]
    for sum_ in ("EUR\u00a0150.00", "EUR\u00a0300.00", "EUR\u00a020.00"):
        assert sum_ in foot
    for mixed in ("450.00", "470.00", "170.00", "320.00"):
        assert mixed not in foot


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("measure=received&measure=spent", {"a", "b", "d"}),
        ("source=federal", {"b"}),
        ("channel=LIC", {"c"}),
        ("domain=energy", {"a"}),
        ("domain=none", {"b", "c", "d"}),
        ("year=2024", {"b"}),
        ("year_from=2025&year_to=2026", {"a", "c", "d"}),
        ("partnership={partner}", {"a", "d"}),
        ("project={project}", {"d"}),
        ("without=partner", {"b"}),
        ("unit={unit}", {"a", "d"}),
        ("without=unit", {"b", "c"}),
        ("q=ref-c", {"c"}),
        ("overdue=true", {"c"}),
    ],
)
def test_the_ledger_is_filtered_by_its_address(in_alpha, client_of, query, shown):
    unit = make_unit()
    partner, other = make_partnership(unit=unit), make_partnership()
    project, foreign = make_project(partner, unit=unit), make_project()
    rows = {
        "a": make_funding(partner, domain="energy", booked_on=DAY),
        "b": make_funding(project=foreign, source="federal", booked_on=date(2024, 1, 1)),
        "c": make_funding(
            other, measure="invoiced", channel="LIC", reference="REF-C", booked_on=DAY, due_on=date(2026, 4, 1)
        ),
        "d": make_funding(partner, project=project, measure="spent", booked_on=date(2025, 5, 5)),
    }
    query = query.format(partner=partner.pk, project=project.pk, unit=unit.pk)
    words = client_of(in_alpha).get(f"{in_alpha.prefix}/funding/?{query}").content.decode()
    found = {name for name, row in rows.items() if f"/funding/{row.pk}/" in words}
    assert found == shown


def test_money_is_recorded_from_a_form(in_alpha, client_of):
    partner = make_partnership()
    project = make_project(partner, channel="LAB", domain="energy")
    member, address = client_of(in_alpha), f"{in_alpha.prefix}/funding/new/"
    form = member.get(f"{address}?partner={partner.pk}&project={project.pk}&measure=received").content.decode()
    assert '<option value="LAB" selected>' in form
    assert '<option value="energy" selected>' in form
    given = {
        "measure": "received",
        "amount": "1000.00",
        "currency": "USD",
        "booked_on": "2026-03-09",
        "partnership": partner.pk,
        "project": project.pk,
        "source": "industry",
        "channel": "LAB",
    }
    refused = member.post(address, given)
    assert refused.status_code == 422
    assert "how many EUR one USD is worth" in refused.content.decode()
    answer = member.post(address, {**given, "rate": "0.9", "rate_on": "2026-03-09"})
    row = FundingEntry.objects.get()
    assert answer.url == f"{in_alpha.prefix}/funding/{row.pk}/"
    assert (row.base_amount, row.project, row.fiscal_year) == (Decimal("900.00"), project, 2026)


def test_an_entry_is_corrected_and_a_stale_form_is_told(in_alpha, client_of):
    row = make_funding(booked_on=DAY)
    member, address = client_of(in_alpha), f"{in_alpha.prefix}/funding/{row.pk}/edit/"
    given = {
        "measure": "received",
        "amount": "2000.00",
        "currency": "EUR",
        "booked_on": "2026-03-09",
        "partnership": row.partnership_id,
        "source": "industry",
        "channel": "RES",
        "version": "1",
    }
    assert member.post(address, given).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.base_amount, row.version) == (2000, 2000, 2)
    with nothing_changes():
        assert member.post(address, {**given, "amount": "3000.00"}).status_code == 409


def test_an_entry_says_what_it_is_worth_and_how_late_it_is(in_alpha, client_of):
    row = make_funding(
        measure="invoiced",
        currency="USD",
        rate=Decimal("0.9"),
        rate_on=DAY,
        booked_on=date(2025, 1, 1),
        due_on=date(2025, 2, 1),
        overhead_base=Decimal(800),
        overhead_rate=Decimal(25),
    )
    words = client_of(in_alpha).get(f"{in_alpha.prefix}/funding/{row.pk}/").content.decode()
    assert "EUR\u00a0900.00" in words
    assert "USD\u00a0200.00" in words
    assert "critical issue" in words


def test_an_entry_is_called_by_its_amount_as_people_write_it(in_alpha):
    entry = make_funding(measure="received", amount=Decimal("71875.00"), currency="EUR")
    assert str(entry) == "Received, EUR\xa071,875.00"


def test_a_viewer_sees_schemes_and_no_money(in_alpha, client_of):
    row, scheme = make_funding(), make_scheme(name="Voucher for all")
    make_funding(scheme=scheme, reference="SECRET-1")
    member = client_of(in_alpha, "viewer")
    for path in ("funding/", f"funding/{row.pk}/", "funding/trends/", "funding/import/", "funding/new/"):
        assert member.get(f"{in_alpha.prefix}/{path}").status_code == 403
    words = member.get(f"{in_alpha.prefix}/schemes/{scheme.pk}/").content.decode()
    assert "Voucher for all" in words
    assert "Money from it" not in words


def test_schemes_are_listed_by_deadline_and_filtered(in_alpha, client_of):
    make_scheme(name="Late", deadline_on=date(2090, 1, 1), channels=["LAB"])
    make_scheme(name="Soon", deadline_on=date(2089, 1, 1))
    make_scheme(name="Gone", deadline_on=date(2020, 1, 1))
    make_scheme(name="Always")
    member = client_of(in_alpha)
    words = member.get(f"{in_alpha.prefix}/schemes/?open=true").content.decode()
    places = [words.index(f">{name}<") for name in ("Soon", "Late", "Always")]
    assert places == sorted(places)
    assert ">Gone<" not in words
    words = member.get(f"{in_alpha.prefix}/schemes/?channel=RES").content.decode()
    assert ">Late<" not in words
    assert ">Always<" in words


def test_a_scheme_is_added_from_a_form(in_alpha, client_of):
    member, address = client_of(in_alpha), f"{in_alpha.prefix}/schemes/new/"
    assert member.post(address, {"name": "", "kind": "grant", "currency": "EUR"}).status_code == 422
    given = {"name": "Voucher", "funder": "Agency", "kind": "voucher", "currency": "EUR", "channels": ["RES", "LAB"]}
    answer = member.post(address, given)
    assert answer.status_code == 302
    assert "Research and development, Joint laboratory" in member.get(answer.url).content.decode()


def test_other_offices_see_nothing(alpha, beta, client_of):
    with tenant_scope(beta.id):
        row, scheme = make_funding(), make_scheme()
    member = client_of(alpha)
    assert member.get(f"{alpha.prefix}/funding/{row.pk}/").status_code == 404
    assert member.get(f"{alpha.prefix}/schemes/{scheme.pk}/").status_code == 404
