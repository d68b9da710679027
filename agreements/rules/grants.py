"""Rights granted, and where two exclusive ones collide.

Two grants overlap when they share the asset, a field of use, a territory and a day. "*" among fields or territories
means all of them, and so does an empty set, where nobody has said which; a grant without an asset grants the results
of its own agreement alone, which nobody else can have. "Exclusive" shuts out everybody; "sole" everybody but the
licensor; "co-exclusive" a closed group. An option to an exclusive right reserves it, and so collides like the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

ALL = "*"
EXCLUSIVE = frozenset({"exclusive", "sole"})


@dataclass(frozen=True)
class GrantTerms:
    """One right: ``asset`` None for the results; ``fields`` and ``territories`` compared without regard to case."""

    id: int
    agreement: int
    kind: str
    exclusivity: str
    asset: int | None = None
    fields: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def shuts_out(self) -> bool:
        return self.kind == "assignment" or self.exclusivity in EXCLUSIVE

    @property
    def restrictive(self) -> bool:
        """A right that another one can collide with at all."""
        return self.shuts_out or self.exclusivity == "co_exclusive"


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other or ALL in one | other:
        return True
    return bool({each.casefold().strip() for each in one} & {each.casefold().strip() for each in other})


def _share_a_day(one: GrantTerms, other: GrantTerms) -> bool:
    begins = max(one.starts_on or date.min, other.starts_on or date.min)
    ends = min(one.ends_on or date.max, other.ends_on or date.max)
    return begins <= ends


def overlap(one: GrantTerms, other: GrantTerms) -> bool:
    """Whether both cannot stand: the same asset, field, territory and day, and one of them shuts the other out.

    Symmetric; a grant never overlaps with itself, and two plain non-exclusive ones never do.
    """
    if one.id == other.id or one.asset is None or one.asset != other.asset:
        return False
    if not (one.shuts_out or other.shuts_out):
        return False
    if not (one.restrictive and other.restrictive):
        return False
    return _meet(one.fields, other.fields) and _meet(one.territories, other.territories) and _share_a_day(one, other)


def overlaps(grants: Iterable[GrantTerms]) -> list[tuple[GrantTerms, GrantTerms]]:
    """Every colliding pair among the grants, once."""
    return [(one, other) for one, other in combinations(list(grants), 2) if overlap(one, other)]


def is_free(asset: int, fields: frozenset[str], territories: frozenset[str], grants: Iterable[GrantTerms]) -> bool:
    """Whether an exclusive license of the asset in these fields and territories could be granted, for good, today."""
    wanted = GrantTerms(-1, -1, "license", "exclusive", asset, fields, territories)
    return not any(overlap(wanted, grant) for grant in grants)
