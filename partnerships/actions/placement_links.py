"""Approving and evaluating by e-mail link, without an account: asking, answering, and what is parked meanwhile.

A link carries a secret of which only the digest is kept. It works for one person's one answer, until a day, and at the
office that sent it. Asking is a job, so that a mail is wanted once for each asking, by whatever transaction asked.
"""

from datetime import date, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.secrets import digest_of, looks_genuine, new_secret
from core.tenancy.scope import AuditContext, audit_context
from core.urls import office_url
from core.versions import apply_edit
from partnerships.actions.health import local_today
from partnerships.choices_talent import Decision, EvaluatorSide, PlacementStatus
from partnerships.models import Placement, PlacementApproval, PlacementEvaluation
from partnerships.queries.placements import (
    approval_by_digest,
    approvals_of,
    evaluation_by_digest,
    lock_placement,
    overdue_approvals,
    whose_turn,
)
from tenants.actions.jobs import enqueue
from tenants.models import Tenant

MAIL_APPROVAL, MAIL_EVALUATION = "partnerships.mail_placement_approval", "partnerships.mail_placement_evaluation"
EVALUATION_DAYS = 21
UNDER_WAY = (PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED)
BY_LINK = "partnerships.answer_by_link"  # no permission has this code, so nobody can undo what an outsider answered
LONGEST_NOTE = 500


# Asking


def ask_for_approval(placement: Placement, approval: PlacementApproval) -> None:
    """Want a mail to the approver whose turn it is; an earlier link of theirs stops working at once."""
    days = placement.program.approval_days
    due_on = local_today(Tenant.objects.get(pk=placement.tenant_id)) + timedelta(days=days)
    apply_edit(approval, {"digest": "", "asked_at": None, "due_on": due_on}, seen=None)
    enqueue(MAIL_APPROVAL, key=f"approval-{approval.pk}", approval_id=approval.pk)


def ask_for_evaluation(placement: Placement, side: str) -> bool:
    """Want a mail to one side; False where it has answered or has no address. An earlier link stops working."""
    evaluation, _made = PlacementEvaluation.objects.get_or_create(placement=placement, side=side)
    if evaluation.answered_at is not None or not _address_of(placement, side)[1]:
        return False
    due_on = local_today(Tenant.objects.get(pk=placement.tenant_id)) + timedelta(days=EVALUATION_DAYS)
    apply_edit(evaluation, {"digest": "", "asked_at": None, "undelivered_at": None, "due_on": due_on}, seen=None)
    enqueue(MAIL_EVALUATION, key=f"evaluation-{evaluation.pk}", evaluation_id=evaluation.pk)
    return True


def _address_of(placement: Placement, side: str) -> tuple[str, str]:
    person = placement.student if side == EvaluatorSide.STUDENT else placement.supervisor
    return (person.name, person.email) if person is not None else ("", "")


def mail_approval(*, actor: Actor, approval_id: int) -> bool:
    """Send an approver the link, unless it was sent, answered or withdrawn since; answers whether it was sent."""
    found = PlacementApproval.objects.filter(pk=approval_id).first()
    if found is None:
        return False
    placement = lock_placement(found.placement_id)
    approval = whose_turn(approvals_of(placement))
    waiting = placement.status == PlacementStatus.IN_APPROVAL and approval is not None and approval.pk == approval_id
    if not waiting or approval.asked_at is not None or not approval.email:
        return False
    secret = new_secret()
    apply_edit(approval, {"digest": digest_of(secret), "asked_at": timezone.now()}, seen=None)
    subject = _("Please approve a placement at %s") % placement.partnership.organization.name
    words = {"name": approval.name, "role": approval.get_role_display(), "due_on": approval.due_on}
    _send(actor, approval.email, subject, "approval", placement, secret, words)
    return True


def give_up_approval(*, actor: Actor, approval_id: int) -> None:
    """Park the placement of an approver whom no mail reached, unless somebody was asked or has answered since."""
    found = PlacementApproval.objects.filter(pk=approval_id).first()
    if found is None:
        return
    placement = lock_placement(found.placement_id)
    turn = whose_turn(approvals_of(placement))
    if placement.status != PlacementStatus.IN_APPROVAL or turn is None or turn.pk != approval_id or turn.asked_at:
        return
    words = {"role": turn.get_role_display(), "name": turn.name, "email": turn.email}
    park(placement, _("The mail to %(role)s (%(name)s, %(email)s) could not be delivered.") % words)


