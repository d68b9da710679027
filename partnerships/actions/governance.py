"""Writing objectives, the value ledger, reviews, changes at partners and ratings."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.errors import ActionRefused, InvalidInput
from core.versions import VersionedModel, apply_edit
from partnerships.actions.partnerships import (
    change_partnership,
    check_member,
    planned_review,
    recompute_soon,
)
from partnerships.actions.projects import LARGEST
from partnerships.choices import RaterSide
from partnerships.models import (
    Evaluation,
    LedgerEntry,
    Objective,
    PartnerEvent,
    Partnership,
    ProjectParticipant,
    Review,
)
from partnerships.queries.governance import RATING_SCALES, lock_record
from partnerships.queries.partnerships import lock_partnership
from tenants.actions.deletion import delete_record

QUESTIONS = ("worked", "did_not_work", "changes")


@action("partnerships.add_objective")
def add_objective(*, actor: Actor, partnership: Partnership, **fields: object) -> Objective:
    """Add what one side, or both, wants from a partnership, or from a project in which the partner takes part."""
    row = Objective(partnership=partnership, **fields)
    _check_takes_part(row)
    row.save()
    return row


@action("partnerships.edit_objective")
def edit_objective(*, actor: Actor, objective: Objective, seen: int | None = None, **changes: object) -> Objective:
    """Change an objective, or say how it stands."""
    row = _locked(Objective, objective, changes)
    if "project" in changes:
        _check_takes_part(_as_changed(row, changes))
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.delete_objective")
def delete_objective(*, actor: Actor, objective: Objective) -> None:
    """Delete an objective that was entered by mistake; one that is given up is marked as dropped."""
    delete_record(actor, lock_record(Objective, objective.pk))


@action("partnerships.add_ledger_entry")
def add_ledger_entry(*, actor: Actor, partnership: Partnership, **fields: object) -> LedgerEntry:
    """Record something of value that one side gave the other. A value needs a basis; without one it still counts."""
    row = LedgerEntry(partnership=partnership, **fields)
    _check_entry(row, fields)
    row.save()
    recompute_soon([partnership.pk])
    return row


@action("partnerships.edit_ledger_entry")
def edit_ledger_entry(
    *, actor: Actor, ledger_entry: LedgerEntry, seen: int | None = None, **changes: object
) -> LedgerEntry:
    """Correct an entry of the ledger."""
    row = _locked(LedgerEntry, ledger_entry, changes)
    _check_entry(_as_changed(row, changes), changes)
    if apply_edit(row, changes, seen=seen):
        recompute_soon([row.partnership_id])
    return row


@action("partnerships.delete_ledger_entry")
def delete_ledger_entry(*, actor: Actor, ledger_entry: LedgerEntry) -> None:
    """Delete an entry of the ledger; health follows."""
    row = lock_record(LedgerEntry, ledger_entry.pk)
    delete_record(actor, row)
    recompute_soon([row.partnership_id])


@action("partnerships.record_review")
def record_review(*, actor: Actor, partnership: Partnership, **fields: object) -> Review:
    """Record a look back; at least one question is answered. The next review is due by the tier's cadence."""
    row = Review(partnership=partnership, **fields)
    if "held_by" not in fields:
        row.held_by_id = actor.user_id
    _check_review(row)
    row.save()
    _plan_next(partnership.pk)
    return row


@action("partnerships.edit_review")
def edit_review(*, actor: Actor, review: Review, seen: int | None = None, **changes: object) -> Review:
    """Correct a review."""
    row = _locked(Review, review, changes)
    _check_review(_as_changed(row, changes))
    if apply_edit(row, changes, seen=seen) and "held_on" in changes:
        _plan_next(row.partnership_id)
    return row


@action("partnerships.delete_review")
def delete_review(*, actor: Actor, review: Review) -> None:
    """Delete a review; when the next one is due goes by the last that is left."""
    row = lock_record(Review, review.pk)
    delete_record(actor, row)
    _plan_next(row.partnership_id)


@action("partnerships.record_partner_event")
def record_partner_event(*, actor: Actor, partnership: Partnership, **fields: object) -> PartnerEvent:
    """Record a change at the partner; one that is announced may lie ahead."""
    return PartnerEvent.objects.create(partnership=partnership, **fields)


@action("partnerships.edit_partner_event")
def edit_partner_event(
    *, actor: Actor, partner_event: PartnerEvent, seen: int | None = None, **changes: object
) -> PartnerEvent:
    """Correct a change at the partner."""
    row = _locked(PartnerEvent, partner_event, changes)
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.delete_partner_event")
def delete_partner_event(*, actor: Actor, partner_event: PartnerEvent) -> None:
    """Delete a change at the partner."""
    delete_record(actor, lock_record(PartnerEvent, partner_event.pk))


