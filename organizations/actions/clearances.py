"""Asking to contact a person whom a colleague keeps, and the answer."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from organizations.choices import ClearanceState, ContactPermission
from organizations.models import Clearance, Contact
from organizations.queries.clearances import answers_for_all, lock_clearance
from organizations.queries.contacts import lock_contact
from organizations.rules.contacting import CLEARANCE_DAYS


@action("organizations.request_clearance")
def request_clearance(*, actor: Actor, contact: Contact, purpose: str) -> Clearance:
    """Ask whoever keeps a person whether one may contact them, and say what for.

    Refused: for people who are free to contact or kept by oneself, while an earlier request is open, without a reason.
    """
    row = lock_contact(contact.pk)
    if not purpose.strip():
        raise InvalidInput("purpose_missing", _("Say what you want to contact them for."), field="purpose")
    if row.permission != ContactPermission.ASK_FIRST or row.owner_id == actor.user_id:
        message = _("You need nobody's consent to contact %s.") % row.name
        raise ActionRefused("not_needed", message, field="contact")
    mine = Clearance.objects.filter(contact=row, requested_by_id=actor.user_id)
    if mine.filter(state=ClearanceState.REQUESTED).exists():
        message = _("You have asked already. Withdraw that request to ask for something else.")
        raise ActionRefused("asked_already", message, field="contact")
    return Clearance.objects.create(contact=row, requested_by_id=actor.user_id, purpose=purpose.strip()[:300])


@action("organizations.grant_clearance")
def grant_clearance(*, actor: Actor, clearance: Clearance, days: int = CLEARANCE_DAYS[0]) -> Clearance:
    """Let the colleague contact the person for 30 or 90 days. Whoever keeps the person may, and a manager."""
    if days not in CLEARANCE_DAYS:
        choices = _(" or ").join(str(each) for each in CLEARANCE_DAYS)
        raise InvalidInput("wrong_days", _("Grant it for %s days.") % choices, field="days")
    row = _open_one(actor, clearance)
    row.valid_until = timezone.localdate() + timedelta(days=days)
    return _decide(actor, row, ClearanceState.GRANTED)


@action("organizations.refuse_clearance")
def refuse_clearance(*, actor: Actor, clearance: Clearance) -> Clearance:
    """Say no. Whoever keeps the person may, and a manager."""
    return _decide(actor, _open_one(actor, clearance), ClearanceState.REFUSED)


@action("organizations.withdraw_clearance")
def withdraw_clearance(*, actor: Actor, clearance: Clearance) -> Clearance:
    """Take one's own request back, or end what was granted to oneself."""
    row = lock_clearance(clearance.pk)
    if row.requested_by_id != actor.user_id:
        raise ActionRefused("not_yours", _("Only who asked can take a request back."))
    if row.state not in (ClearanceState.REQUESTED, ClearanceState.GRANTED):
        raise ActionRefused("answered_already", _("This request has been answered already."))
    return _decide(actor, row, ClearanceState.WITHDRAWN)


def _open_one(actor: Actor, clearance: Clearance) -> Clearance:
    """The locked request, which must be open and this actor's to answer; nobody answers their own."""
    row = lock_clearance(clearance.pk)
    keeps = row.contact.owner_id is not None and row.contact.owner_id == actor.user_id
    if row.requested_by_id == actor.user_id or not (keeps or answers_for_all(actor)):
        raise ActionRefused("not_yours", _("Only who keeps the person, or a manager, can answer this."))
    if row.state != ClearanceState.REQUESTED:
        raise ActionRefused("answered_already", _("This request has been answered already."))
    return row


def _decide(actor: Actor, row: Clearance, state: str) -> Clearance:
    row.state, row.decided_by_id, row.decided_at = state, actor.user_id, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at", "valid_until"])
    return row
