"""Searching the office: the page, the palette and the API ask here."""

from dataclasses import dataclass

from core.actions import visible
from core.actor import Actor
from core.navigation import navigation_for
from core.search.finding import Answer, Found, find, recent, with_texts
from core.search.registry import Kind, jumps_for, kinds_for
from core.search.words import excerpt, matches, words_of

MOST_SUGGESTED, MOST_LISTED = 5, 50
PREFIXES = {"@": ("people",), "#": ("records",), ">": ()}
EVERYWHERE = ("partners", "people", "records")


def asked(question: str) -> tuple[str, tuple[str, ...]]:
    """What is looked for and in which groups: @ means people, # records, > nothing but actions and pages."""
    question = question.strip()
    groups = PREFIXES.get(question[:1])
    return (question, EVERYWHERE) if groups is None else (question[1:].strip(), groups)


@visible("tenants.view_search")
def search(actor: Actor, *, q: str = "", kind: str = "") -> Answer:
    """What matches, by kind, best first; ``kind`` is the code of one, empty means all that the actor may see."""
    question, groups = asked(q)
    kinds = kinds_for(actor)
    if kind:
        wanted = [each for each in kinds if each.code == kind]
        # What is a partner is not listed as an organization too.
        hiding = [each for each in kinds if each.hides == kind]
        answer = find(actor, question, [*hiding, *wanted])
        return Answer(answer.words, {each.code: answer.found[each.code] for each in wanted})
    return find(actor, question, [each for each in kinds if each.group in groups])


@visible("tenants.view_search")
def quoted(actor: Actor, kind: Kind, rows: list[Found]) -> list[Found]:
    """The rows with the text that a fragment is taken from."""
    return with_texts(actor, kind, rows)


@visible("tenants.view_search")
def suggestions(actor: Actor, *, q: str) -> dict[str, list]:
    """What the palette shows: found rows of each group, actions, pages and settings; without a question the recent."""
    question, groups = asked(q)
    words = words_of(question)
    kinds = [each for each in kinds_for(actor) if each.group in groups]
    pages = navigation_for(actor, "")
    found: dict[str, list] = {"recent": [], **{group: [] for group in EVERYWHERE}}
    if words:
        answer = find(actor, question, kinds, at_most=2 * MOST_SUGGESTED)
        for group in groups:
            rows = [row for each in kinds if each.group == group for row in answer.found[each.code][:MOST_SUGGESTED]]
            best = sorted(rows, key=lambda row: row.hit.rank)[:MOST_SUGGESTED]
            found[group] = [row for some in _by_kind(best) for row in with_texts(actor, some[0].kind, some)]
    elif not question and kinds:
        found["recent"] = recent(actor, kinds)
    places = groups in (EVERYWHERE, ())
    everything = words or not groups
    found["actions"] = [each for each in jumps_for(actor) if matches(str(each["label"]), words)] if places else []
    found["pages"] = [each for each in pages if places and everything and matches(str(each["label"]), words)]
    return found


def _by_kind(rows: list[Found]) -> list[list[Found]]:
    """The rows of each kind together, the kinds in the order of their best row."""
    kinds: dict[str, list[Found]] = {}
    for row in rows:
        kinds.setdefault(row.kind.code, []).append(row)
    return list(kinds.values())


@dataclass(frozen=True, slots=True)
class Listed:
    """One result in plain values."""

    kind: str
    id: int
    title: str
    about: str
    matched_in: str
    excerpt: str
    url: str


@visible("tenants.view_search")
def search_listing(actor: Actor, *, q: str, kind: str = "") -> list[Listed]:
    """The results one after the other with the text that matched; at most fifty of each kind."""
    answer = search(actor, q=q, kind=kind)
    listed = []
    for rows in answer.found.values():
        for row in with_texts(actor, rows[0].kind, rows[:MOST_LISTED]) if rows else ():
            told = excerpt(row.text, answer.words) if row.text else row.hit.label
            told = "" if told == row.title else told
            listed.append(Listed(row.kind.code, row.pk, row.name, row.about, row.hit.field, told, row.url))
    return listed
