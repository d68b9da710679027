"""Merging two records of one kind: everything that refers to the one refers to the other afterwards.

What refers is found in the models (``references_to``), so a table that somebody adds is moved too. Everything is done
through the ORM in one transaction and recorded as one change set, which undoing takes back.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, UniqueConstraint
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import ActionRefused, StaleEdit
from core.tenancy.models import TenantModel
from core.versions import VersionedModel, count_edit
from tenants.choices import ChangeKind
from tenants.queries.changes import BOOKKEEPING, stored_fields, values_of
from tenants.queries.references import clear_computed, references_to
from tenants.registry import followers, record_for


@dataclass(slots=True)
class Merged:
    """What a merge did: rows moved per model, and pairs that both sides had and that became one."""

    moved: Counter = field(default_factory=Counter)
    joined: Counter = field(default_factory=Counter)
    states: dict[type[Model], list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))


def merge_rows(
    actor: Actor,
    kept: VersionedModel,
    merged: VersionedModel,
    *,
    take: Collection[str] = (),
    seen: tuple[int, int] | None = None,
) -> Merged:
    """Merge a *locked* row into another and delete it; call inside an action. ``take``: fields whose value moves over.

    Needs the permission to edit, and sight of, both; the same where both have a row that may exist once (two
    partnerships become one). ``seen`` are the versions that the preview showed. Refused as a whole where the database
    would not take the result.
    """
    if kept.pk == merged.pk:
        raise ActionRefused("same_record", _("Choose another record: this one cannot be merged with itself."))
    if seen is not None and seen != (kept.version, merged.version):
        message = _("Somebody changed one of the two since you looked. Look at the preview again.")
        raise StaleEdit(message, current_version=kept.version)
    done = Merged()
    try:
        with transaction.atomic():
            _absorb(actor, kept, merged, done, take=take)
    except IntegrityError:
        raise ActionRefused(
            "merge_blocked", _("These two do not fit together: the result would break a rule.")
        ) from None
    for follow in followers():
        follow(actor=actor, states=done.states)
    return done


def _absorb(
    actor: Actor, kept: TenantModel, merged: TenantModel, done: Merged, *, take: Collection[str] | None
) -> None:
    """Move every reference, delete the row, then write what is taken over (None: whatever the kept one lacks).

    What is true of either of two rows that become one, such as that somebody decides, is true of it.
    """
    _check_rights(actor, kept, merged)
    done.states[type(merged)] += [values_of(kept), values_of(merged)]
    references = references_to(merged)
    for reference in references:
        if reference.is_computed:
            continue
        if reference.model.append_only_because:
            if reference.rows.exists():
                raise ActionRefused("merge_append_only", _("A record that cannot be changed refers to one of the two."))
            continue
        for row in reference.rows.select_for_update(of=("self",)):
            _move(actor, row, reference.field, kept, done)
    clear_computed(references)
    lacking = _lacking(kept)
    wanted = lacking if take is None else [_attname(kept, name) for name in take]
    values = {name: value for name, value in _content(merged).items() if name in wanted and value not in (None, "")}
    if take is not None:
        values = {name: _content(merged)[name] for name in wanted}
    merged.delete()
    values = {name: value for name, value in values.items() if not _points_at(kept, name, value)}
    differing = {name: value for name, value in values.items() if getattr(kept, name) != value}
    if isinstance(kept, VersionedModel) and not differing:
        count_edit(kept)  # so that its history tells of the merge, whatever was taken over
    _write(kept, differing)


def _check_rights(actor: Actor, kept: TenantModel, merged: TenantModel) -> None:
    record = record_for(type(kept))
    if record is None or record.model is not type(kept):
        return
    actor.require(record.codes[ChangeKind.UPDATE])
    if record.visible(actor).filter(pk__in=[kept.pk, merged.pk]).count() != 2:
        raise ActionRefused("not_visible", _("You may not see one of the two, so you cannot merge them."))


def _move(actor: Actor, row: TenantModel, name: str, kept: TenantModel, done: Merged) -> None:
    field = row._meta.get_field(name)
    if type(row) is type(kept) and row.pk == kept.pk:
        _write(kept, {field.attname: None})  # the kept one stood below the other
        return
    twin = _twin(row, field, kept)
    if twin is not None:
        done.joined[type(row)] += 1
        _absorb(actor, twin, row, done, take=None)
        return
    done.moved[type(row)] += 1
    done.states[type(row)].append(values_of(row))
    _write(row, {field.attname: kept.pk})
    done.states[type(row)].append(values_of(row))


def _twin(row: TenantModel, field, kept: TenantModel) -> TenantModel | None:
    """The row of the kept side that a unique rule would not let this one stand beside."""
    model = type(row)
    for rule in model._meta.constraints:
        if not isinstance(rule, UniqueConstraint) or field.name not in rule.fields:
            continue
        others = {name: getattr(row, model._meta.get_field(name).attname) for name in rule.fields if name != field.name}
        if None in others.values():
            continue
        condition = rule.condition or Q()
        if model.objects.filter(condition, pk=row.pk).exists():
            same = model.objects.filter(condition, **others, **{field.name: kept.pk}).exclude(pk=row.pk)
            if (twin := same.select_for_update(of=("self",)).first()) is not None:
                return twin
    return None


def _lacking(row: Model) -> list[str]:
    """The columns that say nothing: empty ones, and those of a plain yes that say no."""
    columns = {each.attname: each for each in row._meta.concrete_fields}
    return [
        name
        for name, value in _content(row).items()
        if value in (None, "") or (value is False and not columns[name].null)
    ]


def _content(row: Model) -> dict[str, Any]:
    return {name: value for name, value in values_of(row).items() if name not in BOOKKEEPING}


def _points_at(row: Model, name: str, value: Any) -> bool:
    """Whether this value would make the row refer to itself."""
    field = next(each for each in row._meta.concrete_fields if each.attname == name)
    return bool(field.remote_field) and field.remote_field.model is type(row) and value == row.pk


def _attname(row: Model, name: str) -> str:
    return row._meta.get_field(name).attname


def _write(row: TenantModel, values: Mapping[str, Any]) -> None:
    if not values:
        return
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, VersionedModel):
        count_edit(row, *values)
    else:
        row.save(update_fields=[*values])


def choosable_fields(kept: VersionedModel, merged: VersionedModel) -> list[str]:
    """The fields in which the two differ, by name: what a preview lets one choose."""
    record = record_for(type(kept))
    return [
        each.name
        for each in stored_fields(type(kept)).values()
        if each.attname not in BOOKKEEPING | record.derived
        and each.name != "is_own"
        and getattr(kept, each.attname) != getattr(merged, each.attname)
        and not _points_at(kept, each.attname, getattr(merged, each.attname))
    ]
