"""Statements that a connection plans once, for work that asks the same of a few rows over and over.

For one partnership the database plans health for longer than it computes it. ``ask`` and ``tell`` prepare a statement
when a connection meets it first and execute it from then on; after ``plan_for_any`` by one plan for any parameters.
Row-level security holds as ever: the policies read the tenant's setting when the statement runs. Where connections are
not kept (``CONN_MAX_AGE=0``, behind a pooler) nothing outlives a transaction, so nothing is prepared.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from weakref import WeakKeyDictionary

from django.db import connection

_NAMED = re.compile(r"%\((\w+)\)s|%%")
_known: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


def plan_for_any() -> None:
    """Until the end of the transaction, take plans that know nothing of the parameters: good where they name few."""
    with connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_generic_plan")


def ask(statement: str, parameters: Mapping[str, object]) -> list[tuple]:
    """The rows of a statement with named parameters; others than it names are left aside.

    A parameter's type follows from where it stands first, so one that stands beside an operator wants a cast.
    """
    return ask_named(statement, parameters)[1]


def ask_named(statement: str, parameters: Mapping[str, object]) -> tuple[list[str], list[tuple]]:
    """The names of the columns, and the rows."""
    with connection.cursor() as cursor:
        _run(cursor, statement, parameters)
        return [column.name for column in cursor.description], cursor.fetchall()


def tell(statement: str, parameters: Mapping[str, object]) -> None:
    """Run a statement that answers nothing."""
    with connection.cursor() as cursor:
        _run(cursor, statement, parameters)


def _run(cursor, statement: str, parameters: Mapping[str, object]) -> None:
    if not connection.settings_dict["CONN_MAX_AGE"]:
        cursor.execute(statement, parameters)
        return
    name, text, order = _numbered(statement)
    known = _known.setdefault(connection.connection, set())
    if name not in known:
        cursor.execute(f"prepare {name} as {text}")
        known.add(name)
    places = ", ".join(["%s"] * len(order))
    cursor.execute(f"execute {name} ({places})" if order else f"execute {name}", [parameters[each] for each in order])


@cache
def _numbered(statement: str) -> tuple[str, str, tuple[str, ...]]:
    """A name for the statement, the statement with $1, $2 …, and which parameter stands where."""
    order: dict[str, int] = {}

    def place(match: re.Match[str]) -> str:
        return "%" if match[1] is None else f"${order.setdefault(match[1], len(order) + 1)}"

    text = _NAMED.sub(place, statement)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"planned_{digest[:20]}", text, tuple(order)
