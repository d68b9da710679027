"""Levels of confidentiality: their order, and what may leave the office under which conditions."""

from __future__ import annotations

PUBLIC, INTERNAL, PARTNER_SHARED = "public", "internal", "partner_shared"
CONFIDENTIAL, RESTRICTED = "confidential", "restricted"
LEVELS: tuple[str, ...] = (PUBLIC, INTERNAL, PARTNER_SHARED, CONFIDENTIAL, RESTRICTED)


def is_lower(level: str, than: str) -> bool:
    """Whether more people may read ``level``; ValueError for an unknown one."""
    return LEVELS.index(level) < LEVELS.index(than)


def needs_nda(level: str) -> bool:
    """Whether giving it to an outsider needs an NDA in force: everything that is shared with a partner, or less."""
    return LEVELS.index(level) > LEVELS.index(INTERNAL)
