"""The kinds of agreement as data: what each asks for, and how it is treated.

To add a kind: a row here and a choice of the same code. Nothing else asks which kind an agreement is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of agreement.

    research: new knowledge is expected, so work, results and publication are asked about. grants: it grants or
    promises rights. money: it normally carries money. binding: it counts for the runway of health. confidential:
    it can serve as the NDA of a partner. needs_parent: it stands only under a master. frame: others can be made
    under it. reminders: days before the end on which its owner is reminded.
    """

    code: str
    research: bool = False
    grants: bool = False
    money: bool = True
    binding: bool = True
    confidential: bool = False
    needs_parent: bool = False
    frame: bool = False
    gift: bool = False
    reminders: tuple[int, ...] = (90, 60, 30)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("nda", money=False, binding=False, confidential=True, reminders=(60, 30)),
        Kind("mou", money=False, binding=False),
        Kind("research", research=True, grants=True, confidential=True, reminders=(180, 90, 60, 30)),
        Kind("collaboration", research=True, grants=True, confidential=True, reminders=(180, 90, 60, 30)),
        Kind("master", research=True, grants=True, confidential=True, frame=True, reminders=(180, 90, 60, 30)),
        Kind("work_order", research=True, needs_parent=True),
        Kind("consortium", research=True, grants=True, confidential=True, frame=True, reminders=(180, 90, 60, 30)),
        Kind("material", money=False, reminders=(60, 30)),
        Kind("data", money=False, reminders=(60, 30)),
        Kind("clinical_trial", research=True, confidential=True),
        Kind("service"),
        Kind("consultancy"),
        Kind("gift", binding=False, gift=True),
        Kind("option", grants=True, reminders=(120, 90, 60, 30, 14, 7)),
        Kind("license", grants=True, reminders=(180, 90, 60, 30)),
        Kind("assignment", grants=True),
        Kind("interinstitutional", grants=True),
        Kind("placement"),
        Kind("capstone", research=True),
        Kind("embedded", research=True),
        Kind("other"),
    )
}

RESEARCH_KINDS = frozenset(code for code, kind in KINDS.items() if kind.research)
GRANTING_KINDS = frozenset(code for code, kind in KINDS.items() if kind.grants)
ALL_KINDS = frozenset(KINDS)
