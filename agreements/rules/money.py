"""The money schedule: its lines add up to the agreement's value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

LARGEST = Decimal("999999999999.99")
DAYS_OF_A_YEAR = 365


def difference(value: Decimal | None, amounts: Iterable[Decimal]) -> Decimal:
    """By how much the lines exceed the value (negative: fall short); 0 where either is missing."""
    lines = list(amounts)
    if value is None or not lines:
        return Decimal(0)
    return sum(lines, Decimal(0)) - value


def annual_value(value: Decimal | None, effective_on: date | None, expires_on: date | None) -> Decimal:
    """The worth of one year: the value spread over the term, at least a year; of an open term the value itself.

    Nothing is known of an agreement without a value, and health weighs it as one without money: 0.
    """
    if value is None:
        return Decimal(0)
    if effective_on is None or expires_on is None:
        return value
    days = max((expires_on - effective_on).days + 1, DAYS_OF_A_YEAR)
    return value * DAYS_OF_A_YEAR / days
