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
from core.trees import check_parent
from core.versions import apply_edit, count_edit
from organizations.actions.profiles import replace_sectors, replace_tags
from organizations.models import Organization, OrganizationAlias, OrganizationIdentifier
from organizations.queries.organizations import lock_organization
from organizations.rules.identifiers import check_identifier
from organizations.rules.sme import size_class, sme_status
from tenants.actions.deletion import delete_record
from tenants.queries.tenants import lock_office

SIZE_FACTS = ("headcount", "turnover_eur", "balance_sheet_eur", "owned_by_non_sme_share")
NOT_KNOWN = {"size_class": "", "sme": None}


@action("organizations.create_organization")
def create_organization(
    *,
    actor: Actor,
    name: str,
    aliases: Iterable[str] = (),
    identifiers: Iterable[dict[str, str]] = (),
    sectors: Iterable[dict[str, str]] = (),
    tags: Iterable[str] = (),
    **fields: object,
) -> Organization:
    """Add an organization with its other names, identifiers and further sectors ({scheme, …} each) and tags.

    Size class and SME status follow from the facts where these decide them. Refused: a country that is none,
    coordinates by halves, an identifier with a wrong checksum or one that another organization has, a size that the
    facts contradict.
    """
    _check_place(fields)
    _settle_size(fields, None)
    organization = Organization(name=name.strip(), **fields)
    if organization.parent is not None:
        check_parent(organization, organization.parent)
    organization.save(force_insert=True)
    _set_aliases(organization, {}, aliases)
    _set_identifiers(organization, {}, identifiers)
    replace_sectors(organization, [], sectors)
    replace_tags(organization, [], tags)
    return organization


@action("organizations.edit_organization")
def edit_organization(
    *,
    actor: Actor,
    organization: Organization,
    seen: int | None = None,
    aliases: Iterable[str] | None = None,
    identifiers: Iterable[dict[str, str]] | None = None,
    sectors: Iterable[dict[str, str]] | None = None,
    tags: Iterable[str] | None = None,
    **changes: object,
) -> Organization:
    """Change an organization. Aliases, identifiers, sectors and tags, where given, replace the present ones.

    Size class and SME status follow from the facts where these decide them. A statement that was made by hand stays;
    one that only followed from facts goes with them. Refused besides: to stand below oneself.
    ``seen`` is the version the editor looked at; an older one raises StaleEdit and nothing is written.
    """
    if changes.get("parent") is not None:
        lock_office(actor)  # before the row, as every writer of the tree does
    row = lock_organization(organization.pk)
    if "name" in changes:
        changes["name"] = str(changes["name"]).strip()
    if changes.get("parent") is not None and changes["parent"].pk != row.parent_id:
        check_parent(row, changes["parent"])
    _check_place(changes, row)
    _settle_size(changes, row)
    edited, other = apply_edit(row, changes, seen=seen), False
    if aliases is not None:
        other |= _set_aliases(row, {alias.name_key: alias for alias in row.aliases.all()}, aliases)
    if identifiers is not None:
        present = {(each.scheme, each.value): each for each in row.identifiers.all()}
        other |= _set_identifiers(row, present, identifiers)
    if sectors is not None:
        other |= replace_sectors(row, list(row.sectors.all()), sectors)
    if tags is not None:
        other |= replace_tags(row, list(row.tagged.select_related("tag")), tags)
    if other and not edited:
        count_edit(row)
    return row


@action("organizations.delete_organization")
def delete_organization(*, actor: Actor, organization: Organization) -> None:
    """Delete an organization with its names, identifiers, sectors and tags; the recycle bin keeps it for 30 days.

    Refused while something refers to it, which is named.
    """
    delete_record(actor, lock_organization(organization.pk))


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


def _settle_size(fields: dict[str, object], row: Organization | None) -> None:
    """Put size class and SME status into the fields as the facts decide them; to state otherwise anew is refused."""
    if not fields.keys() & {*SIZE_FACTS, *NOT_KNOWN}:
        return
    before = {name: getattr(row, name, None) for name in SIZE_FACTS}
    facts = {name: fields.get(name, before[name]) for name in SIZE_FACTS}
    for name, value in facts.items():
        if value is not None and (value < 0 or (name == "owned_by_non_sme_share" and value > 1)):
            raise InvalidInput("out_of_range", _("This number is out of range. Check it."), field=name)
    decided, decided_before = _decided(facts), _decided(before)
    for name, unknown in NOT_KNOWN.items():
        present = getattr(row, name, unknown)
        stated = fields.get(name, present)
        if decided[name] != unknown:
            if stated not in (unknown, present, decided[name]):
                message = _("The size facts say otherwise. Correct the facts, or leave this empty.")
                raise InvalidInput("facts_decide", message, field=name)
            fields[name] = decided[name]
        elif decided_before[name] != unknown and stated == present:
            fields[name] = unknown


def _decided(facts: dict[str, object]) -> dict[str, object]:
    found = size_class(facts["headcount"])
    return {"size_class": str(found) if found else "", "sme": sme_status(**facts)}


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
