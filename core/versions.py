"""Optimistic locking: a row that people edit carries a version, and an edit says which one it saw."""

from collections.abc import Callable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import StaleEdit
from core.tenancy.models import TenantModel


class VersionedModel(TenantModel):
    """``version`` grows by one with every edit; ``updated_at`` is when. Creation is version 1."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


def apply_edit(row: VersionedModel, changes: dict[str, object], *, seen: int | None) -> bool:
    """Set the changed fields on a *locked* row, count the version up and save; answers whether anything changed.

    ``seen`` is the version the editor looked at, None when the caller vouches for the present one. Raises StaleEdit
    with the row's current values of the fields in ``changes`` when somebody saved in between.
    """
    if seen is not None and seen != row.version:
        raise StaleEdit(
            _("Somebody else saved this in the meantime. Look at both versions and save again."),
            current_version=row.version,
            current={name: getattr(row, name) for name in changes},
        )
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(row, name, changes[name])
    count_edit(row, *changed)
    return True


def count_edit(row: VersionedModel, *changed: str) -> None:
    """Count the version of a *locked* row up and save; alone for a change of what belongs to it, such as its names."""
    row.version += 1
    row.updated_at = timezone.now()
    row.save(update_fields=[*changed, "version", "updated_at"])


Past = Callable[[VersionedModel, int], VersionedModel | None]
_past: list[Past] = []


def register_past(read: Past) -> None:
    """Let ``read(row, version)`` answer the row as that version had it; the app with the history does, in ready()."""
    _past[:] = [read]


def past_of(row: VersionedModel, version: int) -> VersionedModel | None:
    """The row as an earlier version had it, its parts included; None when nobody remembers."""
    return _past[0](row, version) if _past else None
