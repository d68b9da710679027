"""What changed between two texts, side by side: paragraphs in rows, and the words that changed inside a row."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.4  # rows less alike than this are shown as one taken out and one put in
MOST_WORDS = 5_000  # of both sides of a row: beyond, the whole row counts as changed


class RowKind(StrEnum):
    """How the two sides of a row stand to each other."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A run of words of one side; ``changed`` when the other side has not the same."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Row:
    """One row: the paragraph of each side with its number from 1, None and empty where a side has none."""

    kind: RowKind
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    left_number: int | None
    right_number: int | None

    @property
    def left_text(self) -> str:
        return "".join(piece.text for piece in self.left)

    @property
    def right_text(self) -> str:
        return "".join(piece.text for piece in self.right)


def compare_texts(left: str, right: str) -> list[Row]:
    """The rows of both texts in order. Blank lines and spaces at the end of a line make no difference.

    The left sides together are the left text, and the right sides the right one, but for those blanks.
    """
    before, after = _paragraphs(left), _paragraphs(right)
    matcher = difflib.SequenceMatcher(None, before, after)
    rows: list[Row] = []
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            rows += [_same(before[i + n], i + n, k + n) for n in range(j - i)]
        else:
            rows += _replaced(before, range(i, j), after, range(k, m))
    return rows


def _paragraphs(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _same(text: str, left: int, right: int) -> Row:
    piece = (Piece(text),)
    return Row(RowKind.SAME, piece, piece, left + 1, right + 1)


def _replaced(before: Sequence[str], lefts: range, after: Sequence[str], rights: range) -> Iterator[Row]:
    """Paragraph by paragraph in order: alike ones side by side, the others one after the other."""
    for place in range(max(len(lefts), len(rights))):
        left = lefts[place] if place < len(lefts) else None
        right = rights[place] if place < len(rights) else None
        if left is not None and right is not None:
            pieces = _words(before[left], after[right])
            if pieces is not None:
                yield Row(RowKind.CHANGED, *pieces, left + 1, right + 1)
                continue
        if left is not None:
            yield Row(RowKind.REMOVED, (Piece(before[left], True),), (), left + 1, None)
        if right is not None:
            yield Row(RowKind.ADDED, (), (Piece(after[right], True),), None, right + 1)


def _words(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """Both sides with their changed words; None when they have little in common or are too long to look closely."""
    before, after = WORDS.findall(left), WORDS.findall(right)
    if len(before) + len(after) > MOST_WORDS:
        return None
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    lefts: list[Piece] = []
    rights: list[Piece] = []
    for what, i, j, k, m in matcher.get_opcodes():
        if i < j:
            lefts.append(Piece("".join(before[i:j]), what != "equal"))
        if k < m:
            rights.append(Piece("".join(after[k:m]), what != "equal"))
    return tuple(lefts), tuple(rights)
