"""Kinds of interaction and how much each one says about a relationship.

A weight is relative to a meeting (1.0). Interactions of weight 0 are kept for the record but are
not touches: they never move a health score and never break a silence.
"""

from __future__ import annotations

from enum import StrEnum


class InteractionKind(StrEnum):
    """What happened between the two sides."""

    SITE_VISIT = "site_visit"
    EXECUTIVE_VISIT = "executive_visit"
    MEETING = "meeting"
    CALL = "call"
    EVENT = "event"
    EMAIL_TWO_WAY = "email_two_way"
    EMAIL_ONE_WAY = "email_one_way"
    BULK_MAIL = "bulk_mail"
    NOTE = "note"


class Direction(StrEnum):
    """Which side started the interaction."""

    INBOUND = "I"
    OUTBOUND = "O"


INTERACTION_KIND_LABELS: dict[InteractionKind, str] = {
    InteractionKind.SITE_VISIT: "Site visit",
    InteractionKind.EXECUTIVE_VISIT: "Executive visit",
    InteractionKind.MEETING: "Meeting",
    InteractionKind.CALL: "Call",
    InteractionKind.EVENT: "Event attended",
    InteractionKind.EMAIL_TWO_WAY: "Email conversation",
    InteractionKind.EMAIL_ONE_WAY: "Email without an answer",
    InteractionKind.BULK_MAIL: "Bulk mail",
    InteractionKind.NOTE: "Note",
}

DIRECTION_LABELS: dict[Direction, str] = {
    Direction.INBOUND: "Started by the partner",
    Direction.OUTBOUND: "Started by us",
}

TOUCH_WEIGHTS: dict[InteractionKind, float] = {
    InteractionKind.SITE_VISIT: 1.5,
    InteractionKind.EXECUTIVE_VISIT: 1.5,
    InteractionKind.MEETING: 1.0,
    InteractionKind.CALL: 0.6,
    InteractionKind.EVENT: 0.5,
    InteractionKind.EMAIL_TWO_WAY: 0.3,
    InteractionKind.EMAIL_ONE_WAY: 0.1,
    InteractionKind.BULK_MAIL: 0.0,
    InteractionKind.NOTE: 0.0,
}

REAL_TOUCH_WEIGHT = 0.3


def is_real_touch(weight: float, partner_initiated: bool) -> bool:
    """Whether an interaction ends a silence: a two-way exchange at least, or the partner's own move.

    Nothing of weight 0 counts, so a partner's newsletter or a note does not pass for contact.
    """
    return weight >= REAL_TOUCH_WEIGHT or (partner_initiated and weight > 0)
