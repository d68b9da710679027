"""The history of a record in words: who changed what, when and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, Field, ForeignKey, Max, Min, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from core.actor import Actor
from core.permissions import registry
from core.versions import VersionedModel
from tenants.choices import ChangeKind
from tenants.models import Change, User
from tenants.queries.changes import BOOKKEEPING, Step, content_of, of_rows, read_steps, rewound, values_in, values_of
from tenants.queries.history import UNDO, concealed, may_undo, undone_among
from tenants.registry import Entry, Part, Record, entry_of, names_of, parts_of, record_for

PER_PAGE = 25
LONGEST = 400


@dataclass(slots=True)
class Line:
    """What happened to one record or part: ``kind`` of change, and the fields with their values in words."""

    label: str
    kind: str
    changes: list[dict[str, str]] = field(default_factory=list)
    is_hidden: bool = False


@dataclass(slots=True)
class ChangeSet:
    """What one request changed about a record. ``undone``: it was taken back; ``takes_back``: it took another back."""

    request_id: str
    at: datetime
    who: str
    action: str
    reason: str
    lines: list[Line]
    takes_back: bool
    undone: bool
    may_undo: bool


@dataclass(slots=True)
class History:
    """One page of it; ``page`` counts the change sets."""

    sets: list[ChangeSet]
    page: Page
    query: str = ""


def change_sets_of(rows: Sequence[VersionedModel]) -> QuerySet:
    """The change sets that touched these records, latest first: dicts of key, request_id, first and last.

    What no request made (an import, a command) is a set of its own per change.
    """
    touched = Q()
    for row in rows:
        touched |= of_rows(row._meta.db_table, [row.pk])
    alone = When(request_id="", then=Concat(Value("#"), Cast("id", CharField())))
    key = Case(alone, default="request_id", output_field=CharField())
    sets = Change.objects.filter(touched).order_by().annotate(key=key).values("key", "request_id")
    return sets.annotate(first=Min("id"), last=Max("id")).order_by("-last")


def key_of(step: Step) -> str:
    return step.request_id or f"#{step.id}"


def history_of(actor: Actor, rows: Sequence[VersionedModel], *, page: object = 1, query: str = "") -> History:
    """The history of records that the actor may see, with their parts. Values that they may not see are hidden.

    ``query`` is what the address of the page holds besides the page's number.
    """
    wanted = Paginator(change_sets_of(rows), PER_PAGE).get_page(page)
    return History(present_sets(actor, rows, list(wanted)), wanted, query)


def present_sets(actor: Actor, rows: Sequence[VersionedModel], found: Sequence[Mapping]) -> list[ChangeSet]:
    """These change sets in words, as far as they are about the records."""
    if not found:
        return []
    reading = _Reading(actor, rows, found)
    return [reading.change_set(each) for each in found]


class _Reading:
    """A page of change sets, its changes and everything that they name, read at once."""

    def __init__(self, actor: Actor, rows: Sequence[VersionedModel], found: Sequence[Mapping]):
        self.actor, self.rows = actor, rows
        self.roots = {(row._meta.db_table, row.pk): row for row in rows}
        self.touched = Q()
        for table, pk in self.roots:
            self.touched |= of_rows(table, [pk])
        keys = {each["key"] for each in found}
        requests = {each["request_id"] for each in found} - {""}
        self.own = self._own_states(min(each["first"] for each in found))
        self.part_rows, steps = self._parts(requests)
        self.by_set: dict[str, list[Step]] = defaultdict(list)
        for step in sorted([*(step for step, _b, _a in self.own.values()), *steps], key=lambda step: step.id):
            if key_of(step) in keys:
                self.by_set[key_of(step)].append(step)
        ids = {step.user_id for each in self.by_set.values() for step in each}
        self.people = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
        self.undone = undone_among(requests, self.touched)
        self.names = _Names(actor, [self._shown(step) for each in self.by_set.values() for step in each])

    def _own_states(self, oldest: int) -> dict[int, tuple[Step, dict, dict]]:
        """The records' own changes of this page, each with the whole record before and after."""
        by_row: dict[tuple[str, int], list[Step]] = defaultdict(list)
        for step in read_steps(self.touched & Q(id__gte=oldest)):
            by_row[step.table, step.row_id].append(step)
        states = {}
        for key, steps in by_row.items():
            row = self.roots[key]
            states |= {each[0].id: each for each in rewound(type(row), values_of(row), steps)}
        return states

    def _parts(self, requests: set[str]) -> tuple[dict[tuple[str, int], dict], list[Step]]:
        """The latest values of the records' parts that these requests changed, and the changes."""
        owners = {part.model._meta.db_table: (part, row.pk) for row in self.rows for part in parts_of(type(row))}
        steps = read_steps(Q(request_id__in=requests, table_name__in=owners)) if requests and owners else []
        by_table: dict[str, set[int]] = defaultdict(set)
        for step in steps:
            by_table[step.table].add(step.row_id)
        known: dict[tuple[str, int], dict] = {}
        gone = Q(pk__in=[])
        for table, ids in by_table.items():
            part, owner = owners[table]
            present = {row.pk: values_of(row) for row in part.model.objects.filter(pk__in=ids)}
            known |= {(table, pk): values for pk, values in present.items() if values[part.owner_column] == owner}
            gone |= of_rows(table, ids - present.keys())
        for step in read_steps(gone & Q(kind=ChangeKind.DELETE)) if by_table else []:
            part, owner = owners[step.table]
            values = values_in(part.model, step.before)
            if values.get(part.owner_column) == owner:
                known.setdefault((step.table, step.row_id), values)
        return known, [step for step in steps if (step.table, step.row_id) in known]

    def _shown(self, step: Step) -> tuple[type[Model], list[dict[str, Any]]]:
        """The states of values that a change shows: before and after, empty where there is none."""
        entry = entry_of(step.table)
        if step.kind == ChangeKind.UPDATE:
            states = [content_of(entry.model, each, entry.derived) for each in (step.before, step.after)]
        elif isinstance(entry, Part):
            whole = values_in(entry.model, step.before) or self.part_rows.get((step.table, step.row_id), {})
            left_out = BOOKKEEPING | {entry.owner_column}
            whole = {name: value for name, value in whole.items() if name not in left_out}
            states = [whole, {}] if step.kind == ChangeKind.DELETE else [{}, whole]
        else:
            states = [{}, {}]
        return entry.model, states

    def change_set(self, found: Mapping) -> ChangeSet:
        steps = self.by_set[found["key"]]
        lines = [line for line in map(self._line, steps) if line is not None]
        first = steps[0]
        takes_back, undone = first.action == UNDO, first.request_id in self.undone
        return ChangeSet(
            request_id=first.request_id,
            at=first.at,
            who=self.people.get(first.user_id, "Causeway"),
            action=_action_words(first.action),
            reason="" if takes_back else first.reason,
            lines=lines,
            takes_back=takes_back,
            undone=undone,
            may_undo=bool(lines and first.request_id and not undone and may_undo(self.actor, steps)),
        )

    def _line(self, step: Step) -> Line | None:
        entry = entry_of(step.table)
        model, (before, after) = self._shown(step)
        hidden = self._hidden(entry, step)
        names = [name for name in {**before, **after} if name not in BOOKKEEPING]
        shown = [name for name in names if name not in hidden and before.get(name) != after.get(name)]
        changes = []
        for attribute in shown:
            each = next(field for field in model._meta.concrete_fields if field.attname == attribute)
            old, new = (self.names.words(each, state.get(attribute)) for state in (before, after))
            if old != new:
                changes.append({"label": capfirst(each.verbose_name), "before": old, "after": new})
        if step.kind == ChangeKind.UPDATE and not changes and not hidden & set(names):
            return None
        return Line(str(entry.label), step.kind, changes, is_hidden=bool(hidden & set(names)))

    def _hidden(self, entry: Entry, step: Step) -> set[str]:
        if not isinstance(entry, Record) or step.id not in self.own:
            return set()
        _step, before, after = self.own[step.id]
        return concealed(self.actor, entry, before, after)


