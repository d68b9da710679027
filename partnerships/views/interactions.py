"""Logging from anywhere: a dialog with JavaScript, a page without. Proposals are shown before they are saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.pages import next_address, page, render_form
from partnerships.actions.attachments import attach_files
from partnerships.actions.interactions import (
    edit_interaction,
    log_interaction,
    pin_interaction,
    unpin_interaction,
)
from partnerships.forms.attachments import AttachForm
from partnerships.forms.interactions import InteractionForm
from partnerships.forms.quick_log import QuickLog
from partnerships.models import Interaction, Partnership
from partnerships.queries.attachments import attachments_of
from partnerships.queries.followups import visible_followups
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import visible_partnerships

PAGE = "partnerships/interactions/log.html"
DIALOG = "partnerships/interactions/_log_dialog.html"
FORM = "partnerships/interactions/_quick_form.html"


@page("partnerships.log_interaction", methods=["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The log form; after saving back to where one came from, or to the same form for "save and log another"."""
    partnership = _chosen_partner(request)
    if request.method != "POST":
        template = DIALOG if request.htmx else PAGE
        return _show(request, template, QuickLog(actor=request.actor, partnership=partnership))
    template = FORM if request.htmx else PAGE
    if "details" in request.POST:
        return _show(request, template, _preview(request, partnership))
    quick = QuickLog(actor=request.actor, partnership=partnership, posted=request.POST, files=request.FILES)
    if quick.needs_look:
        return _show(request, template, _preview(request, partnership), status=422, look=True)
    if quick.is_valid():
        interaction = quick.form.perform(log_interaction, actor=request.actor, followups=quick.promises)
        if interaction is not None:
            return _logged(request, interaction)
    return _show(request, template, quick, status=422)


@page("partnerships.log_interaction", methods=["POST"])
def log_fields(request: HttpRequest) -> HttpResponse:
    """What stands below the note, anew while one writes: proposals of the note, notices, assumed values."""
    quick = _preview(request, _chosen_partner(request))
    return render(request, "partnerships/interactions/_log_fields.html", {"quick": quick, "form": quick.form})


def _chosen_partner(request: HttpRequest) -> Partnership | None:
    """The partner in the form, else the one in the address; None when neither is one that the actor may see."""
    given = request.POST.get("partnership") if request.method == "POST" else request.GET.get("partner")
    given = (given or "")[:18]
    if not (given.isascii() and given.isdigit()):
        return None
    return visible_partnerships(request.actor).filter(pk=given).first()


def _preview(request: HttpRequest, partnership: Partnership | None) -> QuickLog:
    return QuickLog(actor=request.actor, partnership=partnership, posted=request.POST, check=False)


def _show(request: HttpRequest, template: str, quick: QuickLog, *, status: int = 200, **context) -> HttpResponse:
    back = next_address(request) or (request.htmx and request.htmx.current_url_abs_path) or ""
    given = {"form": quick.form, "quick": quick, "partnership": quick.partnership, "next": back, **context}
    return render(request, template, given, status=status)


def _logged(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    """Tell it with a way to open it, and go on; a dialog that logs another one stays where it is."""
    words = {"kind": interaction.get_kind_display(), "partner": interaction.partnership.organization.name}
    told = _("%(kind)s with %(partner)s logged.") % words
    link = format_html('<a href="{}">{}</a>', interaction.get_absolute_url(), _("Open"))
    messages.success(request, format_html("{} {}", told, link))
    if "another" not in request.POST:
        return HttpResponseRedirect(next_address(request) or interaction.partnership.get_absolute_url())
    if request.htmx:
        return _show(request, FORM, QuickLog(actor=request.actor, partnership=interaction.partnership), told=told)
    return redirect(f"{reverse('partnerships:log')}?partner={interaction.partnership_id}")


@page("partnerships.view_interactions")
def interaction(request: HttpRequest, pk: int) -> HttpResponse:
    """One interaction, whole, with its files and what was promised in it."""
    row = get_object_or_404(visible_interactions(request.actor).select_related("opportunity"), pk=pk)
    return _detail(request, row)


def _detail(request: HttpRequest, row: Interaction, form: AttachForm | None = None) -> HttpResponse:
    actor = request.actor
    context = {
        "interaction": row,
        "attachments": attachments_of(actor, row),
        "followups": visible_followups(actor).filter(interaction=row),
        "today": timezone.localdate(),
        "may_change": row.logged_by_id == actor.user_id or actor.may("partnerships.view_confidential"),
    }
    return render_form(request, "partnerships/interactions/detail.html", form or AttachForm(), **context)


@page("partnerships.attach_files", methods=["POST"])
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to an interaction."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    form = AttachForm(request.POST, request.FILES)
    if form.is_valid() and form.perform(attach_files, actor=request.actor, interaction=row) is not None:
        messages.success(request, _("Files attached."))
        return redirect(row)
    return _detail(request, row, form)


@page("partnerships.edit_interaction", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an interaction."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    form = InteractionForm(
        request.POST or None,
        actor=request.actor,
        partnership=row.partnership,
        initial=InteractionForm.initial_of(row),
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_interaction, actor=request.actor, interaction=row, seen=seen) is not None:
            messages.success(request, form.told(_("Interaction changed.")))
            return redirect(row.partnership.get_absolute_url())
    return render_form(request, "partnerships/interactions/edit.html", form, interaction=row)


@page("partnerships.pin_interaction", methods=["POST"])
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an interaction on top."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    pin_interaction(actor=request.actor, interaction=row)
    messages.success(request, _("Pinned to the top of the partner's activity."))
    return HttpResponseRedirect(next_address(request) or row.get_absolute_url())


@page("partnerships.unpin_interaction", methods=["POST"])
def unpin(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an interaction go back to its place in time."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    unpin_interaction(actor=request.actor, interaction=row)
    messages.success(request, _("No longer pinned."))
    return HttpResponseRedirect(next_address(request) or row.get_absolute_url())
