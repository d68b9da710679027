"""What the boards of talent have in common: columns by status, with what ``components/board.html`` asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class TalentColumn:
    """One status: its code is the column's key; ``is_aside`` stands folded at the end."""

    key: str
    name: str
    count: int
    cards: Sequence[Any]
    is_aside: bool = False

    @property
    def hidden(self) -> int:
        """How many more there are than cards."""
        return self.count - len(self.cards)


def board_context(
    request: HttpRequest, columns: Sequence[TalentColumn], label: str, card: str, *, movable: bool = False
) -> dict[str, Any]:
    """The columns, the one that a phone shows, and the words around them."""
    standing = [column for column in columns if not column.is_aside]
    wanted = request.GET.get("column")
    return {
        "columns": columns,
        "standing": standing,
        "aside": [column for column in columns if column.is_aside],
        "shown": next((column for column in columns if column.key == wanted), standing[0]),
        "targets": columns,
        "here": request.get_full_path(),
        "board": {
            "label": label,
            "card": card,
            "more": "partnerships/talent/_more.html",
            "hint": _("Drag a card, or focus it and press") if movable else "",
        },
    }


def number(given: str | None) -> int | None:
    """A number in an address; None for anything else."""
    return int(given) if given and given.isascii() and given.isdecimal() and len(given) < 18 else None