def mail_evaluation(*, actor: Actor, evaluation_id: int) -> bool:
    """Send one side the link, unless it was sent or answered since; answers whether it was sent."""
    found = PlacementEvaluation.objects.filter(pk=evaluation_id).first()
    if found is None:
        return False
    placement = lock_placement(found.placement_id)
    evaluation = PlacementEvaluation.objects.select_for_update(of=("self",)).get(pk=evaluation_id)
    name, address = _address_of(placement, evaluation.side)
    if placement.status not in UNDER_WAY or evaluation.answered_at or evaluation.asked_at or not address:
        return False
    secret = new_secret()
    sent = {"digest": digest_of(secret), "asked_at": timezone.now(), "undelivered_at": None}
    apply_edit(evaluation, sent, seen=None)
    subject = _("How was the placement at %s?") % placement.partnership.organization.name
    words = {"name": name, "due_on": evaluation.due_on}
    _send(actor, address, subject, "evaluation", placement, secret, words)
    return True


def give_up_evaluation(*, actor: Actor, evaluation_id: int) -> None:
    """Note that no mail reached one side, unless it was asked or has answered since; the other side is not touched."""
    found = PlacementEvaluation.objects.filter(pk=evaluation_id).first()
    if found is None:
        return
    placement = lock_placement(found.placement_id)
    evaluation = PlacementEvaluation.objects.select_for_update(of=("self",)).get(pk=evaluation_id)
    if placement.status not in UNDER_WAY or evaluation.answered_at or evaluation.asked_at:
        return
    apply_edit(evaluation, {"undelivered_at": timezone.now()}, seen=None)


def _send(
    actor: Actor, address: str, subject: str, kind: str, placement: Placement, secret: str, words: dict[str, object]
) -> None:
    """Sent before the job is done: a lost worker repeats it with another secret rather than swallow it."""
    office = Tenant.objects.get(pk=actor.tenant_id)
    name = "placement_approve" if kind == "approval" else "placement_evaluate"
    link = office_url(office.slug, f"partnerships:{name}", secret)
    context = {"office": office.name, "placement": placement, "link": link, **words}
    text = render_to_string(f"partnerships/talent/mail/{kind}.txt", context)
    send_mail(subject, text, None, [address])


# Answering


def open_approval(tenant: Tenant, secret: str) -> PlacementApproval | None:
    """The approval behind a link while it is good, in this tenant's scope; None for whatever is wrong with it."""
    if not looks_genuine(secret):
        return None
    approval = approval_by_digest(digest_of(secret))
    if approval is None or not _awaits(approval, approval.placement, local_today(tenant)):
        return None
    return approval


def open_evaluation(tenant: Tenant, secret: str) -> PlacementEvaluation | None:
    """The evaluation behind a link while it is good, in this tenant's scope; None for whatever is wrong with it."""
    if not looks_genuine(secret):
        return None
    evaluation = evaluation_by_digest(digest_of(secret))
    if evaluation is None or not _may_answer(evaluation, evaluation.placement, local_today(tenant)):
        return None
    return evaluation


def _awaits(approval: PlacementApproval, placement: Placement, today: date) -> bool:
    return (
        placement.status == PlacementStatus.IN_APPROVAL
        and approval.decision == Decision.WAITING
        and approval.due_on is not None
        and approval.due_on >= today
        and (turn := whose_turn(approvals_of(placement))) is not None
        and turn.pk == approval.pk
    )


def _may_answer(evaluation: PlacementEvaluation, placement: Placement, today: date) -> bool:
    return (
        placement.status in UNDER_WAY
        and evaluation.answered_at is None
        and evaluation.due_on is not None
        and evaluation.due_on >= today
    )


def approve_by_link(*, tenant: Tenant, secret: str, decision: str, note: str, request_id: str) -> PlacementApproval:
    """Decide as the approver whom a link belongs to. Not an action: the secret of the link is the permission."""
    approval = open_approval(tenant, secret)
    if approval is None:
        raise _link_is_gone()
    with audit_context(AuditContext(None, request_id, BY_LINK, _by_link(str(approval)))), transaction.atomic():
        placement = lock_placement(approval.placement_id)
        row = PlacementApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        if row.digest != digest_of(secret) or not _awaits(row, placement, local_today(tenant)):
            raise _link_is_gone()
        settle_approval(placement, row, decision, note)
    return row


