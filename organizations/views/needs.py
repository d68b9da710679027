"""What partners look for: the list, one, adding, changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from organizations.actions.needs import create_need, edit_need
from organizations.filters import NeedFilter
from organizations.forms.needs import NeedForm
from organizations.models import Need
from organizations.queries.needs import visible_needs
from tenants.queries.tenants import currency_of


def topic_words(row: Need) -> str:
    """The topics as one line, for exports."""
    return ", ".join(each.code for each in row.topics.all())


NEEDS = register_list(
    List(
        code="needs",
        label=gettext_lazy("Needs"),
        url_name="organizations:needs",
        reads=visible_needs,
        filterset_class=NeedFilter,
        columns=[
            Column("title", gettext_lazy("Need"), sort="title", value="title", css="long-name"),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column(
                "organization", gettext_lazy("Organization"), sort="organization__name_key", value="organization.name"
            ),
            Column("topics", gettext_lazy("Topics"), value=topic_words),
            Column("trl", gettext_lazy("TRL"), sort="trl_min", numeric=True),
            Column("horizon", gettext_lazy("Horizon"), sort="horizon", value="get_horizon_display"),
            Column("summary", gettext_lazy("Summary"), wide_only=True, value="public_summary", shown=False, css="wrap"),
            Column("added", gettext_lazy("Added"), sort="created_at", wide_only=True, value="created_at"),
        ],
        default_sort="-added",
        row_template="organizations/needs/_row.html",
        counted=ngettext_lazy("%(n)d need", "%(n)d needs", "n"),
        empty=Empty(
            gettext_lazy("No needs yet. Write down what partners look for, so that it can be matched."),
            icon="target-arrow",
            action=gettext_lazy("Add need"),
            url_name="organizations:need_new",
            permission="organizations.create_need",
        ),
        no_match=gettext_lazy("No need matches the filter."),
        api="needs",
    )
)


@page("organizations.view_needs")
def needs(request: HttpRequest) -> HttpResponse:
    """Everything that partners look for."""
    return render_listing(request, build_listing(request, NEEDS), "organizations/needs/list.html")


@page("organizations.view_needs")
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One need. Text, budget and who told us are for those who may read details."""
    row = get_object_or_404(visible_needs(request.actor), pk=pk)
    return render(request, "organizations/needs/detail.html", {"need": row})


@page("organizations.create_need", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a need; ``?organization=`` says whose."""
    initial = {"organization": request.GET.get("organization"), "currency": currency_of(request.actor)}
    form = NeedForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(create_need, actor=request.actor)
        if row is not None:
            messages.success(request, _("Need added."))
            return redirect(row)
    return render_form(request, "organizations/needs/form.html", form)


@page("organizations.edit_need", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need."""
    row = get_object_or_404(visible_needs(request.actor), pk=pk)
    form = NeedForm(request.POST or None, actor=request.actor, initial=NeedForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_need, actor=request.actor, need=row, seen=seen) is not None:
            messages.success(request, _("Need changed."))
            return redirect(row)
    return render_form(request, "organizations/needs/form.html", form, need=row)
