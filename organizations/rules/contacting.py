"""Whether a colleague may write to a person now: what the record says, and what was granted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """What somebody must do before contacting a person; from least to most."""

    FREE = "free"
    KEPT_BY_YOU = "kept_by_you"
    CLEARED = "cleared"
    TELL_OWNER = "tell_owner"
    ASK_FIRST = "ask_first"

    @property
    def needs_word(self) -> bool:
        """Whether the keeper has to hear of it before."""
        return self in (Standing.TELL_OWNER, Standing.ASK_FIRST)


CLEARANCE_DAYS = (30, 90)


def standing_of(permission: str, *, is_keeper: bool, cleared_until: date | None, today: date) -> Standing:
    """The standing of one colleague towards one person.

    permission: free, tell_owner or ask_first. cleared_until: the last day of the latest clearance that was granted to
    this colleague; that day still counts. Whoever keeps the person needs to ask nobody.
    """
    if permission == "free":
        return Standing.FREE
    if is_keeper:
        return Standing.KEPT_BY_YOU
    if permission == "tell_owner":
        return Standing.TELL_OWNER
    if cleared_until is not None and cleared_until >= today:
        return Standing.CLEARED
    return Standing.ASK_FIRST
