"""How contact spreads over people: strength of ties, and whether everything hangs on one of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from partnerships.rules.health.arithmetic import amount, tie_strength

SINGLE_THREAD_SHARE = 0.7
CARRIED_SHARE = 0.5
LEVELS = (0.1, 0.3, 0.7)


def largest_share(masses: Iterable[float]) -> float | None:
    """The share, 0 to 1, of the contact that the person most in touch carries; None without any contact."""
    values = [amount("mass", mass) for mass in masses]
    total = math.fsum(values)
    return max(values) / total if total > 0 else None


def is_single_threaded(share: float | None) -> bool:
    """Whether one person carries more than 70 % of the contact on a side."""
    return share is not None and share > SINGLE_THREAD_SHARE


def strength_level(mass: float) -> int:
    """A tie's strength in words: 0 hardly any, 1 weak, 2 active, 3 strong. Active is what health counts as a tie."""
    strength = tie_strength(mass)
    return sum(strength >= border for border in LEVELS)
