"""Reading who may contact whom: standing towards people, and the requests between colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from organizations.choices import ClearanceState
from organizations.models import Clearance, Contact
from organizations.rules.contacting import Standing, standing_of


@dataclass(frozen=True, slots=True)
class ContactNotice:
    """What a colleague has to know before contacting a person. ``words`` is empty when there is nothing to say."""

    standing: Standing
    words: str
    cleared_until: date | None
    asked: bool

    @property
    def is_warning(self) -> bool:
        return self.standing.needs_word


@visible("organizations.view_contacts")
def contact_notices(actor: Actor, contacts: Sequence[Contact]) -> dict[int, ContactNotice]:
    """The notice for each person by id, in one statement; none when everybody is free to contact. Needs ``owner``."""
    today = timezone.localdate()
    guarded = [contact.pk for contact in contacts if contact.permission == "ask_first"]
    granted: dict[int, date] = {}
    asked: set[int] = set()
    if guarded:
        mine = Clearance.objects.filter(contact_id__in=guarded, requested_by_id=actor.user_id).values("contact_id")
        found = mine.annotate(
            until=Max("valid_until", filter=Q(state=ClearanceState.GRANTED)),
            open=Max("pk", filter=Q(state=ClearanceState.REQUESTED)),
        ).order_by("contact_id")
        for row in found:
            granted[row["contact_id"]] = row["until"]
            if row["open"]:
                asked.add(row["contact_id"])
    return {
        contact.pk: _notice(actor, contact, granted.get(contact.pk), contact.pk in asked, today) for contact in contacts
    }


@visible("organizations.view_contacts")
def contact_notice(actor: Actor, contact: Contact) -> ContactNotice:
    """The notice for one person: what the page, a lookup or the log form says. Logging is never refused for it."""
    return contact_notices(actor, [contact])[contact.pk]


def _notice(actor: Actor, contact: Contact, until: date | None, asked: bool, today: date) -> ContactNotice:
    keeps = contact.owner_id is not None and contact.owner_id == actor.user_id
    standing = standing_of(contact.permission, is_keeper=keeps, cleared_until=until, today=today)
    keeper = contact.owner.name if contact.owner_id else _("a manager")
    words = {
        Standing.ASK_FIRST: _("Ask %s first.") % keeper,
        Standing.TELL_OWNER: _("Tell %s before you contact them.") % keeper,
        Standing.CLEARED: _("You are cleared to contact them."),
    }.get(standing, "")
    return ContactNotice(standing, words, until if standing is Standing.CLEARED else None, asked)


@visible("organizations.view_clearances")
def visible_clearances(actor: Actor) -> QuerySet[Clearance]:
    """Who asked to contact whom, and the answers, latest first. Everybody sees them: colleagues coordinate by them."""
    return Clearance.objects.select_related("contact__owner", "requested_by", "decided_by").order_by(
        "-requested_at", "-pk"
    )


@visible("organizations.view_clearances")
def open_clearances_for(actor: Actor) -> QuerySet[Clearance]:
    """The open requests that this actor may answer: for people they keep; for a manager, every colleague's."""
    rows = visible_clearances(actor).filter(state=ClearanceState.REQUESTED)
    if answers_for_all(actor):
        return rows.exclude(requested_by_id=actor.user_id)
    return rows.filter(contact__owner_id=actor.user_id)


def answers_for_all(actor: Actor) -> bool:
    """Whether somebody answers requests for people whom others keep: managers do."""
    return actor.may("organizations.answer_all_clearances")


def lock_clearance(pk: int) -> Clearance:
    """The row, locked and read anew, with the person; call inside an action."""
    return Clearance.objects.select_for_update(of=("self",)).select_related("contact").get(pk=pk)
