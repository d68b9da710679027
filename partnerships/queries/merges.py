"""Where the partnership of a merged organization went."""

from core.actor import Actor
from organizations.queries.merges import merged_organization
from partnerships.models import Partnership
from partnerships.queries.partnerships import visible_partnerships
from tenants.choices import ChangeKind
from tenants.models import Change
from tenants.queries.history import UNDO

# A merge that was undone and then done again is an undoing too.
MERGING = ("organizations.merge_organizations", UNDO)


def merged_partnership(actor: Actor, old_id: int) -> int | None:
    """The id of the partnership that a merge of organizations made of this one and another, if the actor may see it.

    None for one that was deleted: the history tells the two apart, and whose partnership it was.
    """
    changes = Change.objects.filter(table_name=Partnership._meta.db_table, row_id=old_id).order_by("-id")
    last = changes.values_list("kind", "action", "before__organization_id").first()
    if last is None or last[0] != ChangeKind.DELETE or last[1] not in MERGING:
        return None
    organization_id = merged_organization(actor, last[2])
    partnerships = visible_partnerships(actor).filter(organization_id=organization_id)
    return partnerships.values_list("pk", flat=True).first() if organization_id else None
