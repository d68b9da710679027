"""What may be undone, by whom, and what lies in the recycle bin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Max, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import ActionRefused
from core.permissions import registry
from tenants.choices import ChangeKind
from tenants.models import Change, User
from tenants.queries.changes import Step, content_of, of_rows, read_steps, rewound, values_in, values_of
from tenants.registry import Part, Record, Trace, entry_of, moves, record_for, records, shown_tables, tables

UNDO = "tenants.undo_changes"
UNDO_OTHERS = "tenants.undo_any_changes"
KEPT = timedelta(days=30)
MOST_CHANGES = 5000
MOST_DELETED = 500

OPPOSITE = {
    ChangeKind.INSERT: ChangeKind.DELETE,
    ChangeKind.UPDATE: ChangeKind.UPDATE,
    ChangeKind.DELETE: ChangeKind.INSERT,
}


def nothing_to_undo() -> ActionRefused:
    return ActionRefused("nothing_to_undo", _("There is nothing here that you may undo."))


def steps_to_undo(actor: Actor, request_id: str) -> list[Step]:
    """The changes of one request that the actor may take back, newest first; raises ActionRefused where not."""
    steps = read_steps(Q(request_id=request_id)) if request_id else []
    known = set(tables())
    whole = all(step.table in known for step in steps)
    steps = [step for step in steps if step.table in known]
    seen = _sees(actor, steps)
    steps = [step for step in steps if matters(step)]
    if not seen or all(isinstance(entry_of(step.table), Trace) for step in steps):
        raise nothing_to_undo()
    if not whole:
        raise ActionRefused("not_whole", _("This changed more than can be put back here. Edit the records instead."))
    if steps[0].at < timezone.now() - KEPT:
        raise ActionRefused("too_late", _("This lies more than 30 days back. Edit the record instead."))
    if len(steps) > MOST_CHANGES:
        raise ActionRefused("too_much", _("This changed more records than can be undone at once."))
    if not may_undo(actor, steps):
        message = _("Only the person who made this change can undo it, or a manager with the same permissions.")
        raise ActionRefused("not_yours", message)
    return steps


def may_undo(actor: Actor, steps: Iterable[Step]) -> bool:
    """Whether changes of the last 30 days are the actor's own or a manager's to undo, each with its permission."""
    since = timezone.now() - KEPT
    mine_or_any = actor.may(UNDO) and (
        actor.may(UNDO_OTHERS) or all(step.user_id == actor.user_id is not None for step in steps)
    )
    return mine_or_any and all(step.at >= since and _permits(actor, step) for step in steps)


def _permits(actor: Actor, step: Step) -> bool:
    """The permission of the action; what was undone needs the permission of the change that this brings back."""
    if step.action != UNDO:
        return step.action in registry.codes() and actor.may(step.action)
    record = record_for(entry_of(step.table).model)
    if record is None:
        return True
    kind = ChangeKind.UPDATE if isinstance(entry_of(step.table), Part) else OPPOSITE[step.kind]
    return actor.may(record.codes[kind])


def matters(step: Step) -> bool:
    """Whether a change says something to people: not only a version counted up, or a figure computed anew."""
    entry = entry_of(step.table)
    return step.kind != ChangeKind.UPDATE or bool(content_of(entry.model, step.after, entry.derived))


def _sees(actor: Actor, steps: Sequence[Step]) -> bool:
    """Whether the actor may see every record in the changes as it is, and every value that would come back."""
    steps = [step for step in steps if not only_moved(step)]
    mine = {step.id for step in steps} or {0}
    for table, wanted in _record_ids(steps).items():
        record = entry_of(table)
        if not actor.may(record.visible.code):
            return False
        present = {row.pk: values_of(row) for row in record.model.objects.filter(pk__in=wanted)}
        if record.visible(actor).filter(pk__in=present).count() != len(present):
            return False
        later: dict[int, list[Step]] = defaultdict(list)
        for step in read_steps(of_rows(table, wanted) & Q(id__gte=min(mine))):
            later[step.row_id].append(step)
        for pk, chain in later.items():
            for step, before, after in rewound(record.model, present.get(pk), chain):
                if step.id in mine and concealed(actor, record, before, after) & _written(record, step):
                    return False
    return True


def only_moved(step: Step) -> bool:
    """Whether an action that moves references did no more to the row, or to the part, than that."""
    entry = entry_of(step.table)
    if not moves(step.action):
        return False
    if isinstance(entry, Part):
        return True
    references = {each.attname for each in entry.model._meta.concrete_fields if each.remote_field}
    return step.kind == ChangeKind.UPDATE and content_of(entry.model, step.after, entry.derived).keys() <= references


def as_first_done(steps: Sequence[Step]) -> list[Step]:
    """The changes of one request, those of an undoing (or a redoing) under the action that it is about."""
    action, reason, depth = steps[0].action, steps[0].reason, 0
    while action == UNDO and depth < 6:
        undone = Change.objects.filter(request_id=reason).order_by("-id").values_list("action", "reason").first()
        action, reason, depth = *(undone or ("", "")), depth + 1
    return [replace(step, action=action) for step in steps]


def _record_ids(steps: Iterable[Step]) -> dict[str, set[int]]:
    """The ids of the records that the changes touch, themselves or by a part, by table."""
    ids: dict[str, set[int]] = defaultdict(set)
    parts: dict[str, set[int]] = defaultdict(set)
    for step in steps:
        entry = entry_of(step.table)
        if isinstance(entry, Record):
            ids[step.table].add(step.row_id)
        elif isinstance(entry, Part):
            parts[step.table].add(step.row_id)
            written = {**step.after, **step.before}.get(entry.model._meta.get_field(entry.of).column)
            ids[entry.owner._meta.db_table] |= {written} - {None}
    for table, rows in parts.items():
        part = entry_of(table)
        owners = part.model.objects.filter(pk__in=rows).values_list(part.owner_column, flat=True)
        ids[part.owner._meta.db_table] |= set(owners)
    return ids


def concealed(actor: Actor, record: Record, *states: dict) -> set[str]:
    """The attributes that the actor may not see in any of these states of a record."""
    return {name for values in states if values for name in record.conceals(actor, values)}


def _written(record: Record, step: Step) -> set[str]:
    return set(values_in(record.model, step.before)) | set(values_in(record.model, step.after))


# The way back from what was just done


def undo_offer(actor: Actor, request_id: str) -> str:
    """The action that the actor's own request performed, if it can be undone; else the empty string."""
    if not request_id or not actor.may(UNDO):
        return ""
    done = Change.objects.filter(request_id=request_id, user_id=actor.user_id)
    found = list(done.order_by().values_list("action", "table_name").distinct()[:50])
    whole = {table for _code, table in found} <= set(tables())
    shown = any(table in shown_tables() for _code, table in found)
    codes = {code for code, _table in found}
    allowed = all(code == UNDO or (code in registry.codes() and actor.may(code)) for code in codes)
    return max(codes) if whole and shown and allowed else ""


