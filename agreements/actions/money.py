"""The money schedule of an agreement."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agreements.actions.clauses import recheck
from agreements.actions.parts import refuse_after_execution, replace_parts
from agreements.choices import MoneyDirection, MoneyKind
from agreements.models import Agreement, MoneyLine
from agreements.queries.agreements import lock_agreement
from agreements.rules.money import LARGEST, difference
from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.errors import InvalidInput
from core.versions import apply_edit, count_edit

KEPT = object()


@action("agreements.set_money")
def set_money(
    *,
    actor: Actor,
    agreement: Agreement,
    lines: Iterable[Mapping[str, object]],
    value: object = KEPT,
    seen: int | None = None,
) -> Agreement:
    """Replace the money schedule of an agreement that is not executed: ``kind``, ``direction``, ``amount``, ``due_on``
    and ``note`` of each line.

    The lines add up to the agreement's value, which may be changed with them; where none is known, their sum becomes
    it. No line at all: there is no schedule.
    """
    row = lock_agreement(agreement.pk)
    apply_edit(row, {}, seen=seen)
    refuse_after_execution(row)
    wanted = [_checked(each) for each in lines]
    amounts = [each["amount"] for each in wanted]
    if sum(amounts) > LARGEST:
        raise InvalidInput("too_large", _("Together they are more than %s.") % LARGEST, field="lines")
    agreed = row.value if value is KEPT else value
    if agreed is None and amounts:
        agreed = sum(amounts, Decimal(0))
    refuse_difference(agreed, amounts, field="lines")
    changed = replace_parts(MoneyLine, row, wanted, same=_named)
    if apply_edit(row, {"value": agreed}, seen=None):
        recheck([row.pk])  # who may sign for it hangs on the value
        row.refresh_from_db(fields=["clarity", "blocking"])
    elif changed:
        count_edit(row)
    return row


def refuse_difference(value: Decimal | None, amounts: Iterable[Decimal], *, field: str) -> None:
    """Refuse a value and a schedule that do not agree, saying by how much."""
    over = difference(value, amounts)
    if over > 0:
        words = _("The schedule exceeds the value by %s. Change the lines or the value.") % _amount(over)
        raise InvalidInput("money_differs", words, field=field)
    if over < 0:
        words = _("The schedule falls short of the value by %s. Change the lines or the value.") % _amount(-over)
        raise InvalidInput("money_differs", words, field=field)


def _amount(value: Decimal) -> str:
    return number_format(value, decimal_pos=2, force_grouping=True)


def check_currency(code: object) -> None:
    """Refuse what is no currency."""
    if code not in CURRENCY_CODES:
        words = _("%s is no currency of ISO 4217, such as EUR.") % str(code)[:10]
        raise InvalidInput("unknown_currency", words, field="currency")


def _checked(line: Mapping[str, object]) -> dict[str, object]:
    amount = line["amount"]
    if not Decimal(0) < amount <= LARGEST:
        words = _("Each amount is more than 0 and at most %s.") % LARGEST
        raise InvalidInput("no_amount", words, field="lines")
    return {
        "kind": line.get("kind") or MoneyKind.INSTALLMENT,
        "direction": line.get("direction") or MoneyDirection.IN,
        "amount": amount,
        "due_on": line.get("due_on"),
        "note": str(line.get("note") or "").strip(),
    }


def _named(value_of: Callable[[str], object]) -> tuple:
    return value_of("kind"), value_of("direction"), value_of("due_on")
