"""Saving, changing, sharing and deleting reports."""

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from reporting.models import ReportDefinition
from reporting.queries.kept import checked_query
from reporting.queries.reports import lock_report
from tenants.actions.deletion import delete_record
from tenants.choices import ViewVisibility
from tenants.models import Unit
from tenants.queries.sharing import check_sharing, holds


@action("reporting.save_report")
def save_report(
    *,
    actor: Actor,
    name: str,
    query: str,
    description: str = "",
    visibility: str = ViewVisibility.PRIVATE,
    unit: Unit | None = None,
) -> ReportDefinition:
    """Keep a built report under a name. Refused: a query that does not hold, a name one has already, a sharing
    beyond one's rights."""
    kept = checked_query(actor, query)
    check_sharing(actor, visibility, unit)
    report = ReportDefinition(
        name=_checked_name(name),
        description=description.strip(),
        subject=kept.recipe.subject,
        query=kept.query,
        visibility=visibility,
        unit=unit,
        owner_id=actor.user_id,
    )
    _refuse_twin(report, report.name)
    report.save()
    return report


@action("reporting.edit_report")
def edit_report(
    *, actor: Actor, report: ReportDefinition, seen: int | None = None, **changes: object
) -> ReportDefinition:
    """Change name, description, query or sharing. One's own, or a shared one for who manages those."""
    row = lock_report(report.pk)
    require_hold(actor, row)
    if "query" in changes:
        kept = checked_query(actor, str(changes["query"]))
        changes |= {"query": kept.query, "subject": kept.recipe.subject}
    if "name" in changes:
        changes["name"] = _checked_name(str(changes["name"]))
        _refuse_twin(row, str(changes["name"]))
    if "description" in changes:
        changes["description"] = str(changes["description"]).strip()
    visibility = str(changes.get("visibility", row.visibility))
    if "visibility" in changes and visibility != ViewVisibility.TEAM:
        changes.setdefault("unit", None)
    unit = changes.get("unit", row.unit)
    if (visibility, unit) != (row.visibility, row.unit):
        check_sharing(actor, visibility, unit, owner_id=row.owner_id)
    apply_edit(row, changes, seen=seen)
    return row


@action("reporting.delete_report")
def delete_report(*, actor: Actor, report: ReportDefinition) -> None:
    """Put a report into the recycle bin. One's own, or a shared one for who manages those."""
    row = lock_report(report.pk)
    require_hold(actor, row)
    delete_record(actor, row)


def require_hold(actor: Actor, report: ReportDefinition) -> None:
    """Raises ActionRefused for a report that is somebody else's."""
    if not holds(actor, report):
        words = _("This report belongs to somebody else. Save a copy under another name.")
        raise ActionRefused("not_yours", words)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("name_missing", _("Give the report a name."), field="name")
    return name


def _refuse_twin(report: ReportDefinition, name: str) -> None:
    twins = ReportDefinition.objects.filter(owner_id=report.owner_id, name=name)
    if twins.exclude(pk=report.pk).exists():
        words = _("There is a report with that name already. Choose another name, or change that report.")
        raise ActionRefused("name_taken", words, field="name")
