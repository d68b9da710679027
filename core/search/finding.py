"""Search in two statements: views of the search role say which rows match, the apps' reads which of them count.

The first statement looks past the row policies' cost and knows the tenant only; permissions and confidentiality are
the second one's matter, which goes through the same ``visible_…`` as every page. What it leaves out was not found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from core.actor import Actor
from core.search.registry import Kind
from core.search.words import LONGEST_QUESTION, all_of, any_of, nearly, words_of

MOST_FOUND = 200  # of one kind; beyond them the answer is another word, not another page
SPARE = 3  # times as many notes are looked at, newest first, before what one may not read is left out
FEW = 5  # fewer than this, and misspelled names are looked for
SHORTEST_MISSPELLED = 4
ALIKE = 50  # names with similar letters are looked at for slips of the pen
SIMILAR = "similar"
NAMING = ("name", "alias", "acronym", "identifier")  # fields of a view that say what a thing is called


@dataclass(frozen=True, slots=True)
class Hit:
    """Why a row was found: ``rank`` 0 its very name, 1 how it begins, 2 words of it, 3 other words, 4 misspelled."""

    rank: int
    field: str
    label: str
    place: int


@dataclass(frozen=True, slots=True)
class Found:
    """A row that the actor may see; ``text`` is filled by ``with_texts`` alone."""

    kind: Kind
    pk: int
    subject: int
    title: str
    about: str
    at: datetime
    hit: Hit
    text: str = ""

    @property
    def name(self) -> str:
        """The title in words."""
        return str(self.kind.titles.get(self.title, self.title))

    @property
    def url(self) -> str:
        return self.kind.url_of(self.pk)

    @property
    def reason(self) -> str:
        return str(self.kind.reasons.get(self.hit.field, ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, by kind in their order; a kind with nothing found has an empty list."""

    words: list[str]
    found: dict[str, list[Found]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(map(len, self.found.values()))


def find(actor: Actor, question: str, kinds: Sequence[Kind], *, at_most: int = MOST_FOUND) -> Answer:
    """The rows of these kinds that match all words of the question, best first, ties by recency; two statements.

    At most ``at_most`` of a kind. A question without letters and digits finds nothing.
    """
    words = words_of(question)
    if not words or not kinds:
        return Answer(words, {kind.code: [] for kind in kinds})
    hits = _hits(kinds, words, question, at_most)
    found: dict[str, list[Found]] = {kind.code: [] for kind in kinds}
    by_code = {kind.code: kind for kind in kinds}
    if any(hits.values()):
        for code, pk, subject, title, about, at in _rows(actor, kinds, hits, at_most):
            kind = by_code[code]
            found[code].append(Found(kind, pk, subject, title, about, at, hits[kind.view][subject]))
    for kind in kinds:
        if not kind.newest_first:
            found[kind.code].sort(key=lambda row: (row.hit.rank, row.hit.place))
        if kind.hides in found:
            taken = {row.subject for row in found[kind.code]}
            found[kind.hides] = [row for row in found[kind.hides] if row.pk not in taken]
    return Answer(words, found)


def with_texts(actor: Actor, kind: Kind, rows: Sequence[Found]) -> list[Found]:
    """The same rows with the text to quote from, read once more through what the actor may see."""
    if not kind.text or not rows:
        return list(rows)
    texts = dict(kind.reads(actor).filter(pk__in=[row.pk for row in rows]).order_by().values_list("pk", kind.text))
    return [
        Found(row.kind, row.pk, row.subject, row.title, row.about, row.at, row.hit, texts.get(row.pk, ""))
        for row in rows
    ]


def recent(actor: Actor, kinds: Sequence[Kind]) -> list[Found]:
    """What the actor worked with last, in one statement; empty for whom nothing is known."""
    parts = [_described(kind, kind.recent(actor), "worked_at") for kind in kinds if kind.recent is not None]
    by_code = {kind.code: kind for kind in kinds}
    found = [Found(by_code[code], *rest, Hit(0, "", "", 0)) for code, *rest in _united(parts)]
    return sorted(found, key=lambda row: row.at, reverse=True)


def _hits(kinds: Sequence[Kind], words: list[str], question: str, at_most: int) -> dict[str, dict[int, Hit]]:
    views = {kind.view: kind for kind in kinds}
    name = " ".join(question[:LONGEST_QUESTION].replace("\0", " ").split())
    parameters = {
        "any": any_of(words),
        "name": name,
        "beginning": name.lower(),
        "most": at_most,
        "alike": ALIKE,
        "looked_at": 2 * MOST_FOUND,
        "in_notes": all_of(words, shortest_beginning=3),
        "notes": SPARE * max(at_most, 50),
        "few": FEW if len("".join(words)) >= SHORTEST_MISSPELLED else 0,
        **{f"word_{number}": all_of([word]) for number, word in enumerate(words)},
    }
    parts = [_notes(view) if kind.newest_first else _names(view, len(words)) for view, kind in views.items()]
    hits: dict[str, dict[int, Hit]] = {view: {} for view in views}
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts), parameters)
        for view, pk, rank, name, label, place in cursor.fetchall():
            if name != SIMILAR or nearly(label, words):
                hits[view][pk] = Hit(rank, name, label or "", place)
    return hits