def evaluate_by_link(*, tenant: Tenant, secret: str, request_id: str, **answers: object) -> PlacementEvaluation:
    """Answer as the side that a link belongs to. Not an action: the secret of the link is the permission."""
    evaluation = open_evaluation(tenant, secret)
    if evaluation is None:
        raise _link_is_gone()
    words = _by_link(str(evaluation.get_side_display()))
    with audit_context(AuditContext(None, request_id, BY_LINK, words)), transaction.atomic():
        placement = lock_placement(evaluation.placement_id)
        row = PlacementEvaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
        if row.digest != digest_of(secret) or not _may_answer(row, placement, local_today(tenant)):
            raise _link_is_gone()
        settle_evaluation(placement, row, **answers)
    return row


def _by_link(who: str) -> str:
    return _("By e-mail link: %s") % who


def _link_is_gone() -> ActionRefused:
    message = _("This link is no longer good. Ask the office that sent it for a new one.")
    return ActionRefused("link_gone", message)


# What an answer does


def settle_approval(placement: Placement, approval: PlacementApproval, decision: str, note: str) -> None:
    """Write down a decision on a *locked* placement and go on: ask the next, approve the whole, or park it."""
    note = " ".join(note.split())[:LONGEST_NOTE]
    if decision not in (Decision.APPROVED, Decision.REFUSED):
        raise InvalidInput("unknown_decision", _("Approve or refuse."), field="decision")
    if decision == Decision.REFUSED and not note:
        raise InvalidInput("reason_needed", _("Say why you refuse."), field="note")
    decided = {"decision": decision, "decided_at": timezone.now(), "note": note, "digest": ""}
    apply_edit(approval, decided, seen=None)
    if decision == Decision.REFUSED:
        park(placement, _("%(role)s refused: %(note)s") % {"role": approval.get_role_display(), "note": note})
        return
    following = whose_turn(approvals_of(placement))
    if following is None:
        apply_edit(placement, {"status": PlacementStatus.APPROVED}, seen=None)
    elif not following.email:
        park(placement, _("Nobody is named as %s.") % following.get_role_display().lower())
    else:
        ask_for_approval(placement, following)


def settle_evaluation(
    placement: Placement,
    evaluation: PlacementEvaluation,
    *,
    rating: int | None = None,
    meaningful_work: int | None = None,
    development: int | None = None,
    comment: str = "",
) -> None:
    """Write down one side's answer on a *locked* placement, once; with the second one it is evaluated."""
    if evaluation.answered_at is not None:
        raise ActionRefused("answered", _("This side has answered already."), field="side")
    scores = {"rating": rating, "meaningful_work": meaningful_work, "development": development}
    for name, score in scores.items():
        if (score is None and name == "rating") or (score is not None and not 1 <= score <= 5):
            raise InvalidInput("out_of_range", _("Give 1 to 5."), field=name)
    answered = {**scores, "comment": comment.strip(), "answered_at": timezone.now(), "digest": ""}
    apply_edit(evaluation, answered, seen=None)
    sides = PlacementEvaluation.objects.filter(placement=placement, answered_at__isnull=False)
    if sides.count() == len(EvaluatorSide.values):
        apply_edit(placement, {"status": PlacementStatus.EVALUATED}, seen=None)


def park(placement: Placement, why: str) -> None:
    """Let a *locked* placement in approval wait for a manager; links that were sent stop working."""
    parked = {"status": PlacementStatus.NEEDS_REVIEW, "review_reason": why[:300], "resumes_at": placement.status}
    apply_edit(placement, parked, seen=None)
    for row in PlacementApproval.objects.filter(placement=placement).exclude(digest=""):
        apply_edit(row, {"digest": ""}, seen=None)


def park_overdue(*, actor: Actor) -> int:
    """Park every placement whose approver let the day pass: nightly; answers how many. Twice a night is as once."""
    today = local_today(Tenant.objects.get(pk=actor.tenant_id))
    parked = 0
    for late in overdue_approvals(today):
        placement = lock_placement(late.placement_id)
        turn = whose_turn(approvals_of(placement))
        if placement.status != PlacementStatus.IN_APPROVAL or turn is None or turn.pk != late.pk:
            continue
        words = {"role": turn.get_role_display(), "name": turn.name, "day": turn.due_on.isoformat()}
        park(placement, _("%(role)s (%(name)s) has not answered by %(day)s.") % words)
        parked += 1
    return parked
