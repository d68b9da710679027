"""Writing what an organization is like: other names, identifiers, sectors, tags, practices, risks; one at a time."""

import re
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
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
from organizations.queries.organizations import lock_organization
from organizations.queries.profiles import lock_practices, lock_risk_flag
from organizations.rules.identifiers import check_identifier

SECTOR_CODE = re.compile(r"[0-9A-Z][0-9A-Z.]{0,11}")


@action("organizations.add_alias")
def add_alias(*, actor: Actor, organization: Organization, name: str) -> OrganizationAlias:
    """Add another name. Refused when the organization goes by it already."""
    row, name = lock_organization(organization.pk), name.strip()
    if not name:
        raise InvalidInput("name_missing", _("Give the name."), field="name")
    if name.lower() == row.name.lower() or row.aliases.filter(name_key=name.lower()).exists():
        raise ActionRefused("alias_twice", _("It goes by this name already."), field="name")
    alias = OrganizationAlias.objects.create(organization=row, name=name)
    count_edit(row)
    return alias


@action("organizations.remove_alias")
def remove_alias(*, actor: Actor, alias: OrganizationAlias) -> Organization:
    """Remove another name; the organization is answered."""
    return _remove(alias)


@action("organizations.add_identifier")
def add_identifier(*, actor: Actor, organization: Organization, scheme: str, value: str) -> OrganizationIdentifier:
    """Add an identifier, normalized. Refused with a wrong checksum, or when an organization has it already."""
    row = lock_organization(organization.pk)
    checked = check_identifier(scheme, value)
    if not checked.ok:
        message = _("This is not a valid identifier of this scheme. Check it against its source.")
        raise InvalidInput("invalid_identifier", message, field="value")
    taken = OrganizationIdentifier.objects.filter(scheme=scheme, value=checked.value).select_related("organization")
    if (other := taken.first()) is not None:
        message = _("%(name)s has this identifier already.") % {"name": other.organization.name}
        raise ActionRefused("identifier_taken", message, field="value", details={"organization": other.organization_id})
    identifier = OrganizationIdentifier.objects.create(organization=row, scheme=scheme, value=checked.value)
    count_edit(row)
    return identifier


@action("organizations.remove_identifier")
def remove_identifier(*, actor: Actor, identifier: OrganizationIdentifier) -> Organization:
    """Remove an identifier; the organization is answered."""
    return _remove(identifier)


@action("organizations.add_sector")
def add_sector(*, actor: Actor, organization: Organization, scheme: str, code: str) -> OrganizationSector:
    """Add a further sector. Refused when it is the main one or there already."""
    row, code = lock_organization(organization.pk), _sector_code(code, field="code")
    there = row.sectors.filter(scheme=scheme, code=code).exists()
    if there or (row.sector_scheme, row.sector_code.upper()) == (scheme, code):
        raise ActionRefused("sector_twice", _("This sector is there already."), field="code")
    sector = OrganizationSector.objects.create(organization=row, scheme=scheme, code=code)
    count_edit(row)
    return sector


@action("organizations.remove_sector")
def remove_sector(*, actor: Actor, sector: OrganizationSector) -> Organization:
    """Remove a further sector; the organization is answered."""
    return _remove(sector)


@action("organizations.tag_organization")
def tag_organization(*, actor: Actor, organization: Organization, name: str) -> OrganizationTag:
    """Tag an organization; a word that no tag has yet becomes a new one. The case of letters makes no difference."""
    row, name = lock_organization(organization.pk), tag_name(name, field="name")
    tag = _tags([name])[name.lower()]
    tagged, created = OrganizationTag.objects.get_or_create(organization=row, tag=tag)
    if not created:
        raise ActionRefused("tagged_twice", _("It has this tag already."), field="name")
    count_edit(row)
    return tagged


@action("organizations.untag_organization")
def untag_organization(*, actor: Actor, tagged: OrganizationTag) -> Organization:
    """Take a tag off; a tag that no organization has any more goes too. The organization is answered."""
    tag_id = tagged.tag_id
    row = _remove(tagged)
    Tag.objects.filter(pk=tag_id, uses=None).delete()
    return row


@action("organizations.edit_practices")
def edit_practices(
    *, actor: Actor, organization: Organization, seen: int | None = None, **changes: object
) -> Organization:
    """Describe how an organization works; the first description makes the record. The organization is answered.

    ``seen`` is the version the editor looked at, 0 when there was none; an older one raises StaleEdit.
    """
    row = lock_organization(organization.pk)
    practices = lock_practices(row) or WorkingPractices(organization=row, version=0)
    if practices.pk is None:
        practices.save(force_insert=True)
    apply_edit(practices, changes, seen=seen)
    return row


