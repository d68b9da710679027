"""Writing organizations."""

from collections.abc import Iterable
from decimal import Decimal

from babel import Locale
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Organization, OrganizationAlias, OrganizationIdentifier
from organizations.queries.organizations import lock_organization
from organizations.rules.identifiers import check_identifier

COUNTRIES = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()} - {
    "EU",
    "UN",
    "ZZ",
    "EZ",
    "QO",
    "XA",
    "XB",
}
DEEPEST_HIERARCHY = 20


@action("organizations.create_organization")
def create_organization(
    *,
    actor: Actor,
    name: str,
    aliases: Iterable[str] = (),
    identifiers: Iterable[dict[str, str]] = (),
    **fields: object,
) -> Organization:
    """Add an organization with its other names and identifiers ({scheme, value} each).

    Refused: a country that is none, coordinates by halves, an identifier with a wrong checksum or one that another
    organization has.
    """
    _check_place(fields)
    organization = Organization.objects.create(name=name.strip(), **fields)
    _set_aliases(organization, aliases)
    _set_identifiers(organization, identifiers)
    return organization


@action("organizations.edit_organization")
def edit_organization(
    *,
    actor: Actor,
    organization: Organization,
    seen: int | None = None,
    aliases: Iterable[str] | None = None,
    identifiers: Iterable[dict[str, str]] | None = None,
    **changes: object,
) -> Organization:
    """Change an organization. Aliases and identifiers, where given, replace the present ones.

    ``seen`` is the version the editor looked at; an older one raises StaleEdit and nothing is written.
    """
    row = lock_organization(organization.pk)
    if "name" in changes:
        changes["name"] = str(changes["name"]).strip()
    if changes.get("parent") is not None:
        _check_parent(row, changes["parent"])
    _check_place(changes, row)
    apply_edit(row, changes, seen=seen)
    if aliases is not None:
        _set_aliases(row, aliases)
    if identifiers is not None:
        _set_identifiers(row, identifiers)
    return row


def _check_place(fields: dict[str, object], row: Organization | None = None) -> None:
    country = str(fields.get("country") or "").upper()
    if "country" in fields:
        fields["country"] = country
    if country and country not in COUNTRIES:
        raise InvalidInput(
            "unknown_country", _("%s is no country code of ISO 3166.") % country, field="country"
        )
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = fields.get(name)
        if value is not None and abs(Decimal(str(value))) > limit:
            message = _("It lies between -%(limit)s and %(limit)s.") % {"limit": limit}
            raise InvalidInput("out_of_range", message, field=name)
    both = [fields.get(name, getattr(row, name, None)) for name in ("latitude", "longitude")]
    if (both[0] is None) != (both[1] is None):
        raise InvalidInput(
            "half_a_place", _("Give both latitude and longitude, or neither."), field="latitude"
        )


def _check_parent(row: Organization, parent: Organization) -> None:
    """The parent and all above it are other organizations; the chain is short enough to be one."""
    above: Organization | None = parent
    for _step in range(DEEPEST_HIERARCHY):
        if above is None:
            return
        if above.pk == row.pk:
            message = _("%s stands above it already; an organization cannot be its own parent.") % row.name
            raise ActionRefused("circular_parent", message, field="parent")
        above = above.parent
    raise ActionRefused("too_deep", _("The chain of parents is too long."), field="parent")


def _set_aliases(organization: Organization, aliases: Iterable[str]) -> None:
    wanted = {alias.strip().lower(): alias.strip() for alias in aliases if alias.strip()}
    wanted.pop(organization.name.lower(), None)
    present = {alias.name_key: alias for alias in organization.aliases.all()}
    OrganizationAlias.objects.filter(
        pk__in=[present[key].pk for key in present.keys() - wanted.keys()]
    ).delete()
    OrganizationAlias.objects.bulk_create(
        OrganizationAlias(organization=organization, name=wanted[key])
        for key in sorted(wanted.keys() - present.keys())
    )


def _set_identifiers(organization: Organization, identifiers: Iterable[dict[str, str]]) -> None:
    wanted = set()
    for given in identifiers:
        checked = check_identifier(given["scheme"], given["value"])
        if not checked.ok:
            message = _("%(value)s is not a valid %(scheme)s. Check it against its source.") % given
            raise InvalidInput("invalid_identifier", message, field="identifiers")
        wanted.add((given["scheme"], checked.value))
    present = {(each.scheme, each.value): each for each in organization.identifiers.all()}
    gone = [present[key].pk for key in present.keys() - wanted]
    OrganizationIdentifier.objects.filter(pk__in=gone).delete()
    for scheme, value in sorted(wanted - present.keys()):
        other = (
            OrganizationIdentifier.objects.filter(scheme=scheme, value=value)
            .select_related("organization")
            .first()
        )
        if other is not None:
            message = _("%(name)s has this identifier already.") % {"name": other.organization.name}
            raise ActionRefused(
                "identifier_taken",
                message,
                field="identifiers",
                details={"organization": other.organization_id},
            )
        OrganizationIdentifier.objects.create(organization=organization, scheme=scheme, value=value)
