"""Placements: requesting one, sending it round for approval, and its way from the first day to the last."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Contact
from partnerships.actions.partnerships import recompute_soon
from partnerships.actions.placement_links import (
    ask_for_approval,
    ask_for_evaluation,
    settle_approval,
    settle_evaluation,
)
from partnerships.actions.positions import check_project, check_terms
from partnerships.actions.talent import make_talent_event
from partnerships.choices_talent import (
    ApproverRole,
    Decision,
    EvaluatorSide,
    PlacementStatus,
    ReturnOffer,
    TalentEventKind,
)
from partnerships.models import (
    Partnership,
    Placement,
    PlacementApproval,
    PlacementEvaluation,
    Position,
    Student,
    TalentEvent,
    TalentProgram,
)
from partnerships.queries.placements import approvals_of, lock_placement, whose_turn
from partnerships.queries.positions import lock_position
from partnerships.queries.students import lock_student
from partnerships.rules.talent import BEGUN, CLOSED, PLACEMENT_MOVES, may_move
from tenants.queries.tenants import currency_of

TERMS = ("starts_on", "ends_on", "hours_per_week", "credit", "is_paid", "pay", "currency", "learning_goals")
FROM_POSITION = (
    "hours_per_week",
    "credit",
    "is_paid",
    "pay",
    "supervisor",
    "academic_lead",
    "learning_goals",
    "project",
)
Approver = Mapping[str, str]


@action("partnerships.create_placement")
def create_placement(
    *,
    actor: Actor,
    student: Student,
    starts_on: date,
    ends_on: date,
    position: Position | None = None,
    partnership: Partnership | None = None,
    program: TalentProgram | None = None,
    **fields: object,
) -> Placement:
    """Request a placement. With a position, its partner, program and terms hold where nothing else is given.

    Who approves comes from the program; those whom it does not know are named with ``name_approvers``.
    """
    person = lock_student(student.pk)
    if person.erased_at is not None:
        raise ActionRefused("erased", _("This student was erased."), field="student")
    if position is not None:
        position = lock_position(position.pk)
        partnership, program = _from_position(position, partnership, program, fields)
    if partnership is None or program is None:
        missing = "partnership" if partnership is None else "program"
        raise InvalidInput("incomplete", _("Name a position, or a partner and a program."), field=missing)
    fields["currency"] = fields.get("currency") or currency_of(actor)
    row = Placement(student=person, partnership=partnership, program=program, position=position)
    fields |= {"starts_on": starts_on, "ends_on": ends_on}
    _check(actor, fields, row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    PlacementApproval.objects.bulk_create(
        PlacementApproval(placement=row, order=order, role=role, **_known_approver(row, role))
        for order, role in enumerate(program.approvers, 1)
    )
    return row


def _from_position(
    position: Position, partnership: Partnership | None, program: TalentProgram | None, fields: dict[str, object]
) -> tuple[Partnership, TalentProgram]:
    for name, given in (("partnership", partnership), ("program", program)):
        if given is not None and given.pk != getattr(position, f"{name}_id"):
            raise InvalidInput("other_position", _("The position is of another partner or program."), field=name)
    used = position.placements.exclude(status=PlacementStatus.CANCELED).count()
    if used >= position.openings:
        message = _("All %d places of this position are used.") % position.openings
        raise ActionRefused("no_place_left", message, field="position")
    for name in (*FROM_POSITION, "currency"):
        if fields.get(name) in (None, ""):
            fields[name] = getattr(position, name)
    return position.partnership, position.program


def _known_approver(row: Placement, role: str) -> dict[str, str]:
    """Name and address of an approver whom the records know; empty where somebody has to say who it is."""
    person: object | None = None
    if role == ApproverRole.COORDINATOR:
        person = row.program.coordinator
    elif role == ApproverRole.SITE_SUPERVISOR:
        person = row.supervisor
    return {"name": person.name, "email": person.email} if person is not None else {"name": "", "email": ""}


@action("partnerships.edit_placement")
def edit_placement(*, actor: Actor, placement: Placement, seen: int | None = None, **changes: object) -> Placement:
    """Change a placement. Student, partner, program and position stay.

    Its terms can be changed until it is sent round, and while it needs a review: then all approve anew. Supervisor,
    academic lead and project can be changed until it is over.
    """
    row = lock_placement(placement.pk)
    for name in ("student", "partnership", "program", "position"):
        given = changes.pop(name, getattr(row, name))
        if (given.pk if given else None) != getattr(row, f"{name}_id"):
            message = _("This stays as it was requested. Request another placement.")
            raise ActionRefused("fixed", message, field=name)
    changed = [name for name in TERMS if name in changes and changes[name] != getattr(row, name)]
    is_open = row.status in (PlacementStatus.REQUESTED, PlacementStatus.NEEDS_REVIEW)
    if row.status in CLOSED or (changed and not is_open):
        message = _("What was agreed does not change any more in this state. End or cancel the placement instead.")
        raise ActionRefused("terms_fixed", message, field=changed[0] if changed else None)
    _check(actor, changes, row)
    if apply_edit(row, changes, seen=seen) and changed and row.status == PlacementStatus.NEEDS_REVIEW:
        _ask_anew(approvals_of(row))
    return row


def _check(actor: Actor, fields: dict[str, object], row: Placement) -> None:
    check_terms(actor, fields, row)
    project = fields.get("project")
    if project is not None and project.pk != row.project_id:
        check_project(project, row.partnership)
    supervisor: Contact | None = fields.get("supervisor")
    if supervisor is not None and supervisor.pk != row.supervisor_id:
        if not supervisor.affiliations.filter(organization_id=row.partnership.organization_id).exists():
            raise InvalidInput("other_partner", _("This person does not work at the partner."), field="supervisor")


# Approval


@action("partnerships.name_approvers")
def name_approvers(*, actor: Actor, placement: Placement, approvers: Sequence[Approver]) -> Placement:
    """Say who approves, in order: each with role, name and e-mail address. Before it is sent round, or in a review.

    In a review those who approved already stay as they are while they stand first and unchanged; the others begin anew.
    """
    row = lock_placement(placement.pk)
    if row.status not in (PlacementStatus.REQUESTED, PlacementStatus.NEEDS_REVIEW):
        raise ActionRefused("sent_round", _("It is sent round already. Approvers can be changed in a review."))
    wanted = [{name: str(each.get(name) or "").strip() for name in ("role", "name", "email")} for each in approvers]
    for each in wanted:
        if each["role"] not in ApproverRole.values or bool(each["name"]) != bool(each["email"]):
            message = _("Give each approver a role, a name and an e-mail address.")
            raise InvalidInput("incomplete_approver", message, field="approvers")
    present = {each.order: each for each in approvals_of(row)}
    same = True
    for order, each in enumerate(wanted, 1):
        old = present.pop(order, None)
        same = same and old is not None and {name: getattr(old, name) for name in each} == each
        if old is None:
            PlacementApproval.objects.create(placement=row, order=order, **each)
        elif not same:
            apply_edit(old, {**each, **WAITING}, seen=None)
    for old in present.values():
        old.delete()
    return row


WAITING: dict[str, object] = {
    "decision": Decision.WAITING,
    "decided_at": None,
    "digest": "",
    "asked_at": None,
    "due_on": None,
    "note": "",
}


def _ask_anew(rows: Sequence[PlacementApproval]) -> None:
    for row in rows:
        apply_edit(row, WAITING, seen=None)


@action("partnerships.submit_placement")
def submit_placement(*, actor: Actor, placement: Placement, seen: int | None = None) -> Placement:
    """Send a placement round: the first approver gets a link by e-mail, the next one after that. Without approvers it
    is approved at once."""
    row = lock_placement(placement.pk)
    approvals = approvals_of(row)
    unnamed = next((each for each in approvals if not each.email), None)
    if unnamed is not None:
        message = _("Name who approves first: nobody is named as %s.") % unnamed.get_role_display().lower()
        raise ActionRefused("approver_missing", message, field="approvers")
    move(row, PlacementStatus.IN_APPROVAL, seen)
    _go_round(row, approvals)
    return row


def _go_round(row: Placement, approvals: list[PlacementApproval]) -> None:
    following = whose_turn(approvals)
    if following is None:
        move(row, PlacementStatus.APPROVED)
    else:
        ask_for_approval(row, following)


@action("partnerships.record_approval")
def record_approval(
    *, actor: Actor, placement: Placement, decision: str, note: str = "", seen: int | None = None
) -> Placement:
    """Record what the approver whose turn it is has decided another way, such as on paper. A refusal says why."""
    row = lock_placement(placement.pk)
    approval = whose_turn(approvals_of(row))
    if row.status != PlacementStatus.IN_APPROVAL or approval is None:
        raise ActionRefused("nobody_asked", _("Nobody is asked to approve this placement now."))
    if seen is not None and seen != row.version:
        apply_edit(row, {}, seen=seen)
    settle_approval(row, approval, decision, note)
    return row


@action("partnerships.resume_placement")
def resume_placement(*, actor: Actor, placement: Placement, seen: int | None = None) -> Placement:
    """Take a placement up again after its review: whoever refused or missed the day is asked anew.

    Those who approved before are not asked again, unless its terms were changed in the review.
    """
    row = lock_placement(placement.pk)
    if row.status != PlacementStatus.NEEDS_REVIEW:
        raise ActionRefused("no_review", _("This placement needs no review."))
    approvals = approvals_of(row)
    if any(not each.email for each in approvals):
        raise ActionRefused("approver_missing", _("Name who approves first."), field="approvers")
    _ask_anew([each for each in approvals if each.decision != Decision.APPROVED])
    move(row, row.resumes_at, seen, review_reason="", resumes_at="")
    _go_round(row, approvals_of(row))
    return row


# From the first day to the last


@action("partnerships.begin_placement")
def begin_placement(*, actor: Actor, placement: Placement, seen: int | None = None) -> Placement:
    """Say that an approved placement has begun; from now on it counts for the partner. Not before its start."""
    row = lock_placement(placement.pk)
    if row.starts_on > timezone.localdate():
        raise ActionRefused("not_yet", _("It starts on %s, not before.") % row.starts_on.isoformat())
    move(row, PlacementStatus.IN_PROGRESS, seen)
    recompute_soon([row.partnership_id])
    return row


@action("partnerships.check_placement")
def check_placement(*, actor: Actor, placement: Placement, note: str = "", seen: int | None = None) -> Placement:
    """Record the mid-term check and what it found."""
    row = lock_placement(placement.pk)
    return move(row, PlacementStatus.CHECKED, seen, checked_on=timezone.localdate(), check_note=note.strip())


@action("partnerships.ask_evaluations")
def ask_evaluations(*, actor: Actor, placement: Placement) -> Placement:
    """Ask both sides how it went, each by a link of its own. Who answered is not asked again; who was asked gets a new
    link, and the old one stops working. A side without an e-mail address answers through the office."""
    row = lock_placement(placement.pk)
    if row.status not in (PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED):
        raise ActionRefused("not_under_way", _("Evaluations are asked for while a placement is under way."))
    asked = [ask_for_evaluation(row, side) for side in EvaluatorSide.values]
    if not any(asked):
        raise ActionRefused("nobody_to_ask", _("Both have answered, or have no e-mail address."))
    return row


@action("partnerships.resend_evaluation")
def resend_evaluation(*, actor: Actor, placement: Placement, side: str) -> Placement:
    """Ask one side anew, for whom no mail arrived or whose link is lost; the other side's link stays good."""
    row = lock_placement(placement.pk)
    if row.status not in (PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED):
        raise ActionRefused("not_under_way", _("Evaluations are asked for while a placement is under way."))
    if not ask_for_evaluation(row, EvaluatorSide(side)):
        message = _("This side has answered, or has no e-mail address.")
        raise ActionRefused("nobody_to_ask", message, field="side")
    return row


