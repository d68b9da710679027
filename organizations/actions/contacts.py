"""Writing people and where they work."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from organizations.models import Affiliation, Contact
from organizations.queries.contacts import lock_contact
from organizations.rules.identifiers import check_identifier

AFFILIATION_FIELDS = ("organization", "title", "is_decision_maker", "started_on", "ended_on")


@action("organizations.create_contact")
def create_contact(*, actor: Actor, name: str, affiliations: Sequence[dict] = (), **fields: object) -> Contact:
    """Add a person with their positions: dicts of organization, title, is_decision_maker, started_on, ended_on."""
    _check_orcid(fields)
    contact = Contact.objects.create(name=name.strip(), **fields)
    _set_affiliations(contact, {}, affiliations)
    return contact


@action("organizations.edit_contact")
def edit_contact(
    *,
    actor: Actor,
    contact: Contact,
    seen: int | None = None,
    affiliations: Sequence[dict] | None = None,
    **changes: object,
) -> Contact:
    """Change a person. Affiliations, where given, replace the present list; rows with an ``id`` are kept."""
    row = lock_contact(contact.pk)
    if "name" in changes:
        changes["name"] = str(changes["name"]).strip()
    _check_orcid(changes)
    edited = apply_edit(row, changes, seen=seen)
    if affiliations is not None:
        present = {each.pk: each for each in row.affiliations.select_related("organization")}
        if _set_affiliations(row, present, affiliations) and not edited:
            count_edit(row)
    return row


def _check_orcid(fields: dict[str, object]) -> None:
    if fields.get("orcid"):
        checked = check_identifier("orcid", str(fields["orcid"]))
        if not checked.ok:
            message = _("This is not a valid ORCID: four groups of four, for example 0000-0002-1825-0097.")
            raise InvalidInput("invalid_identifier", message, field="orcid")
        fields["orcid"] = checked.value


def _set_affiliations(contact: Contact, present: dict[int, Affiliation], affiliations: Sequence[dict]) -> bool:
    """Replace the positions; answers whether that changed anything."""
    kept: set[int] = set()
    at_present: set[int] = set()
    added, changed = [], []
    for given in affiliations:
        row = _affiliation(contact, present, kept, given.get("id"))
        before = [getattr(row, name) for name in AFFILIATION_FIELDS if name in given] if row.pk else None
        for name in AFFILIATION_FIELDS:
            if name in given:
                setattr(row, name, given[name])
        _check_dates(row.started_on, row.ended_on)
        if row.ended_on is None:
            if row.organization_id in at_present:
                message = _("%s is given twice as a present position.") % row.organization.name
                raise ActionRefused("affiliation_twice", message, field="affiliations")
            at_present.add(row.organization_id)
        if before is None:
            added.append(row)
        elif before != [getattr(row, name) for name in AFFILIATION_FIELDS if name in given]:
            changed.append(row)
    gone = present.keys() - kept
    Affiliation.objects.filter(pk__in=gone).delete()
    for row in changed:
        row.save()
    Affiliation.objects.bulk_create(added)
    return bool(gone or changed or added)


def _affiliation(contact: Contact, present: dict[int, Affiliation], kept: set[int], pk: int | None) -> Affiliation:
    """The position with this id, which must be the contact's and not be given before; a new one without an id."""
    if not pk:
        return Affiliation(contact=contact)
    if pk not in present or pk in kept:
        message = _("One of the positions is not this person's, or is given twice.")
        raise InvalidInput("unknown_affiliation", message, field="affiliations")
    kept.add(pk)
    return present[pk]


def _check_dates(started_on: date | None, ended_on: date | None) -> None:
    if started_on and ended_on and ended_on < started_on:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="affiliations")
