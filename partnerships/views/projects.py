"""Projects: table and board, the page about each with its tabs, adding, changing, and saying how they go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.inline import Inline, edit_inline
from core.pages import next_address, page, render_form, tab_links
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing
from partnerships.actions.projects import create_project, edit_project
from partnerships.choices import ProjectStatus
from partnerships.filters import ProjectFilter
from partnerships.forms.projects import PARTICIPANT_ROWS, LightForm, ParticipantsForm, ProjectForm, given_in
from partnerships.models import Project
from partnerships.queries.partnerships import with_counts
from partnerships.queries.project_records import partnerships_in
from partnerships.queries.projects import listed_projects, status_columns, visible_projects
from partnerships.registry import counted_by, project_tabs_for
from partnerships.views.fundable import fundable_project
from tenants.queries.tenants import currency_of

CARDS = 50
TARGET = "tab"


def partner_names(row: Project) -> str:
    return ", ".join(row.partner_names)


PROJECTS = register_list(
    List(
        code="projects",
        label=gettext_lazy("Projects"),
        url_name="partnerships:projects",
        reads=listed_projects,
        filterset_class=ProjectFilter,
        columns=[
            Column("title", gettext_lazy("Project"), sort="title", css="long-name", value="title"),
            Column("channel", gettext_lazy("Channel"), sort="channel", value="get_channel_display"),
            Column("status", gettext_lazy("Status"), sort="status_place", css="lead", value="get_status_display"),
            Column("light", gettext_lazy("How it goes"), sort="light", value="get_light_display"),
            Column("start", gettext_lazy("Start"), sort="started_on", value="started_on"),
            Column("end", gettext_lazy("End"), sort="ended_on", shown=False, value="ended_on"),
            Column("partners", gettext_lazy("Partners"), wide_only=True, value=partner_names),
            Column("award", gettext_lazy("Award"), sort="award", numeric=True, value="award", currency="currency"),
            Column(
                "overdue",
                gettext_lazy("Overdue"),
                sort="overdue_milestones",
                numeric=True,
                value="overdue_milestones",
            ),
            Column("due", gettext_lazy("Next due"), sort="next_due_on", shown=False, value="next_due_on"),
            Column(
                "critical",
                gettext_lazy("Critical issues"),
                sort="critical_issues",
                numeric=True,
                shown=False,
                value="critical_issues",
            ),
            Column("form", gettext_lazy("Form"), sort="form", shown=False, value="get_form_display"),
            Column("domain", gettext_lazy("Domain"), sort="domain", shown=False, value="get_domain_display"),
            Column("unit", gettext_lazy("Unit"), sort="unit__name", shown=False, value="unit.name"),
            Column("lead", gettext_lazy("Principal investigator"), sort="lead__name", shown=False, value="lead.name"),
            Column("trl", gettext_lazy("TRL now"), sort="trl_now", numeric=True, shown=False, value="trl_now"),
            Column(
                "trl_target",
                gettext_lazy("TRL to reach"),
                sort="trl_target",
                numeric=True,
                shown=False,
                value="trl_target",
            ),
            Column("reason", gettext_lazy("Why"), css="wrap", shown=False, value="light_reason"),
            Column("size", gettext_lazy("Size"), sort="size", shown=False, value="get_size_display"),
            Column("programme", gettext_lazy("Program"), sort="programme", shown=False, value="programme"),
            Column(
                "cost",
                gettext_lazy("Total cost"),
                sort="total_cost",
                numeric=True,
                shown=False,
                value="total_cost",
                currency="currency",
            ),
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
        no_match=gettext_lazy("No project matches the filter. Remove one of its parts, or clear it."),
        api="projects",
        shapes=[Shape("board", gettext_lazy("Board"), "layout-board", "components/board.html")],
    )
)


@page("partnerships.view_projects")
def projects(request: HttpRequest) -> HttpResponse:
    """All projects of the office, as a table or as a board by status."""
    listing = build_listing(request, PROJECTS)
    context = _board(request, listing) if listing.shape else {}
    return render_listing(request, listing, "partnerships/projects/list.html", today=timezone.localdate(), **context)


def _board(request: HttpRequest, listing: Listing) -> dict:
    """What the board's template needs; ``rows`` keeps the list from loading a page of the table as well."""
    columns = status_columns(listing.page.paginator.object_list, per_column=CARDS)
    wanted, may_move = request.GET.get("column"), request.actor.may("partnerships.edit_project")
    filled = next((each for each in columns if each.count), columns[0])
    return {
        "rows": [card for column in columns for card in column.cards],
        "columns": columns,
        "standing": columns,
        "shown": next((each for each in columns if each.key == wanted), filled),
        "statuses": ProjectStatus.choices,
        "here": request.get_full_path(),
        "board": {
            "label": _("Projects by status; scrolls sideways where it must"),
            "card": "partnerships/projects/_card.html",
            "more": "partnerships/projects/_more.html",
            "hint": _("To move a card, focus it and press") if may_move else "",
        },
    }


