"""What the institution offers: the list, one, adding, changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from organizations.actions.capabilities import create_capability, edit_capability
from organizations.filters import CapabilityFilter
from organizations.forms.needs import CapabilityForm
from organizations.queries.capabilities import visible_capabilities
from organizations.views.needs import topic_words

CAPABILITIES = register_list(
    List(
        code="capabilities",
        label=gettext_lazy("Capabilities"),
        url_name="organizations:capabilities",
        reads=visible_capabilities,
        filterset_class=CapabilityFilter,
        columns=[
            Column("title", gettext_lazy("Capability"), sort="title", value="title", css="long-name"),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("unit", gettext_lazy("Unit"), sort="unit__name", value="unit.name"),
            Column("topics", gettext_lazy("Topics"), value=topic_words),
            Column("trl", gettext_lazy("TRL"), sort="trl", numeric=True, value="trl"),
            Column("lead", gettext_lazy("Who answers for it"), sort="lead__name", wide_only=True, value="lead.name"),
        ],
        default_sort="title",
        row_template="organizations/capabilities/_row.html",
        counted=ngettext_lazy("%(n)d capability", "%(n)d capabilities", "n"),
        empty=Empty(
            gettext_lazy("No capabilities yet. Write down what labs and facilities can do for partners."),
            icon="bulb",
            action=gettext_lazy("Add capability"),
            url_name="organizations:capability_new",
            permission="organizations.create_capability",
        ),
        no_match=gettext_lazy("No capability matches the filter."),
        api="capabilities",
    )
)


@page("organizations.view_capabilities")
def capabilities(request: HttpRequest) -> HttpResponse:
    """Everything that the institution offers."""
    return render_listing(request, build_listing(request, CAPABILITIES), "organizations/capabilities/list.html")


@page("organizations.view_capabilities")
def capability(request: HttpRequest, pk: int) -> HttpResponse:
    """One capability."""
    row = get_object_or_404(visible_capabilities(request.actor), pk=pk)
    return render(request, "organizations/capabilities/detail.html", {"capability": row})


@page("organizations.create_capability", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a capability."""
    form = CapabilityForm(request.POST or None, actor=request.actor, initial={"lead": request.actor.user_id})
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(create_capability, actor=request.actor)
        if row is not None:
            messages.success(request, _("Capability added."))
            return redirect(row)
    return render_form(request, "organizations/capabilities/form.html", form)


@page("organizations.edit_capability", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a capability."""
    row = get_object_or_404(visible_capabilities(request.actor), pk=pk)
    form = CapabilityForm(
        request.POST or None, actor=request.actor, capability=row, initial=CapabilityForm.initial_of(row)
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_capability, actor=request.actor, capability=row, seen=seen) is not None:
            messages.success(request, _("Capability changed."))
            return redirect(row)
    return render_form(request, "organizations/capabilities/form.html", form, capability=row)
