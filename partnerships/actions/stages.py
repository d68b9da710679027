"""Shaping an office's pipeline: adding, changing, ordering and archiving its stages."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.choices import DEFAULT_STAGE_NAMES, StageMeaning
from partnerships.models import Opportunity, OpportunityMove, OpportunityStage
from partnerships.queries.stages import lock_stage
from partnerships.rules.opportunities import DEFAULT_STAGES, missing_meanings
from tenants.queries.tenants import lock_office

STEP = 10
RANK = {meaning: rank for rank, meaning in enumerate(StageMeaning.values)}
MOST_STAGES = 30


@action("partnerships.add_stage")
def add_stage(*, actor: Actor, name: str, **fields: object) -> OpportunityStage:
    """Add a stage behind those that mean the same or come earlier: open, on hold, won, lost."""
    lock_office(actor)
    present = list(OpportunityStage.objects.filter(archived_at=None).order_by("position", "pk"))
    if len(present) >= MOST_STAGES:
        raise ActionRefused("too_many_stages", _("A pipeline has at most %d stages. Archive one first.") % MOST_STAGES)
    _check_name(name)
    stage = OpportunityStage(name=name.strip(), position=STEP, **fields)
    before = [each for each in present if RANK[each.meaning] <= RANK[stage.meaning]]
    if before:
        stage.position = before[-1].position + STEP
    OpportunityStage.objects.filter(position__gte=stage.position).update(position=F("position") + STEP)
    stage.save()
    return stage


@action("partnerships.edit_stage")
def edit_stage(
    *, actor: Actor, stage: OpportunityStage, seen: int | None = None, **changes: object
) -> OpportunityStage:
    """Change a stage. Its meaning is fixed once an opportunity has been in it: figures of the past count by it."""
    lock_office(actor)
    row = lock_stage(stage.pk)
    if "name" in changes:
        changes["name"] = str(changes["name"]).strip()
        _check_name(str(changes["name"]), row)
    if changes.get("meaning", row.meaning) != row.meaning:
        if _was_used(row):
            message = _("Opportunities have been in this stage, so its meaning stays. Add another stage.")
            raise ActionRefused("meaning_fixed", message, field="meaning")
        if row.archived_at is None:
            _check_rest(row, str(changes["meaning"]), field="meaning")
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.order_stages")
def order_stages(*, actor: Actor, order: Sequence[int]) -> None:
    """Put the stages in use into this order, given by their ids, each once."""
    lock_office(actor)
    present = {stage.pk: stage for stage in OpportunityStage.objects.filter(archived_at=None)}
    if sorted(order) != sorted(present):
        raise ActionRefused("stages_changed", _("The stages have changed. Look at them again, then order them."))
    for place, pk in enumerate(order, start=1):
        present[pk].position = place * STEP
    OpportunityStage.objects.bulk_update(present.values(), ["position"])


@action("partnerships.archive_stage")
def archive_stage(*, actor: Actor, stage: OpportunityStage) -> OpportunityStage:
    """Take a stage out of use. Opportunities in it stay there until somebody moves them."""
    lock_office(actor)
    row = lock_stage(stage.pk)
    if row.archived_at is None:
        _check_rest(row, None, field=None)
        apply_edit(row, {"archived_at": timezone.now()}, seen=None)
    return row


@action("partnerships.restore_stage")
def restore_stage(*, actor: Actor, stage: OpportunityStage) -> OpportunityStage:
    """Take an archived stage into use again."""
    lock_office(actor)
    row = lock_stage(stage.pk)
    if row.archived_at is not None:
        _check_name(row.name, row)
        apply_edit(row, {"archived_at": None}, seen=None)
    return row


def lay_out_pipeline(actor: Actor) -> None:
    """Give a new office its first stages, named in the language that is active."""
    for stage in DEFAULT_STAGES:
        add_stage(
            actor=actor,
            name=str(DEFAULT_STAGE_NAMES[stage.code]),
            meaning=stage.meaning,
            probability=stage.probability,
            expected_days=stage.expected_days,
        )


def _check_name(name: str, row: OpportunityStage | None = None) -> None:
    if not name.strip():
        raise InvalidInput("no_name", _("Give the stage a name."), field="name")
    others = OpportunityStage.objects.filter(archived_at=None, name__iexact=name.strip())
    if others.exclude(pk=row.pk if row else None).exists():
        raise ActionRefused("stage_named_so", _("There is a stage with this name already."), field="name")


def _check_rest(row: OpportunityStage, meaning: str | None, *, field: str | None) -> None:
    """Refuse what would leave the pipeline without an open, a won or a lost stage."""
    others = OpportunityStage.objects.filter(archived_at=None).exclude(pk=row.pk).values_list("meaning", flat=True)
    lacking = missing_meanings([*others, *([meaning] if meaning else [])])
    if lacking:
        words = {"meaning": StageMeaning(lacking[0]).label}
        message = _("A pipeline needs a stage that means “%(meaning)s”. Add another one first.") % words
        raise ActionRefused("last_stage", message, field=field)


def _was_used(row: OpportunityStage) -> bool:
    moved = OpportunityMove.objects.filter(to_stage=row)
    return moved.exists() or Opportunity.objects.filter(stage=row).exists()
