"""Writing the catalog of schemes."""

from typing import Any

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import COUNTRY_CODES, CURRENCY_CODES
from core.errors import InvalidInput
from core.versions import apply_edit
from partnerships.choices import Channel
from partnerships.choices_delivery import ResearchDomain
from partnerships.models import FundingScheme
from partnerships.queries.schemes import lock_scheme
from partnerships.rules.funding import LARGEST
from tenants.actions.deletion import delete_record
from tenants.queries.tenants import currency_of


@action("partnerships.add_scheme")
def add_scheme(*, actor: Actor, **fields: Any) -> FundingScheme:
    """Add a scheme to the catalog; without a currency its amounts are in the office's. Empty lists mean all."""
    fields["currency"] = fields.get("currency") or currency_of(actor)
    return FundingScheme.objects.create(**checked_scheme(fields, None))


@action("partnerships.edit_scheme")
def edit_scheme(*, actor: Actor, scheme: FundingScheme, seen: int | None = None, **changes: Any) -> FundingScheme:
    """Change a scheme. One that is no longer offered gets a day in ``closed_on``; its entries stay."""
    row = lock_scheme(scheme.pk)
    apply_edit(row, checked_scheme(changes, row), seen=seen)
    return row


@action("partnerships.delete_scheme")
def delete_scheme(*, actor: Actor, scheme: FundingScheme) -> None:
    """Delete a scheme from which no money came; one that ended is closed instead."""
    delete_record(actor, lock_scheme(scheme.pk))


def checked_scheme(fields: dict[str, Any], row: FundingScheme | None) -> dict[str, Any]:
    fields = dict(fields)

    def value(name: str) -> Any:
        if name in fields:
            return fields[name]
        return getattr(row, name) if row is not None else FundingScheme._meta.get_field(name).get_default()

    for name, words in (("name", _("Give the scheme a name.")), ("funder", _("Say who pays."))):
        if not str(value(name) or "").strip():
            raise InvalidInput("empty", words, field=name)
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCY_CODES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
    if fields.get("country"):
        fields["country"] = str(fields["country"]).upper()
        if fields["country"] not in COUNTRY_CODES:
            message = _("%s is no country code of ISO 3166.") % fields["country"]
            raise InvalidInput("unknown_country", message, field="country")
    for name, choices in (("channels", Channel), ("domains", ResearchDomain)):
        if name in fields:
            fields[name] = _codes(name, fields[name], choices)
    _check_figures(value)
    return fields


def _codes(name: str, given: Any, choices: Any) -> list[str]:
    """The codes once each, in the order of their list, so that the same choice is the same value."""
    codes = [str(each) for each in given or []]
    if strange := [code for code in codes if code not in choices.values]:
        raise InvalidInput("unknown_code", _("There is no %s here.") % ", ".join(strange[:5]), field=name)
    return [code for code in choices.values if code in codes]


def _check_figures(value) -> None:
    rate, cap = value("rate"), value("cap")
    if rate is not None and not 0 <= rate <= 100:
        raise InvalidInput("out_of_range", _("Give a percentage from 0 to 100."), field="rate")
    if cap is not None and not 0 <= cap <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field="cap")
    low, high = value("trl_from"), value("trl_to")
    for name, level in (("trl_from", low), ("trl_to", high)):
        if level is not None and not 1 <= level <= 9:
            raise InvalidInput("out_of_range", _("Technology readiness goes from 1 to 9."), field=name)
    if low is not None and high is not None and high < low:
        raise InvalidInput("levels_reversed", _("The upper level lies below the lower one."), field="trl_to")
    opens_on, deadline_on = value("opens_on"), value("deadline_on")
    if opens_on is not None and deadline_on is not None and deadline_on < opens_on:
        raise InvalidInput("dates_reversed", _("The deadline lies before the opening."), field="deadline_on")
