"""Keeping the office's words for organizations in order: correct, join, drop."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.versions import apply_edit, count_edit
from organizations.actions.profiles import tag_name
from organizations.models import Organization, OrganizationTag, Tag
from organizations.queries.profiles import lock_tag


@action("organizations.edit_tag")
def edit_tag(*, actor: Actor, tag: Tag, name: str, join: bool = False, seen: int | None = None) -> Tag:
    """Give a tag another word. A word that is a tag already is refused, unless the two are to become one (``join``).

    Then the organizations of this tag get the other, this one goes, and the other is answered.
    """
    row, name = lock_tag(tag.pk), tag_name(name, field="name")
    other = Tag.objects.select_for_update().filter(name_key=name.lower()).exclude(pk=row.pk).first()
    if other is None:
        apply_edit(row, {"name": name}, seen=seen)
        return row
    if not join:
        words = _("“%s” is a tag already. Tick the box to make the two one.") % other.name
        raise ActionRefused("tag_exists", words, field="name", details={"tag": other.pk})
    apply_edit(row, {"name": row.name}, seen=seen)
    uses = OrganizationTag.objects.filter(tag=row)
    _count(uses)
    both = OrganizationTag.objects.filter(tag=other).values("organization_id")
    uses.filter(organization_id__in=both).delete()
    uses.update(tag=other)
    row.delete()
    return other


@action("organizations.delete_tag")
def delete_tag(*, actor: Actor, tag: Tag) -> None:
    """Take a tag off all organizations, and drop it."""
    row = lock_tag(tag.pk)
    uses = OrganizationTag.objects.filter(tag=row)
    _count(uses)
    uses.delete()
    row.delete()


def _count(uses: QuerySet[OrganizationTag]) -> None:
    """The organizations change with their tags: who edits one from before is told."""
    for row in Organization.objects.select_for_update().filter(pk__in=uses.values("organization_id")).order_by("pk"):
        count_edit(row)
