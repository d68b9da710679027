"""Writing what both sides owe each other in projects, and what stands in the way. Health follows from both."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.days import check_day
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import check_member
from partnerships.actions.projects import score_partners_anew
from partnerships.choices import Side
from partnerships.models import Milestone, Project, ProjectIssue
from partnerships.queries.delivery import lock_milestone, lock_project_issue
from partnerships.rules.projects import LIKELIHOODS
from tenants.actions.deletion import delete_record
from tenants.models import Membership, User

HEAVIEST = Decimal("99.9")


@action("partnerships.add_milestone")
def add_milestone(*, actor: Actor, project: Project, owner: User | None = None, **fields: object) -> Milestone:
    """Add something that one side owes the other by a day. The owner works here."""
    check_member(actor, owner, field="owner")
    _check_milestone(fields)
    row = Milestone.objects.create(project=project, owner=owner, **fields)
    score_partners_anew([project.pk])
    return row


@action("partnerships.edit_milestone")
def edit_milestone(*, actor: Actor, milestone: Milestone, seen: int | None = None, **changes: object) -> Milestone:
    """Change a milestone that is still open; its project stays. What is done stays as its proof shows it."""
    row = lock_milestone(milestone.pk)
    refuse_other_project(row, changes)
    _refuse_done(row)
    _check_owner(actor, row, changes)
    _check_milestone(changes)
    if apply_edit(row, changes, seen=seen):
        score_partners_anew([row.project_id])
    return row


@action("partnerships.complete_milestone")
def complete_milestone(
    *, actor: Actor, milestone: Milestone, evidence: str, done_on: date | None = None, seen: int | None = None
) -> Milestone:
    """Say that a milestone was reached, with the proof in words or as a link; nothing is done without.

    ``done_on`` is when, today if left out; being late keeps the late day. What is done already is refused.
    """
    row = lock_milestone(milestone.pk)
    _refuse_done(row)
    evidence = evidence.strip()
    if not evidence:
        words = _("Say what proves it, or give the address of the proof. Nothing is done without it.")
        raise InvalidInput("no_evidence", words, field="evidence")
    done_on = done_on or timezone.localdate()
    _check_past(done_on, "done_on")
    apply_edit(row, {"done_on": done_on, "evidence": evidence}, seen=seen)
    score_partners_anew([row.project_id])
    return row


@action("partnerships.accept_milestone")
def accept_milestone(
    *,
    actor: Actor,
    milestone: Milestone,
    accepted_by: str = "",
    accepted_on: date | None = None,
    seen: int | None = None,
) -> Milestone:
    """Record that the other side accepts what was done: for what we owe somebody of theirs, who is named.

    What they owe is accepted by a colleague, by name; left out: the actor. Refused before it is done, a second time,
    and for a day before it was done.
    """
    row = lock_milestone(milestone.pk)
    if row.done_on is None:
        raise ActionRefused("not_done", _("This is not done yet. It can be accepted when it is."))
    if row.accepted_on is not None:
        words = _("This was accepted on %(day)s already, by %(name)s.")
        raise ActionRefused("accepted_already", words % {"day": row.accepted_on.isoformat(), "name": row.accepted_by})
    accepted_on = accepted_on or timezone.localdate()
    _check_past(accepted_on, "accepted_on")
    if accepted_on < row.done_on:
        words = _("It was done on %s only. Give that day or a later one.") % row.done_on.isoformat()
        raise InvalidInput("dates_reversed", words, field="accepted_on")
    name = _who_accepts(actor, row, " ".join(accepted_by.split()))
    apply_edit(row, {"accepted_on": accepted_on, "accepted_by": name}, seen=seen)
    return row


@action("partnerships.delete_milestone")
def delete_milestone(*, actor: Actor, milestone: Milestone) -> None:
    """Delete a milestone that was entered by mistake; one that was done stays, because its proof does."""
    row = lock_milestone(milestone.pk)
    if row.done_on is not None:
        raise ActionRefused("done", _("This was done, and its proof is kept. It cannot be deleted."))
    delete_record(actor, row)
    score_partners_anew([row.project_id])


@action("partnerships.add_project_issue")
def add_project_issue(*, actor: Actor, project: Project, owner: User | None = None, **fields: object) -> ProjectIssue:
    """Record a risk, or an issue that has come true. An open critical issue caps the health of all partners in it."""
    check_member(actor, owner, field="owner")
    _check_issue(fields)
    row = ProjectIssue.objects.create(project=project, owner=owner, **fields)
    score_partners_anew([project.pk])
    return row


@action("partnerships.edit_project_issue")
def edit_project_issue(
    *, actor: Actor, project_issue: ProjectIssue, seen: int | None = None, **changes: object
) -> ProjectIssue:
    """Change a risk or an issue that is open, for example when a risk comes true; its project stays."""
    row = lock_project_issue(project_issue.pk)
    refuse_other_project(row, changes)
    _refuse_closed(row)
    _check_owner(actor, row, changes)
    _check_issue(changes, row)
    if apply_edit(row, changes, seen=seen):
        score_partners_anew([row.project_id])
    return row


@action("partnerships.close_project_issue")
def close_project_issue(
    *,
    actor: Actor,
    project_issue: ProjectIssue,
    resolution: str,
    closed_on: date | None = None,
    seen: int | None = None,
) -> ProjectIssue:
    """Say how a risk or an issue was settled, and when; today if left out."""
    row = lock_project_issue(project_issue.pk)
    _refuse_closed(row)
    resolution = " ".join(resolution.split())
    if not resolution:
        raise InvalidInput("no_resolution", _("Say how it was settled."), field="resolution")
    closed_on = closed_on or timezone.localdate()
    _check_past(closed_on, "closed_on")
    if closed_on < row.raised_on:
        words = _("It came up on %s only. Give that day or a later one.") % row.raised_on.isoformat()
        raise InvalidInput("dates_reversed", words, field="closed_on")
    apply_edit(row, {"closed_on": closed_on, "resolution": resolution}, seen=seen)
    score_partners_anew([row.project_id])
    return row


@action("partnerships.reopen_project_issue")
def reopen_project_issue(*, actor: Actor, project_issue: ProjectIssue, seen: int | None = None) -> ProjectIssue:
    """Open again what was settled; how it had been settled stays in the history."""
    row = lock_project_issue(project_issue.pk)
    if row.closed_on is None:
        raise ActionRefused("open_already", _("This is open."))
    apply_edit(row, {"closed_on": None, "resolution": ""}, seen=seen)
    score_partners_anew([row.project_id])
    return row


@action("partnerships.delete_project_issue")
def delete_project_issue(*, actor: Actor, project_issue: ProjectIssue) -> None:
    """Delete a risk or an issue that was entered by mistake; one that was settled is closed instead."""
    row = lock_project_issue(project_issue.pk)
    delete_record(actor, row)
    score_partners_anew([row.project_id])


def refuse_other_project(row, changes: dict[str, object]) -> None:
    """A record of a project stays with it."""
    given = changes.pop("project", None)
    if given is not None and given.pk != row.project_id:
        raise ActionRefused("project_fixed", _("This stays with its project. Add a new one there."), field="project")


def require_words(fields: dict[str, object], name: str, message: str) -> None:
    """A line of text that must say something, with its spaces in order."""
    if name in fields:
        fields[name] = " ".join(str(fields[name]).split())
        if not fields[name]:
            raise InvalidInput("nothing_said", message, field=name)


def _check_past(day: date, field: str) -> None:
    check_day(day, field)
    if day > timezone.localdate():
        raise InvalidInput("in_the_future", _("This day lies in the future."), field=field)


def _check_owner(actor: Actor, row: Milestone | ProjectIssue, changes: dict[str, object]) -> None:
    """Only somebody new must work here: who has left may stay named."""
    owner = changes.get("owner")
    if owner is not None and owner.pk != row.owner_id:
        check_member(actor, owner, field="owner")


def _check_milestone(fields: dict[str, object]) -> None:
    require_words(fields, "title", _("Say what is to be reached."))
    if fields.get("due_on") is not None:
        check_day(fields["due_on"], "due_on")
    if fields.get("side") == Side.SHARED:
        words = _("One side owes it. Add one for each where both have something to do.")
        raise InvalidInput("one_side", words, field="side")
    weight = fields.get("weight")
    if weight is not None and not 0 < weight <= HEAVIEST:
        raise InvalidInput(
            "out_of_range", _("Give an importance above 0, usually 1, and at most 99.9."), field="weight"
        )


def _refuse_done(row: Milestone) -> None:
    if row.done_on is not None:
        words = _("This was done on %s already. Undo that in its history if it was a mistake.")
        raise ActionRefused("done_already", words % row.done_on.isoformat())


def _who_accepts(actor: Actor, row: Milestone, name: str) -> str:
    """The name of who accepts, who is of the other side than who owed it."""
    members = Membership.objects.filter(tenant_id=actor.tenant_id, ended_at=None)
    if row.side == Side.THEIRS:
        if not name:
            name = User.objects.values_list("name", flat=True).filter(pk=actor.user_id).first() or ""
        elif not members.filter(user__name__iexact=name).exists():
            words = _("What the partner owes is accepted by us. Name a colleague, or nobody: then it is you.")
            raise InvalidInput("other_side", words, field="accepted_by")
    elif name and members.filter(user__name__iexact=name).exists():
        words = _("What we owe is accepted by the partner. Name who of them did it.")
        raise InvalidInput("other_side", words, field="accepted_by")
    if not name:
        raise InvalidInput("nobody_named", _("Say who of the partner accepted it."), field="accepted_by")
    return name


def _check_issue(fields: dict[str, object], row: ProjectIssue | None = None) -> None:
    require_words(fields, "title", _("Say what it is."))
    raised_on, due_on = (fields.get(name, getattr(row, name, None)) for name in ("raised_on", "due_on"))
    if fields.get("raised_on") is not None:
        _check_past(fields["raised_on"], "raised_on")
    if fields.get("due_on") is not None:
        check_day(fields["due_on"], "due_on")
    if raised_on is not None and due_on is not None and due_on < raised_on:
        words = _("It would be settled before it came up. Choose a later day.")
        raise InvalidInput("dates_reversed", words, field="due_on")
    likelihood = fields.get("likelihood")
    if likelihood is not None and likelihood not in LIKELIHOODS:
        words = _("Give a likelihood from 1, hardly, to 5, almost certain.")
        raise InvalidInput("out_of_range", words, field="likelihood")


def _refuse_closed(row: ProjectIssue) -> None:
    if row.closed_on is not None:
        words = _("This was settled on %s. Open it again first.") % row.closed_on.isoformat()
        raise ActionRefused("closed", words)