@action("partnerships.record_evaluation")
def record_evaluation(*, actor: Actor, partnership: Partnership, **fields: object) -> Evaluation:
    """Record a rating by the partner, an investigator, the office or a third party."""
    row = Evaluation(partnership=partnership, **fields)
    _check_evaluation(actor, row)
    row.save()
    recompute_soon([partnership.pk])
    return row


@action("partnerships.edit_evaluation")
def edit_evaluation(*, actor: Actor, evaluation: Evaluation, seen: int | None = None, **changes: object) -> Evaluation:
    """Correct a rating."""
    row = _locked(Evaluation, evaluation, changes)
    _check_evaluation(actor, _as_changed(row, changes), checked=changes)
    if apply_edit(row, changes, seen=seen):
        recompute_soon([row.partnership_id])
    return row


@action("partnerships.delete_evaluation")
def delete_evaluation(*, actor: Actor, evaluation: Evaluation) -> None:
    """Delete a rating; health follows."""
    row = lock_record(Evaluation, evaluation.pk)
    delete_record(actor, row)
    recompute_soon([row.partnership_id])


def _locked(model: type[VersionedModel], given: VersionedModel, changes: dict[str, Any]) -> Any:
    """The row, locked; its partner stays."""
    row = lock_record(model, given.pk)
    partner = changes.pop("partnership", None)
    if partner is not None and partner.pk != row.partnership_id:
        words = _("This stays with its partner. Add a new one there.")
        raise ActionRefused("partner_fixed", words, field="partnership")
    return row


def _as_changed(row: Any, changes: dict[str, Any]) -> Any:
    """An unsaved copy of a row as it will be, to be checked as a whole."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    copy = type(row)(**columns)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _check_past(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise InvalidInput("in_the_future", _("This lies in the future. Record it when it has happened."), field=field)


def _check_entry(row: LedgerEntry, given: dict[str, Any]) -> None:
    _check_past(row.occurred_on, "occurred_on")
    if "currency" in given:
        row.currency = given["currency"] = str(row.currency).upper()
    if row.currency not in CURRENCY_CODES:
        message = _("%s is no currency code of ISO 4217.") % row.currency
        raise InvalidInput("unknown_currency", message, field="currency")
    if row.value is not None and not 0 <= row.value <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field="value")
    if row.value is not None and not row.valuation_basis.strip():
        words = _("Say how it was valued, or leave the value empty: it counts without one too.")
        raise InvalidInput("basis_missing", words, field="valuation_basis")


def _check_review(row: Review) -> None:
    _check_past(row.held_on, "held_on")
    if not any(getattr(row, name).strip() for name in QUESTIONS):
        raise InvalidInput("nothing_said", _("Answer at least one of the three questions."), field="worked")


def _plan_next(partnership_id: int) -> None:
    """Bring the partnership's next review up to date with its latest one."""
    partner = lock_partnership(partnership_id)
    change_partnership(partner, {"next_review_on": planned_review(partner)})


def _check_evaluation(actor: Actor, row: Evaluation, checked: dict[str, Any] | None = None) -> None:
    """A rating fits its scale, names whom its side can have, and a project of this partner."""
    _check_past(row.rated_on, "rated_on")
    lowest, highest = RATING_SCALES[row.scale]
    if not lowest <= row.score <= highest:
        words = _("Rate from %(lowest)s to %(highest)s.") % {"lowest": lowest, "highest": highest}
        raise InvalidInput("out_of_scale", words, field="score")
    if row.contact_id is not None and row.rater_side != RaterSide.PARTNER:
        raise InvalidInput("other_side", _("A contact rates for the partner only."), field="contact")
    if row.member_id is not None and row.rater_side not in (RaterSide.INVESTIGATOR, RaterSide.OFFICE):
        raise InvalidInput("other_side", _("A colleague rates as investigator or office only."), field="member")
    if row.rater_side == RaterSide.THIRD_PARTY and not row.rater.strip():
        raise InvalidInput("rater_missing", _("Name the third party."), field="rater")
    if checked is None or "member" in checked:
        check_member(actor, row.member, field="member")
    if checked is None or "project" in checked:
        _check_takes_part(row)


def _check_takes_part(row: Evaluation | Objective) -> None:
    """What names a project is about one in which the partner takes part."""
    if row.project_id is None:
        return
    partners = ProjectParticipant.objects.filter(project_id=row.project_id)
    if not partners.filter(organization_id=row.partnership.organization_id).exists():
        raise InvalidInput("other_project", _("The partner takes no part in this project."), field="project")
