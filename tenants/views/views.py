"""Saved views of lists, and lists as files."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.lists import List, list_of
from core.pages import page, render_form
from core.views_of_lists import LONGEST_QUERY, address_query
from tenants.actions.exports import TOO_LONG, export_lists
from tenants.actions.views import choose_default_view, delete_view, edit_view, pin_view, save_view
from tenants.forms.views import ViewForm
from tenants.models import SavedView
from tenants.queries.views import visible_views
from tenants.views.exports import ask_for


def address_of(view: SavedView) -> str:
    """The list's address with the view's whole query."""
    return f"{reverse(list_of(view.list_code).url_name)}?{address_query(view)}"


def readable_list(request: HttpRequest, code: str) -> List:
    """The list with this code; 404 when there is none, 403 when the reader may not open it."""
    declared = list_of(code)
    if declared is None:
        raise Http404
    request.actor.require(declared.reads.code)
    return declared


@page("tenants.save_view", methods=["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the query of a list under a name; it comes with the address, then with the form."""
    given = request.POST if request.method == "POST" else request.GET
    declared = readable_list(request, code)
    query = given.get("query", "")[: LONGEST_QUERY + 1]
    form = ViewForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        view = form.perform(save_view, actor=request.actor, list_code=declared.code, query=query)
        if view is not None:
            messages.success(request, _("View “%s” saved.") % view.name)
            return redirect(address_of(view))
    return render_form(request, "tenants/views/form.html", form, list=declared, query=query)


@page("tenants.edit_view", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view or change who sees it."""
    view = get_object_or_404(visible_views(request.actor), pk=pk)
    form = ViewForm(request.POST or None, actor=request.actor, view=view, initial=ViewForm.initial_of(view))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_view, actor=request.actor, view=view, seen=seen) is not None:
            messages.success(request, _("View “%s” changed.") % form.cleaned_data["name"])
            return redirect(address_of(view))
    return render_form(request, "tenants/views/form.html", form, view=view, list=list_of(view.list_code))


@page("tenants.edit_view", methods=["POST"])
def overwrite(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the list shows now in the view it was opened with."""
    view = get_object_or_404(visible_views(request.actor), pk=pk)
    try:
        view = edit_view(actor=request.actor, view=view, query=request.POST.get("query", ""))
        messages.success(request, _("View “%s” saved.") % view.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(address_of(view))


@page("tenants.delete_view", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view; the list it belongs to opens without it."""
    view = get_object_or_404(visible_views(request.actor), pk=pk)
    onward = f"{reverse(list_of(view.list_code).url_name)}?{'&'.join(filter(None, ['view=', view.query]))}"
    try:
        delete_view(actor=request.actor, view=view)
        messages.success(request, _("View “%s” deleted.") % view.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        onward = address_of(view)
    return redirect(onward)


@page("tenants.pin_view", methods=["POST"])
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Pin a view to one's own rail, or take it out."""
    view = get_object_or_404(visible_views(request.actor), pk=pk)
    pin_view(actor=request.actor, view=view, pinned=request.POST.get("pinned") == "1")
    return redirect(address_of(view))


@page("tenants.choose_default_view", methods=["POST"])
def choose_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the list open with this view, or with everything again."""
    view = get_object_or_404(visible_views(request.actor), pk=pk)
    choose_default_view(actor=request.actor, view=view, default=request.POST.get("default") == "1")
    return redirect(address_of(view))


@page("tenants.export_lists", methods=["POST"])
def export(request: HttpRequest, code: str) -> HttpResponseBase:
    """A list as a file. A POST, because the office keeps a record of it."""
    declared = readable_list(request, code)
    query = request.POST.get("query", "")
    try:
        exported = export_lists(
            actor=request.actor, list_code=code, query=query, file_format=request.POST.get("format", "")
        )
    except ActionRefused as refused:
        if refused.code == TOO_LONG:
            return ask_for(request, declared, query)
        messages.error(request, refused.message)
        return redirect(f"{reverse(declared.url_name)}?{'&'.join(filter(None, ['view=', query]))}")
    written = exported.written
    answer = FileResponse(written.file, as_attachment=True, filename=exported.name, content_type=written.content_type)
    answer["Cache-Control"] = "no-store, private"
    return answer
