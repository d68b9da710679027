"""The tabs of a project's page; each loads only what it shows."""

from collections import Counter
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partnerships.choices import Side
from partnerships.choices_delivery import IssueKind, OutputKind, Severity
from partnerships.models import Milestone, Project, ProjectIssue
from partnerships.queries.delivery import visible_milestones, visible_project_issues
from partnerships.queries.governance import SETTLED, visible_objectives
from partnerships.queries.project_records import (
    deal_of,
    embedded,
    visible_project_outputs,
    visible_project_people,
)
from partnerships.registry import Tab, register_project_tab
from partnerships.rules.projects import HIGHEST_LEVEL, LIKELIHOODS, LOWEST_LEVEL, SEVERITIES, gravity, share_left

MOST_ROWS = 200
FOLDER = "partnerships/projects/"


def overview(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What it is about, who takes part, how ready the technology is, who works in it."""
    today, context = timezone.localdate(), {"ladder": _ladder(project)}
    shares = [each.share for each in project.participants.all()]
    if any(share is not None for share in shares):
        context["share_left"] = share_left(shares)
    if request.actor.may("partnerships.view_project_people"):
        people = list(visible_project_people(request.actor).filter(project=project)[:MOST_ROWS])
        there = visible_project_people(request.actor).filter(embedded(today), project=project)
        context["people"] = [each for each in people if each.ended_on is None or each.ended_on > today]
        context["former"] = [each for each in people if each.ended_on is not None and each.ended_on <= today]
        context["embedded"] = there.count()
    return context


def _ladder(project: Project) -> list[dict[str, Any]]:
    """The nine levels, the highest first; empty while nothing is known."""
    start, now, target = project.trl_start, project.trl_now, project.trl_target
    if start is now is target is None:
        return []
    reached = now if now is not None else start
    return [
        {
            "level": level,
            "is_reached": reached is not None and level <= reached,
            "is_start": level == start,
            "is_now": level == now,
            "is_target": level == target,
        }
        for level in range(HIGHEST_LEVEL, LOWEST_LEVEL - 1, -1)
    ]


def delivery(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What both sides owe by day, with today among it."""
    today = timezone.localdate()
    rows = list(visible_milestones(request.actor).filter(project=project)[:MOST_ROWS])
    done = [row for row in rows if row.done_on is not None]
    late = [row for row in rows if row.done_on is None and row.due_on < today]
    return {
        "milestones": rows,
        "coming": next((row.pk for row in rows if row.due_on >= today), None),
        "counts": {
            "all": len(rows),
            "done": len(done),
            "on_time": sum(row.days_late == 0 for row in done),
            "overdue": len(late),
            "ours": sum(row.side == Side.OURS for row in late),
            "theirs": sum(row.side == Side.THEIRS for row in late),
        },
    }


def count_milestones(actor: Actor) -> QuerySet:
    return Milestone.objects.filter(project=OuterRef("pk"), done_on=None)


def issues(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The open risks by severity and likelihood, then all that is open, the gravest first, and what was settled."""
    rows = list(visible_project_issues(request.actor).filter(project=project)[:MOST_ROWS])
    open_ones = [row for row in rows if row.closed_on is None]
    risks = Counter((row.likelihood, row.severity) for row in open_ones if row.kind == IssueKind.RISK)
    open_ones.sort(key=lambda row: (row.kind == IssueKind.RISK, -SEVERITIES[row.severity], -(row.likelihood or 0)))
    for row in open_ones:
        row.gravity = gravity(row.exposure) if row.kind == IssueKind.RISK and row.exposure else ""
    return {
        "open_issues": open_ones,
        "closed_issues": [row for row in rows if row.closed_on is not None],
        "severities": [label for _code, label in Severity.choices],
        "matrix": [
            {
                "likelihood": likelihood,
                "cells": [
                    {"number": risks.get((likelihood, code), 0), "gravity": gravity(weight * likelihood)}
                    for code, weight in SEVERITIES.items()
                ],
            }
            for likelihood in reversed(LIKELIHOODS)
        ]
        if any(likelihood for likelihood, _severity in risks)
        else [],
        "unweighed": sum(number for (likelihood, _severity), number in risks.items() if likelihood is None),
        "critical": sum(row.kind == IssueKind.ISSUE and row.severity == Severity.CRITICAL for row in open_ones),
    }


def count_issues(actor: Actor) -> QuerySet:
    return ProjectIssue.objects.filter(project=OuterRef("pk"), closed_on=None)


def aims(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What both sides want of it and what they get, side by side."""
    deal = deal_of(request.actor, project, today=timezone.localdate())
    return {
        "deal": deal,
        "columns": [
            {"side": side, "label": label, "wanted": deal.wanted[side], "gotten": deal.gotten[side]}
            for side, label in ((Side.OURS.value, _("The university")), (Side.THEIRS.value, _("The partner")))
        ],
    }


def count_objectives(actor: Actor) -> QuerySet:
    return visible_objectives(actor).filter(project=OuterRef("pk")).exclude(status__in=SETTLED)


def outputs(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What came out of it, and how much of each kind."""
    rows = list(visible_project_outputs(request.actor).filter(project=project)[:MOST_ROWS])
    numbers = Counter(row.kind for row in rows)
    return {
        "outputs": rows,
        "kinds": [{"label": label, "value": numbers[code]} for code, label in OutputKind.choices if numbers[code]],
    }


def count_outputs(actor: Actor) -> QuerySet:
    return visible_project_outputs(actor).filter(project=OuterRef("pk"))


for tab in (
    Tab("overview", _("Overview"), f"{FOLDER}_overview.html", overview, order=10),
    Tab(
        "delivery",
        _("Delivery"),
        f"{FOLDER}_delivery.html",
        delivery,
        order=20,
        permission="partnerships.view_milestones",
        count=count_milestones,
    ),
    Tab(
        "issues",
        _("Risks and issues"),
        f"{FOLDER}_issues.html",
        issues,
        order=30,
        permission="partnerships.view_project_issues",
        count=count_issues,
    ),
    Tab(
        "aims",
        _("Aims and benefits"),
        f"{FOLDER}_aims.html",
        aims,
        order=40,
        permission="partnerships.view_objectives",
        count=count_objectives,
    ),
    Tab(
        "outputs",
        _("Outputs"),
        f"{FOLDER}_outputs.html",
        outputs,
        order=50,
        permission="partnerships.view_project_outputs",
        count=count_outputs,
    ),
):
    register_project_tab(tab)
