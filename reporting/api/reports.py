"""Saved reports over the API."""

from rest_framework import serializers

from core.rest.references import Reference, References
from core.rest.serializers import Moment, TenantSerializer
from core.rest.viewsets import TenantViewSet, part, verb
from reporting.actions.reports import delete_report, edit_report, save_report
from reporting.actions.schedules import (
    delete_report_schedule,
    edit_report_schedule,
    leave_report_schedule,
    schedule_report,
)
from reporting.api.analytics import AnswerSerializer
from reporting.filters_reports import ReportFilter, ScheduleFilter
from reporting.models import ReportDefinition, ReportSchedule
from reporting.queries.kept import report_answer
from reporting.queries.reports import visible_reports
from reporting.queries.schedules import visible_schedules
from tenants.queries.sharing import teams_of
from tenants.queries.users import colleagues


class ReportSerializer(TenantSerializer):
    query = serializers.CharField(
        max_length=2000,
        help_text="The parameters of `analytics/built/` as a query string; kept in canonical form.",
    )
    subject = serializers.CharField(read_only=True, help_text="What it counts, as the query says.")
    unit = Reference(required=False, allow_null=True, help_text="The team that sees it; a unit that you work in.")
    owner = Reference(read_only=True)
    may_change = serializers.BooleanField(read_only=True, help_text="Whether you may change it.")
    related_reads = {"unit": teams_of}

    class Meta:
        model = ReportDefinition
        fields = [
            "id",
            "version",
            "name",
            "description",
            "subject",
            "query",
            "visibility",
            "unit",
            "owner",
            "may_change",
            "created_at",
            "updated_at",
        ]


class SavedReportViewSet(TenantViewSet):
    """The saved reports that you see: your own, those of your teams and the office's, by name."""

    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    reads = staticmethod(visible_reports)
    writes = {"create": save_report, "update": edit_report, "delete": delete_report}
    subject = "report"
    sorting = {"name": "name", "created_at": "created_at", "updated_at": "updated_at"}
    read_answer = part(
        report_answer,
        AnswerSerializer,
        summary="The answer of a saved report",
        description="Its numbers of this moment, as far as you may see them. 409 where its query no longer holds.",
        path="answer",
    )


class ScheduleSerializer(TenantSerializer):
    report = Reference(help_text="Stays as it was made.")
    recipients = References(
        "recipients", "member", help_text="Members who may see the report, at most 20; none where all have left."
    )
    set_by = Reference(read_only=True)
    next_at = Moment(read_only=True, allow_null=True, help_text="Null while it is paused, or nobody gets it.")
    last_sent_at = Moment(read_only=True, allow_null=True)
    may_change = serializers.BooleanField(read_only=True, help_text="Whether you may change it.")
    related_reads = {"report": visible_reports, "recipients": colleagues}

    class Meta:
        model = ReportSchedule
        fields = [
            "id",
            "version",
            "report",
            "cadence",
            "weekday",
            "day_of_month",
            "file_format",
            "recipients",
            "is_paused",
            "next_at",
            "last_sent_at",
            "set_by",
            "may_change",
            "created_at",
            "updated_at",
        ]


class ScheduleViewSet(TenantViewSet):
    """When the reports that you see are sent by e-mail, and to whom: at seven in the morning of the office."""

    serializer_class = ScheduleSerializer
    filterset_class = ScheduleFilter
    reads = staticmethod(visible_schedules)
    writes = {"create": schedule_report, "update": edit_report_schedule, "delete": delete_report_schedule}
    subject = "schedule"
    sorting = {"created_at": "created_at", "updated_at": "updated_at"}
    leave = verb(
        leave_report_schedule,
        subject="schedule",
        summary="Get a report no longer by e-mail",
        description="Takes you off its recipients, and nobody else. 409 where it does not come to you.",
    )
