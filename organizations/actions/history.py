"""What of organizations and people has a history, and what follows when some of it is put back."""

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from organizations.choices import MergedKind
from organizations.models import (
    Affiliation,
    Capability,
    Contact,
    MergedRecord,
    Need,
    Organization,
    OrganizationAlias,
    OrganizationIdentifier,
    OrganizationSector,
    OrganizationTag,
    Tag,
)
from organizations.queries.capabilities import visible_capabilities
from organizations.queries.contacts import visible_contacts
from organizations.queries.needs import visible_needs
from organizations.queries.organizations import visible_organizations
from organizations.queries.profiles import visible_tags
from tenants.registry import (
    States,
    register_follower,
    register_history,
    register_history_names,
    register_history_part,
    register_history_trace,
    register_moving_action,
)

KINDS = {Organization: MergedKind.ORGANIZATION, Contact: MergedKind.CONTACT}


def register_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        Organization,
        label=_("Organization"),
        visible=visible_organizations,
        create="organizations.create_organization",
        edit="organizations.edit_organization",
        delete="organizations.delete_organization",
        home="organizations:organizations",
    )
    register_history_part(OrganizationAlias, label=_("Other name"), of="organization")
    register_history_part(OrganizationIdentifier, label=_("Identifier"), of="organization")
    register_history_part(OrganizationSector, label=_("Sector"), of="organization")
    register_history_part(OrganizationTag, label=_("Tag"), of="organization")
    register_history(
        Contact,
        label=_("Person"),
        visible=visible_contacts,
        create="organizations.create_contact",
        edit="organizations.edit_contact",
        delete="organizations.delete_contact",
        home="organizations:contacts",
        derived=["opted_out_at"],  # an objection stands until somebody lifts it
    )
    register_history_part(Affiliation, label=_("Position"), of="contact")
    register_history_trace(MergedRecord)
    register_history_trace(Tag)
    register_history_names(Tag, visible_tags)
    register_history_names(Need, visible_needs)
    register_history_names(Capability, visible_capabilities)
    register_moving_action("organizations.merge_organizations")
    register_moving_action("organizations.merge_contacts")
    register_follower(forget_merges)


def forget_merges(*, actor: Actor, states: States) -> None:
    """A record that stands again is found under its own address, however it came back."""
    for model, kind in KINDS.items():
        ids = {values["id"] for values in states.get(model, ())}
        present = model.objects.filter(pk__in=ids).values("pk")
        MergedRecord.objects.filter(kind=kind, old_id__in=present).delete()
