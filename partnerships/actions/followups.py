"""Promising something, doing it, putting it off."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import check_member
from partnerships.models import FollowUp, Interaction, Opportunity, Partnership
from partnerships.queries.followups import lock_followup
from tenants.models import User

FURTHEST_SNOOZE = timedelta(days=366)


@action("partnerships.add_followup")
def add_followup(
    *,
    actor: Actor,
    partnership: Partnership,
    title: str,
    origin: Interaction | None = None,
    opportunity: Opportunity | None = None,
    due_on: date | None = None,
    assignee: User | None = None,
) -> FollowUp:
    """Add something to do for a partner; ``origin`` is the interaction it was promised in."""
    check_member(actor, assignee, field="assignee")
    return make_followup(
        actor=actor,
        partnership=partnership,
        title=title,
        interaction=origin,
        opportunity=opportunity,
        due_on=due_on,
        assignee=assignee,
    )


def make_followup(*, actor: Actor, partnership: Partnership, title: str, **fields: object) -> FollowUp:
    """The row itself, for actions that promise something as part of what they do; the assignee was checked."""
    title = " ".join(title.split())
    if not title:
        raise InvalidInput("nothing_to_do", _("Say what is to be done."), field="title")
    _check_partner(partnership, fields.get("interaction"), fields.get("opportunity"))
    return FollowUp.objects.create(partnership=partnership, title=title, added_by_id=actor.user_id, **fields)


@action("partnerships.edit_followup")
def edit_followup(*, actor: Actor, followup: FollowUp, seen: int | None = None, **changes: object) -> FollowUp:
    """Change what is to be done, when and by whom. The partner and the interaction it comes from stay."""
    row = lock_followup(followup.pk)
    for name, column in (("partnership", "partnership_id"), ("origin", "interaction_id")):
        given = changes.pop(name, None)
        if given is not None and given.pk != getattr(row, column):
            raise ActionRefused("fixed", _("This stays as it was added. Add another follow-up."), field=name)
    if "title" in changes:
        changes["title"] = " ".join(str(changes["title"]).split())
        if not changes["title"]:
            raise InvalidInput("nothing_to_do", _("Say what is to be done."), field="title")
    if changes.get("assignee") is not None and changes["assignee"].pk != row.assignee_id:
        check_member(actor, changes["assignee"], field="assignee")
    _check_partner(row.partnership, None, changes.get("opportunity"))
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.complete_followup")
def complete_followup(*, actor: Actor, followup: FollowUp, seen: int | None = None) -> FollowUp:
    """Tick it off; one that is done already stays as it was done."""
    row = lock_followup(followup.pk)
    if row.done_at is None:
        done = {"done_at": timezone.now(), "done_by_id": actor.user_id, "snoozed_until": None}
        apply_edit(row, done, seen=seen)
    return row


@action("partnerships.reopen_followup")
def reopen_followup(*, actor: Actor, followup: FollowUp, seen: int | None = None) -> FollowUp:
    """Take a tick back."""
    row = lock_followup(followup.pk)
    apply_edit(row, {"done_at": None, "done_by_id": None}, seen=seen)
    return row


@action("partnerships.snooze_followup")
def snooze_followup(*, actor: Actor, followup: FollowUp, until: date, seen: int | None = None) -> FollowUp:
    """Hide an open follow-up from Today before the day ``until``; its due date stays what was promised."""
    row = lock_followup(followup.pk)
    if row.done_at is not None:
        raise ActionRefused("done_already", _("This is done already."))
    check_snooze(until)
    apply_edit(row, {"snoozed_until": until}, seen=seen)
    return row


def check_snooze(until: date) -> None:
    """Refuse a day on which nothing would come back, or that lies behind."""
    today = timezone.localdate()
    if until <= today:
        raise InvalidInput("not_later", _("Choose a day after today."), field="until")
    if until - today > FURTHEST_SNOOZE:
        raise InvalidInput("too_late", _("Choose a day within a year."), field="until")


def check_promises(actor: Actor, promised: list[Mapping[str, object]]) -> None:
    """Refuse a colleague who is not here to keep what is promised for them."""
    for assignee in {each.get("assignee") for each in promised}:
        check_member(actor, assignee, field="note")


def _check_partner(partnership: Partnership, interaction: object | None, opportunity: object | None) -> None:
    if interaction is not None and interaction.partnership_id != partnership.pk:
        raise InvalidInput("other_partner", _("This interaction is with another partner."), field="origin")
    if opportunity is not None and opportunity.partnership_id != partnership.pk:
        raise InvalidInput("other_partner", _("This opportunity is with another partner."), field="opportunity")
