"""Reading who carries a partnership on both sides."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import Affiliation, Contact, Organization
from organizations.queries.contacts import visible_contacts
from organizations.queries.groups import group_of
from partnerships.choices import TeamRole
from partnerships.models import Capacity, Partnership, TeamMember
from tenants.models import Membership


@visible("partnerships.view_team")
def visible_team(actor: Actor) -> QuerySet[TeamMember]:
    """Roles in partnerships, present ones first, with partner, person and unit; ``has_left``: see ``left_by``."""
    return (
        TeamMember.objects.select_related("partnership__organization", "member", "contact", "unit")
        .annotate(has_left=has_left(actor))
        .order_by(F("ended_on").desc(nulls_first=True), "started_on", "pk")
    )


def has_left(actor: Actor) -> Exists | Q:
    """Whether the person of a role works here, or at the partner, no more; for annotations and filters."""
    ended = Membership.objects.filter(tenant_id=actor.tenant_id, user_id=OuterRef("member_id"), ended_at__isnull=False)
    return Q(contact__left_on__isnull=False) | Exists(ended)


@visible("partnerships.view_team")
def team_of(actor: Actor, partnership: Partnership) -> QuerySet[TeamMember]:
    """The roles in one partnership, present ones first."""
    return visible_team(actor).filter(partnership=partnership)


@visible("partnerships.view_team")
def gone_from_team(actor: Actor, partnership: Partnership, *, today: date) -> list[TeamMember]:
    """Open roles of people who have left: what the head of the partner's page warns of."""
    rows = team_of(actor, partnership).filter(Q(ended_on=None) | Q(ended_on__gt=today), has_left=True)
    return list(rows.select_related(None).select_related("member", "contact"))


@visible("organizations.view_contacts")
def contacts_of_group(actor: Actor, organization: Organization, *, on: date) -> QuerySet[Contact]:
    """People who work on a day at an organization, at what it is part of, or at what is part of it."""
    group = group_of(actor, organization)
    ids = [organization.pk, *(each.pk for each in group.members)] if group else [organization.pk]
    present = Affiliation.objects.filter(organization_id__in=ids).filter(Q(ended_on=None) | Q(ended_on__gt=on))
    return visible_contacts(actor).filter(pk__in=present.values("contact_id"))


def open_owner_roles(partnership: Partnership) -> list[TeamMember]:
    """The roles of owner on our side without an end, locked; call inside an action."""
    rows = TeamMember.objects.select_for_update(of=("self",)).filter(partnership=partnership, role=TeamRole.OWNER)
    return list(rows.filter(member__isnull=False, ended_on=None).order_by("pk"))


def lock_team_member(pk: int) -> TeamMember:
    """The row, locked and read anew; call inside an action."""
    return TeamMember.objects.select_for_update(of=("self",)).get(pk=pk)


@visible("partnerships.view_workload")
def visible_capacities(actor: Actor) -> QuerySet[Capacity]:
    """How many days a month colleagues have, by name."""
    return Capacity.objects.select_related("member").order_by("member__name", "pk")


def lock_capacity(member_id: int) -> Capacity | None:
    """A colleague's capacity, locked; None when there is none. Call inside an action."""
    return Capacity.objects.select_for_update(of=("self",)).filter(member_id=member_id).first()
