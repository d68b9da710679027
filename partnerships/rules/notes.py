"""What a note says besides its words: ``@name``, ``#opportunity`` and ``next: send template Tue @ana``.

Reading proposes and never decides: a word that fits several people names them all, one that fits nobody names nobody,
and whoever wrote the note confirms what is done with it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partnerships.rules.days import find_day

MOST_MENTIONS = 20
MOST_TASKS = 5
MOST_FOUND = 8
LONGEST_TITLE = 200

WORD = r"[^\W_](?:[\w.'’-]*\w)?"
MENTION = re.compile(rf"(?<![\w@.])@({WORD})")
TOPIC = re.compile(rf"(?<![\w#&/])#({WORD})")
TASK = re.compile(r"(?<!\w)next[^\S\n]*:[^\S\n]*(.*?)(?=[\n;]|(?<!\w)next[^\S\n]*:|\Z)", re.IGNORECASE)
SPELLED = str.maketrans({"ø": "o", "ß": "ss", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that a note can name; ``key`` tells contacts, members and opportunities apart."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A word after @ or #, and whom or what it fits: nobody, one, or several to choose from."""

    word: str
    found: tuple[Named, ...]

    @property
    def only(self) -> Named | None:
        return self.found[0] if len(self.found) == 1 else None


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done next. ``people`` are the words after @ in it; ``due`` is None when no day was named."""

    title: str
    due: date | None
    people: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a note proposes; ``people`` are those named outside its tasks."""

    people: tuple[Mention, ...] = ()
    opportunities: tuple[Mention, ...] = ()
    tasks: tuple[Task, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.opportunities or self.tasks)

    @property
    def mark(self) -> str:
        """The same for the same proposals: tells whether somebody has seen these, whatever else the note says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16] if self else ""


def fold(text: str) -> str:
    """Letters as one compares them: without case, accents and the spellings of single languages."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(SPELLED))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def fitting(word: str, among: Iterable[Named]) -> tuple[Named, ...]:
    """Those among whose words each part of ``word`` begins one; whole words win over beginnings of words."""
    wanted = [part for part in re.split(r"[._'’-]+", fold(word)) if part]
    whole, begun = [], []
    for each in among:
        words = [part for part in re.split(r"[^\w]+", fold(each.name)) if part]
        if all(part in words for part in wanted):
            whole.append(each)
        elif all(any(own.startswith(part) for own in words) for part in wanted):
            begun.append(each)
    return tuple((whole or begun)[:MOST_FOUND])


def read_note(text: str, *, people: Iterable[Named], opportunities: Iterable[Named], today: date) -> Reading:
    """What the note proposes. Any text is fine; words that fit nothing come back without a find."""
    people, opportunities = list(people), list(opportunities)
    return Reading(
        people=_mentions(MENTION, TASK.sub("\n", text), people),
        opportunities=_mentions(TOPIC, text, opportunities),
        tasks=tuple(
            task
            for match in list(TASK.finditer(text))[:MOST_TASKS]
            if (task := _task(match[1], people, today)) is not None
        ),
    )


def _mentions(pattern: re.Pattern, text: str, among: list[Named]) -> tuple[Mention, ...]:
    words = dict.fromkeys(match[1] for match in pattern.finditer(text))
    return tuple(Mention(word, fitting(word, among)) for word in list(words)[:MOST_MENTIONS])


def _task(clause: str, people: list[Named], today: date) -> Task | None:
    mentions = _mentions(MENTION, clause, people)
    words = MENTION.sub(" ", clause)
    found = find_day(words, today)
    if found is not None:
        words = f"{words[: found.start]} {words[found.end :]}"
    title = " ".join(words.split()).strip(" ,.:–-")[:LONGEST_TITLE].strip()
    return Task(title, found.day if found else None, mentions) if title else None
