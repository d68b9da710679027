"""Writing screenings of restricted parties, and plans for conflicts of interest."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.rechecks import recheck_soon
from agreements.choices import ScreeningResult
from agreements.models import Agreement, ConflictPlan, Screening
from agreements.queries.compliance import lock_conflict_plan, lock_screening
from core.actions import action
from core.actor import Actor
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Organization
from partnerships.actions.partnerships import check_member
from tenants.actions.deletion import delete_record
from tenants.models import User

DECIDED = {ScreeningResult.FALSE_HIT, ScreeningResult.TRUE_HIT}


@action("agreements.record_screening")
def record_screening(*, actor: Actor, organization: Organization, **fields: object) -> Screening:
    """Write down that an organization was compared with lists of restricted parties: no hit, or a hit to decide.

    A hit needs what was found. Whether it is true is decided by somebody entitled, afterwards.
    """
    if organization.is_own:
        raise InvalidInput("own_institution", _("The institution itself is not screened."), field="organization")
    if fields.get("result") in DECIDED:
        words = _("Record the hit first, as not yet decided. Then decide it, with the reasons.")
        raise InvalidInput("decide_later", words, field="result")
    _check_screening(fields)
    return Screening.objects.create(organization=organization, screened_by_id=actor.user_id, **fields)


@action("agreements.edit_screening")
def edit_screening(*, actor: Actor, screening: Screening, seen: int | None = None, **changes: object) -> Screening:
    """Correct a screening, or set when it is to be repeated. Organization and result stay; a hit is decided."""
    row = lock_screening(screening.pk)
    for name in ("organization", "result"):
        given = changes.pop(name, None)
        if given is not None and given != getattr(row, name):
            raise ActionRefused("fixed", _("This stays as it was recorded. Record another screening."), field=name)
    _check_screening(changes, row)
    apply_edit(row, changes, seen=seen)
    return row


@action("agreements.decide_screening")
def decide_screening(
    *, actor: Actor, screening: Screening, result: str, note: str, seen: int | None = None
) -> Screening:
    """Decide a hit: shown to be false, or true, with the reasons, which are added to what was found.

    What was decided may be decided anew. A screening without a hit has nothing to decide.
    """
    row = lock_screening(screening.pk)
    if row.result == ScreeningResult.CLEAR:
        raise ActionRefused("no_hit", _("This screening had no hit. Record another one."))
    if result not in DECIDED:
        raise InvalidInput("no_decision", _("Decide whether the hit is true or false."), field="result")
    note = note.strip()
    if not note:
        raise InvalidInput("no_reason", _("Say why it was decided so."), field="note")
    apply_edit(row, {"result": result, "note": f"{row.note}\n\n{note}".strip()}, seen=seen)
    return row


def _check_screening(fields: dict[str, object], row: Screening | None = None) -> None:
    screened_on = fields.get("screened_on", getattr(row, "screened_on", None) or timezone.localdate())
    until = fields.get("valid_until", getattr(row, "valid_until", None))
    if screened_on > timezone.localdate():
        raise InvalidInput("in_the_future", _("This day lies in the future."), field="screened_on")
    check_days(fields, "screened_on", "valid_until")
    if until is not None and until <= screened_on:
        raise InvalidInput("dates_reversed", _("It is to be repeated after it was made."), field="valid_until")
    for name in ("lists", "note"):
        if name in fields:
            fields[name] = str(fields[name]).strip()
    if "lists" in fields and not fields["lists"]:
        raise InvalidInput("no_lists", _("Say with which lists, and of which day."), field="lists")
    result = fields.get("result", getattr(row, "result", ScreeningResult.CLEAR))
    if result != ScreeningResult.CLEAR and not fields.get("note", getattr(row, "note", "")):
        raise InvalidInput("no_finding", _("Say what was found."), field="note")


@action("agreements.add_conflict_plan")
def add_conflict_plan(*, actor: Actor, agreement: Agreement, member: User, **fields: object) -> ConflictPlan:
    """Write down a colleague's interest in a counterparty and how it is managed. One's own; staff do so for others."""
    if member.pk != actor.user_id and not actor.may("agreements.view_all_conflict_plans"):
        raise ActionRefused("not_yours", _("Write down your own interest; the office does so for others."))
    check_member(actor, member, field="member")
    _check_plan(fields)
    try:
        with transaction.atomic():
            row = ConflictPlan.objects.create(agreement=agreement, member=member, **fields)
    except IntegrityError:
        present = ConflictPlan.objects.filter(agreement=agreement, member=member).first()
        if present is None:
            raise
        words = _("There is one for this colleague already. Change that.")
        raise ActionRefused("there_already", words, field="member", details={"conflict_plan": present.pk}) from None
    recheck_soon([agreement.pk])
    return row


@action("agreements.edit_conflict_plan")
def edit_conflict_plan(
    *, actor: Actor, conflict_plan: ConflictPlan, seen: int | None = None, **changes: object
) -> ConflictPlan:
    """Change an interest or its plan; an approval falls away with that. Agreement and colleague stay."""
    row = lock_conflict_plan(conflict_plan.pk)
    for name in ("agreement", "member"):
        given = changes.pop(name, None)
        if given is not None and given.pk != getattr(row, f"{name}_id"):
            raise ActionRefused("fixed", _("This stays as it was added. Add another plan."), field=name)
    _check_plan(changes)
    if any(getattr(row, name) != value for name, value in changes.items()):
        changes |= {"approved_by_id": None, "approved_on": None}
    if apply_edit(row, changes, seen=seen):
        recheck_soon([row.agreement_id])
    return row


@action("agreements.approve_conflict_plan")
def approve_conflict_plan(*, actor: Actor, conflict_plan: ConflictPlan, seen: int | None = None) -> ConflictPlan:
    """Approve how an interest is managed. Nobody approves their own; approving again changes nothing."""
    row = lock_conflict_plan(conflict_plan.pk)
    if row.member_id == actor.user_id:
        raise ActionRefused("your_own", _("Somebody else has to approve the plan for your own interest."))
    if not row.plan:
        raise ActionRefused("no_plan", _("There is no plan to approve yet. Say how the interest is managed."))
    if row.approved_on is None:
        apply_edit(row, {"approved_by_id": actor.user_id, "approved_on": timezone.localdate()}, seen=seen)
        recheck_soon([row.agreement_id])
    return row


@action("agreements.delete_conflict_plan")
def delete_conflict_plan(*, actor: Actor, conflict_plan: ConflictPlan) -> None:
    """Delete an interest that was written down by mistake."""
    row = lock_conflict_plan(conflict_plan.pk)
    agreement_id = row.agreement_id
    delete_record(actor, row)
    recheck_soon([agreement_id])


def _check_plan(fields: dict[str, object]) -> None:
    for name in ("interest", "plan"):
        if name in fields:
            fields[name] = str(fields[name]).strip()
    if "interest" in fields and not fields["interest"]:
        raise InvalidInput("no_interest", _("Say what the interest is."), field="interest")