def undone_among(request_ids: Iterable[str], touching: Q) -> set[str]:
    """Of these change sets those that are undone now, and not done again; all of them hold the rows ``touching``."""
    wanted = set(request_ids)
    undone_by: dict[str, list[str]] = defaultdict(list)
    asked, depth = wanted, 0
    while asked and depth < 6:
        found = Change.objects.filter(touching, action=UNDO, reason__in=asked)
        pairs = set(found.order_by().values_list("reason", "request_id").distinct())
        for reason, request_id in pairs:
            undone_by[reason].append(request_id)
        asked, depth = {request_id for _reason, request_id in pairs}, depth + 1

    def is_undone(request_id: str) -> bool:
        return any(not is_undone(each) for each in undone_by.get(request_id, ()))

    return {request_id for request_id in wanted if is_undone(request_id)}


# Recycle bin


@dataclass(frozen=True, slots=True)
class Deleted:
    """A record that was deleted and not restored."""

    label: str
    name: str
    who: str
    at: datetime
    kept_until: datetime
    request_id: str
    reason: str
    restorable: bool


@visible("tenants.view_recycle_bin")
def recycle_bin(actor: Actor) -> list[Deleted]:
    """What was deleted in the last 30 days and is still gone, newest first: what the actor could see while it stood."""
    known = {record.model._meta.db_table: record for record in records() if actor.may(record.visible.code)}
    deletions = Change.objects.filter(table_name__in=known, kind=ChangeKind.DELETE, at__gte=timezone.now() - KEPT)
    latest = deletions.order_by().values("table_name", "row_id").annotate(last=Max("id")).values("last")
    steps = read_steps(Q(pk__in=latest))[:MOST_DELETED]
    names = dict(User.objects.filter(pk__in={step.user_id for step in steps}).values_list("pk", "name"))
    there = _present_ids(known, steps)
    names_of = _names(known, steps, there)
    found = []
    for step in steps:
        record = known[step.table]
        values = values_in(record.model, step.before)
        if step.row_id in there[step.table] or record.conceals(actor, values):
            continue
        found.append(
            Deleted(
                label=str(record.label),
                name=names_of[step.id],
                who=names.get(step.user_id, "Causeway"),
                at=step.at,
                kept_until=step.at + KEPT,
                request_id=step.request_id,
                reason="" if step.action == UNDO else step.reason,
                restorable=may_undo(actor, [step]),
            )
        )
    return found


def _present_ids(known: dict[str, Record], steps: Iterable[Step]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {table: set() for table in known}
    for step in steps:
        wanted[step.table].add(step.row_id)
    return {
        table: set(known[table].model.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        for table, ids in wanted.items()
    }


def _names(known: dict[str, Record], steps: Iterable[Step], there: Mapping[str, set[int]]) -> dict[int, str]:
    """What the deleted records were called, by change; what gives them their name may be deleted too."""
    rows = {step.id: known[step.table].model(**values_in(known[step.table].model, step.before)) for step in steps}
    gone = {(type(row), row.pk): row for row in rows.values() if row.pk not in there[row._meta.db_table]}
    for record in known.values():
        mine = [row for row in rows.values() if type(row) is record.model]
        for name in record.named_by:
            reference = record.model._meta.get_field(name)
            for row in mine:
                key = (reference.remote_field.model, getattr(row, reference.attname))
                if key in gone:
                    setattr(row, name, gone[key])
        if mine and record.named_by:
            prefetch_related_objects(mine, *record.named_by)
    return {pk: known[row._meta.db_table].name_of(row) for pk, row in rows.items()}
