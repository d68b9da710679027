"""Topics of needs and capabilities: codes of public schemes, or words of one's own; written as one line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable

KEYWORD = "keyword"
LONGEST = 60
MOST = 30
SHAPES = {
    "cpc": re.compile(r"[A-HY](?:\d{2}(?:[A-Z](?:\d{1,4}(?:/\d{2,6})?)?)?)?"),
    "nace": re.compile(r"[A-V]|\d{2}(?:\.\d{1,2})?"),
    "field": re.compile(r"\d(?:\.\d{1,2})?"),
}


def normal_topic(scheme: str, code: str) -> str | None:
    """The code as it is kept: codes in capitals without spaces, words in small letters. None when it is none."""
    if scheme == KEYWORD:
        words = " ".join(code.split()).lower()
        return words if 0 < len(words) <= LONGEST else None
    shape, plain = SHAPES.get(scheme), "".join(code.split()).upper()
    return plain if shape and shape.fullmatch(plain) else None


def read_topics(text: str) -> list[tuple[str, str]]:
    """(scheme, code) of what stands between commas: "batteries, cpc: H01M10/42"; without a scheme it is a word."""
    found = []
    for part in text.split(","):
        scheme, colon, code = part.partition(":")
        scheme = scheme.strip().lower()
        if colon and scheme in {KEYWORD, *SHAPES}:
            found.append((scheme, code.strip()))
        elif part.strip():
            found.append((KEYWORD, part.strip()))
    return found


def write_topics(topics: Iterable[tuple[str, str]]) -> str:
    """The line that ``read_topics`` reads back."""
    return ", ".join(code if scheme == KEYWORD else f"{scheme}: {code}" for scheme, code in topics)
