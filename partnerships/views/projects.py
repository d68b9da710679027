"""Projects."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pages import page, render_form
from core.tables import Column, build_listing, render_listing
from partnerships.actions.projects import create_project, edit_project
from partnerships.filters import ProjectFilter
from partnerships.forms.projects import ProjectForm
from partnerships.queries.projects import visible_projects
from tenants.queries.tenants import currency_of

COLUMNS = [
    Column("title", gettext_lazy("Project"), sort="title"),
    Column("channel", gettext_lazy("Channel"), sort="channel"),
    Column("status", gettext_lazy("Status"), sort="status"),
    Column("start", gettext_lazy("Start"), sort="started_on"),
    Column("end", gettext_lazy("End"), sort="ended_on"),
    Column("partners", gettext_lazy("Partners"), wide_only=True),
    Column("award", gettext_lazy("Award"), sort="award", numeric=True),
]


@page("partnerships.view_projects")
def projects(request: HttpRequest) -> HttpResponse:
    """All projects of the office."""
    listing = build_listing(
        request,
        visible_projects(request.actor),
        columns=COLUMNS,
        filterset_class=ProjectFilter,
        default_sort="-start",
    )
    return render_listing(request, "partnerships/projects/list.html", listing)


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
            messages.success(request, _("Project changed."))
            return redirect(row)
    return render_form(request, "partnerships/projects/form.html", form, project=row)
