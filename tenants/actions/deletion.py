"""Deleting a record: a real one, with its parts; it lies in the recycle bin because the history has all of it."""

from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import ActionRefused
from core.versions import VersionedModel
from tenants.queries.references import Reference, clear_computed, references_to
from tenants.registry import record_for

MOST_NAMED = 3


def delete_record(actor: Actor, row: VersionedModel) -> None:
    """Delete a *locked* row and its parts; call inside an action. Refused where something else refers to it, by name.

    What the actor may not see is not named.
    """
    references = references_to(row)
    users = [each for each in references if not each.goes_along and each.rows.exists()]
    if users:
        names = [words for each in users for words in _named(actor, each)]
        raise ActionRefused(
            "in_use",
            _("%(record)s is still used: %(names)s. Remove or move that first.")
            % {"record": row, "names": "; ".join(names) or _("by something that you may not see")},
            details={"models": sorted({each.model._meta.label_lower for each in users if _named(actor, each)})},
        )
    clear_computed(references)
    row.delete()


def _named(actor: Actor, reference: Reference) -> list[str]:
    """The first rows that refer, and how many more: those of records that the actor may see."""
    record = record_for(reference.model)
    if record is None or record.model is not reference.model:
        owner = record.label if record else reference.model._meta.verbose_name_plural
        return [str(owner)]
    if not actor.may(record.visible.code):
        return []
    rows = record.visible(actor).filter(pk__in=reference.rows.order_by().values("pk"))
    shown = ", ".join(str(row) for row in rows[:MOST_NAMED])
    more = rows.count() - MOST_NAMED
    if not shown:
        return []
    return [f"{record.label}: {shown}" + (_(" and %d more") % more if more > 0 else "")]
