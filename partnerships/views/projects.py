"""Projects."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.projects import create_project, edit_project
from partnerships.filters import ProjectFilter
from partnerships.forms.projects import ProjectForm
from partnerships.models import Project
from partnerships.queries.projects import visible_projects
from tenants.queries.tenants import currency_of


def partner_names(row: Project) -> str:
    return ", ".join(each.organization.name for each in row.participants.all())


PROJECTS = register_list(
    List(
        code="projects",
        label=gettext_lazy("Projects"),
        url_name="partnerships:projects",
        reads=visible_projects,
        filterset_class=ProjectFilter,
        columns=[
            Column("title", gettext_lazy("Project"), sort="title", value="title"),
            Column("channel", gettext_lazy("Channel"), sort="channel", value="get_channel_display"),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("start", gettext_lazy("Start"), sort="started_on", value="started_on"),
            Column("end", gettext_lazy("End"), sort="ended_on", value="ended_on"),
            Column("partners", gettext_lazy("Partners"), wide_only=True, value=partner_names),
            Column("award", gettext_lazy("Award"), sort="award", numeric=True, value="award", currency="currency"),
        ],
        default_sort="-start",
        row_template="partnerships/projects/_row.html",
        counted=ngettext_lazy("%(n)d project", "%(n)d projects", "n"),
        empty=Empty(
            gettext_lazy("No projects yet. Add the first one, or import them from a folder of tables."),
            icon="flask",
            action=gettext_lazy("Add project"),
            url_name="partnerships:project_new",
            permission="partnerships.create_project",
        ),
        no_match=gettext_lazy("No project matches the filter."),
        api="projects",
    )
)


@page("partnerships.view_projects")
def projects(request: HttpRequest) -> HttpResponse:
    """All projects of the office."""
    return render_listing(request, build_listing(request, PROJECTS), "partnerships/projects/list.html")


@page("partnerships.view_projects")
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project with its participants."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    return render(request, "partnerships/projects/detail.html", {"project": row})


@page("partnerships.create_project", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a project."""
    initial = {"currency": currency_of(request.actor), "organizations": request.GET.getlist("organization")}
    form = ProjectForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(create_project, actor=request.actor)
        if row is not None:
            messages.success(request, _("Project added."))
            return redirect(row)
    return render_form(request, "partnerships/projects/form.html", form)


@page("partnerships.edit_project", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a project."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    form = ProjectForm(request.POST or None, actor=request.actor, project=row, initial=ProjectForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_project, actor=request.actor, project=row, seen=seen) is not None:
            messages.success(request, form.told(_("Project changed.")))
            return redirect(row)
    return render_form(request, "partnerships/projects/form.html", form, project=row)
