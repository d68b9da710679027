"""The words of a question, and where a text answers it. The same reading as the database's ``search_words``."""

import unicodedata
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_QUESTION = 200
MOST_WORDS = 8
FRAGMENT = 180

# Letters that NFKD leaves whole, as PostgreSQL's unaccent has them.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss"})


def words_of(question: str) -> list[str]:
    """The words asked for, in lower case: at most eight, of the first two hundred signs."""
    text = unicodedata.normalize("NFC", question[:LONGEST_QUESTION]).lower()
    return "".join(sign if _is_part(sign) else " " for sign in text).split()[:MOST_WORDS]


def any_of(words: Sequence[str]) -> str:
    """A tsquery for texts with a word that begins like one of these. They hold letters and digits, so no quoting."""
    return " | ".join(f"'{word}':*" for word in words)


def all_of(words: Sequence[str], *, shortest_beginning: int = 1) -> str:
    """The same for texts with all of them; shorter words must be whole words of the text."""
    return " & ".join(f"'{word}':*" if len(word) >= shortest_beginning else f"'{word}'" for word in words)


def folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_LETTERS)


def matches(text: str, words: Sequence[str]) -> bool:
    """Whether each of the words begins a word of the text."""
    there = folded("".join(sign if _is_part(sign) else " " for sign in text)).split()
    return all(any(each.startswith(folded(word)) for each in there) for word in words)


def nearly(text: str, words: Sequence[str]) -> bool:
    """Whether each of the words begins a word of the text but for a slip: one in short words, two from six letters on.

    A slip is a letter missing, added, exchanged or changed places with its neighbor; words below four letters must
    be right.
    """
    there = [folded(text[start:end]) for start, end in _spans(text)]
    return all(any(_slips(asked, each) <= _allowed(asked) for each in there) for asked in map(folded, words))


def _allowed(word: str) -> int:
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


def _slips(asked: str, word: str) -> int:
    """The fewest slips between ``asked`` and any beginning of ``word``."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for place, sign in enumerate(asked, 1):
        earlier, before, row = before, row, [place]
        for at, other in enumerate(word, 1):
            least = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (sign != other))
            if place > 1 and at > 1 and sign == word[at - 2] and asked[place - 2] == other:
                least = min(least, earlier[at - 2] + 1)
            row.append(least)
    return min(row)


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text as HTML with the words found in <mark>."""
    return _html(text, words, 0, len(text))


def fragment(text: str, words: Sequence[str], *, length: int = FRAGMENT) -> SafeString:
    """About ``length`` signs around the first word found, marked, cut between words; as HTML."""
    first = next((start for start, end in _spans(text) if _is_asked(text[start:end], words)), 0)
    begin, end = _window(text, first, length)
    before, after = "… " if begin else "", " …" if end < len(text) else ""
    return mark_safe(before + _html(text, words, begin, end) + after)  # noqa: S308 - escaped piece by piece


def excerpt(text: str, words: Sequence[str], *, length: int = FRAGMENT) -> str:
    """The same as plain text."""
    first = next((start for start, end in _spans(text) if _is_asked(text[start:end], words)), 0)
    begin, end = _window(text, first, length)
    return ("… " if begin else "") + text[begin:end].strip() + (" …" if end < len(text) else "")


def _window(text: str, first: int, length: int) -> tuple[int, int]:
    begin = max(0, first - length // 3)
    if begin:
        begin = text.rfind(" ", 0, begin) + 1 or begin
    end = min(len(text), begin + length)
    if end < len(text):
        end = max(text.rfind(" ", first, end), min(first + 60, len(text)))
    return begin, end


def _html(text: str, words: Sequence[str], begin: int, end: int) -> SafeString:
    parts, at = [], begin
    for start, stop in _spans(text):
        if start >= begin and stop <= end and _is_asked(text[start:stop], words):
            parts += [escape(text[at:start]), "<mark>", escape(text[start:stop]), "</mark>"]
            at = stop
    parts.append(escape(text[at:end]))
    return mark_safe("".join(parts))  # noqa: S308 - escaped piece by piece


def _is_asked(word: str, words: Sequence[str]) -> bool:
    plain = folded(word)
    return any(plain.startswith(folded(each)) for each in words)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for place, sign in enumerate(text):
        if _is_part(sign):
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(text)


def _is_part(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"
