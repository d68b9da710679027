"""Where apps say which of their tables have a history that people see and may undo.

    register_history(Organization, label=_("Organization"), visible=visible_organizations, …)   # in an app's ready()
    register_history_part(OrganizationAlias, label=_("Other name"), of="organization")
    register_follower(bring_health_up_to_date)

A record is what people open, list and delete; a part belongs to one record and is shown with it. Other audited rows
that refer to records are put back together with them, for example after a merge, and shown by nobody. Everything else
is neither shown nor undone: jobs, tokens, memberships, derived figures.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ObjectDoesNotExist
from django.db.models import Field, Model, QuerySet

from core.actor import Actor
from core.tenancy.models import TenantModel
from tenants.choices import ChangeKind

Values = Mapping[str, Any]
States = Mapping[type[Model], list[Values]]


def conceals_nothing(actor: Actor, values: Values) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Record:
    """``codes``: the permission behind each kind of change. ``home``: where to go when the record is gone.

    ``derived`` columns are computed, so they are neither shown nor compared. ``conceals(actor, values)`` answers the
    columns whose values the actor may not see in a row that had these ``values`` (by column); a record with any is
    left out of the recycle bin too. ``named_by`` are the references that its name needs.
    """

    model: type[TenantModel]
    label: str
    visible: Callable[[Actor], QuerySet]
    codes: Mapping[str, str]
    home: str
    derived: frozenset[str]
    conceals: Callable[[Actor, Values], Collection[str]]
    named_by: tuple[str, ...]

    def name_of(self, row: Model) -> str:
        """What a row is called, though what it takes its name from may be gone."""
        try:
            return str(row)
        except (ObjectDoesNotExist, AttributeError):
            return f"{self.label} {row.pk}"


@dataclass(frozen=True, slots=True)
class Part:
    """``of`` names the reference to the record that it belongs to."""

    model: type[TenantModel]
    label: str
    of: str
    derived: frozenset[str] = frozenset()

    @property
    def owner(self) -> type[TenantModel]:
        return self.model._meta.get_field(self.of).remote_field.model

    @property
    def owner_column(self) -> str:
        return self.model._meta.get_field(self.of).attname


@dataclass(frozen=True, slots=True)
class Trace:
    """Rows that are put back together with a record and shown nowhere, such as where merged records went."""

    model: type[TenantModel]
    label: str = ""
    derived: frozenset[str] = frozenset()
    goes_along: bool = False
    is_computed: bool = False


Follower = Callable[..., None]
Entry = Record | Part | Trace

_records: dict[str, Record] = {}
_parts: dict[str, Part] = {}
_traces: dict[str, Trace] = {}
_named: dict[type[Model], Callable[[Actor], QuerySet]] = {}
_followers: list[Follower] = []
_guards: list[Follower] = []
_moving: set[str] = set()


def register_history(
    model: type[TenantModel],
    *,
    label: str,
    visible: Callable[[Actor], QuerySet],
    create: str,
    edit: str,
    delete: str,
    home: str,
    derived: Collection[str] = (),
    conceals: Callable[[Actor, Values], Collection[str]] = conceals_nothing,
    named_by: Sequence[str] = (),
) -> None:
    """Let people see and undo what happens to the rows of ``model``; ``visible`` is its @visible function."""
    _check(model)
    if not hasattr(visible, "code"):
        raise ImproperlyConfigured(f"The history of {model._meta.label} needs a read marked with @visible")
    columns = {field.attname for field in model._meta.concrete_fields}
    if unknown := set(derived) - columns:
        raise ImproperlyConfigured(f"{model._meta.label} has no {sorted(unknown)}")
    codes = {ChangeKind.INSERT: create, ChangeKind.UPDATE: edit, ChangeKind.DELETE: delete}
    _records[model._meta.db_table] = Record(
        model, label, visible, codes, home, frozenset(derived), conceals, tuple(named_by)
    )


def register_history_part(model: type[TenantModel], *, label: str, of: str) -> None:
    """Show and undo the rows of ``model`` with the record that its reference ``of`` names, registered before."""
    _check(model)
    try:
        owner = model._meta.get_field(of).remote_field.model
    except (FieldDoesNotExist, AttributeError):
        raise ImproperlyConfigured(f"{model._meta.label}.{of} is no reference") from None
    if owner._meta.db_table not in _records:
        raise ImproperlyConfigured(f"{model._meta.label} is part of {owner._meta.label}, which has no history")
    _parts[model._meta.db_table] = Part(model, label, of)


def register_history_trace(model: type[TenantModel], *, goes_along: bool = False, is_computed: bool = False) -> None:
    """Put the rows of ``model`` back together with records, though no reference of theirs tells so.

    ``goes_along``: they do not keep a record from being deleted, and come back with it. ``is_computed``: nor do they
    keep its making from being undone.
    """
    _check(model)
    _traces[model._meta.db_table] = Trace(model, goes_along=goes_along, is_computed=is_computed)


def register_history_names(model: type[TenantModel], visible: Callable[[Actor], QuerySet]) -> None:
    """Let the history of records call the rows of ``model``, which has none of its own, by their names.

    ``visible`` is its @visible function: whoever may not see a row does not read its name.
    """
    if not hasattr(visible, "code"):
        raise ImproperlyConfigured(f"Names of {model._meta.label} need a read marked with @visible")
    _named[model] = visible


def names_of(model: type[Model]) -> Callable[[Actor], QuerySet] | None:
    """The read registered for names of ``model``; None where there is none."""
    return _named.get(model)


def register_moving_action(code: str) -> None:
    """Say of an action that it points references elsewhere, of records too that its author may not see.

    Whoever performed it may take it back all the same: nothing of those records is shown by that.
    """
    _moving.add(code)


def moves(code: str) -> bool:
    return code in _moving


def register_follower(follower: Follower) -> None:
    """Call ``follower(actor=…, states=…)`` after rows were put back, in the same transaction.

    ``states`` has for each model the values, by column, that its touched rows had before and have after.
    """
    if not callable(follower):
        raise ImproperlyConfigured(f"{follower!r} cannot be called")
    if follower in _followers:
        raise ImproperlyConfigured(f"{follower!r} is registered twice")
    _followers.append(follower)


def register_guard(guard: Follower) -> None:
    """Call ``guard(actor=…, states=…)`` before the followers; it refuses what must not be put back.

    It sees people's own changes alone: what a merge led elsewhere is led back without asking.
    """
    if not callable(guard):
        raise ImproperlyConfigured(f"{guard!r} cannot be called")
    if guard in _guards:
        raise ImproperlyConfigured(f"{guard!r} is registered twice")
    _guards.append(guard)


def _check(model: type[TenantModel]) -> None:
    if not issubclass(model, TenantModel) or model.append_only_because or model.unaudited_because:
        raise ImproperlyConfigured(f"{model._meta.label} is no tenant's table with an audit history")
    if model._meta.db_table in {*_records, *_parts, *_traces}:
        raise ImproperlyConfigured(f"The history of {model._meta.label} is registered twice")


def shown_tables() -> list[str]:
    """The tables whose history people see."""
    return [*_records, *_parts]


def tables() -> list[str]:
    """The tables whose changes can be put back."""
    return [*shown_tables(), *_all_traces()]


def entry_of(table: str) -> Entry:
    return _records.get(table) or _parts.get(table) or _all_traces()[table]


@cache
def _all_traces() -> Mapping[str, Trace]:
    """The registered ones and every audited model with a reference to a record; asked for when all apps are ready."""
    found = dict(_traces)
    for model in apps.get_models():
        audited = issubclass(model, TenantModel) and not (model.append_only_because or model.unaudited_because)
        targets = {field.remote_field.model for field in model._meta.concrete_fields if field.remote_field}
        if audited and any(target._meta.db_table in _records for target in targets):
            found.setdefault(model._meta.db_table, Trace(model))
    return {table: trace for table, trace in found.items() if table not in shown_tables()}


def record_for(model: type[Model]) -> Record | None:
    """The record of a model; of a part, the record it belongs to."""
    part = _parts.get(model._meta.db_table)
    return _records.get((part.owner if part else model)._meta.db_table)


def records() -> list[Record]:
    return list(_records.values())


def parts_of(model: type[Model]) -> list[Part]:
    return [part for part in _parts.values() if part.owner is model]


def belongings(model: type[Model]) -> list[Field]:
    """The references by which parts belong to the rows of a record, or to those of a part that stands in between."""
    if model._meta.db_table not in _parts:
        return [part.model._meta.get_field(part.of) for part in parts_of(model)]
    fields = [field for part in _parts.values() for field in part.model._meta.concrete_fields]
    return [field for field in fields if field.remote_field and field.remote_field.model is model]


def goes_along(model: type[Model]) -> bool:
    """Whether the rows go and come back with the record that they refer to."""
    trace = _traces.get(model._meta.db_table)
    return model._meta.db_table in _parts or (trace is not None and trace.goes_along)


def is_computed(model: type[Model]) -> bool:
    """Whether the rows follow from others: they have no history, or are registered as computed."""
    trace = _traces.get(model._meta.db_table)
    return bool(model.unaudited_because) or (trace is not None and trace.is_computed)


def followers() -> list[Follower]:
    return list(_followers)


def guards() -> list[Follower]:
    return list(_guards)


# What every new office begins with: ``register_opening(lay_out_pipeline)`` in an app's ready().

Opening = Callable[[Actor], object]

_openings: list[Opening] = []


def register_opening(step: Opening) -> None:
    """Call ``step(actor)`` in the scope and transaction in which an office is opened; the actor is the system."""
    if not callable(step):
        raise ImproperlyConfigured(f"{step!r} cannot be called")
    if step in _openings:
        raise ImproperlyConfigured(f"{step!r} is registered twice")
    _openings.append(step)


def openings() -> list[Opening]:
    return list(_openings)


# What somebody who leaves still carries: ``register_leaving(carried_by)`` in an app's ready().


@dataclass(frozen=True, slots=True)
class LeavingNotice:
    """What a colleague carries, in words, and the address where it is given to somebody else."""

    text: str
    address: str
    action: str


Leaving = Callable[[Actor, Any], LeavingNotice | None]

_leavings: list[Leaving] = []


def register_leaving(look: Leaving) -> None:
    """Call ``look(actor, user)`` before a membership ends; None: the colleague carries nothing there."""
    if look in _leavings:
        raise ImproperlyConfigured(f"{look!r} is registered twice")
    _leavings.append(look)


def leaving_notices(actor: Actor, user: Any) -> list[LeavingNotice]:
    """What apps say of a colleague whose membership is to end."""
    return [notice for look in _leavings if (notice := look(actor, user)) is not None]


# What a member may choose to get by e-mail once a month: ``register_monthly_digest("reporting.view_insights")``.

_monthly_digests: list[str] = []


def register_monthly_digest(code: str) -> None:
    """Offer the monthly digest to members who hold the permission; who sends it asks for it again."""
    if code in _monthly_digests:
        raise ImproperlyConfigured(f"{code} is registered twice")
    _monthly_digests.append(code)


def has_monthly_digest(actor: Actor) -> bool:
    """Whether there is a monthly digest for the actor."""
    return any(actor.may(code) for code in _monthly_digests)