@action("partnerships.record_placement_evaluation")
def record_placement_evaluation(*, actor: Actor, placement: Placement, side: str, **answers: object) -> Placement:
    """Record what one side answered through the office: once, while it is under way."""
    row = lock_placement(placement.pk)
    if row.status not in (PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED):
        raise ActionRefused("not_under_way", _("Evaluations are recorded while a placement is under way."))
    evaluation, _made = PlacementEvaluation.objects.get_or_create(placement=row, side=EvaluatorSide(side))
    settle_evaluation(row, evaluation, **answers)
    return row


def may_be_completed(placement: Placement) -> bool:
    """Whether nothing is awaited any more: both sides evaluated it, or its last day is past."""
    return placement.status != PlacementStatus.CHECKED or placement.ends_on < timezone.localdate()


@action("partnerships.complete_placement")
def complete_placement(*, actor: Actor, placement: Placement, seen: int | None = None) -> Placement:
    """Complete a placement that both sides evaluated; without that, one that was checked and whose end is past."""
    row = lock_placement(placement.pk)
    if not may_be_completed(row):
        message = _("Both sides evaluate it first, or its last day passes.")
        raise ActionRefused("not_evaluated", message)
    move(row, PlacementStatus.COMPLETED, seen, ended_on=min(row.ends_on, timezone.localdate()))
    _close_links(row)
    recompute_soon([row.partnership_id])
    return row