def _action_words(code: str) -> str:
    return str(registry.get(code).label) if code in registry.codes() else ""


class _Names:
    """What references are called: one read per kind of record, among those that the actor may see."""

    def __init__(self, actor: Actor, shown: Iterable[tuple[type[Model], list[dict[str, Any]]]]):
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for model, states in shown:
            references = {each.attname: each for each in model._meta.concrete_fields if isinstance(each, ForeignKey)}
            for values in states:
                for name in references.keys() & values.keys():
                    wanted[references[name].remote_field.model].add(values[name])
        self.known: dict[type[Model], dict[int, str]] = {}
        for model, ids in wanted.items():
            self.known[model] = {row.pk: str(row) for row in self._visible(actor, model, ids - {None})}

    @staticmethod
    def _visible(actor: Actor, model: type[Model], ids: set[int]) -> Iterable[Model]:
        if model is User:
            return User.objects.filter(pk__in=ids, memberships__tenant_id=actor.tenant_id)
        record = record_for(model)
        if record is None and (named := names_of(model)) is not None and actor.may(named.code):
            return named(actor).prefetch_related(None).filter(pk__in=ids)
        if record is None or not actor.may(record.visible.code) or not ids:
            return []
        visible = record.visible(actor).prefetch_related(None)
        if record.model is model:
            return visible.filter(pk__in=ids)
        of = entry_of(model._meta.db_table).of
        return model.objects.filter(pk__in=ids, **{f"{of}__in": visible.order_by().values("pk")}).select_related(of)

    def words(self, field: Field, value: Any) -> str:
        """A value as people read it; nothing is the empty string."""
        if value is None or value == "":
            return ""
        if isinstance(field, ForeignKey):
            return self.known[field.remote_field.model].get(value) or _("a record that is gone or not yours to see")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return plain_words(value)


def field_words(actor: Actor, field: Field, value: Any) -> str:
    """One value of a record as the history writes it."""
    return _Names(actor, [(field.model, [{field.attname: value}])]).words(field, value)


def plain_words(value: Any) -> str:
    """A plain value: yes and no, dates and numbers as the reader writes them, long texts cut."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if isinstance(value, int | float) or type(value).__name__ == "Decimal":
        return number_format(value, use_l10n=True)
    return Truncator(str(value)).chars(LONGEST)
