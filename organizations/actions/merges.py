"""Merging two organizations, or two people, that turned out to be one."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from core.trees import check_parent
from core.versions import VersionedModel
from organizations.choices import MergedKind
from organizations.models import Contact, MergedRecord, Organization, OrganizationAlias
from tenants.actions.merging import merge_rows
from tenants.queries.tenants import lock_office


@action("organizations.merge_organizations")
def merge_organizations(
    *,
    actor: Actor,
    kept: Organization,
    merged: Organization,
    take: Collection[str] = (),
    seen: tuple[int, int] | None = None,
) -> Organization:
    """Merge one organization into another. Fields in ``take`` get the merged one's value; its name stays findable.

    All that refers to it moves; two partnerships become one. Its old address and id lead to the kept one. Needs the
    permission to edit organizations, and partners where both are partners. Refused where the kept one would stand below
    itself. Can be undone for 30 days.
    """
    lock_office(actor)  # before the rows, as every writer of the tree does
    kept, merged = _locked(kept, merged)
    if kept.is_own or merged.is_own:
        raise InvalidInput("own_institution", _("The institution itself cannot be merged."))
    names, old_id = {kept.name, merged.name}, merged.pk
    merge_rows(actor, kept, merged, take=take, seen=seen)
    if kept.parent_id is not None:
        check_parent(kept, Organization.objects.get(pk=kept.parent_id))
    known = {alias.name.lower() for alias in kept.aliases.all()}
    for name in sorted(names - {kept.name}):
        if name.lower() not in known | {kept.name.lower()}:
            OrganizationAlias.objects.create(organization=kept, name=name)
    _remember(actor, MergedKind.ORGANIZATION, old_id=old_id, new_id=kept.pk)
    return kept


@action("organizations.merge_contacts")
def merge_contacts(
    *, actor: Actor, kept: Contact, merged: Contact, take: Collection[str] = (), seen: tuple[int, int] | None = None
) -> Contact:
    """Merge one person into another: positions, interactions and all else move; the same rules as for organizations.

    An opt-out of either stays one.
    """
    kept, merged = _locked(kept, merged)
    opted_out = kept.opted_out_at or merged.opted_out_at
    old_id = merged.pk
    merge_rows(actor, kept, merged, take=take, seen=seen)
    if kept.opted_out_at != opted_out:
        kept.opted_out_at = opted_out
        kept.save(update_fields=["opted_out_at"])
    _remember(actor, MergedKind.CONTACT, old_id=old_id, new_id=kept.pk)
    return kept


def _locked(kept: VersionedModel, merged: VersionedModel) -> tuple[VersionedModel, VersionedModel]:
    """Both rows, locked in the order of their ids, so that two merges of the same pair wait for each other."""
    rows = type(kept).objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if kept.pk not in found or merged.pk not in found:
        raise InvalidInput("not_there", _("One of the two is not there any more."))
    return found[kept.pk], found[merged.pk]


def _remember(actor: Actor, kind: str, *, old_id: int, new_id: int) -> None:
    """Old addresses lead to the kept record, those of earlier merges too."""
    for earlier in MergedRecord.objects.filter(kind=kind, new_id=old_id):
        earlier.new_id = new_id
        earlier.save(update_fields=["new_id"])
    MergedRecord.objects.create(kind=kind, old_id=old_id, new_id=new_id, merged_by_id=actor.user_id)
