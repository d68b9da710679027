"""Logging what happened, and correcting it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from organizations.models import Contact
from partnerships.actions.attachments import keep_files
from partnerships.actions.followups import check_promises, make_followup
from partnerships.actions.partnerships import recompute_soon
from partnerships.choices import Source
from partnerships.models import Interaction, Opportunity, Participant, Partnership
from partnerships.queries.interactions import lock_interaction
from tenants.actions.deletion import delete_record
from tenants.actions.files import Upload
from tenants.models import Membership, User

CLOCK_SKEW = timedelta(minutes=10)


@action("partnerships.log_interaction")
def log_interaction(
    *,
    actor: Actor,
    partnership: Partnership,
    contacts: Iterable[Contact] = (),
    members: Iterable[User] | None = None,
    followups: Iterable[Mapping[str, object]] = (),
    files: Iterable[Upload] = (),
    source: str = Source.MANUAL,
    **fields: object,
) -> Interaction:
    """Log an interaction with a partner: a note or at least one contact is needed.

    ``members`` are the colleagues who took part; None means the actor alone. ``followups`` are what was promised,
    each with ``title``, ``due_on`` and ``assignee``. The partner's health is computed anew within seconds.
    """
    contacts, followups = list(contacts), list(followups)
    if not str(fields.get("note") or "").strip() and not contacts:
        raise InvalidInput("nothing_said", _("Say what happened, or name who took part."), field="note")
    _check_moment(fields.get("occurred_at"))
    _check_opportunity(fields.get("opportunity"), partnership.pk)
    check_promises(actor, followups)
    interaction = Interaction.objects.create(
        partnership=partnership, logged_by_id=actor.user_id, source=source, **fields
    )
    if members is None:
        member_ids = {actor.user_id} - {None}
    else:
        member_ids = _known_members(actor, members)
    _set_participants(interaction, [], {contact.pk for contact in contacts}, member_ids)
    opportunity = fields.get("opportunity")
    for promised in followups:
        make_followup(
            actor=actor, partnership=partnership, interaction=interaction, opportunity=opportunity, **promised
        )
    keep_files(actor=actor, interaction=interaction, files=files)
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
        raise ActionRefused("not_yours", _("Only its author or a manager can change this. Add a note instead."))
    _check_moment(changes.get("occurred_at"))
    touched = {row.partnership_id}
    partnership = changes.get("partnership")
    target_id = partnership.pk if partnership is not None else row.partnership_id
    if target_id != row.partnership_id and "opportunity" not in changes:
        changes["opportunity"] = None  # it belongs to the partner that was left
    _check_opportunity(changes.get("opportunity"), target_id)
    edited = apply_edit(row, changes, seen=seen)
    touched.add(row.partnership_id)
    if contacts is not None or members is not None:
        present = list(row.participants.all())
        contact_ids = {each.contact_id for each in present} if contacts is None else {each.pk for each in contacts}
        member_ids = {each.member_id for each in present} if members is None else _known_members(actor, members)
        if _set_participants(row, present, contact_ids - {None}, member_ids - {None}) and not edited:
            count_edit(row)
    recompute_soon(sorted(touched))
    return row


@action("partnerships.delete_interaction")
def delete_interaction(*, actor: Actor, interaction: Interaction) -> None:
    """Delete an interaction; the recycle bin keeps it for 30 days. Its author may, and the office's staff may."""
    row = lock_interaction(interaction.pk)
    if row.logged_by_id != actor.user_id and not actor.may("partnerships.delete_project"):
        raise ActionRefused("not_yours", _("Only its author or the office's staff can delete this."))
    partnership_id = row.partnership_id
    delete_record(actor, row)
    recompute_soon([partnership_id])


@action("partnerships.pin_interaction")
def pin_interaction(*, actor: Actor, interaction: Interaction, seen: int | None = None) -> Interaction:
    """Keep an interaction on top of its partner's activity, for everybody who may read it."""
    row = lock_interaction(interaction.pk)
    apply_edit(row, {"is_pinned": True}, seen=seen)
    return row


@action("partnerships.unpin_interaction")
def unpin_interaction(*, actor: Actor, interaction: Interaction, seen: int | None = None) -> Interaction:
    """Let an interaction go back to its place in time."""
    row = lock_interaction(interaction.pk)
    apply_edit(row, {"is_pinned": False}, seen=seen)
    return row


def _check_opportunity(opportunity: Opportunity | None, partnership_id: int) -> None:
    if opportunity is not None and opportunity.partnership_id != partnership_id:
        words = _("This opportunity is with another partner. Choose one of this partner.")
        raise InvalidInput("other_partner", words, field="opportunity")


def _check_moment(moment: object) -> None:
    if moment is None:
        return
    if moment > timezone.now() + CLOCK_SKEW:
        raise InvalidInput(
            "in_the_future", _("This lies in the future. Log it when it has happened."), field="occurred_at"
        )
    if moment.year < 1900:
        raise InvalidInput("too_long_ago", _("Check the year: it lies before 1900."), field="occurred_at")


def _known_members(actor: Actor, members: Iterable[User]) -> set[int]:
    """The ids of colleagues, past ones included. The database refuses strangers in any case; this one says why."""
    wanted = {member.pk for member in members}
    if wanted == {actor.user_id}:
        return wanted
    known = Membership.objects.filter(tenant_id=actor.tenant_id, user_id__in=wanted).values_list("user_id", flat=True)
    if wanted - set(known):
        raise InvalidInput("not_a_member", _("One of the colleagues does not work here."), field="members")
    return wanted


def _set_participants(
    interaction: Interaction, present: list[Participant], contact_ids: set[int], member_ids: set[int]
) -> bool:
    """Replace who took part; answers whether that changed anything."""
    gone = [each.pk for each in present if each.contact_id not in contact_ids and each.member_id not in member_ids]
    new_contacts = contact_ids - {each.contact_id for each in present}
    new_members = member_ids - {each.member_id for each in present}
    Participant.objects.filter(pk__in=gone).delete()
    Participant.objects.bulk_create(
        [Participant(interaction=interaction, contact_id=pk) for pk in sorted(new_contacts)]
        + [Participant(interaction=interaction, member_id=pk) for pk in sorted(new_members)]
    )
    return bool(gone or new_contacts or new_members)
