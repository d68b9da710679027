"""Adding, changing and deleting what belongs to one project, and the verbs of milestones and issues.

Each kind says what is particular of it; its pages come with that.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import ActionRefused
from core.forms import ActionForm
from core.pages import page
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
from partnerships.actions.governance import add_objective
from partnerships.actions.project_records import (
    add_project_benefit,
    add_project_output,
    add_project_person,
    delete_project_benefit,
    delete_project_output,
    delete_project_person,
    edit_project_benefit,
    edit_project_output,
    edit_project_person,
)
from partnerships.forms.project_records import (
    AcceptMilestoneForm,
    CloseIssueForm,
    CompleteMilestoneForm,
    MilestoneForm,
    NewProjectPersonForm,
    ProjectBenefitForm,
    ProjectIssueForm,
    ProjectObjectiveForm,
    ProjectOutputForm,
    ProjectPersonForm,
)
from partnerships.queries.delivery import visible_milestones, visible_project_issues
from partnerships.queries.project_records import (
    visible_project_benefits,
    visible_project_outputs,
    visible_project_people,
)
from partnerships.queries.projects import visible_projects
from partnerships.views.record_pages import Owner, RecordPages, back_to, done, show

PROJECT = Owner("project", "projects", visible_projects, "partnerships/projects/record.html")
of_project = partial(RecordPages, owner=PROJECT)

KINDS = [
    of_project(
        stem="project-people",
        subject="project_person",
        tab="overview",
        form=ProjectPersonForm,
        new_form=NewProjectPersonForm,
        reads=visible_project_people,
        create=add_project_person,
        edit=edit_project_person,
        remove=delete_project_person,
        new_words=gettext_lazy("Somebody in the project"),
        edit_words=gettext_lazy("Change a part in the project"),
        saved_words=gettext_lazy("People saved."),
        starts=("role", "member", "contact"),
    ),
    of_project(
        stem="milestones",
        subject="milestone",
        tab="delivery",
        form=MilestoneForm,
        reads=visible_milestones,
        create=add_milestone,
        edit=edit_milestone,
        remove=delete_milestone,
        new_words=gettext_lazy("New milestone"),
        edit_words=gettext_lazy("Change a milestone"),
        saved_words=gettext_lazy("Milestone saved; health follows within seconds."),
        starts=("side", "kind"),
    ),
    of_project(
        stem="project-issues",
        subject="project_issue",
        tab="issues",
        form=ProjectIssueForm,
        reads=visible_project_issues,
        create=add_project_issue,
        edit=edit_project_issue,
        remove=delete_project_issue,
        new_words=gettext_lazy("New risk or issue"),
        edit_words=gettext_lazy("Change a risk or an issue"),
        saved_words=gettext_lazy("Saved; health follows within seconds."),
        starts=("kind", "severity"),
    ),
    of_project(
        stem="project-outputs",
        subject="project_output",
        tab="outputs",
        form=ProjectOutputForm,
        reads=visible_project_outputs,
        create=add_project_output,
        edit=edit_project_output,
        remove=delete_project_output,
        new_words=gettext_lazy("What came out"),
        edit_words=gettext_lazy("Correct what came out"),
        saved_words=gettext_lazy("Output saved."),
        starts=("kind",),
    ),
    of_project(
        stem="project-benefits",
        subject="project_benefit",
        tab="aims",
        form=ProjectBenefitForm,
        reads=visible_project_benefits,
        create=add_project_benefit,
        edit=edit_project_benefit,
        remove=delete_project_benefit,
        new_words=gettext_lazy("What a side is to get"),
        edit_words=gettext_lazy("Change what a side is to get"),
        saved_words=gettext_lazy("Benefit saved."),
        starts=("side",),
    ),
]

urlpatterns = [pattern for kind in KINDS for pattern in kind.urlpatterns]


@page("partnerships.add_objective", methods=["GET", "POST"])
def objective_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what one side, or both, wants of a project."""
    project = get_object_or_404(visible_projects(request.actor), pk=pk)
    initial = {"side": request.GET["side"]} if "side" in request.GET else {}
    form = ProjectObjectiveForm(request.POST or None, actor=request.actor, of=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        if form.perform(add_objective, actor=request.actor, project=project) is not None:
            return done(request, project, "aims", _("Objective saved."))
    return show(request, form, PROJECT, project, "aims", _("New objective"))


@page("partnerships.complete_milestone", methods=["GET", "POST"])
def milestone_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a milestone is done, with the proof."""
    row = get_object_or_404(visible_milestones(request.actor), pk=pk)
    form = CompleteMilestoneForm(request.POST or None, initial={"done_on": timezone.localdate()})
    words = {"heading": _("Done with proof"), "submit": _("It is done"), "told": _("Done: %s.") % row.title}
    return _verb(request, row, form, complete_milestone, "milestone", "delivery", words)


@page("partnerships.accept_milestone", methods=["GET", "POST"])
def milestone_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the other side accepts what was done."""
    row = get_object_or_404(visible_milestones(request.actor), pk=pk)
    form = AcceptMilestoneForm(request.POST or None, side=row.side, initial={"accepted_on": timezone.localdate()})
    words = {"heading": _("Accepted by the other side"), "submit": _("It is accepted"), "told": _("Acceptance saved.")}
    return _verb(request, row, form, accept_milestone, "milestone", "delivery", words)


@page("partnerships.close_project_issue", methods=["GET", "POST"])
def issue_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a risk or an issue was settled."""
    row = get_object_or_404(visible_project_issues(request.actor), pk=pk)
    form = CloseIssueForm(request.POST or None, initial={"closed_on": timezone.localdate()})
    words = {"heading": _("How it was settled"), "submit": _("It is settled"), "told": _("Settled: %s.") % row.title}
    return _verb(request, row, form, close_project_issue, "project_issue", "issues", words)


def _verb(
    request: HttpRequest,
    row: Any,
    form: ActionForm,
    action: Callable[..., Any],
    subject: str,
    tab: str,
    words: dict[str, str],
) -> HttpResponse:
    """One page that asks what a verb needs."""
    if request.method == "POST" and form.is_valid():
        if form.perform(action, actor=request.actor, **{subject: row}) is not None:
            return done(request, row.project, tab, words["told"])
    return show(request, form, PROJECT, row.project, tab, words["heading"], record=row, submit=words["submit"])


@page("partnerships.reopen_project_issue", methods=["POST"])
def issue_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open again what was settled."""
    row = get_object_or_404(visible_project_issues(request.actor), pk=pk)
    try:
        reopen_project_issue(actor=request.actor, project_issue=row)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Open again: %s.") % row.title)
    return redirect(back_to(row.project, "issues"))
