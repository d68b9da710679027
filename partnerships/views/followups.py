"""Follow-ups: the list, one, ticking off, putting off."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.lists import Column, Empty, List, register_list
from core.pages import next_address, page, render_form
from core.tables import build_listing, render_listing
from partnerships.actions.attention import snooze_item
from partnerships.actions.followups import (
    add_followup,
    complete_followup,
    edit_followup,
    reopen_followup,
    snooze_followup,
)
from partnerships.filters import FollowUpFilter
from partnerships.forms.followups import FollowUpForm, NewFollowUpForm, SnoozeForm
from partnerships.models import FollowUp
from partnerships.queries.followups import visible_followups
from partnerships.views.bulk import FOLLOWUP_OPERATIONS

FOLLOWUPS = register_list(
    List(
        code="followups",
        label=gettext_lazy("Follow-ups"),
        url_name="partnerships:followups",
        reads=visible_followups,
        filterset_class=FollowUpFilter,
        columns=[
            Column("title", gettext_lazy("What to do"), sort="title", css="long-name", value="title"),
            Column("due", gettext_lazy("Due"), sort="due_on", css="lead", value="due_on"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("who", gettext_lazy("Who"), sort="assignee__name", value="assignee.name"),
            Column("done", gettext_lazy("Done"), sort="done_at", value="done_at"),
        ],
        default_sort="due",
        row_template="partnerships/followups/_row.html",
        counted=ngettext_lazy("%(n)d follow-up", "%(n)d follow-ups", "n"),
        empty=Empty(
            gettext_lazy("Nothing is promised. Write “next: …” into a note, or add a follow-up."),
            icon="checklist",
            action=gettext_lazy("Add follow-up"),
            url_name="partnerships:followup_new",
            permission="partnerships.add_followup",
        ),
        no_match=gettext_lazy("No follow-up matches the filter. Remove one of its parts, or clear it."),
        api="follow-ups",
        bulk=FOLLOWUP_OPERATIONS,
        opens_with="state=open",
    )
)


@page("partnerships.view_followups")
def followups(request: HttpRequest) -> HttpResponse:
    """What is to be done, first; with ``?state=done`` what was."""
    listing = build_listing(request, FOLLOWUPS)
    return render_listing(request, listing, "partnerships/followups/list.html", today=timezone.localdate())


@page("partnerships.add_followup", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a follow-up; ``?partner=`` says for whom, ``?title=`` suggests what to do."""
    initial = {
        "title": request.GET.get("title", "")[:200],
        "partnership": request.GET.get("partner"),
        "assignee": request.actor.user_id,
        "due_on": timezone.localdate() + timedelta(weeks=1),
    }
    form = NewFollowUpForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.perform(add_followup, actor=request.actor)
        if row is not None:
            messages.success(request, _("Follow-up added: %s") % row.title)
            return HttpResponseRedirect(next_address(request) or row.partnership.get_absolute_url())
    return render_form(request, "partnerships/followups/form.html", form, next=next_address(request))


@page("partnerships.edit_followup", methods=["GET", "POST"])
def followup(request: HttpRequest, pk: int) -> HttpResponse:
    """One follow-up, to be changed, handed to somebody else, put off."""
    row = get_object_or_404(visible_followups(request.actor), pk=pk)
    form = FollowUpForm(request.POST or None, actor=request.actor, initial=FollowUpForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_followup, actor=request.actor, followup=row, seen=seen) is not None:
            messages.success(request, form.told(_("Follow-up changed.")))
            return HttpResponseRedirect(next_address(request) or reverse("partnerships:followups"))
    context = {"followup": row, "next": next_address(request), "today": timezone.localdate()}
    return render_form(request, "partnerships/followups/detail.html", form, **context)


@page("partnerships.complete_followup", methods=["POST"])
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick off."""
    row = get_object_or_404(visible_followups(request.actor), pk=pk)
    complete_followup(actor=request.actor, followup=row)
    return _ticked(request, row, _("Done: %s") % row.title)


@page("partnerships.reopen_followup", methods=["POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the tick back."""
    row = get_object_or_404(visible_followups(request.actor), pk=pk)
    reopen_followup(actor=request.actor, followup=row)
    return _ticked(request, row, _("Open again: %s") % row.title)


def _ticked(request: HttpRequest, row: FollowUp, words: str) -> HttpResponse:
    """With htmx the one line anew, where it stood; else back to the page it stood on, which says what happened."""
    if request.htmx:
        shown = visible_followups(request.actor).get(pk=row.pk)
        with_partner = request.POST.get("with_partner") == "1"
        context = {"followup": shown, "today": timezone.localdate(), "with_partner": with_partner, "told": words}
        return render(request, "partnerships/followups/_item.html", context)
    messages.success(request, words)
    return HttpResponseRedirect(next_address(request) or reverse("partnerships:followups"))


@page("partnerships.snooze_followup", methods=["POST"])
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put off until a day."""
    row = get_object_or_404(visible_followups(request.actor), pk=pk)
    return _snoozed(request, SnoozeForm(request.POST), snooze_followup, followup=row)


@page("partnerships.snooze_item", methods=["POST"])
def snooze_line(request: HttpRequest) -> HttpResponse:
    """Put any other line of one's Today off until a day."""
    return _snoozed(request, SnoozeForm(request.POST), snooze_item, key=request.POST.get("key", "")[:80])


def _snoozed(request: HttpRequest, form: SnoozeForm, action, **subject: object) -> HttpResponse:
    if form.is_valid() and form.perform(action, actor=request.actor, **subject) is not None:
        day = date_format(form.cleaned_data["until"], "j M Y")
        messages.success(request, _("Put off until %s.") % day)
    else:
        for errors in form.errors.values():
            messages.error(request, errors[0])
    return HttpResponseRedirect(next_address(request) or reverse("partnerships:today"))
