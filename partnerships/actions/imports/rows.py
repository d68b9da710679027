"""Writing many versioned rows at once: what is new is created, what differs is locked, changed and counted up."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from django.utils import timezone

from core.versions import VersionedModel

BATCH = 2000
CHANGED_AT_ONCE = 200

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def differences(row: object, wanted: Mapping[str, object]) -> dict[str, object]:
    """The fields in which a row differs from what the source says; what the source does not know never differs."""
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and value != "" and getattr(row, name) != value
    }


def change_rows(model: type[VersionedModel], changes: Mapping[int, Mapping[str, object]]) -> None:
    """Set the changed fields of each row by its id. The rows are locked and read anew, so that nothing is lost."""
    if not changes:
        return
    now = timezone.now()
    names = sorted({name for fields in changes.values() for name in fields})
    rows = list(model.objects.select_for_update(of=("self",)).filter(pk__in=list(changes)).order_by("pk"))
    for row in rows:
        for name, value in changes[row.pk].items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = now
    model.objects.bulk_update(rows, [*names, "version", "updated_at"], batch_size=CHANGED_AT_ONCE)
