"""Changing many rows of a list at once: which rows are meant, and what happens to each of them.

A list declares what can be done (``core.lists.Operation``). Each row goes through the action that its own page uses,
with its checks; what one row is refused, the others do not suffer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.forms import ActionForm
from core.lists import List, Operation
from core.views_of_lists import checked_query

MOST_ROWS = 300
LARGEST_ID = 18  # digits
NAMED_FIRST = 5


class BulkForm(ActionForm):
    """What an operation asks for besides the row: its fields are arguments of the action."""

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that are meant; ``missing`` counts chosen ones that the list does not show (any more)."""

    rows: Sequence[Any]
    missing: int = 0


def select_rows(actor: Actor, declared: List, given: QueryDict) -> Selection:
    """The rows that a request means, read through the list's own filter, so that it never reaches any other.

    ``scope=all`` means whatever matches ``query``, and is refused unless that is still the ``expected`` number and,
    after a preview, still the ``previewed`` rows; otherwise ``rows`` has the ids. More than 300 are refused.
    """
    query = checked_query(actor, declared, given.get("query", ""))
    _filterset, found = declared.filtered(actor, QueryDict(query))
    if given.get("scope") == "all":
        return Selection(_all_rows(found, given))
    chosen = _ids(given.getlist("rows"))
    _refuse_too_many(len(chosen))
    rows = list(found.filter(pk__in=chosen))
    if not rows:
        raise InvalidInput("nothing_chosen", _("No row is selected. Select the rows to change, then try again."))
    return Selection(rows, missing=len(chosen) - len(rows))


def _all_rows(found: Any, given: QueryDict) -> list[Any]:
    total, expected = found.count(), given.get("expected", "")
    if str(total) != expected:
        raise _changed_meanwhile(total)
    _refuse_too_many(total)
    rows, previewed = list(found), _ids(given.getlist("previewed"))
    if not rows or len(rows) != total or (previewed and previewed != {row.pk for row in rows}):
        raise _changed_meanwhile(len(rows))
    return rows


def _ids(given: Sequence[str]) -> set[int]:
    return {int(value) for value in given if value.isascii() and value.isdecimal() and len(value) <= LARGEST_ID}


def _changed_meanwhile(total: int) -> ActionRefused:
    words = ngettext(
        "The list has changed: the filter matches %(n)d row now. Nothing was changed. Look at it and choose again.",
        "The list has changed: the filter matches %(n)d rows now. Nothing was changed. Look at it and choose again.",
        total,
    )
    return ActionRefused("list_changed", words % {"n": total})


def _refuse_too_many(total: int) -> None:
    if total > MOST_ROWS:
        words = _("These are %(n)d rows, and at most %(most)d can be changed at once. Narrow the filter.")
        raise InvalidInput("too_many_rows", words % {"n": total, "most": MOST_ROWS})


class State(StrEnum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, or would happen, to one row. ``message`` says why it was refused, ``field`` at which input."""

    row: Any
    state: State
    message: str = ""
    field: str | None = None


@dataclass(frozen=True)
class Summary:
    """What happened, or would happen, to all rows."""

    outcomes: Sequence[Outcome]

    def of(self, state: State) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.state == state]

    @property
    def changed(self) -> list[Outcome]:
        return self.of(State.CHANGED)

    @property
    def unchanged(self) -> list[Outcome]:
        return self.of(State.UNCHANGED)

    @property
    def refused(self) -> list[Outcome]:
        return self.of(State.REFUSED)

    @property
    def first(self) -> list[Outcome]:
        """The first of those that change, to be named."""
        return self.changed[:NAMED_FIRST]

    @property
    def further(self) -> int:
        return len(self.changed) - len(self.first)

    @property
    def common_refusal(self) -> Outcome | None:
        """The refusal, when every row is refused for the same reason."""
        messages = {outcome.message for outcome in self.refused}
        return self.refused[0] if len(messages) == 1 and len(self.refused) == len(self.outcomes) else None


def perform(actor: Actor, operation: Operation, rows: Sequence[Any], values: Mapping[str, Any]) -> Summary:
    """Do it to every row, in one change set. A row that is refused stays as it was and keeps no other from changing."""
    actor.require(operation.permission)
    return Summary([_perform_on(actor, operation, row, dict(values)) for row in rows])


def preview(actor: Actor, operation: Operation, rows: Sequence[Any], values: Mapping[str, Any]) -> Summary:
    """What ``perform`` would do, by doing it and rolling it back: no rule has to be written twice."""
    with transaction.atomic():
        summary = perform(actor, operation, rows, values)
        transaction.set_rollback(True)
    return summary


def _perform_on(actor: Actor, operation: Operation, row: Any, values: dict[str, Any]) -> Outcome:
    if operation.is_done is not None and operation.is_done(row, values):
        return Outcome(row, State.UNCHANGED)
    subject = getattr(row, operation.of) if operation.of else row
    try:
        operation.action(actor=actor, **{operation.subject: subject}, **values)
    except ActionRefused as refused:
        if operation.already and refused.code == operation.already:
            return Outcome(row, State.UNCHANGED)
        return Outcome(row, State.REFUSED, refused.message, refused.field)
    except PermissionRefused:
        return Outcome(row, State.REFUSED, _("You may not change this one."))
    return Outcome(row, State.CHANGED)