@action("organizations.raise_risk_flag")
def raise_risk_flag(*, actor: Actor, organization: Organization, note: str, **fields: object) -> RiskFlag:
    """Raise a risk: its kind, and what was seen. Refused without a note, or dated in the future."""
    if not note.strip():
        raise InvalidInput("note_missing", _("Say what was seen, and where."), field="note")
    raised_on = fields.get("raised_on")
    if raised_on is not None and raised_on > timezone.localdate():
        raise InvalidInput("in_the_future", _("The day lies in the future."), field="raised_on")
    fields = {name: value for name, value in fields.items() if value is not None}
    return RiskFlag.objects.create(organization=organization, note=note.strip(), raised_by_id=actor.user_id, **fields)


@action("organizations.clear_risk_flag")
def clear_risk_flag(*, actor: Actor, risk_flag: RiskFlag, clearing_note: str) -> RiskFlag:
    """Clear a risk with the reason; the flag stays on record. Refused without one, or when it is cleared already."""
    if not clearing_note.strip():
        raise InvalidInput("reason_missing", _("Say why the risk is no longer there."), field="clearing_note")
    row = lock_risk_flag(risk_flag.pk)
    if row.cleared_on is not None:
        raise ActionRefused("cleared_already", _("This risk has been cleared already."))
    row.cleared_on, row.cleared_by_id = timezone.localdate(), actor.user_id
    row.clearing_note = clearing_note.strip()
    count_edit(row, "cleared_on", "cleared_by", "clearing_note")
    return row


def replace_sectors(
    organization: Organization, present: Sequence[OrganizationSector], sectors: Iterable[dict[str, str]]
) -> bool:
    """Replace the further sectors; answers whether that changed anything."""
    wanted = {(given["scheme"], _sector_code(given["code"], field="sectors")) for given in sectors}
    there = {(each.scheme, each.code): each.pk for each in present}
    gone = [pk for key, pk in there.items() if key not in wanted]
    new = sorted(wanted - there.keys())
    if gone:
        OrganizationSector.objects.filter(pk__in=gone).delete()
    if new:
        OrganizationSector.objects.bulk_create(
            OrganizationSector(organization=organization, scheme=scheme, code=code) for scheme, code in new
        )
    return bool(gone or new)


def replace_tags(organization: Organization, present: Sequence[OrganizationTag], names: Iterable[str]) -> bool:
    """Replace the tags by these words; answers whether that changed anything."""
    wanted = {name.lower(): name for name in (tag_name(given, field="tags") for given in names)}
    there = {each.tag.name_key: each for each in present}
    gone = [each for key, each in there.items() if key not in wanted]
    new = {key: name for key, name in wanted.items() if key not in there}
    if gone:
        OrganizationTag.objects.filter(pk__in=[each.pk for each in gone]).delete()
        Tag.objects.filter(pk__in=[each.tag_id for each in gone], uses=None).delete()
    if new:
        tags = _tags(new.values())
        OrganizationTag.objects.bulk_create(
            OrganizationTag(organization=organization, tag=tags[key]) for key in sorted(new)
        )
    return bool(gone or new)


def _remove(
    part: OrganizationAlias | OrganizationIdentifier | OrganizationSector | OrganizationTag,
) -> Organization:
    row = lock_organization(part.organization_id)
    gone, _per_model = type(part).objects.filter(pk=part.pk).delete()
    if gone:
        count_edit(row)
    return row


def tag_name(given: str, *, field: str) -> str:
    """The word as it is stored. Refused without a letter, and above 40."""
    name = " ".join(given.split())
    if not 0 < len(name) <= 40:
        raise InvalidInput("tag_length", _("A tag has 1 to 40 characters."), field=field)
    return name


def _tags(names: Iterable[str]) -> dict[str, Tag]:
    """The tags with these words by their keys; those that are missing are made."""
    wanted = {name.lower(): name for name in names}
    Tag.objects.bulk_create([Tag(name=wanted[key]) for key in sorted(wanted)], ignore_conflicts=True)
    return {tag.name_key: tag for tag in Tag.objects.filter(name_key__in=wanted)}


def _sector_code(given: str, *, field: str) -> str:
    code = given.strip().upper()
    if not SECTOR_CODE.fullmatch(code):
        message = _("“%s” is no sector code: use digits, letters and dots, for example 26.11.") % given
        raise InvalidInput("invalid_sector", message, field=field)
    return code
