"""How organizations, people, needs and capabilities are found, and what names them in a list of results."""

from django.db.models import F, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from core.search.registry import Kind
from organizations.models import Affiliation
from organizations.queries.capabilities import visible_capabilities
from organizations.queries.contacts import visible_contacts
from organizations.queries.needs import visible_needs
from organizations.queries.organizations import visible_organizations


def in_words(*names: str) -> Func:
    """The fields that are not empty, with commas between them."""
    parts = [NullIf(F(name), Value("")) for name in names]
    return Func(Value(", "), *parts, function="concat_ws", output_field=TextField())


ORGANIZATION_REASONS = {
    "alias": _("Also known as"),
    "identifier": _("Identifier"),
    "similar": _("Similar name"),
}

PRESENT_POSITION = (
    Affiliation.objects.filter(contact=OuterRef("pk"), ended_on=None)
    .order_by("-started_on", "pk")
    .values(words=in_words("title", "organization__name"))[:1]
)

ORGANIZATIONS = Kind(
    code="organizations",
    label=_("Organizations"),
    icon="building-community",
    group="partners",
    view="organizations_search",
    url_name="organizations:organization",
    reads=visible_organizations,
    title=F("name"),
    about=in_words("city", "country"),
    order=20,
    reasons=ORGANIZATION_REASONS,
)

PEOPLE = Kind(
    code="people",
    label=_("People"),
    icon="users",
    group="people",
    view="organizations_contact_search",
    url_name="organizations:contact",
    reads=visible_contacts,
    title=F("name"),
    about=Subquery(PRESENT_POSITION, output_field=TextField()),
    order=30,
    reasons={"title": _("Job title"), "organization": _("Works or worked at"), "similar": _("Similar name")},
)

NEEDS = Kind(
    code="needs",
    label=_("Needs"),
    icon="bulb",
    group="records",
    view="organizations_need_search",
    url_name="organizations:need",
    reads=visible_needs,
    title=F("title"),
    about=F("organization__name"),
    text="public_summary",
    order=55,
)

CAPABILITIES = Kind(
    code="capabilities",
    label=_("Capabilities"),
    icon="star",
    group="records",
    view="organizations_capability_search",
    url_name="organizations:capability",
    reads=visible_capabilities,
    title=F("title"),
    about=Coalesce(F("unit__name"), Value("")),
    text="public_summary",
    order=56,
)
