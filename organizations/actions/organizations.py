"""Writing organizations."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import COUNTRY_CODES
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from organizations.models import Organization, OrganizationAlias, OrganizationIdentifier
from organizations.queries.organizations import lock_organization
from organizations.rules.identifiers import check_identifier

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
    _set_aliases(organization, {}, aliases)
    _set_identifiers(organization, {}, identifiers)
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
    edited, other = apply_edit(row, changes, seen=seen), False
    if aliases is not None:
        other |= _set_aliases(row, {alias.name_key: alias for alias in row.aliases.all()}, aliases)
    if identifiers is not None:
        present = {(each.scheme, each.value): each for each in row.identifiers.all()}
        other |= _set_identifiers(row, present, identifiers)
    if other and not edited:
        count_edit(row)
    return row


def _check_place(fields: dict[str, object], row: Organization | None = None) -> None:
    country = str(fields.get("country") or "").upper()
    if "country" in fields:
        fields["country"] = country
    if country and country not in COUNTRY_CODES:
        raise InvalidInput("unknown_country", _("%s is no country code of ISO 3166.") % country, field="country")
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = fields.get(name)
        if value is not None and abs(Decimal(str(value))) > limit:
            message = _("It lies between -%(limit)s and %(limit)s.") % {"limit": limit}
            raise InvalidInput("out_of_range", message, field=name)
    both = [fields.get(name, getattr(row, name, None)) for name in ("latitude", "longitude")]
    if (both[0] is None) != (both[1] is None):
        raise InvalidInput("half_a_place", _("Give both latitude and longitude, or neither."), field="latitude")


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


def _set_aliases(organization: Organization, present: dict[str, OrganizationAlias], aliases: Iterable[str]) -> bool:
    """Replace the other names; answers whether that changed anything."""
    wanted = {alias.strip().lower(): alias.strip() for alias in aliases if alias.strip()}
    wanted.pop(organization.name.lower(), None)
    kept = {key for key, alias in present.items() if wanted.get(key) == alias.name}
    gone = [alias.pk for key, alias in present.items() if key not in kept]
    added = [OrganizationAlias(organization=organization, name=wanted[key]) for key in sorted(wanted.keys() - kept)]
    OrganizationAlias.objects.filter(pk__in=gone).delete()
    OrganizationAlias.objects.bulk_create(added)
    return bool(gone or added)


def _set_identifiers(
    organization: Organization,
    present: dict[tuple[str, str], OrganizationIdentifier],
    identifiers: Iterable[dict[str, str]],
) -> bool:
    """Replace the identifiers; answers whether that changed anything."""
    wanted = set()
    for given in identifiers:
        checked = check_identifier(given["scheme"], given["value"])
        if not checked.ok:
            message = _("%(value)s is not a valid %(scheme)s. Check it against its source.") % given
            raise InvalidInput("invalid_identifier", message, field="identifiers")
        wanted.add((given["scheme"], checked.value))
    gone = [each.pk for key, each in present.items() if key not in wanted]
    new = sorted(wanted - present.keys())
    _check_taken(new)
    OrganizationIdentifier.objects.filter(pk__in=gone).delete()
    OrganizationIdentifier.objects.bulk_create(
        OrganizationIdentifier(organization=organization, scheme=scheme, value=value) for scheme, value in new
    )
    return bool(gone or new)


def _check_taken(identifiers: list[tuple[str, str]]) -> None:
    """Refuse an identifier that another organization has, by its name."""
    if not identifiers:
        return
    same = [Q(scheme=scheme, value=value) for scheme, value in identifiers]
    taken = OrganizationIdentifier.objects.filter(reduce(or_, same)).select_related("organization").first()
    if taken is not None:
        raise ActionRefused(
            "identifier_taken",
            _("%(name)s has this identifier already.") % {"name": taken.organization.name},
            field="identifiers",
            details={"organization": taken.organization_id},
        )
