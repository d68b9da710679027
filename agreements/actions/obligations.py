"""Writing what each side owes, doing it with evidence, and waiving it."""

from collections import Counter
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement, Obligation
from agreements.queries.obligations import lock_obligation, planned_duties, terms_of
from agreements.rules.obligations import Duty, derive_duties, next_due, not_before
from agreements.wording import DUTY_TITLES
from core.actions import action
from core.actor import Actor
from core.days import check_day, check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import check_member, recompute_soon
from tenants.actions.deletion import delete_record
from tenants.actions.files import Upload, note_access, store_file
from tenants.models import User

INVESTIGATORS = {"progress_report", "final_report"}  # rules whose duties the principal investigator does


@action("agreements.add_obligation")
def add_obligation(*, actor: Actor, agreement: Agreement, owner: User | None = None, **fields: object) -> Obligation:
    """Add something that one side owes under an agreement the actor may read. The owner works here."""
    check_member(actor, owner, field="owner")
    _check(fields)
    row = Obligation.objects.create(agreement=agreement, owner=owner, **fields)
    _score_anew(agreement)
    return row


@action("agreements.edit_obligation")
def edit_obligation(*, actor: Actor, obligation: Obligation, seen: int | None = None, **changes: object) -> Obligation:
    """Change an open obligation, or give it to somebody else. Its agreement stays, and what is done or waived too.

    A new due day begins the ladder of reminders anew.
    """
    row = lock_obligation(obligation.pk)
    given = changes.pop("agreement", None)
    if given is not None and given.pk != row.agreement_id:
        raise ActionRefused("fixed", _("An obligation stays with its agreement. Add another one."), field="agreement")
    _refuse_closed(row)
    if changes.get("owner") is not None and changes["owner"].pk != row.owner_id:
        check_member(actor, changes["owner"], field="owner")
    _check(changes, row)
    if changes.get("due_on", row.due_on) != row.due_on:
        changes["last_reminder"] = None
    if apply_edit(row, changes, seen=seen):
        _score_anew(row.agreement)
    return row


@action("agreements.delete_obligation")
def delete_obligation(*, actor: Actor, obligation: Obligation) -> None:
    """Delete an obligation that was entered by mistake; one that was done stays, because its evidence does."""
    row = lock_obligation(obligation.pk)
    if row.done_on is not None:
        raise ActionRefused("done", _("This was done, and its evidence is kept. It cannot be deleted."))
    agreement = row.agreement
    delete_record(actor, row)
    _score_anew(agreement)


@action("agreements.complete_obligation")
def complete_obligation(
    *,
    actor: Actor,
    obligation: Obligation,
    evidence: str = "",
    file: Upload | None = None,
    done_on: date | None = None,
    seen: int | None = None,
) -> Obligation:
    """Say that an obligation was fulfilled, with the proof: a text or a file. Nothing is done without evidence.

    ``done_on`` is when, today if left out; being late keeps the late day. A recurring one makes its successor, on the
    day of the month that the series began with. What is done or waived is refused.
    """
    row = lock_obligation(obligation.pk)
    _refuse_closed(row)
    evidence = evidence.strip()
    if not evidence and file is None:
        words = _("Say what proves it, or attach the proof. Nothing is done without evidence.")
        raise InvalidInput("no_evidence", words, field="evidence")
    today = timezone.localdate()
    done_on = done_on or today
    if done_on > today:
        words = _("This day lies in the future. Tick it off when it has been done.")
        raise InvalidInput("in_the_future", words, field="done_on")
    check_day(done_on, "done_on")
    done = {"done_on": done_on, "done_by_id": actor.user_id, "evidence": evidence}
    if file is not None:
        done["evidence_file"] = store_file(actor=actor, upload=file, field="file")
    apply_edit(row, done, seen=seen)
    _continue_series(row)
    _score_anew(row.agreement)
    return row


