"""Reading what an organization is like."""

from django.db.models import Count, QuerySet

from core.actions import visible
from core.actor import Actor
from organizations.models import (
    Organization,
    OrganizationAlias,
    OrganizationIdentifier,
    OrganizationSector,
    OrganizationTag,
    RiskFlag,
    Tag,
    WorkingPractices,
)


@visible("organizations.view_organizations")
def visible_aliases(actor: Actor) -> QuerySet[OrganizationAlias]:
    """Other names of organizations."""
    return OrganizationAlias.objects.filter(organization__is_own=False)


@visible("organizations.view_organizations")
def visible_identifiers(actor: Actor) -> QuerySet[OrganizationIdentifier]:
    """Identifiers of organizations."""
    return OrganizationIdentifier.objects.filter(organization__is_own=False)


@visible("organizations.view_organizations")
def visible_sectors(actor: Actor) -> QuerySet[OrganizationSector]:
    """Further sectors of organizations."""
    return OrganizationSector.objects.filter(organization__is_own=False).order_by("scheme", "code")


@visible("organizations.view_organizations")
def visible_tagged(actor: Actor) -> QuerySet[OrganizationTag]:
    """Tags on organizations, by word."""
    return OrganizationTag.objects.filter(organization__is_own=False).select_related("tag").order_by("tag__name_key")


@visible("organizations.view_organizations")
def visible_tags(actor: Actor) -> QuerySet[Tag]:
    """The office's words, by name."""
    return Tag.objects.order_by("name_key", "pk")


@visible("organizations.view_organizations")
def tags_with_counts(actor: Actor) -> QuerySet[Tag]:
    """The office's words by name; ``held`` is how many organizations have each."""
    return visible_tags(actor).annotate(held=Count("uses"))


def lock_tag(pk: int) -> Tag:
    """The row, locked and read anew; call inside an action."""
    return Tag.objects.select_for_update().get(pk=pk)


@visible("organizations.view_organizations")
def practices_of(actor: Actor, organization: Organization) -> WorkingPractices:
    """How the organization works; an empty, unsaved record of version 0 when nobody has described it."""
    found = WorkingPractices.objects.filter(organization=organization).first()
    return found or WorkingPractices(organization=organization, version=0)


@visible("organizations.view_risk_flags")
def visible_risk_flags(actor: Actor) -> QuerySet[RiskFlag]:
    """Risks seen in organizations: open ones first, then the latest."""
    return (
        RiskFlag.objects.filter(organization__is_own=False)
        .select_related("organization", "raised_by", "cleared_by")
        .order_by("-cleared_on", "-raised_on", "-pk")
    )


def lock_practices(organization: Organization) -> WorkingPractices | None:
    """The record, locked; None when there is none yet. Call inside an action, with the organization locked."""
    return WorkingPractices.objects.select_for_update(of=("self",)).filter(organization=organization).first()


def lock_risk_flag(pk: int) -> RiskFlag:
    """The row, locked and read anew; call inside an action."""
    return RiskFlag.objects.select_for_update(of=("self",)).get(pk=pk)
