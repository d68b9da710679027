"""Undoing: what one request changed is put back, newest change first.

The undoing is recorded like any other change, under its own action and with the change set that it undoes as reason;
so it can be undone as well, and restoring a deleted record or parting merged ones is the same thing.
"""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.tenancy.scope import AuditContext, audit_context
from core.versions import VersionedModel, count_edit
from tenants.choices import ChangeKind
from tenants.models import User
from tenants.queries.changes import (
    BOOKKEEPING,
    Step,
    content_of,
    of_rows,
    read_steps,
    rewound,
    stored_fields,
    values_in,
    values_of,
)
from tenants.queries.history import UNDO, as_first_done, nothing_to_undo, only_moved, steps_to_undo
from tenants.queries.references import clear_computed, references_to
from tenants.registry import Entry, Part, Record, entry_of, followers, guards, record_for

Key = tuple[type[Model], int]


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that is not there any more: a copy with its id, and what it was called."""

    record: Record
    row: VersionedModel
    name: str


@dataclass(slots=True)
class Undone:
    """What an undoing did: the records it touched that are there now, and those that are gone again."""

    present: list[VersionedModel] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)


@action("tenants.undo_changes")
def undo_changes(*, actor: Actor, request_id: str) -> Undone:
    """Put back what one request changed, within 30 days. Its author may, and managers and administrators may.

    Refused, with nothing written: where the actor may not see a record or lacks the permission behind a change; where
    a value was changed since, or something refers to what would go (the message names record, field and person). What
    is absent and what one may not see are answered alike (``nothing_to_undo``).
    """
    replay = _Replay(actor, steps_to_undo(actor, request_id))
    with audit_context(AuditContext(actor.user_id, actor.request_id, UNDO, request_id)):
        try:
            with transaction.atomic():
                replay.run()
        except IntegrityError:
            raise ActionRefused(
                "undo_blocked", _("Something new stands in the way: a name or reference is taken. Look at the records.")
            ) from None
        replay.check_visible()
        for guard in guards():
            guard(actor=actor, states=replay.own_states())
        for follow in followers():
            follow(actor=actor, states=replay.states)
    return replay.undone


class _Replay:
    """The rows of one change set on their way back."""

    def __init__(self, actor: Actor, steps: list[Step]):
        self.actor, self.steps = actor, steps
        self.states: dict[type[Model], list[Mapping[str, Any]]] = defaultdict(list)
        self.undone = Undone()
        self.rows = self._locked()
        self.counted: set[Key] = set()
        self.owners: dict[Key, Record] = {}
        self.shown: set[Key] = set()

    def run(self) -> None:
        takes_back = {
            ChangeKind.INSERT: self._remove,
            ChangeKind.UPDATE: self._change,
            ChangeKind.DELETE: self._restore,
        }
        for step in self.steps:
            takes_back[step.kind](step, entry_of(step.table))
        for (model, pk), row in self.rows.items():
            if row is not None:
                self.states[model].append(values_of(row))
            if (model, pk) in self.owners and (model, pk) not in self.counted and row is not None:
                count_edit(row)

    def check_visible(self) -> None:
        """Nothing comes back that the actor could not have seen, however it was reached."""
        by_record: dict[type[Model], list[int]] = defaultdict(list)
        for (model, pk), record in self.owners.items():
            if self.rows[model, pk] is not None and (model, pk) in self.shown:
                by_record[record.model].append(pk)
        for model, ids in by_record.items():
            visible = record_for(model).visible(self.actor).filter(pk__in=ids)
            self.undone.present += sorted(visible, key=lambda row: ids.index(row.pk))
            if len(visible) != len(ids):
                raise nothing_to_undo()

    def own_states(self) -> dict[type[Model], list[Mapping[str, Any]]]:
        """The states of the rows that people changed themselves; those that a merge led elsewhere are left out."""
        own = {(entry_of(step.table).model, step.row_id) for step in as_first_done(self.steps) if not only_moved(step)}
        return {
            model: [values for values in states if (model, values["id"]) in own]
            for model, states in self.states.items()
        }

    # Rows

    def _locked(self) -> dict[Key, Model | None]:
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for step in self.steps:
            wanted[entry_of(step.table).model].add(step.row_id)
        rows: dict[Key, Model | None] = {}
        for model in sorted(wanted, key=lambda model: model._meta.label):
            found = model.objects.filter(pk__in=wanted[model]).order_by("pk")
            if model.unchanging_because is None:  # what nobody may update nobody may lock
                found = found.select_for_update(of=("self",))
            rows |= {(model, pk): None for pk in wanted[model]} | {(model, row.pk): row for row in found}
        return rows

    def _touch(self, step: Step, entry: Entry, row: Model) -> None:
        """Note the record that a row is or belongs to: its version counts, and it must be visible afterwards."""
        record = record_for(entry.model)
        if record is None:
            return
        pk = getattr(row, entry.owner_column) if isinstance(entry, Part) else row.pk
        key = (record.model, pk)
        self.owners[key] = record
        if not only_moved(step):
            self.shown.add(key)
        if key not in self.rows:
            self.rows[key] = record.model.objects.select_for_update(of=("self",)).filter(pk=pk).first()

    def _remove(self, step: Step, entry: Entry) -> None:
        row = self.rows[entry.model, step.row_id]
        if row is None:
            return  # gone in another way: there is nothing to take back
        self._check_unchanged(step, entry, row)
        self._clear_references(row)
        self._touch(step, entry, row)
        self.states[entry.model].append(values_of(row))
        if isinstance(entry, Record):
            self.undone.gone.append(Gone(entry, copy(row), str(row)))
        try:
            row.delete()
        except ProtectedError as protected:
            raise _referred(row, next(iter(protected.protected_objects))) from None
        self.rows[entry.model, step.row_id] = None

    def _change(self, step: Step, entry: Entry) -> None:
        after = content_of(entry.model, step.after, entry.derived)
        before = content_of(entry.model, step.before, entry.derived)
        if not after:
            return
        row = self.rows[entry.model, step.row_id]
        if row is None:
            name = entry.label or entry.model._meta.verbose_name
            raise ActionRefused("undo_gone", _("%s is not there any more. Restore it first.") % name)
        for name, value in after.items():
            if getattr(row, name) != value:
                raise self._changed_since(step, entry, row, name)
        self.states[entry.model].append(values_of(row))
        self._touch(step, entry, row)
        for name, value in before.items():
            setattr(row, name, value)
        if isinstance(row, VersionedModel):
            count_edit(row, *before)
            self.counted.add((entry.model, row.pk))
        else:
            row.save(update_fields=[*before])
        self._touch(step, entry, row)

    def _restore(self, step: Step, entry: Entry) -> None:
        if self.rows[entry.model, step.row_id] is not None:
            raise ActionRefused("undo_there", _("%s is there already.") % self.rows[entry.model, step.row_id])
        values = values_in(entry.model, step.before)
        row = entry.model(**values)
        if isinstance(row, VersionedModel):
            row.version += 1
            row.updated_at = timezone.now()
            self.counted.add((entry.model, row.pk))
        row.save_base(raw=True, force_insert=True)  # with its own id, and nothing computed anew
        self.rows[entry.model, step.row_id] = row
        self._touch(step, entry, row)

    # Refusals

    def _check_unchanged(self, step: Step, entry: Entry, row: Model) -> None:
        """A row that somebody edited since it was made is not thrown away with the edit."""
        later = Q(kind=ChangeKind.UPDATE, id__gt=step.id) & of_rows(step.table, [step.row_id])
        now = then = values_of(row)
        for _step, before, _after in rewound(entry.model, now, read_steps(later & ~Q(request_id=step.request_id))):
            then = before
        left_out = BOOKKEEPING | entry.derived
        for name in now:
            if name not in left_out and now[name] != then[name]:
                raise self._changed_since(step, entry, row, name)

    def _clear_references(self, row: Model) -> None:
        """What was added since keeps the row; what is computed goes with it."""
        references = references_to(row)
        for reference in references:
            if not reference.is_computed and (other := reference.rows.first()) is not None:
                raise _referred(row, other)
        clear_computed(references)

    def _changed_since(self, step: Step, entry: Entry, row: Model, name: str) -> ActionRefused:
        column = next(column for column, each in stored_fields(entry.model).items() if each.attname == name)
        later = Q(id__gt=step.id, after__has_key=column) & of_rows(step.table, [step.row_id])
        last = next(iter(read_steps(later)), None)
        who = User.objects.filter(pk=last.user_id).first() if last and last.user_id else None
        words = {
            "record": row,
            "field": entry.model._meta.get_field(name).verbose_name,
            "who": who.name if who else "Causeway",
        }
        return ActionRefused(
            "changed_since",
            _("%(record)s: %(who)s changed “%(field)s” since. Undo that change first, or edit it by hand.") % words,
            details={"record": str(row), "field": name, "who": words["who"]},
        )


def _referred(row: Model, other: Model) -> ActionRefused:
    words = {"record": row, "kind": other._meta.verbose_name, "other": other}
    return ActionRefused("undo_referred", _("%(record)s is used since: %(kind)s “%(other)s” refers to it.") % words)
