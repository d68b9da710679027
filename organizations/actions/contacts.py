"""Writing people and where they work."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Affiliation, Contact
from organizations.queries.contacts import lock_contact
from organizations.rules.identifiers import check_identifier


@action("organizations.create_contact")
def create_contact(
    *, actor: Actor, name: str, affiliations: Sequence[dict] = (), **fields: object
) -> Contact:
    """Add a person with their positions: dicts of organization, title, is_decision_maker, started_on, ended_on."""
    _check_orcid(fields)
    contact = Contact.objects.create(name=name.strip(), **fields)
    _set_affiliations(contact, affiliations)
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
    """Change a person. Affiliations, where given, replace the present list: those with an ``id`` are kept and changed."""
    row = lock_contact(contact.pk)
    if "name" in changes:
        changes["name"] = str(changes["name"]).strip()
    _check_orcid(changes)
    apply_edit(row, changes, seen=seen)
    if affiliations is not None:
        _set_affiliations(row, affiliations)
    return row


def _check_orcid(fields: dict[str, object]) -> None:
    if fields.get("orcid"):
        checked = check_identifier("orcid", str(fields["orcid"]))
        if not checked.ok:
            message = _("This is not a valid ORCID: four groups of four, for example 0000-0002-1825-0097.")
            raise InvalidInput("invalid_identifier", message, field="orcid")
        fields["orcid"] = checked.value


def _set_affiliations(contact: Contact, affiliations: Sequence[dict]) -> None:
    present = {affiliation.pk: affiliation for affiliation in contact.affiliations.all()}
    kept, current = set(), set()
    for given in affiliations:
        _check_dates(given.get("started_on"), given.get("ended_on"))
        organization = given["organization"]
        if given.get("ended_on") is None:
            if organization.pk in current:
                message = _("%s is given twice as a present position.") % organization.name
                raise ActionRefused("affiliation_twice", message, field="affiliations")
            current.add(organization.pk)
        row = present.get(given.get("id")) or Affiliation(contact=contact)
        for name in ("organization", "title", "is_decision_maker", "started_on", "ended_on"):
            if name in given:
                setattr(row, name, given[name])
        kept.add(row.pk)
        given["row"] = row
    Affiliation.objects.filter(pk__in=present.keys() - kept).delete()
    for given in affiliations:
        given.pop("row").save()


def _check_dates(started_on: date | None, ended_on: date | None) -> None:
    if started_on and ended_on and ended_on < started_on:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="affiliations")