@page("partnerships.view_projects")
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project. ``?tab=`` chooses; each tab loads only what it shows, and htmx gets the tab alone."""
    actor = request.actor
    tabs = project_tabs_for(actor)
    tab = next((each for each in tabs if each.code == request.GET.get("tab")), tabs[0])
    row = get_object_or_404(with_counts(visible_projects(actor), counted_by(actor, tabs)), pk=pk)
    context = {"project": row, "tab": tab, "today": timezone.localdate(), "target": TARGET}
    context |= {"tabs": tab_links(request, row, tabs, tab), **tab.context(request, row)}
    context["fundable"] = fundable_project(actor, row)
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        return render(request, "partnerships/projects/_tab.html", context)
    if actor.may("partnerships.log_interaction"):
        context["partners"] = list(partnerships_in(actor, row)[:12])
    return render(request, "partnerships/projects/detail.html", context)


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


@page("partnerships.edit_project", methods=["GET", "POST"])
def light(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a project goes, and why where it does not go well."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    form = LightForm(request.POST or None, initial=LightForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_project, actor=request.actor, project=row, seen=seen) is not None:
            messages.success(request, form.told(_("How it goes is saved.")))
            return redirect(next_address(request) or row)
    context = {"project": row, "heading": _("How it goes"), "back": row.get_absolute_url(), "segmented": "light"}
    return render_form(request, "partnerships/projects/record.html", form, **context)


@page("partnerships.edit_project", methods=["GET", "POST"])
def participants(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes part in a project, with award and share."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = ParticipantsForm(sent, initial=ParticipantsForm.initial_of(row))
    present = [{**each, "organization": each["organization"].pk} for each in ParticipantsForm.present(row)]
    formset = PARTICIPANT_ROWS(sent, initial=present, prefix="participants", form_kwargs={"actor": request.actor})
    # Both are looked at, so that the errors of both are shown.
    if request.method == "POST" and all([form.is_valid(), formset.is_valid()]):
        seen = form.cleaned_data.pop("version")
        given = {"participants": given_in(formset)}
        if form.perform(edit_project, actor=request.actor, project=row, seen=seen, **given) is not None:
            messages.success(request, form.told(_("Participants saved; health follows within seconds.")))
            return redirect(row)
    elif request.method == "POST" and not form.errors:
        form.add_error(None, _("Some rows are not right. Look at the words beside them."))
    context = {"project": row, "formset": formset, "back": row.get_absolute_url()}
    return render_form(request, "partnerships/projects/participants.html", form, **context)


IN_PLACE = Inline(
    form_of=lambda request, row, data: ProjectForm(
        data, actor=request.actor, project=row, initial=ProjectForm.initial_of(row)
    ),
    action=edit_project,
    subject="project",
    fields={"status": True, "lead": False, "unit": False, "trl_now": False, "ended_on": False},
    edit_url=lambda row: reverse("partnerships:project_edit", args=[row.pk]),
)


@page("partnerships.edit_project", methods=["GET", "POST"])
def inline(request: HttpRequest, pk: int) -> HttpResponse:
    """One value of a project: its field, and saving it. The status wants the explicit tick."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    status = dict(ProjectStatus.choices).get(request.POST.get("status", ""))
    told = _("%(project)s moved to %(status)s.") if status else _("%(project)s changed.")
    return edit_inline(request, row, IN_PLACE, told=told % {"project": row, "status": status})
