"""Writing money: one entry is one amount of one measure on one day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import recompute_soon
from partnerships.choices_delivery import FundingMeasure
from partnerships.models import FundingEntry, ProjectParticipant
from partnerships.queries.funding import Books, books_of, lock_funding_entry
from partnerships.rules.funding import CORRECTABLE, LARGEST, LARGEST_BASE, base_amount
from tenants.actions.deletion import delete_record

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
HAPPENED = (FundingMeasure.RECEIVED, FundingMeasure.SPENT)


@action("partnerships.add_funding_entry")
def add_funding_entry(*, actor: Actor, **fields: Any) -> FundingEntry:
    """Record an amount for a project, a partner, or both; without a currency it is the office's.

    Another currency needs ``rate`` and ``rate_on``; a contribution in kind ``valuation_basis``. Only what was
    received or spent may be negative, which corrects it. The partner of a project's entry takes part in it.
    """
    books = books_of(actor)
    fields["currency"] = fields.get("currency") or books.currency
    row = FundingEntry(**complete(fields, None, books))
    row.save()
    recompute_partners(row.partnership_id)
    return row


@action("partnerships.edit_funding_entry")
def edit_funding_entry(
    *, actor: Actor, funding_entry: FundingEntry, seen: int | None = None, **changes: Any
) -> FundingEntry:
    """Correct an entry; the same rules hold for what it then says. A new currency needs its own rate."""
    row = lock_funding_entry(funding_entry.pk)
    before = row.partnership_id
    if apply_edit(row, complete(changes, row, books_of(actor)), seen=seen):
        recompute_partners(before, row.partnership_id)
    return row


@action("partnerships.delete_funding_entry")
def delete_funding_entry(*, actor: Actor, funding_entry: FundingEntry) -> None:
    """Delete an entry that was made by mistake; money that went back is a correction. Health follows."""
    row = lock_funding_entry(funding_entry.pk)
    delete_record(actor, row)
    recompute_partners(row.partnership_id)


Value = Callable[[str], Any]
TakesPart = Callable[[int, int], bool]


def takes_part(project_id: int, organization_id: int) -> bool:
    """Whether an organization is in a project."""
    return ProjectParticipant.objects.filter(project_id=project_id, organization_id=organization_id).exists()


def recompute_partners(*ids: int | None) -> None:
    recompute_soon(sorted({pk for pk in ids if pk is not None}))


def complete(
    fields: dict[str, Any], row: FundingEntry | None, books: Books, *, takes_part: TakesPart = takes_part
) -> dict[str, Any]:
    """The given fields, checked together with those of the row, and what follows from them. Refuses what is wrong."""

    def value(name: str) -> Any:
        if name in fields:
            return fields[name]
        return getattr(row, name) if row is not None else FundingEntry._meta.get_field(name).get_default()

    fields = dict(fields)
    if fields.get("currency"):
        fields["currency"] = str(fields["currency"]).upper()
    _check_for_whom(value, takes_part)
    _check_measure(value)
    fields |= _rate(fields, value, row, books)
    amount, booked_on = value("amount"), value("booked_on")
    fields["base_amount"] = base_amount(amount, fields.get("rate", value("rate")))
    if abs(fields["base_amount"]) > LARGEST_BASE:
        message = _("At this rate the amount is too large. Look at the rate again.")
        raise InvalidInput("out_of_range", message, field="rate")
    _check_overhead(value)
    fields["fiscal_year"] = books.year_of(booked_on)
    _check_scheme(value, row, booked_on)
    return fields


def _check_for_whom(value: Value, takes_part: TakesPart) -> None:
    project, partnership = value("project"), value("partnership")
    if project is None and partnership is None:
        raise InvalidInput("for_nothing", _("Choose a project, a partner, or both."), field="partnership")
    if project is not None and partnership is not None:
        if not takes_part(project.pk, partnership.organization_id):
            message = _("This partner does not take part in the project. Choose another one, or leave it out.")
            raise InvalidInput("not_in_project", message, field="partnership")
    if value("is_cost_share") and project is None:
        message = _("A cost share is part of a project. Choose the project.")
        raise InvalidInput("share_of_nothing", message, field="project")


def _check_measure(value: Value) -> None:
    """What a measure asks for and forbids."""
    measure, amount, booked_on = value("measure"), value("amount"), value("booked_on")
    if not amount or abs(amount) > LARGEST:
        message = _("Give an amount other than 0, up to 999,999,999,999.99.")
        raise InvalidInput("out_of_range", message, field="amount")
    if amount < 0 and measure not in CORRECTABLE:
        message = _("Only what was received or spent can be corrected by a negative amount. Change the entry instead.")
        raise InvalidInput("negative", message, field="amount")
    if not FIRST_DAY <= booked_on <= LAST_DAY:
        raise InvalidInput("absurd_date", _("Give a day in the years 1900 to 2200."), field="booked_on")
    if measure in HAPPENED and booked_on > timezone.localdate():
        message = _("This day lies ahead. What will be received or spent is a commitment or an invoice until then.")
        raise InvalidInput("not_yet", message, field="booked_on")
    if measure == FundingMeasure.IN_KIND and not str(value("valuation_basis") or "").strip():
        message = _("Say how it was valued: a price list, hours times a rate, an agreed figure.")
        raise InvalidInput("basis_needed", message, field="valuation_basis")
    due_on, paid_on = value("due_on"), value("paid_on")
    if measure != FundingMeasure.INVOICED:
        for name, day in (("due_on", due_on), ("paid_on", paid_on)):
            if day is not None:
                raise InvalidInput("no_invoice", _("Only an invoice falls due and is paid."), field=name)
        return
    if due_on is not None and due_on < booked_on:
        raise InvalidInput("dates_reversed", _("It cannot be due before it was invoiced."), field="due_on")
    if paid_on is not None and not booked_on <= paid_on <= timezone.localdate():
        message = _("Give a day from that of the invoice up to today.")
        raise InvalidInput("dates_reversed", message, field="paid_on")


def _rate(fields: dict[str, Any], value: Value, row: FundingEntry | None, books: Books) -> dict[str, Any]:
    """The rate and its day: 1 and none in the office's currency, else both given."""
    currency = value("currency")
    if currency not in CURRENCY_CODES:
        message = _("%s is no currency code of ISO 4217.") % currency
        raise InvalidInput("unknown_currency", message, field="currency")
    if currency == books.currency:
        given = fields.get("rate")
        if given is not None and given != 1:
            message = _("The office's own currency needs no exchange rate. Leave it out.")
            raise InvalidInput("rate_not_needed", message, field="rate")
        return {"rate": Decimal(1), "rate_on": None}
    is_other = row is None or currency != row.currency
    rate = fields.get("rate") if is_other else value("rate")
    rate_on = fields.get("rate_on") if is_other else value("rate_on")
    if rate is None or rate <= 0:
        message = _("Give the rate: how many %(base)s one %(currency)s is worth.")
        words = message % {"base": books.currency, "currency": currency}
        raise InvalidInput("rate_needed", words, field="rate")
    if rate_on is None:
        raise InvalidInput("rate_day_needed", _("Give the day of the exchange rate."), field="rate_on")
    return {"rate": rate, "rate_on": rate_on}


def _check_overhead(value: Value) -> None:
    base, rate = value("overhead_base"), value("overhead_rate")
    if (base is None) != (rate is None):
        message = _("Give both the base of the overhead and its rate, or neither.")
        raise InvalidInput("half_an_overhead", message, field="overhead_rate" if rate is None else "overhead_base")
    if base is not None and not 0 <= base <= LARGEST:
        message = _("Give an amount from 0 to 999,999,999,999.99.")
        raise InvalidInput("out_of_range", message, field="overhead_base")
    if rate is not None and not 0 <= rate <= 100:
        raise InvalidInput("out_of_range", _("Give a percentage from 0 to 100."), field="overhead_rate")


def _check_scheme(value: Value, row: FundingEntry | None, booked_on: date) -> None:
    scheme = value("scheme")
    if scheme is None or scheme.closed_on is None or booked_on < scheme.closed_on:
        return
    if row is not None and row.scheme_id == scheme.pk and row.booked_on == booked_on:
        return
    message = _("%(name)s is no longer offered since %(day)s. Choose another scheme, or an earlier day.")
    raise ActionRefused(
        "scheme_closed", message % {"name": scheme.name, "day": scheme.closed_on.isoformat()}, field="scheme"
    )
