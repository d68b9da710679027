"""Recording, correcting and deleting money, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import ActionRefused, PermissionRefused, StaleEdit
from partnerships.actions.funding import add_funding_entry, delete_funding_entry, edit_funding_entry
from partnerships.models import FundingEntry
from tenants.actions.history import undo_changes
from tenants.models import Job, Tenant
from tests.api_kit import nothing_changes
from tests.factories.funding import make_funding, make_scheme
from tests.factories.partnerships import make_partnership, make_project

DAY = date(2026, 3, 9)


def refused(code: str, run, **fields) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as caught:
        run(**fields)
    assert caught.value.code == code
    return caught.value


def add(office, **fields) -> FundingEntry:
    values = {"measure": "received", "amount": Decimal("1000.00"), "booked_on": DAY, **fields}
    return add_funding_entry(actor=office.actor(), **values)


def test_an_amount_of_ones_own_currency_is_its_base_amount(in_alpha):
    row = add(in_alpha, partnership=make_partnership(), amount=Decimal("1234.56"))
    assert (row.currency, row.rate, row.rate_on, row.base_amount) == ("EUR", 1, None, Decimal("1234.56"))
    assert (row.fiscal_year, row.source, row.channel) == (2026, "industry", "RES")


def test_the_fiscal_year_is_the_offices(in_alpha):
    Tenant.objects.filter(pk=in_alpha.id).update(fiscal_year_start=8)
    row = add(in_alpha, partnership=make_partnership(), booked_on=date(2025, 8, 1))
    assert row.fiscal_year == 2026
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, booked_on=date(2025, 7, 31))
    row.refresh_from_db()
    assert row.fiscal_year == 2025


def test_another_currency_needs_its_rate_with_its_day(in_alpha):
    partner = make_partnership()
    dollars = {"partnership": partner, "currency": "usd"}
    assert refused("rate_needed", add, office=in_alpha, **dollars).field == "rate"
    assert refused("rate_needed", add, office=in_alpha, rate=Decimal(0), rate_on=DAY, **dollars).field == "rate"
    assert refused("rate_day_needed", add, office=in_alpha, rate=Decimal("0.91"), **dollars).field == "rate_on"
    row = add(in_alpha, rate=Decimal("0.9135"), rate_on=DAY, **dollars)
    assert (row.currency, row.base_amount, row.rate_on) == ("USD", Decimal("913.50"), DAY)


def test_a_new_currency_needs_a_rate_of_its_own(in_alpha):
    row = make_funding(currency="USD", rate=Decimal("0.9"), rate_on=DAY)
    refused("rate_needed", edit_funding_entry, actor=in_alpha.actor(), funding_entry=row, currency="GBP")
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, amount=Decimal("2000"))
    row.refresh_from_db()
    assert row.base_amount == Decimal("1800.00")
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, currency="EUR")
    row.refresh_from_db()
    assert (row.rate, row.rate_on, row.base_amount) == (1, None, Decimal("2000.00"))


def test_ones_own_currency_has_no_rate(in_alpha):
    refused("rate_not_needed", add, office=in_alpha, partnership=make_partnership(), rate=Decimal("0.9"), rate_on=DAY)


def test_a_currency_is_one_of_iso_4217(in_alpha):
    error = refused("unknown_currency", add, office=in_alpha, partnership=make_partnership(), currency="XYZ")
    assert error.field == "currency"


def test_an_entry_is_for_something(in_alpha):
    assert refused("for_nothing", add, office=in_alpha).field == "partnership"
    assert add(in_alpha, project=make_project()).partnership is None


def test_the_partner_takes_part_in_the_project(in_alpha):
    partner, other = make_partnership(), make_partnership()
    project = make_project(partner)
    assert add(in_alpha, project=project, partnership=partner).project == project
    refused("not_in_project", add, office=in_alpha, project=project, partnership=other)
    row = make_funding(partner)
    refused("not_in_project", edit_funding_entry, actor=in_alpha.actor(), funding_entry=row, project=make_project())


@pytest.mark.parametrize("measure", ["committed", "invoiced", "in_kind"])
def test_only_received_and_spent_can_be_negative(in_alpha, measure):
    partner = make_partnership()
    wrong = {"partnership": partner, "amount": Decimal("-5"), "valuation_basis": "List"}
    assert refused("negative", add, office=in_alpha, measure=measure, **wrong).field == "amount"
    for corrected in ("received", "spent"):
        assert add(in_alpha, measure=corrected, **wrong).base_amount == Decimal("-5.00")


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("1000000000000")])
def test_an_amount_is_something_and_fits(in_alpha, amount):
    assert (
        refused("out_of_range", add, office=in_alpha, partnership=make_partnership(), amount=amount).field == "amount"
    )


def test_a_contribution_in_kind_needs_a_basis(in_alpha):
    partner = make_partnership()
    assert refused("basis_needed", add, office=in_alpha, partnership=partner, measure="in_kind").field == (
        "valuation_basis"
    )
    row = add(in_alpha, partnership=partner, measure="in_kind", valuation_basis="Their list price")
    refused("basis_needed", edit_funding_entry, actor=in_alpha.actor(), funding_entry=row, valuation_basis=" ")


def test_only_an_invoice_falls_due_and_is_paid(in_alpha):
    partner = make_partnership()
    for name in ("due_on", "paid_on"):
        assert refused("no_invoice", add, office=in_alpha, partnership=partner, **{name: DAY}).field == name
    invoice = {"partnership": partner, "measure": "invoiced"}
    assert refused("dates_reversed", add, office=in_alpha, due_on=date(2026, 3, 8), **invoice).field == "due_on"
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert refused("dates_reversed", add, office=in_alpha, paid_on=tomorrow, **invoice).field == "paid_on"
    row = add(in_alpha, due_on=date(2026, 4, 8), **invoice)
    refused("no_invoice", edit_funding_entry, actor=in_alpha.actor(), funding_entry=row, measure="received")


@pytest.mark.parametrize("measure", ["received", "spent"])
def test_what_lies_ahead_has_not_happened(in_alpha, measure):
    tomorrow, partner = timezone.localdate() + timedelta(days=1), make_partnership()
    refused("not_yet", add, office=in_alpha, partnership=partner, measure=measure, booked_on=tomorrow)
    assert add(in_alpha, partnership=partner, measure="committed", booked_on=tomorrow).pk


def test_overhead_is_a_base_and_a_rate(in_alpha):
    partner = make_partnership()
    half = {"partnership": partner, "overhead_base": Decimal("100")}
    assert refused("half_an_overhead", add, office=in_alpha, **half).field == "overhead_rate"
    assert refused("out_of_range", add, office=in_alpha, overhead_rate=Decimal(101), **half).field == "overhead_rate"
    assert add(in_alpha, overhead_rate=Decimal("30"), **half).overhead_rate == 30


def test_a_cost_share_is_part_of_a_project(in_alpha):
    partner = make_partnership()
    refused("share_of_nothing", add, office=in_alpha, partnership=partner, is_cost_share=True)
    assert add(in_alpha, partnership=partner, project=make_project(partner), is_cost_share=True).is_cost_share


def test_a_closed_scheme_pays_no_more(in_alpha):
    partner, scheme = make_partnership(), make_scheme(closed_on=DAY)
    assert refused("scheme_closed", add, office=in_alpha, partnership=partner, scheme=scheme).field == "scheme"
    before = add(in_alpha, partnership=partner, scheme=scheme, booked_on=date(2026, 3, 8))
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=before, note="Paid in two parts")
    refused("scheme_closed", edit_funding_entry, actor=in_alpha.actor(), funding_entry=before, booked_on=DAY)


def test_what_was_booked_under_a_scheme_that_closed_since_can_be_corrected(in_alpha):
    row = make_funding(scheme=make_scheme(closed_on=DAY), booked_on=DAY + timedelta(days=1))
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, reference="R-1")
    assert FundingEntry.objects.get(pk=row.pk).reference == "R-1"


def test_a_stale_edit_is_refused(in_alpha):
    row = make_funding()
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, note="First", seen=1)
    with nothing_changes(), pytest.raises(StaleEdit):
        edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, note="Second", seen=1)


@pytest.mark.parametrize("role", ["researcher", "viewer"])
def test_staff_alone_write(in_alpha, role):
    row, actor = make_funding(), in_alpha.actor(role)
    with nothing_changes():
        with pytest.raises(PermissionRefused):
            add_funding_entry(actor=actor, partnership=row.partnership, measure="received", amount=Decimal(1))
        with pytest.raises(PermissionRefused):
            edit_funding_entry(actor=actor, funding_entry=row, note="No")
        with pytest.raises(PermissionRefused):
            delete_funding_entry(actor=actor, funding_entry=row)


def wanted() -> set[str]:
    return set(Job.objects.filter(name="partnerships.recompute_health").values_list("key", flat=True))


def test_health_follows_the_partner_before_and_after(in_alpha):
    first, second = make_partnership(), make_partnership()
    row = add(in_alpha, partnership=first)
    assert wanted() == {f"partnership-{first.pk}"}
    Job.objects.all().delete()
    edit_funding_entry(actor=in_alpha.actor(), funding_entry=row, partnership=second)
    assert wanted() == {f"partnership-{first.pk}", f"partnership-{second.pk}"}
    Job.objects.all().delete()
    delete_funding_entry(actor=in_alpha.actor(), funding_entry=row)
    assert wanted() == {f"partnership-{second.pk}"}
    assert not FundingEntry.objects.exists()


def test_a_deleted_entry_comes_back_with_its_amounts(in_alpha):
    row = make_funding(currency="USD", rate=Decimal("0.9"), rate_on=DAY, booked_on=DAY)
    actor = in_alpha.actor()
    delete_funding_entry(actor=actor, funding_entry=row)
    Job.objects.all().delete()
    undo_changes(actor=replace(actor, request_id="undoing1"), request_id=actor.request_id)
    back = FundingEntry.objects.get(pk=row.pk)
    assert (back.amount, back.base_amount, back.fiscal_year) == (row.amount, Decimal("900.00"), 2026)
    assert wanted() == {f"partnership-{row.partnership_id}"}
