"""Small numeric functions under the dimensions of engagement health.

All are total over finite input: no overflow, no underflow error, no NaN. Sums use math.fsum, which is
exactly rounded, so that no result depends on the order of the records.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

MAX_MAGNITUDE = 1e12
MAX_AGE_DAYS = 1_000_000


def finite(name: str, value: float | Decimal) -> float:
    """The value as a float within ±1e12; ValueError for NaN or an infinity."""
    if value != value or abs(value) == math.inf:
        raise ValueError(f"{name} is not a finite number: {value}")
    return max(-MAX_MAGNITUDE, min(float(value), MAX_MAGNITUDE))


def amount(name: str, value: float | Decimal) -> float:
    """The value as a float from 0 to 1e12; ValueError for a negative, a NaN or an infinity."""
    if 0 <= value <= MAX_MAGNITUDE:  # a batch asks this of tens of thousands of numbers
        return float(value)
    number = finite(name, value)
    if number < 0:
        raise ValueError(f"{name} is negative: {value}")
    return number


def share(name: str, value: float | Decimal) -> float:
    """The value as a float from 0 to 1; ValueError outside, but a rounding error of 1e-9 is forgiven."""
    number = finite(name, value)
    if not -1e-9 <= number <= 1 + 1e-9:
        raise ValueError(f"{name} is not between 0 and 1: {value}")
    return max(0.0, min(number, 1.0))


def decay(age_days: float, half_life: float) -> float:
    """2^(-age/half-life): 1 today, a half after one half-life; ages below 0 count as today."""
    return 2.0 ** -(max(0.0, min(age_days, MAX_AGE_DAYS)) / half_life)


def saturation(value: float, target: float) -> float:
    """1 - 4^(-value/target): 0 at nothing, 0.5 at half the target, 0.75 at the target, below 1 always."""
    return -math.expm1(-math.log(4) * value / target)


def tie_strength(mass: float) -> float:
    """1 - 2^(-mass): the strength, from 0 to 1, of a tie with this decayed mass of touches."""
    return -math.expm1(-math.log(2) * mass)


def effective_number(strengths: Iterable[float]) -> float:
    """Hill number of order 2 (inverse Simpson), (Σr)²/Σr²: how many equal ties they are; 0 for none."""
    values = [strength for strength in strengths if strength > 0]
    if not values:
        return 0.0
    largest = max(values)
    scaled = [value / largest for value in values]
    return math.fsum(scaled) ** 2 / math.fsum(value * value for value in scaled)


def effective_categories(masses: Iterable[float]) -> float:
    """Hill number of order 1, e^H with Shannon's H: how many equal categories these amount to; 0 for none."""
    values = [mass for mass in masses if mass > 0]
    if not values:
        return 0.0
    largest = max(values)
    scaled = [value / largest for value in values]
    total = math.fsum(scaled)
    shares = [value / total for value in scaled]
    return math.exp(-math.fsum(p * math.log(p) for p in shares if p > 0))


def balance(one: float, other: float, prior: float) -> float:
    """(smaller + prior)/(larger + prior): 1 when both sides do the same, toward 0 when only one does."""
    return (min(one, other) + prior) / (max(one, other) + prior)
