"""Writing people and where they work."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.tenancy.scope import current_audit
from core.versions import apply_edit, count_edit
from organizations.choices import ContactPermission
from organizations.models import Affiliation, Contact, OptOut, Organization
from organizations.queries.contacts import lock_contact, opt_out_of
from organizations.rules.identifiers import check_identifier
from tenants.actions.deletion import delete_record
from tenants.actions.members import check_colleagues
from tenants.models import User

AFFILIATION_FIELDS = ("organization", "title", "is_decision_maker", "started_on", "ended_on")


@action("organizations.create_contact")
def create_contact(*, actor: Actor, name: str, affiliations: Sequence[dict] = (), **fields: object) -> Contact:
    """Add a person with their positions: dicts of organization, title, is_decision_maker, started_on, ended_on.

    Whose address is among the opt-outs is opted out again. Refused: a guarded person whom nobody keeps, a keeper who
    does not work here, days in the future.
    """
    _check_orcid(fields)
    _check_keeper(actor, fields, None)
    _check_days(fields)
    known = opt_out_of(str(fields.get("email") or ""))
    fields["opted_out_at"] = known.recorded_at if known else None
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
    """Change a person. Affiliations, where given, replace the present list; rows with an ``id`` are kept.

    An opt-out stays through a change of address: the new address is opted out as well. A present position among new
    ones makes somebody who had left present again.
    """
    row = lock_contact(contact.pk)
    if "name" in changes:
        changes["name"] = str(changes["name"]).strip()
    _check_orcid(changes)
    _check_keeper(actor, changes, row)
    _check_days(changes)
    if "email" in changes and changes["email"] != row.email:
        changes["opted_out_at"] = _carry_opt_out(actor, row, str(changes["email"] or ""))
    edited = apply_edit(row, changes, seen=seen)
    if affiliations is not None:
        present = {each.pk: each for each in row.affiliations.select_related("organization")}
        if _set_affiliations(row, present, affiliations):
            back = row.left_on is not None and row.affiliations.filter(ended_on=None).exists()
            row.left_on = None if back else row.left_on
            if back or not edited:
                count_edit(row, *(["left_on"] if back else []))
    return row


@action("organizations.add_affiliation")
def add_affiliation(*, actor: Actor, contact: Contact, organization: Organization, **fields: object) -> Affiliation:
    """Add a position; a present one makes somebody who had left present again.

    Refused: a second present one at the same organization, an end before the start.
    """
    row = lock_contact(contact.pk)
    affiliation = Affiliation(contact=row, organization=organization, **fields)
    _check_position(affiliation)
    affiliation.save(force_insert=True)
    count_edit(row, *_back_again(row, affiliation))
    return affiliation


@action("organizations.edit_affiliation")
def edit_affiliation(*, actor: Actor, affiliation: Affiliation, **changes: object) -> Affiliation:
    """Correct a position or end it. Refused as for a new one."""
    row = lock_contact(affiliation.contact_id)
    position = row.affiliations.select_related("organization").get(pk=affiliation.pk)
    before = [getattr(position, name) for name in AFFILIATION_FIELDS]
    for name, value in changes.items():
        setattr(position, name, value)
    _check_position(position)
    if before != [getattr(position, name) for name in AFFILIATION_FIELDS]:
        position.save()
        count_edit(row, *_back_again(row, position))
    return position


@action("organizations.mark_contact_left")
def mark_contact_left(*, actor: Actor, contact: Contact, left_on: date | None = None) -> Contact:
    """Record that a person has left: their present positions end that day, today unless one is given.

    Refused: when they have left already, a day in the future. A new position later makes them present again.
    """
    row, left_on = lock_contact(contact.pk), left_on or timezone.localdate()
    if row.left_on is not None:
        raise ActionRefused("left_already", _("%s has left already.") % row.name, field="left_on")
    if left_on > timezone.localdate():
        raise InvalidInput("in_the_future", _("The day lies in the future."), field="left_on")
    present = list(row.affiliations.filter(ended_on=None))
    if any(each.started_on and each.started_on > left_on for each in present):
        message = _("A position begins after this day. Correct the position, or the day.")
        raise InvalidInput("dates_reversed", message, field="left_on")
    for each in present:
        each.ended_on = left_on
        each.save(update_fields=["ended_on"])
    row.left_on = left_on
    count_edit(row, "left_on")
    return row


@action("organizations.record_opt_out")
def record_opt_out(*, actor: Actor, contact: Contact) -> Contact:
    """A person wants no mailings: their address is opted out, with everybody who has it now or later.

    Refused without an address: it is what the objection is kept by. Recording it twice changes nothing.
    """
    row = lock_contact(contact.pk)
    if not row.email:
        message = _("Add the address that they do not want to be written to; the objection is kept by it.")
        raise ActionRefused("no_address", message, field="email")
    known = _opt_out(actor, row.email)
    for each in Contact.objects.select_for_update(of=("self",)).filter(email_key=known.email_key, opted_out_at=None):
        each.opted_out_at = known.recorded_at
        count_edit(each, "opted_out_at")
    return row


@action("organizations.lift_opt_out")
def lift_opt_out(*, actor: Actor, contact: Contact) -> Contact:
    """A person wants mailings again: the opt-out of their address goes, for everybody who has it.

    The caller gives the ``reason`` that every action takes; without one it is refused: an objection is not lifted
    without a trace of why.
    """
    if not current_audit().reason.strip():
        message = _("Say how you know that they want mailings again; the objection binds until then.")
        raise InvalidInput("reason_missing", message, field="reason")
    row = lock_contact(contact.pk)
    if row.opted_out_at is None:
        raise ActionRefused("not_opted_out", _("%s has not opted out.") % row.name)
    OptOut.objects.filter(email_key=row.email.lower()).delete()
    others = Contact.objects.filter(email_key=row.email.lower()) if row.email else Contact.objects.filter(pk=row.pk)
    for each in others.select_for_update(of=("self",)).exclude(opted_out_at=None):
        each.opted_out_at = None
        count_edit(each, "opted_out_at")
    return row


def _opt_out(actor: Actor, email: str) -> OptOut:
    found, _created = OptOut.objects.get_or_create(email_key=email.lower(), defaults={"recorded_by_id": actor.user_id})
    return found


def _carry_opt_out(actor: Actor, row: Contact, email: str) -> datetime | None:
    """Since when somebody with this new address is opted out: an opt-out of theirs goes with them."""
    if row.opted_out_at is not None and email:
        known = _opt_out(actor, email)
        sharing = Contact.objects.filter(email_key=known.email_key, opted_out_at=None).exclude(pk=row.pk)
        for each in sharing.select_for_update(of=("self",)):
            each.opted_out_at = known.recorded_at
            count_edit(each, "opted_out_at")
        return row.opted_out_at
    known = opt_out_of(email)
    return known.recorded_at if known else row.opted_out_at


def _check_keeper(actor: Actor, fields: dict[str, object], row: Contact | None) -> None:
    keeper: User | None = fields.get("owner")
    if keeper is not None and keeper.pk != getattr(row, "owner_id", None):
        check_colleagues(actor, {keeper.pk}, field="owner")
    permission = fields.get("permission", getattr(row, "permission", ContactPermission.FREE))
    owner = fields["owner"] if "owner" in fields else getattr(row, "owner_id", None)
    if permission != ContactPermission.FREE and owner is None:
        message = _("Say who keeps this person: somebody has to be asked.")
        raise InvalidInput("keeper_missing", message, field="owner")


def _check_days(fields: dict[str, object]) -> None:
    for name in ("left_on", "collected_on", "reviewed_on"):
        day = fields.get(name)
        if day is not None and day > timezone.localdate():
            raise InvalidInput("in_the_future", _("The day lies in the future."), field=name)


def _back_again(row: Contact, position: Affiliation) -> list[str]:
    """Who has a present position has not left; the columns that this changes."""
    if row.left_on is None or position.ended_on is not None:
        return []
    row.left_on = None
    return ["left_on"]


def _check_position(position: Affiliation) -> None:
    if position.started_on and position.ended_on and position.ended_on < position.started_on:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ended_on")
    others = Affiliation.objects.filter(
        contact_id=position.contact_id, organization_id=position.organization_id, ended_on=None
    )
    if position.ended_on is None and others.exclude(pk=position.pk).exists():
        message = _("There is a present position at %s already. End that one first.") % position.organization.name
        raise ActionRefused("affiliation_twice", message, field="organization")


@action("organizations.delete_contact")
def delete_contact(*, actor: Actor, contact: Contact) -> None:
    """Delete a person with their positions; the recycle bin keeps them for 30 days.

    Refused while something refers to them, such as an interaction in which they took part.
    """
    delete_record(actor, lock_contact(contact.pk))


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