@action("partnerships.end_placement")
def end_placement(
    *, actor: Actor, placement: Placement, why: str, ended_on: date | None = None, seen: int | None = None
) -> Placement:
    """End a placement before its last day, and say why."""
    row = lock_placement(placement.pk)
    day, today = ended_on or timezone.localdate(), timezone.localdate()
    if not why.strip():
        raise InvalidInput("reason_needed", _("Say why it ends early."), field="why")
    if not row.starts_on <= day <= min(today, row.ends_on):
        message = _("Give a day from its start to its end, and not after today.")
        raise InvalidInput("not_within", message, field="ended_on")
    move(row, PlacementStatus.ENDED_EARLY, seen, ended_on=day, end_reason=why.strip())
    _close_links(row)
    recompute_soon([row.partnership_id])
    return row


@action("partnerships.cancel_placement")
def cancel_placement(*, actor: Actor, placement: Placement, seen: int | None = None) -> Placement:
    """Cancel a placement that has not begun; links that were sent stop working."""
    row = move(lock_placement(placement.pk), PlacementStatus.CANCELED, seen, review_reason="", resumes_at="")
    _close_links(row)
    return row


def move(row: Placement, status: str, seen: int | None = None, **changes: object) -> Placement:
    """Move a *locked* placement by the table of ``rules.talent``; refused with the state in which it is."""
    if not may_move(PLACEMENT_MOVES, row.status, status):
        words = {"now": row.get_status_display().lower(), "then": PlacementStatus(status).label.lower()}
        message = _("This placement is %(now)s. It cannot become %(then)s from there.") % words
        raise ActionRefused("no_such_move", message, field="status", details={"status": row.status})
    apply_edit(row, {"status": status, **changes}, seen=seen)
    return row


