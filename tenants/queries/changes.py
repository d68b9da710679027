"""Reading single changes of the audit history, exactly, and turning their values into what models hold."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, JSONField, Model, Q, TextField
from django.db.models.functions import Cast

from tenants.choices import ChangeKind
from tenants.models import Change

BOOKKEEPING = frozenset({"id", "tenant_id", "version", "created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class Step:
    """One change. ``before`` and ``after`` are values by column, as the database wrote them."""

    id: int
    at: datetime
    table: str
    row_id: int
    kind: str
    user_id: int | None
    request_id: str
    action: str
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def read_steps(condition: Q) -> list[Step]:
    """The changes that meet the condition, newest first. Amounts keep every digit: they are read as Decimal."""
    rows = (
        Change.objects.filter(condition)
        .annotate(was=Cast("before", TextField()), became=Cast("after", TextField()))
        .order_by("-id")
        .values_list(
            "id", "at", "table_name", "row_id", "kind", "user_id", "request_id", "action", "reason", "was", "became"
        )
    )
    return [Step(*row[:-2], _mapping(row[-2]), _mapping(row[-1])) for row in rows]


def _mapping(text: str | None) -> Mapping[str, Any]:
    return json.loads(text, parse_float=Decimal) if text else {}


def value_of(field: Field, written: Any) -> Any:
    """What the model's attribute holds for a value that the database wrote as JSON."""
    if isinstance(field, JSONField):
        return _floats(written)
    return field.to_python(written)


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _floats(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_floats(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def stored_fields(model: type[Model]) -> dict[str, Field]:
    """The fields that are written, by column; what the database generates is left out."""
    return {field.column: field for field in model._meta.concrete_fields if not field.generated}


def values_in(model: type[Model], written: Mapping[str, Any]) -> dict[str, Any]:
    """The written values by attribute, those of columns that the model has today."""
    fields = stored_fields(model)
    return {
        fields[column].attname: value_of(fields[column], value) for column, value in written.items() if column in fields
    }


def values_of(row: Model) -> dict[str, Any]:
    """The values of a row by attribute."""
    return {field.attname: getattr(row, field.attname) for field in stored_fields(type(row)).values()}


def content_of(model: type[Model], written: Mapping[str, Any], derived: Iterable[str] = ()) -> dict[str, Any]:
    """The same without what nobody edits: keys, counters, derived values."""
    left_out = BOOKKEEPING | set(derived)
    return {name: value for name, value in values_in(model, written).items() if name not in left_out}


def of_rows(table: str, ids: Iterable[int]) -> Q:
    return Q(table_name=table, row_id__in=list(ids))


def rewound(
    model: type[Model], values: Mapping[str, Any] | None, steps: Iterable[Step]
) -> Iterator[tuple[Step, dict[str, Any], dict[str, Any]]]:
    """Each change of one row, newest first, with the values it had before and after that; none: it was not there."""
    after = dict(values or {})
    for step in steps:
        if step.kind == ChangeKind.INSERT:
            before = {}
        elif step.kind == ChangeKind.DELETE:
            before = values_in(model, step.before)
        else:
            before = after | values_in(model, step.before)
        yield step, before, after
        after = before
