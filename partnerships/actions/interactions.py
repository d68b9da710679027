"""Logging what happened, and correcting it."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Contact
from partnerships.actions.partnerships import recompute_soon
from partnerships.choices import Source
from partnerships.models import Interaction, Participant, Partnership
from partnerships.queries.interactions import lock_interaction
from tenants.models import Membership, User

CLOCK_SKEW = timedelta(minutes=10)


@action("partnerships.log_interaction")
def log_interaction(
    *,
    actor: Actor,
    partnership: Partnership,
    contacts: Iterable[Contact] = (),
    members: Iterable[User] | None = None,
    source: str = Source.MANUAL,
    **fields: object,
) -> Interaction:
    """Log an interaction with a partner: a note or at least one contact is needed.

    ``members`` are the colleagues who took part; None means the actor alone. The partner's health is computed anew
    within seconds.
    """
    contacts = list(contacts)
    if not str(fields.get("note") or "").strip() and not contacts:
        raise InvalidInput("nothing_said", _("Say what happened, or name who took part."), field="note")
    _check_moment(fields.get("occurred_at"))
    interaction = Interaction.objects.create(
        partnership=partnership, logged_by_id=actor.user_id, source=source, **fields
    )
    present = list(members) if members is not None else []
    if members is None and actor.user_id is not None:
        present = [User(pk=actor.user_id)]
    _set_participants(actor, interaction, contacts, present)
    recompute_soon([partnership.pk])
    return interaction


@action("partnerships.edit_interaction")
def edit_interaction(
    *,
    actor: Actor,
    interaction: Interaction,
    seen: int | None = None,
    contacts: Iterable[Contact] | None = None,
    members: Iterable[User] | None = None,
    **changes: object,
) -> Interaction:
    """Correct an interaction: its author may, and managers and administrators may.

    Moving it to another partner computes both anew.
    """
    row = lock_interaction(interaction.pk)
    if row.logged_by_id != actor.user_id and not actor.may("partnerships.view_confidential"):
        raise ActionRefused(
            "not_yours", _("Only its author or a manager can change this. Add a note instead.")
        )
    _check_moment(changes.get("occurred_at"))
    touched = {row.partnership_id}
    apply_edit(row, changes, seen=seen)
    touched.add(row.partnership_id)
    if contacts is not None or members is not None:
        present = row.participants.select_related("contact", "member")
        keep_contacts = (
            [each.contact for each in present if each.contact] if contacts is None else list(contacts)
        )
        keep_members = [each.member for each in present if each.member] if members is None else list(members)
        _set_participants(actor, row, keep_contacts, keep_members)
    recompute_soon(sorted(touched))
    return row


def _check_moment(moment: object) -> None:
    if moment is None:
        return
    if moment > timezone.now() + CLOCK_SKEW:
        raise InvalidInput(
            "in_the_future", _("This lies in the future. Log it when it has happened."), field="occurred_at"
        )
    if moment.year < 1900:
        raise InvalidInput("too_long_ago", _("Check the year: it lies before 1900."), field="occurred_at")


def _set_participants(
    actor: Actor, interaction: Interaction, contacts: list[Contact], members: list[User]
) -> None:
    member_ids = {member.pk for member in members}
    known = set(
        Membership.objects.filter(tenant_id=actor.tenant_id, user_id__in=member_ids).values_list(
            "user_id", flat=True
        )
    )
    if member_ids - known:
        raise InvalidInput("not_a_member", _("One of the colleagues does not work here."), field="members")
    contact_ids = {contact.pk for contact in contacts}
    present = interaction.participants.all()
    present.exclude(contact_id__in=contact_ids).exclude(member_id__in=member_ids).delete()
    have_contacts = {each.contact_id for each in present.all()}
    have_members = {each.member_id for each in present.all()}
    Participant.objects.bulk_create(
        [Participant(interaction=interaction, contact_id=pk) for pk in sorted(contact_ids - have_contacts)]
        + [Participant(interaction=interaction, member_id=pk) for pk in sorted(member_ids - have_members)]
    )
