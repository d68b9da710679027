"""The institution's units: the tree, one unit, adding, changing, closing, members."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page, render_form
from tenants.actions.units import add_unit_member, close_unit, create_unit, edit_unit, remove_unit_member
from tenants.forms.units import UnitForm, UnitMemberForm
from tenants.queries.units import unit_tree, visible_unit_members, visible_units


@page("tenants.view_units")
def units(request: HttpRequest) -> HttpResponse:
    """The tree. ``?closed=1`` shows closed units too."""
    with_closed = request.GET.get("closed") == "1"
    tree = unit_tree(request.actor, with_closed=with_closed)
    return render(request, "tenants/units/list.html", {"tree": tree, "with_closed": with_closed})


@page("tenants.view_units")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what it is part of, what is part of it, who works there."""
    return _unit(request, pk, UnitMemberForm(actor=request.actor))


def _unit(request: HttpRequest, pk: int, form: UnitMemberForm) -> HttpResponse:
    row = get_object_or_404(visible_units(request.actor), pk=pk)
    below = visible_units(request.actor).filter(parent=row).prefetch_related(None)
    return render_form(request, "tenants/units/detail.html", form, unit=row, below=below)


@page("tenants.create_unit", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a unit; ``?parent=`` says below which."""
    initial = {"parent": request.GET.get("parent")}
    form = UnitForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(create_unit, actor=request.actor)
        if row is not None:
            messages.success(request, _("%s added.") % row.name)
            return redirect("tenants:units")
    return render_form(request, "tenants/units/form.html", form)


@page("tenants.edit_unit", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or move a unit."""
    row = get_object_or_404(visible_units(request.actor), pk=pk)
    form = UnitForm(request.POST or None, actor=request.actor, initial=UnitForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_unit, actor=request.actor, unit=row, seen=seen) is not None:
            messages.success(request, _("%s changed.") % form.cleaned_data["name"])
            return redirect(row)
    return render_form(request, "tenants/units/form.html", form, unit=row)


@page("tenants.close_unit", methods=["POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a unit today."""
    row = get_object_or_404(visible_units(request.actor), pk=pk)
    try:
        close_unit(actor=request.actor, unit=row)
        messages.success(request, _("%s closed.") % row.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row)


@page("tenants.edit_unit", methods=["POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed unit again."""
    row = get_object_or_404(visible_units(request.actor), pk=pk)
    edit_unit(actor=request.actor, unit=row, closed_on=None)
    messages.success(request, _("%s is open again.") % row.name)
    return redirect(row)


@page("tenants.add_unit_member", methods=["POST"])
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody works in the unit from now on."""
    row = get_object_or_404(visible_units(request.actor), pk=pk)
    form = UnitMemberForm(request.POST, actor=request.actor)
    if form.is_valid() and form.perform(add_unit_member, actor=request.actor, unit=row) is not None:
        messages.success(request, _("%s added.") % form.cleaned_data["member"].name)
        return redirect(row)
    return _unit(request, pk, form)


@page("tenants.remove_unit_member", methods=["POST"])
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody no longer works in the unit."""
    link = get_object_or_404(visible_unit_members(request.actor), pk=pk)
    remove_unit_member(actor=request.actor, unit_member=link)
    words = {"name": link.member.name, "unit": link.unit.name}
    messages.success(request, _("%(name)s no longer works in %(unit)s.") % words)
    return redirect(link.unit)
