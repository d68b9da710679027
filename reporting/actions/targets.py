"""Setting and removing targets."""

from decimal import Decimal

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from core.versions import apply_edit
from reporting.models import Target
from reporting.queries.targets import lock_target
from reporting.registry import measures
from tenants.actions.deletion import delete_record


@action("reporting.set_target")
def set_target(*, actor: Actor, measure: str, fiscal_year: int, value: Decimal) -> Target:
    """Say what a figure should be in a fiscal year, in place of what was said before. Refuses an unknown figure."""
    known = {f"{question.code}.{each.code}" for question, each in measures()}
    if measure not in known:
        words = _("No report has this figure. Choose one of: %s.") % ", ".join(sorted(known))
        raise InvalidInput("unknown_measure", words, field="measure")
    if value < 0:
        raise InvalidInput("negative", _("A target is 0 or more."), field="value")
    row = Target.objects.select_for_update(of=("self",)).filter(measure=measure, fiscal_year=fiscal_year).first()
    if row is None:
        return Target.objects.create(measure=measure, fiscal_year=fiscal_year, value=value)
    apply_edit(row, {"value": value}, seen=None)
    return row


@action("reporting.remove_target")
def remove_target(*, actor: Actor, target: Target) -> None:
    """Have no target for the figure in that year any more; it goes into the recycle bin."""
    delete_record(actor, lock_target(target.pk))
