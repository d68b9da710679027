"""Which tables of reports have a history that people see and may undo."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from reporting.models import ReportDefinition, ReportRecipient, ReportSchedule, Target
from reporting.queries.reports import visible_reports
from reporting.queries.subjects import subjects_of
from reporting.queries.targets import visible_targets
from tenants.choices import ViewVisibility
from tenants.models import UnitMember
from tenants.registry import Values, register_history, register_history_part


def register_histories() -> None:
    """Called once from ready()."""
    register_history(
        ReportDefinition,
        label=_("Report"),
        visible=visible_reports,
        create="reporting.save_report",
        edit="reporting.edit_report",
        delete="reporting.delete_report",
        home="reporting:reports",
        conceals=concealed_report,
    )
    register_history_part(ReportSchedule, label=_("By e-mail"), of="report")
    register_history_part(ReportRecipient, label=_("Who gets it by e-mail"), of="report")
    register_history(
        Target,
        label=_("Target"),
        visible=visible_targets,
        create="reporting.set_target",
        edit="reporting.set_target",
        delete="reporting.remove_target",
        home="reporting:targets",
    )


def concealed_report(actor: Actor, values: Values) -> Collection[str]:
    """What was kept by somebody else for themselves or for another team, and what counts what one may not count."""
    shared = values.get("visibility")
    seen = shared == ViewVisibility.OFFICE or (actor.user_id is not None and values.get("owner_id") == actor.user_id)
    if not seen and shared == ViewVisibility.TEAM:
        mine = UnitMember.objects.filter(member_id=actor.user_id, unit_id=values.get("unit_id"))
        seen = actor.may("tenants.manage_shared_views") or mine.exists()
    if seen and values.get("subject") in subjects_of(actor):
        return ()
    return ("name", "description", "query")