@action("agreements.waive_obligation")
def waive_obligation(*, actor: Actor, obligation: Obligation, why: str, seen: int | None = None) -> Obligation:
    """Say why an obligation need not be fulfilled; it counts neither for nor against anybody. A series goes on."""
    row = lock_obligation(obligation.pk)
    _refuse_closed(row)
    why = " ".join(why.split())
    if not why:
        raise InvalidInput("no_reason", _("Say why it is waived."), field="why")
    apply_edit(row, {"waived_reason": why}, seen=seen)
    _continue_series(row)
    _score_anew(row.agreement)
    return row


@action("agreements.open_evidence")
def open_evidence(*, actor: Actor, obligation: Obligation) -> Obligation:
    """Write down that somebody fetches the proof of an obligation; refused where it has no file, or no more."""
    file = obligation.evidence_file
    if file is None or file.purged_at is not None:
        raise ActionRefused("no_file", _("There is no file, or its content was removed."))
    note_access(actor=actor, file=file)
    return obligation


def plan_obligations(*, actor: Actor, agreement: Agreement, since: date | None = None) -> list[Obligation]:
    """Make the obligations that follow from what an executed agreement says; call inside the action that executes it.

    Answers those that were made. Calling it again makes nothing twice: a payment is known by its day and side, any
    other duty by its rule, whatever has become of it since. Without a first day nothing follows. A duty that comes
    back and is new falls due for the first time on or after ``since``: an amendment owes nothing for the past.
    """
    if agreement.effective_on is None:
        return []
    terms = terms_of(agreement, agreement.effective_on)
    present = Counter(_key(row) for row in planned_duties(agreement))
    fresh = []
    for duty in derive_duties(terms):
        if present[_key(duty)]:
            present[_key(duty)] -= 1
        else:
            fresh.append(_planned(agreement, duty if since is None else not_before(duty, since)))
    Obligation.objects.bulk_create(fresh)
    _score_anew(agreement)
    return fresh


def _key(duty: Duty | Obligation) -> tuple:
    return (duty.rule, duty.side, duty.due_on) if duty.rule == "payment" else (duty.rule,)


def _planned(agreement: Agreement, duty: Duty) -> Obligation:
    owner_id = agreement.owner_id
    if duty.rule in INVESTIGATORS:
        owner_id = agreement.principal_investigator_id or owner_id
    return Obligation(
        agreement=agreement,
        side=duty.side,
        kind=duty.kind,
        title=str(DUTY_TITLES[duty.rule]),
        due_on=duty.due_on,
        recurrence=duty.recurrence,
        repeats_until=duty.repeats_until,
        rule=duty.rule,
        owner_id=owner_id,
    )


def _continue_series(row: Obligation) -> None:
    first = row.series or row
    due_on = next_due(row.due_on, row.recurrence, row.repeats_until, of_month=first.due_on.day)
    if due_on is None:
        return
    kept = ("agreement_id", "side", "kind", "title", "recurrence", "repeats_until", "rule", "owner_id")
    more = ("clause_number", "weight", "consequence")
    values = {name: getattr(row, name) for name in (*kept, *more)}
    Obligation.objects.create(due_on=due_on, series=first, **values)


def _refuse_closed(row: Obligation) -> None:
    if row.done_on is not None:
        raise ActionRefused("done_already", _("This was done on %s already.") % row.done_on.isoformat())
    if row.waived_reason:
        raise ActionRefused("waived", _("This was waived: %s") % row.waived_reason)


def _check(fields: dict[str, object], row: Obligation | None = None) -> None:
    if "title" in fields:
        fields["title"] = " ".join(str(fields["title"]).split())
        if not fields["title"]:
            raise InvalidInput("nothing_owed", _("Say what is owed."), field="title")
    check_days(fields, "due_on", "repeats_until")
    due_on, until = (fields.get(name, getattr(row, name, None)) for name in ("due_on", "repeats_until"))
    if until is not None and due_on is not None and until < due_on:
        words = _("The repetition would end before the first time. Choose a later day.")
        raise InvalidInput("dates_reversed", words, field="repeats_until")
    weight = fields.get("weight")
    if weight is not None and weight <= 0:
        raise InvalidInput("no_weight", _("Give an importance above 0, usually 1."), field="weight")


def _score_anew(agreement: Agreement) -> None:
    if agreement.partnership_id is not None:
        recompute_soon([agreement.partnership_id])