def _tsquery(name: str) -> str:
    return f"to_tsquery('public.causeway_words', %({name})s)"


def _notes(view: str) -> str:
    return f"""
        (select '{view}', id, 2, field, null, row_number() over (order by at desc, id desc)
         from {view}_with({_tsquery("in_notes")}, null, %(notes)s))
    """


def _names(view: str, words: int) -> str:
    """Each word may stand in another text of the row: a name and a city, a person and where they work."""
    known = f"select * from {view}_with({_tsquery('any')}, %(beginning)s, %(looked_at)s)"
    if words > 1:
        each = " intersect ".join(
            f"select id from {view}_with({_tsquery(f'word_{number}')}, null, null)" for number in range(words)
        )
        known = f"""
            select * from {view}_with({_tsquery("any")}, %(beginning)s, null) where id in ({each}) limit %(looked_at)s
        """
    return f"""
        (with known as materialized (
             select distinct on (id) id, field, label, at,
                    case when field not in {NAMING} then 3 when search_key(label) = search_key(%(name)s) then 0
                         when starts_with(search_key(label), search_key(%(name)s)) then 1
                         when field = 'name' then 2 else 3 end as rank
             from ({known}) matching order by id, rank
         ), alike as (
             select distinct on (id) id, field, label, at, near
             from {view}_like(search_key(%(name)s), %(alike)s)
             where (select count(*) from known) < %(few)s and id not in (select id from known)
             order by id, near desc
         )
         select '{view}', id, rank, field, label,
                row_number() over (order by rank, near desc, at desc nulls last, id desc)
         from (select id, field, label, at, rank, 0 as near from known
               union all select id, '{SIMILAR}', label, at, 4, near from alike) every
         order by rank, near desc, at desc nulls last, id desc limit %(most)s)
    """


def _rows(actor: Actor, kinds: Sequence[Kind], hits: dict[str, dict[int, Hit]], at_most: int):
    parts = []
    for kind in kinds:
        if not hits[kind.view]:
            continue
        rows = kind.reads(actor).filter(**{f"{kind.key}__in": list(hits[kind.view])})
        if kind.newest_first:
            parts.append(_described(kind, rows.order_by("-occurred_at", "-pk")[:at_most], "occurred_at"))
        else:
            parts.append(_described(kind, rows.order_by(), "updated_at"))
    return _united(parts)


def _united(parts: list[QuerySet]) -> QuerySet | list:
    if not parts:
        return []
    return parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]


def _described(kind: Kind, rows: QuerySet, moment: str) -> QuerySet:
    """code, pk, subject, title, about, at of each row, in types that go together in a union."""
    return rows.annotate(
        kind_code=Value(kind.code, output_field=TextField()),
        subject=F(kind.key),
        shown_title=Cast(kind.title, TextField()),
        shown_about=Cast(Concat(kind.about, Value(""), output_field=TextField()), TextField()),
        shown_at=Cast(F(moment), DateTimeField()),
    ).values_list("kind_code", "pk", "subject", "shown_title", "shown_about", "shown_at")