def _close_links(row: Placement) -> None:
    for model in (PlacementApproval, PlacementEvaluation):
        for each in model.objects.select_for_update(of=("self",)).filter(placement=row).exclude(digest=""):
            apply_edit(each, {"digest": ""}, seen=None)


# What it led to


@action("partnerships.record_return_offer")
def record_return_offer(*, actor: Actor, placement: Placement, offer: str, seen: int | None = None) -> Placement:
    """Record whether the partner asked the student back, and what the student said; of placements that have begun."""
    row = lock_placement(placement.pk)
    if offer not in ReturnOffer.values:
        raise InvalidInput("unknown_offer", _("Choose one from the list."), field="offer")
    if row.status not in BEGUN:
        raise ActionRefused("not_begun", _("This placement has not begun."))
    if offer != ReturnOffer.ACCEPTED and _hires(row).exists():
        raise ActionRefused("hired", _("A hire is recorded after this placement. Delete that first."), field="offer")
    apply_edit(row, {"return_offer": offer}, seen=seen)
    return row


@action("partnerships.record_hire")
def record_hire(
    *, actor: Actor, placement: Placement, occurred_on: date | None = None, seen: int | None = None
) -> Placement:
    """Record that the partner hired the student: a talent event of one person, and the offer as accepted. Once."""
    row = lock_placement(placement.pk)
    if row.status not in BEGUN:
        raise ActionRefused("not_begun", _("This placement has not begun."))
    if _hires(row).exists():
        raise ActionRefused("hired", _("A hire is recorded after this placement already."))
    day = occurred_on or timezone.localdate()
    if day < row.starts_on:
        raise InvalidInput("before_start", _("A hire comes after the start of the placement."), field="occurred_on")
    apply_edit(row, {"return_offer": ReturnOffer.ACCEPTED}, seen=seen)
    make_talent_event(
        partnership=row.partnership,
        kind=TalentEventKind.HIRE,
        program=row.program,
        placement=row,
        occurred_on=day,
        people=1,
    )
    return row


def _hires(row: Placement):
    return TalentEvent.objects.filter(placement=row, kind=TalentEventKind.HIRE)
