"""Who may sign for the institution: the delegation list, read for one value and one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Delegation:
    """One line of the list: a member, up to which value (None: any) in which currency, and from when to when."""

    member: int
    up_to: Decimal | None
    currency: str
    starts_on: date
    ends_on: date | None


def may_sign(
    delegations: Iterable[Delegation], member: int | None, value: Decimal | None, currency: str, day: date
) -> bool:
    """Whether the list lets this member sign for the value on the day.

    A limit in another currency is no limit that can be compared, and an amount nobody knows exceeds every limit: in
    both cases only somebody without a limit may sign. Who is no member (None) never may.
    """
    return any(
        each.member == member
        and each.starts_on <= day
        and (each.ends_on is None or each.ends_on >= day)
        and (each.up_to is None or (value is not None and each.currency == currency and value <= each.up_to))
        for each in delegations
    )
