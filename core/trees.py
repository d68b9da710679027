"""Trees of rows that have a ``parent``: nothing stands above itself, and no tree has more than DEEPEST levels."""

from django.db.models import Model
from django.utils.translation import gettext as _

from core.errors import ActionRefused

DEEPEST = 20


def check_parent(row: Model, parent: Model) -> None:
    """Refuse a parent that is the row itself or stands below it, and a chain of more than DEEPEST levels.

    A level is a row: the chain counts all above the row, the row, and the longest line below it. For a row that is
    saved already, call it with the tree locked: two moves at once could close a circle that neither of them sees.
    """
    levels = 1
    above, known = parent.pk, None if row.pk else parent
    while above is not None:
        if above == row.pk:
            message = _("%s stands above it already; nothing can be part of itself.") % row
            raise ActionRefused("circular_parent", message, field="parent")
        levels += 1
        _check_depth(levels)
        above = known.parent_id if known is not None else _parent_of(type(row), above)
        known = None
    below = [row.pk] if row.pk else []
    while below := list(type(row).objects.filter(parent_id__in=below).values_list("pk", flat=True)) if below else []:
        levels += 1
        _check_depth(levels)


def _parent_of(model: type[Model], pk: int) -> int | None:
    return model.objects.filter(pk=pk).values_list("parent_id", flat=True).first()


def _check_depth(levels: int) -> None:
    if levels > DEEPEST:
        message = _("The chain of parents is too long: at most %s levels.") % DEEPEST
        raise ActionRefused("too_deep", message, field="parent")
