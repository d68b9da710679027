"""Reading SQL closely enough to say whether every tenant table in it is bound to a tenant.

A table in FROM must be bound in WHERE, a joined table in its own ON (or USING), in each block of a statement: main
query, sub-select, CTE, each side of a UNION. Bound is what stands in every conjunct-only path: under an OR it does
not count.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")+"|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|::|[<>=!]+|[(),.;]|%\([a-z_]+\)s|\S"""
)
CLAUSES = {
    "select", "from", "where", "group", "order", "having", "limit", "offset", "window", "fetch", "for", "set",
    "returning", "union", "except", "intersect", "with", "update", "delete", "insert", "values",
}  # fmt: skip
JOINING = {"inner", "left", "right", "full", "outer", "cross", "natural", "join", "lateral"}
SETS = {"union", "except", "intersect"}


class Group(list):
    """What stands in parentheses."""


@dataclass
class Table:
    """A table reference: where it stands, by which name, and what binds it there."""

    name: str
    alias: str
    joined: bool
    condition: list = field(default_factory=list)


def parsed(statement: str) -> Group:
    """The statement as nested groups of tokens, words in lower case and names without quotes."""
    stack = [Group()]
    for token in TOKEN.findall(re.sub(r"--[^\n]*", " ", statement)):
        if token == "(":
            inner = Group()
            stack[-1].append(inner)
            stack.append(inner)
        elif token == ")":
            stack.pop()
        else:
            stack[-1].append(token.strip('"') if token[0] == '"' else token.lower() if token[0] != "'" else token)
    return stack[0]


def unbound(statement: str, tables: Iterable[str]) -> list[str]:
    """The tenant tables of a statement that are not bound to a tenant where they stand, in words."""
    return [words for block in _blocks(parsed(statement)) for words in _unbound_in(block, frozenset(tables))]


def _blocks(group: Group) -> Iterator[list]:
    """Every query in the group: its own, those on both sides of a UNION, and those in parentheses."""
    current: list = []
    for token in group:
        if isinstance(token, Group):
            yield from _blocks(_of_extract(token) if current and current[-1] == "extract" else token)
        if _is(token, SETS):
            yield current
            current = []
        else:
            current.append(token)
    yield current


def _of_extract(group: Group) -> Group:
    """What stands behind the FROM of EXTRACT(YEAR FROM …), which names no table."""
    place = next((number for number, token in enumerate(group) if token == "from"), -1)
    return Group(group[place + 1 :])


def _unbound_in(block: list, tables: frozenset[str]) -> Iterator[str]:
    found, where = _clauses(block)
    alone = len(found) == 1
    for table in found:
        if table.name not in tables:
            continue
        if table.joined:
            if not _binds(table.condition, table.alias, alone=False) and not _using(table.condition):
                yield f"{table.name} is joined without the tenant: on {_text(table.condition)}"
        elif not _binds(where, table.alias, alone=alone):
            yield f"{table.name} is read without the tenant: where {_text(where)}"


def _clauses(block: list) -> tuple[list[Table], list]:
    """The tables of a block with their conditions, and its WHERE."""
    found: list[Table] = []
    where: list = []
    clause, place, before = "", 0, ""
    verb = next((token for token in block if token in ("select", "update", "delete", "insert")), "")
    while place < len(block):
        token = block[place]
        place += 1
        word = token if isinstance(token, str) else ""
        if word in CLAUSES and not (word == "from" and before == "distinct") and clause != "for":
            clause = word
            if (word == "update" and verb == "update") or word == "from":
                place = _table(block, place, found, joined=False)
        elif clause in ("from", "on", "using") and word == "join":
            while found and found[-1].condition and _is(found[-1].condition[-1], JOINING):
                found[-1].condition.pop()
            place = _table(block, place, found, joined=True)
            clause = "from"
        elif clause == "from" and word == ",":
            place = _table(block, place, found, joined=False)
        elif clause == "from" and word in ("on", "using") and found:
            clause = word
        elif clause in ("on", "using"):
            found[-1].condition.append(token)
        elif clause == "where":
            where.append(token)
        before = word
    return found, where


def _table(block: list, place: int, found: list[Table], *, joined: bool) -> int:
    while place < len(block) and block[place] in ("lateral", "only"):
        place += 1
    name = block[place] if place < len(block) and isinstance(block[place], str) else ""
    place += 1
    if place < len(block) and isinstance(block[place], Group):  # a function such as unnest(…)
        place += 1
        name = ""
    if place < len(block) and block[place] == "as":
        place += 1
    alias = name
    ends = CLAUSES | JOINING | {"on", "using", ",", ";"}
    if place < len(block) and isinstance(block[place], str) and block[place] not in ends:
        alias = block[place]
        place += 1
        if place < len(block) and isinstance(block[place], Group):  # the names of its columns
            place += 1
    found.append(Table(name, alias, joined))
    return place


def _conjuncts(condition: list) -> Iterator[list]:
    while len(condition) == 1 and isinstance(condition[0], Group):
        condition = condition[0]
    if "or" in condition:
        return
    part: list = []
    for token in [*condition, "and"]:
        if token != "and":
            part.append(token)
        elif len(part) == 1 and isinstance(part[0], Group):
            yield from _conjuncts(part)
            part = []
        else:
            yield part
            part = []


def _binds(condition: list, alias: str, *, alone: bool) -> bool:
    mine = [alias, ".", "tenant_id"]
    for part in map(_plain, _conjuncts(condition)):
        if part[:4] == [*mine, "="] or part[-4:] == ["=", *mine] or (alone and part[:2] == ["tenant_id", "="]):
            return True
    return False


def _plain(part: list) -> list:
    """A comparison without parentheses around a column or a value: Django writes ``a = (b)``."""
    flat: list = []
    for token in part:
        flat += token if isinstance(token, Group) and not {"select", "and", "or"} & {*map(str, token)} else [token]
    return flat


def _is(token: object, words: set[str]) -> bool:
    return isinstance(token, str) and token in words


def _using(condition: list) -> bool:
    return bool(condition) and isinstance(condition[0], Group) and "tenant_id" in condition[0]


def _text(tokens: list) -> str:
    words = " ".join(f"({_text(token)})" if isinstance(token, Group) else token for token in tokens)
    return words.replace(" . ", ".")[:300]
