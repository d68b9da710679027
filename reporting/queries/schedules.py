"""Reading when reports are sent, to whom, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from core.actions import visible
from core.actor import Actor
from reporting.choices import DeliveryOutcome
from reporting.models import ReportDefinition, ReportDelivery, ReportRecipient, ReportSchedule
from reporting.queries.reports import visible_reports
from reporting.queries.subjects import subjects_of
from tenants.choices import ViewVisibility
from tenants.models import Membership, UnitMember, User
from tenants.queries.sharing import seen_and_held
from tenants.queries.tenants import actor_of


@visible("reporting.view_report_schedules")
def visible_schedules(actor: Actor) -> QuerySet[ReportSchedule]:
    """The schedules of the reports that the actor sees, by report, with recipients by name.

    Each row knows ``may_change`` and ``last_sent_at``.
    """
    _seen, held = seen_and_held(actor)
    recipients = ReportRecipient.objects.select_related("member").order_by("member__name", "pk")
    held_reports = ReportDefinition.objects.filter(held, pk=OuterRef("report_id"))
    may_change = Exists(held_reports) if actor.may("reporting.edit_report_schedule") else Value(False)
    sent = ReportDelivery.objects.filter(schedule=OuterRef("pk"), outcome=DeliveryOutcome.SENT).order_by("-slot", "-at")
    return (
        ReportSchedule.objects.filter(report__in=visible_reports(actor).order_by().values("pk"))
        .select_related("report__owner", "tenant", "set_by")
        .prefetch_related(Prefetch("recipients", recipients))
        .annotate(
            may_change=ExpressionWrapper(may_change, BooleanField()),
            last_sent_at=Subquery(sent.values("at")[:1]),
        )
        .order_by("report__name", "pk")
    )


@dataclass(slots=True)
class Sent:
    """What came of the last morning of a schedule: how many got it, and what hindered others."""

    delivered: int = 0
    problems: list[ReportDelivery] = field(default_factory=list)


@visible("reporting.view_report_schedules")
def last_deliveries(actor: Actor, schedules: list[ReportSchedule]) -> dict[int, Sent]:
    """Schedule → what came of its last morning; one statement."""
    found: dict[int, Sent] = {}
    latest = ReportDelivery.objects.filter(schedule=OuterRef("schedule")).order_by("-slot").values("slot")[:1]
    rows = ReportDelivery.objects.filter(schedule__in=schedules, slot=latest).select_related("member")
    for row in rows.order_by("member__name", "pk"):
        sent = found.setdefault(row.schedule_id, Sent())
        if row.outcome == DeliveryOutcome.SENT:
            sent.delivered += 1
        else:
            sent.problems.append(row)
    return found


@visible("tenants.view_members")
def readers_of(actor: Actor, report: ReportDefinition) -> list[User]:
    """The members who work here now and may see the report, by name: who it can be sent to."""
    members = (
        Membership.objects.filter(tenant_id=actor.tenant_id, ended_at=None, user__is_active=True)
        .select_related("user", "tenant")
        .order_by("user__name", "pk")
    )
    if report.visibility == ViewVisibility.PRIVATE:
        members = members.filter(user_id=report.owner_id)
    team: set[int] = set()
    if report.visibility == ViewVisibility.TEAM:
        team = set(UnitMember.objects.filter(unit_id=report.unit_id).values_list("member_id", flat=True))

    def sees(reader: Actor) -> bool:
        if not reader.may("reporting.view_reports") or report.subject not in subjects_of(reader):
            return False
        if report.visibility == ViewVisibility.TEAM:
            in_team = reader.user_id in team or reader.user_id == report.owner_id
            return in_team or reader.may("tenants.manage_shared_views")
        return True

    return [each.user for each in members if sees(actor_of(each, read_only=True))]


@visible("reporting.view_report_schedules")
def coming_to(actor: Actor, reports: Iterable[ReportDefinition]) -> dict[int, list[ReportSchedule]]:
    """Report → the schedules by which it comes to the actor; one statement. A report that never does is left out."""
    found: dict[int, list[ReportSchedule]] = {}
    mine = ReportSchedule.objects.filter(recipients__member=actor.user_id, report__in=reports)
    for row in mine.order_by("pk"):
        found.setdefault(row.report_id, []).append(row)
    return found


@visible("reporting.view_report_schedules")
def sent_to_nobody(actor: Actor) -> QuerySet[ReportSchedule]:
    """The schedules of the actor's own reports that would go on, but everybody to whom they sent has left."""
    return visible_schedules(actor).filter(report__owner=actor.user_id, is_paused=False, recipients=None)


def lock_report_to_send(pk: int) -> ReportDefinition:
    """The report, locked and read anew, with how often it is scheduled as ``scheduled``; call inside an action."""
    own = ReportSchedule.objects.filter(report=OuterRef("pk")).order_by().values("report")
    number = Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)
    return ReportDefinition.objects.select_for_update(of=("self",)).annotate(scheduled=number).get(pk=pk)


def lock_schedule(pk: int) -> ReportSchedule:
    """The row and its report, locked and read anew; call inside an action."""
    return ReportSchedule.objects.select_for_update(of=("self", "report")).select_related("report").get(pk=pk)
