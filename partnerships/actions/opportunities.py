"""Writing opportunities and moving them along the pipeline."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import check_member
from partnerships.choices import StageMeaning
from partnerships.models import Opportunity, OpportunityMove, OpportunityStage, Partnership
from partnerships.queries.opportunities import lock_opportunity
from partnerships.queries.stages import first_stage
from partnerships.rules.opportunities import CLOSED
from tenants.queries.tenants import currency_of

LARGEST = Decimal("999999999999.99")
CLOSING = ("loss_reason", "loss_note")


@action("partnerships.create_opportunity")
def create_opportunity(
    *, actor: Actor, partnership: Partnership, title: str, stage: OpportunityStage | None = None, **fields: object
) -> Opportunity:
    """Add an opportunity. Without a stage it begins in the first open one, without a currency in the office's.

    One that begins in a lost stage needs ``loss_reason``, as for a move.
    """
    stage = stage or first_stage()
    fields.setdefault("currency", None)
    fields["currency"] = fields["currency"] or currency_of(actor)
    row = Opportunity(partnership=partnership, title=title, stage=stage)
    _check(actor, fields, row)
    now = timezone.now()
    fields |= _on_entering(stage, str(fields.get("loss_reason") or ""), str(fields.get("loss_note") or ""), now)
    for name, value in fields.items():
        setattr(row, name, value)
    row.stage_since = now
    row.save()
    OpportunityMove.objects.create(opportunity=row, to_stage=stage, moved_at=now, moved_by_id=actor.user_id)
    return row


@action("partnerships.edit_opportunity")
def edit_opportunity(
    *, actor: Actor, opportunity: Opportunity, seen: int | None = None, **changes: object
) -> Opportunity:
    """Change an opportunity; its partner stays, and ``move_opportunity`` alone changes its stage."""
    row = lock_opportunity(opportunity.pk)
    if changes.get("partnership", row.partnership) != row.partnership:
        message = _("An opportunity stays with its partner. Add a new one.")
        raise ActionRefused("partner_fixed", message, field="partnership")
    if changes.get("stage", row.stage) != row.stage:
        raise ActionRefused("use_move", _("Move the opportunity to change its stage."), field="stage")
    for name in ("partnership", "stage"):
        changes.pop(name, None)
    if row.stage.meaning == StageMeaning.LOST:
        _check_reason(str(changes.get("loss_reason", row.loss_reason) or ""))
    elif any(changes.get(name) for name in CLOSING):
        message = _("Only a lost opportunity has a reason for it. Move it to a lost stage.")
        raise ActionRefused("not_lost", message, field="loss_reason")
    _check(actor, changes, row)
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.move_opportunity")
def move_opportunity(
    *,
    actor: Actor,
    opportunity: Opportunity,
    stage: OpportunityStage,
    seen: int | None = None,
    was: OpportunityStage | None = None,
    loss_reason: str = "",
    loss_note: str = "",
    value: Decimal | None = None,
    note: str = "",
) -> Opportunity:
    """Move an opportunity to any other stage in use, and write down from where, by whom and after how long.

    A lost stage needs ``loss_reason``; ``loss_note`` is what was learned. A won or lost stage closes it, any other
    one opens it again and forgets the reason. ``value``, where given, is the amount as agreed. ``was`` is the stage in
    which the mover saw it: a move that somebody else made meanwhile is not undone unseen, other edits do no harm.
    """
    row = lock_opportunity(opportunity.pk)
    if was is not None and was.pk != row.stage_id:
        message = _("Somebody else moved it to %s meanwhile. Look at it, then move it again.") % row.stage.name
        raise ActionRefused("moved_meanwhile", message, field="stage", details={"stage": row.stage_id})
    if stage.pk == row.stage_id:
        raise ActionRefused("same_stage", _("It is in this stage already."), field="stage")
    if stage.archived_at is not None:
        raise ActionRefused("stage_archived", _("This stage is archived. Choose another one."), field="stage")
    now = timezone.now()
    changes: dict[str, object] = {"stage": stage, "stage_since": now}
    changes |= _on_entering(stage, loss_reason, loss_note, now)
    if value is not None:
        _check_amount(value)
        changes["value"] = value
    before = (row.stage, row.stage_since)
    apply_edit(row, changes, seen=seen)
    OpportunityMove.objects.create(
        opportunity=row,
        from_stage=before[0],
        to_stage=stage,
        moved_at=now,
        moved_by_id=actor.user_id,
        seconds_before=max(0, int((now - before[1]).total_seconds())),
        note=note.strip(),
    )
    return row


def _on_entering(stage: OpportunityStage, reason: str, note: str, now: object) -> dict[str, object]:
    """What coming to a stage does to an opportunity; refuses a lost one without its reason, and a reason elsewhere."""
    lost = stage.meaning == StageMeaning.LOST
    if lost:
        _check_reason(reason)
    elif reason or note:
        message = _("Only a lost opportunity has a reason for it. Leave the reason out.")
        raise InvalidInput("not_lost", message, field="loss_reason")
    return {
        "closed_at": now if stage.meaning in CLOSED else None,
        "loss_reason": reason if lost else "",
        "loss_note": note.strip() if lost else "",
    }


def _check_reason(reason: str) -> None:
    if not reason:
        raise InvalidInput("reason_needed", _("Choose why it was lost."), field="loss_reason")


def _check(actor: Actor, fields: dict[str, object], row: Opportunity) -> None:
    """What holds for new and changed values alike; brings the currency into capitals."""
    if "title" in fields and not str(fields["title"]).strip():
        raise InvalidInput("no_title", _("Give the opportunity a title."), field="title")
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCY_CODES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
    _check_amount(fields.get("value"))
    check_days(fields, "expected_close_on", "next_step_on")
    if fields.get("owner") is not None and fields["owner"].pk != row.owner_id:
        check_member(actor, fields["owner"], field="owner")
    need = fields.get("need")
    if need is not None and need.organization_id != row.partnership.organization_id:
        raise InvalidInput("need_of_another", _("This need belongs to another organization."), field="need")


def _check_amount(amount: Decimal | None) -> None:
    if amount is not None and not 0 <= amount <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field="value")
