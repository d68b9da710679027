"""Reading organizations."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from core.actions import visible
from core.actor import Actor
from organizations.models import (
    Organization,
    OrganizationAlias,
    OrganizationIdentifier,
    OrganizationSector,
    OrganizationTag,
    RiskFlag,
)
from organizations.rules.names import duplicate_key, website_domain

MOST_SUGGESTIONS = 5
NOT_SHOWN = Cast(Value(None), BooleanField())


@visible("organizations.view_organizations")
def visible_organizations(actor: Actor) -> QuerySet[Organization]:
    """The office's organizations without the institution itself, ready to list: parent, aliases, identifiers.

    Annotated: ``tag_names`` and ``further_sectors`` ({scheme, code} each), and ``is_at_risk``, whether a risk flag is
    open, which is None for whoever may not see risks.
    """
    tags = OrganizationTag.objects.filter(organization=OuterRef("pk")).order_by("tag__name_key").values("tag__name")
    sectors = OrganizationSector.objects.filter(organization=OuterRef("pk")).order_by("scheme", "code")
    at_risk = Exists(RiskFlag.objects.filter(organization=OuterRef("pk"), cleared_on=None))
    return (
        Organization.objects.filter(is_own=False)
        .select_related("parent")
        .annotate(
            tag_names=ArraySubquery(tags),
            further_sectors=ArraySubquery(sectors.values(json=JSONObject(scheme="scheme", code="code"))),
            is_at_risk=at_risk if actor.may("organizations.view_risk_flags") else NOT_SHOWN,
        )
        .prefetch_related(
            Prefetch("aliases", OrganizationAlias.objects.order_by("name_key")),
            Prefetch("identifiers", OrganizationIdentifier.objects.order_by("scheme", "value")),
        )
        .order_by("name_key", "pk")
    )


@visible("organizations.view_organizations")
def organizations_and_own(actor: Actor) -> QuerySet[Organization]:
    """Every organization that may take part in something: the office's, and the institution itself."""
    return Organization.objects.order_by("name_key", "pk")


def lock_organization(pk: int) -> Organization:
    """The row, locked and read anew; call inside an action."""
    return Organization.objects.select_for_update(of=("self",)).get(pk=pk)


@visible("organizations.view_organizations")
def similar_organizations(actor: Actor, *, name: str, website: str = "") -> list[Organization]:
    """Organizations that may be the same: by normalized name, alias or website domain; at most five.

    Names are compared as ``rules.names.duplicate_key`` has them, among those that share the first word.
    """
    wanted, domain = duplicate_key(name), website_domain(website) if website else None
    if not wanted:
        return []
    first = wanted.split()[0]
    candidates = Organization.objects.filter(is_own=False)
    near = candidates.filter(name_key__contains=first) | candidates.filter(aliases__name_key__contains=first)
    if domain:
        near = near | candidates.filter(website__contains=domain)
    found = []
    for organization in near.distinct().prefetch_related("aliases").order_by("name_key", "pk")[:200]:
        names = {
            duplicate_key(organization.name),
            *(duplicate_key(alias.name) for alias in organization.aliases.all()),
        }
        same_site = domain and organization.website and website_domain(organization.website) == domain
        if wanted in names or same_site:
            found.append(organization)
    return found[:MOST_SUGGESTIONS]
