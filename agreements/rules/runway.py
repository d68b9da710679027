"""Which agreements carry a partnership on a day, and for how long: what health's runway is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.rules.kinds import KINDS
from agreements.rules.money import annual_value
from partnerships.rules.health import AgreementTerm
from partnerships.rules.health.config import RENEWAL_PROGRESS

BINDING: tuple[str, ...] = tuple(sorted(code for code, kind in KINDS.items() if kind.binding))


@dataclass(frozen=True)
class TermRecord:
    """One agreement as runway sees it. ``renewed_on``: when a successor was executed; ``ended_on``: by hand."""

    kind: str
    executed_on: date | None
    effective_on: date | None = None
    expires_on: date | None = None
    ended_on: date | None = None
    renewed_on: date | None = None
    is_amendment: bool = False
    value: Decimal | None = None
    currency: str = "EUR"
    renewal_progress: str = "none"


def runway_terms(records: Iterable[TermRecord], as_of: date, currency: str, grace: int) -> list[AgreementTerm]:
    """The binding agreements in force on the day, or lapsed so lately that they may still be renewed.

    One that lapsed hands over to its executed successor; an amendment is part of what it amends. A value in another
    currency than the office's cannot be weighed and counts as no money.
    """
    terms = []
    for each in records:
        begun = each.executed_on is not None and max(each.executed_on, each.effective_on or each.executed_on) <= as_of
        ended = each.ended_on is not None and each.ended_on <= as_of
        if not begun or ended or each.is_amendment or each.kind not in BINDING:
            continue
        left = None if each.expires_on is None else (each.expires_on - as_of).days
        renewed = each.renewed_on is not None and each.renewed_on <= as_of
        if left is not None and (left < -grace or (left < 0 and renewed)):
            continue
        value = each.value if each.currency == currency else None
        worth = annual_value(value, each.effective_on, each.expires_on)
        terms.append(AgreementTerm(worth, left, RENEWAL_PROGRESS.get(each.renewal_progress, 0.0)))
    return terms
