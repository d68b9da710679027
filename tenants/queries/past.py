"""A record as it was at an earlier version, with its parts: what somebody looked at who saves late."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Field, Model, Q

from core.versions import VersionedModel
from tenants.queries.changes import Step, of_rows, read_steps, rewound, values_of
from tenants.registry import belongings


def past_of(row: VersionedModel, version: int) -> VersionedModel | None:
    """A copy of the row as ``version`` had it, its parts prefetched; None when the history does not reach back."""
    model = type(row)
    steps = read_steps(of_rows(model._meta.db_table, [row.pk]) & Q(kind="U"))
    values, requests = values_of(row), set()
    for step, before, _after in rewound(model, values, steps):
        if values["version"] <= version:
            break
        values = before
        requests.add(step.request_id)
    if values["version"] != version:
        return None
    past = _loaded(model, values)
    past._prefetched_objects_cache = {}
    for field in belongings(model):
        rows = field.model.objects.none()
        rows._result_cache = [_loaded(field.model, each) for each in _past_parts(field, row, requests)]
        rows._prefetch_done = True
        past._prefetched_objects_cache[field.remote_field.cache_name] = rows
    return past


def _loaded(model: type[Model], values: Mapping[str, Any]) -> Model:
    made = model(**values)
    made._state.adding, made._state.db = False, "default"
    return made


def _past_parts(of: Field, row: VersionedModel, requests: set[str]) -> list[Mapping[str, Any]]:
    """The values of the parts before the changes of these requests, by id."""
    present = {each.pk: values_of(each) for each in of.model.objects.filter(**{of.name: row.pk})}
    changed = read_steps(Q(request_id__in=requests, table_name=of.model._meta.db_table))
    by_row: dict[int, list[Step]] = {}
    for step in changed:
        by_row.setdefault(step.row_id, []).append(step)
    states = dict(present)
    for pk, steps in by_row.items():
        start = present.get(pk)
        if start is None and steps[0].kind != "D":
            continue  # it belongs to another record
        for _step, before, _after in rewound(of.model, start, steps):
            states[pk] = before
    mine = (each for each in states.values() if each and each.get(of.attname) == row.pk)
    return sorted(mine, key=lambda each: each["id"])
