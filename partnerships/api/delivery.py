"""Milestones, and the risks and issues of projects, over HTTP."""

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from partnerships.actions.delivery import (
    accept_milestone,
    add_milestone,
    add_project_issue,
    close_project_issue,
    complete_milestone,
    delete_milestone,
    delete_project_issue,
    edit_milestone,
    edit_project_issue,
    reopen_project_issue,
)
from partnerships.choices import Side
from partnerships.filters_delivery import MilestoneFilter, ProjectIssueFilter
from partnerships.models import Milestone, ProjectIssue
from partnerships.queries.delivery import visible_milestones, visible_project_issues
from partnerships.queries.projects import visible_projects
from tenants.queries.users import everybody

STAYS = "Stays as it was added."
FIRST, LAST = ["id", "version", "project"], ["created_at", "updated_at"]
WRITTEN = {"created_at": "created_at", "updated_at": "updated_at"}


class MilestoneSerializer(TenantSerializer):
    project = Reference(named="title", help_text=STAYS)
    side = serializers.ChoiceField(
        choices=[(Side.OURS.value, Side.OURS.label), (Side.THEIRS.value, Side.THEIRS.label)],
        required=False,
        help_text="Who owes it: the university or the partner.",
    )
    owner = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    days_late = serializers.IntegerField(
        read_only=True, help_text="Whole days after it was due: to the day it was done, or to today while it is open."
    )
    related_reads = {"project": visible_projects, "owner": everybody}

    class Meta:
        model = Milestone
        fields = [
            *FIRST,
            "kind",
            "side",
            "title",
            "due_on",
            "owner",
            "weight",
            "done_on",
            "evidence",
            "accepted_on",
            "accepted_by",
            "days_late",
            *LAST,
        ]
        read_only_fields = ["done_on", "evidence", "accepted_on", "accepted_by"]
        extra_kwargs = {"weight": {"help_text": "Importance for the health of the partners, usually 1."}}


class CompleteMilestoneInput(serializers.Serializer):
    evidence = serializers.CharField(max_length=10_000, help_text="What proves it, in words or as an address.")
    done_on = serializers.DateField(required=False, help_text="Left out: today. Being late keeps the late day.")


class AcceptMilestoneInput(serializers.Serializer):
    accepted_by = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Who of the other side. Of what the partner owes it is a colleague; left out: you.",
    )
    accepted_on = serializers.DateField(required=False, help_text="Left out: today.")


class MilestoneViewSet(TenantViewSet):
    """What one side owes the other in a project by a day, by due day."""

    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter
    reads = staticmethod(visible_milestones)
    writes = {"create": add_milestone, "update": edit_milestone, "delete": delete_milestone}
    subject = "milestone"
    sorting = {"due_on": "due_on", "done_on": "done_on", **WRITTEN}
    complete = verb(
        complete_milestone,
        CompleteMilestoneInput,
        subject="milestone",
        summary="Say that it is done, with the proof",
        description="Nothing is done without proof, and what is done is not changed any more.",
    )
    accept = verb(
        accept_milestone,
        AcceptMilestoneInput,
        subject="milestone",
        summary="Say that the other side accepts it",
        description="After it is done. What the university owes is accepted by the partner, and the other way round.",
    )


class ProjectIssueSerializer(TenantSerializer):
    project = Reference(named="title", help_text=STAYS)
    owner = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    exposure = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Severity, 1 to 4, times likelihood; null without a likelihood."
    )
    related_reads = {"project": visible_projects, "owner": everybody}

    class Meta:
        model = ProjectIssue
        fields = [
            *FIRST,
            "kind",
            "topic",
            "title",
            "description",
            "severity",
            "likelihood",
            "exposure",
            "response",
            "owner",
            "raised_on",
            "due_on",
            "closed_on",
            "resolution",
            *LAST,
        ]
        read_only_fields = ["closed_on", "resolution"]


class CloseProjectIssueInput(serializers.Serializer):
    resolution = serializers.CharField(max_length=300, help_text="How it was settled.")
    closed_on = serializers.DateField(required=False, help_text="Left out: today.")


class ProjectIssueViewSet(TenantViewSet):
    """Risks of projects, and issues that have come true; open ones first. An open critical issue caps health."""

    serializer_class = ProjectIssueSerializer
    filterset_class = ProjectIssueFilter
    reads = staticmethod(visible_project_issues)
    writes = {"create": add_project_issue, "update": edit_project_issue, "delete": delete_project_issue}
    subject = "project_issue"
    singular, plural = "project issue", "project issues"
    sorting = {"raised_on": "raised_on", "due_on": "due_on", "closed_on": "closed_on", **WRITTEN}
    close = verb(
        close_project_issue,
        CloseProjectIssueInput,
        subject="project_issue",
        summary="Say how it was settled",
    )
    reopen = verb(reopen_project_issue, subject="project_issue", summary="Open it again")
