"""Replacing the parts of an agreement by a new list, so that what stays the same stays the same row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.rules.workflow import BEFORE_EXECUTION
from core.errors import ActionRefused
from core.versions import VersionedModel, apply_edit

Values = Mapping[str, Any]


def refuse_after_execution(row: Agreement) -> None:
    """Terms are changed before execution alone; afterwards by an amendment."""
    if row.status not in BEFORE_EXECUTION:
        message = _("%s is not open any more. Draft an amendment, or a renewal.") % row.reference
        raise ActionRefused("not_open", message, details={"status": row.status})


def replace_parts(
    model: type[Model], agreement: Agreement, wanted: Sequence[Values], *, same: Callable[[Any], tuple]
) -> bool:
    """Let a *locked* agreement have exactly the ``wanted`` rows of ``model``; answers whether anything changed.

    ``same(value_of)`` names a row by its values, where ``value_of(name)`` reads one: a present row of that name is
    kept and corrected, one that nobody wants is deleted.
    """
    present: defaultdict[tuple, list[Model]] = defaultdict(list)
    for row in model.objects.filter(agreement=agreement).order_by("pk"):
        present[same(lambda name, row=row: getattr(row, name))].append(row)
    new, kept = [], []
    for values in wanted:
        held = present[same(values.get)]
        if held:
            kept.append((held.pop(0), dict(values)))
        else:
            new.append(model(agreement=agreement, **values))
    gone = [row.pk for rows in present.values() for row in rows]
    model.objects.filter(pk__in=gone).delete()
    changed = [_correct(row, values) for row, values in kept]
    model.objects.bulk_create(new)
    return bool(gone or new or any(changed))


def _correct(row: Model, values: dict[str, Any]) -> bool:
    if isinstance(row, VersionedModel):
        return apply_edit(row, values, seen=None)
    differing = [name for name, value in values.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, values[name])
    if differing:
        row.save(update_fields=differing)
    return bool(differing)


def copy_parts(model: type[Model], source: Agreement, target: Agreement, names: Iterable[str]) -> None:
    """Give ``target`` the same rows of ``model`` as ``source`` has, by these fields."""
    names = list(names)
    rows = model.objects.filter(agreement=source).order_by("pk")
    model.objects.bulk_create(model(agreement=target, **{name: getattr(row, name) for name in names}) for row in rows)
