"""Reading saved reports."""

from django.db.models import BooleanField, ExpressionWrapper, QuerySet, Value
from django.db.models.functions import Lower

from core.actions import visible
from core.actor import Actor
from reporting.models import ReportDefinition
from reporting.queries.subjects import subjects_of
from tenants.queries.sharing import seen_and_held


@visible("reporting.view_reports")
def visible_reports(actor: Actor) -> QuerySet[ReportDefinition]:
    """One's own reports, those of one's teams and the office's, by name; who manages shared ones sees all shared.

    A report that counts what the actor may not count is not among them. Each row knows ``may_change``.
    """
    seen, held = seen_and_held(actor)
    may_change = ExpressionWrapper(held, BooleanField()) if actor.may("reporting.edit_report") else Value(False)
    return (
        ReportDefinition.objects.filter(seen, subject__in=list(subjects_of(actor)))
        .select_related("owner", "unit")
        .annotate(may_change=may_change)
        .order_by(Lower("name"), "pk")
    )


def lock_report(pk: int) -> ReportDefinition:
    """The row, locked and read anew; call inside an action."""
    return ReportDefinition.objects.select_for_update(of=("self",)).get(pk=pk)
