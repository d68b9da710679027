"""What each side owes: as a list and by month, one of it, adding, changing, doing, waiving."""

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.actions.obligations import (
    add_obligation,
    complete_obligation,
    delete_obligation,
    edit_obligation,
    open_evidence,
    waive_obligation,
)
from agreements.filters import ObligationFilter
from agreements.forms.obligations import CompleteForm, NewObligationForm, ObligationForm, WaiveForm
from agreements.models import Obligation
from agreements.queries.obligations import series_of, visible_obligations
from core.errors import ActionRefused
from core.pages import delete_and_tell, next_address, page, render_form
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing
from tenants.pages import render_history

FOLDER = "agreements/obligations/"
A_DAY = 4  # entries that a day of the calendar shows
A_MONTH = 1_000
EARLIEST, LATEST = 1900, 2200


def state_of(row: Obligation) -> str:
    """How it stands today, in a word."""
    if row.done_on is not None:
        return _("Done")
    if row.waived_reason:
        return _("Waived")
    return _("Overdue") if row.due_on < timezone.localdate() else _("Open")


OBLIGATIONS = register_list(
    List(
        code="obligations",
        label=gettext_lazy("Obligations"),
        url_name="agreements:obligations",
        reads=visible_obligations,
        filterset_class=ObligationFilter,
        columns=[
            Column("title", gettext_lazy("What"), sort="title", css="long-name", value="title"),
            Column("state", gettext_lazy("State"), css="lead", value=state_of),
            Column("due", gettext_lazy("Due"), sort="due_on", value="due_on"),
            Column("side", gettext_lazy("Who owes it"), sort="side", value="get_side_display"),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("agreement", gettext_lazy("Agreement"), sort="agreement__reference", value="agreement.reference"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="agreement__partnership__organization__name_key",
                shown=False,
                value="agreement.partnership.organization.name",
            ),
            Column("owner", gettext_lazy("Looked after by"), sort="owner__name", value="owner.name"),
            Column("done", gettext_lazy("Done"), sort="done_on", shown=False, value="done_on"),
            Column("repeats", gettext_lazy("Repeats"), shown=False, value="get_recurrence_display"),
            Column("clause", gettext_lazy("Clause"), shown=False, value="clause_number"),
            Column("consequence", gettext_lazy("If not"), shown=False, css="wrap", value="consequence"),
            Column("evidence", gettext_lazy("Evidence"), shown=False, css="wrap", value="evidence"),
        ],
        default_sort="due",
        row_template=f"{FOLDER}_row.html",
        counted=ngettext_lazy("%(n)d obligation", "%(n)d obligations", "n"),
        empty=Empty(
            gettext_lazy("Nothing is owed yet. Obligations arise when an agreement is executed, or are added by hand."),
            icon="checklist",
            action=gettext_lazy("Add obligation"),
            url_name="agreements:obligation_new",
            permission="agreements.add_obligation",
        ),
        no_match=gettext_lazy("No obligation matches the filter."),
        api="obligations",
        shapes=[Shape("month", gettext_lazy("Month"), "calendar", f"{FOLDER}_month.html", keeps="month")],
    )
)


@page("agreements.view_obligations")
def obligations(request: HttpRequest) -> HttpResponse:
    """What each side owes, as a list or month by month, under the same filter."""
    listing = build_listing(request, OBLIGATIONS)
    context = {"today": timezone.localdate()}
    if listing.shape and listing.all:
        context |= _month(request, listing)
    return render_listing(request, listing, f"{FOLDER}list.html", **context)


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the calendar; ``more`` entries are left to the list of that day, at ``query``."""

    on: date
    is_outside: bool
    entries: list[Obligation]
    more: int
    query: str


def _month(request: HttpRequest, listing: Listing) -> dict[str, object]:
    """What the calendar's template needs. ``rows`` are the weeks: the list then loads no page of the table."""
    first = _first_day(request.GET.get("month", ""))
    weeks = Calendar((get_format("FIRST_DAY_OF_WEEK") - 1) % 7).monthdatescalendar(first.year, first.month)
    found = listing.page.paginator.object_list.filter(due_on__range=(weeks[0][0], weeks[-1][-1]))
    due: defaultdict[date, list[Obligation]] = defaultdict(list)
    for row in found.order_by("due_on", "pk")[:A_MONTH]:
        due[row.due_on].append(row)

    def day(on: date) -> Day:
        of_day = {"due_after": on.isoformat(), "due_before": (on + timedelta(days=1)).isoformat()}
        query = listing.query_with(shape=None, month=None, **of_day)
        return Day(on, on.month != first.month, due[on][:A_DAY], max(0, len(due[on]) - A_DAY), query)

    def month(months: int) -> str:
        index = first.year * 12 + first.month - 1 + months
        return listing.query_with(month=f"{index // 12:04}-{index % 12 + 1:02}")

    return {
        "rows": [[day(on) for on in week] for week in weeks],
        "month": first,
        "weekdays": weeks[0],
        "number": sum(len(rows) for on, rows in due.items() if on.month == first.month),
        "earlier": month(-1) if first.year > EARLIEST else "",
        "later": month(1) if first.year < LATEST else "",
        "present": listing.query_with(month=None),
    }


def _first_day(given: str) -> date:
    """The first day of the month that an address names, else of this month."""
    year, _dash, month = given.partition("-")
    if len(given) == 7 and year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12:
        if EARLIEST <= int(year) <= LATEST:
            return date(int(year), int(month), 1)
    return timezone.localdate().replace(day=1)


@page("agreements.view_obligations")
def obligation(request: HttpRequest, pk: int) -> HttpResponse:
    """One obligation: what, until when, what proves that it was done, and the others of its series."""
    row = _find(request, pk)
    series = list(series_of(request.actor, row)) if row.recurrence != "once" or row.series_id else []
    context = {
        "obligation": row,
        "is_open": row.done_on is None and not row.waived_reason,
        "today": timezone.localdate(),
        "days_late": (row.done_on - row.due_on).days if row.done_on else 0,
        "series": series if len(series) > 1 else [],
    }
    return render(request, f"{FOLDER}detail.html", context)


@page("agreements.add_obligation", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an obligation; ``?agreement=`` says under which agreement."""
    initial = {"agreement": request.GET.get("agreement"), "owner": request.actor.user_id, "side": "ours"}
    form = NewObligationForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.perform(add_obligation, actor=request.actor)
        if row is not None:
            messages.success(request, _("Obligation added: %s") % row.title)
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}form.html", form, next=next_address(request))


@page("agreements.edit_obligation", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an open obligation, or give it to somebody else."""
    row = _find(request, pk)
    form = ObligationForm(request.POST or None, actor=request.actor, initial=ObligationForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_obligation, actor=request.actor, obligation=row, seen=seen) is not None:
            messages.success(request, form.told(_("Obligation changed.")))
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}form.html", form, obligation=row, next=next_address(request))


@page("agreements.complete_obligation", methods=["GET", "POST"])
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it was done, with the proof: words, a link or a file."""
    row = _find(request, pk)
    form = CompleteForm(request.POST or None, request.FILES or None, initial=CompleteForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        done = form.perform(complete_obligation, actor=request.actor, obligation=row, seen=seen)
        if done is not None:
            messages.success(request, _told(request, done))
            return redirect(next_address(request) or row)
    context = {"obligation": row, "next": next_address(request)}
    return render_form(request, f"{FOLDER}complete.html", form, **context)


def _told(request: HttpRequest, done: Obligation) -> str:
    """That it is done, and when it is due again."""
    words = _("Done: %s.") % done.title
    following = series_of(request.actor, done).filter(due_on__gt=done.due_on).first()
    if following is None:
        return words
    return f"{words} {_('It is due again on %s.') % date_format(following.due_on, 'j M Y')}"


@page("agreements.waive_obligation", methods=["GET", "POST"])
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why it need not be done."""
    row = _find(request, pk)
    form = WaiveForm(request.POST or None, initial=WaiveForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(waive_obligation, actor=request.actor, obligation=row, seen=seen) is not None:
            messages.success(request, _("Waived: %s.") % row.title)
            return redirect(next_address(request) or row)
    context = {"obligation": row, "next": next_address(request)}
    return render_form(request, f"{FOLDER}waive.html", form, **context)


@page("agreements.open_evidence")
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The file that proves it, as a download; each time is written down."""
    row = _find(request, pk)
    try:
        open_evidence(actor=request.actor, obligation=row)
        content = default_storage.open(row.evidence_file.path)
    except (ActionRefused, FileNotFoundError):
        raise Http404 from None
    file = row.evidence_file
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer


@page("agreements.view_obligations")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about an obligation."""
    row = _find(request, pk)
    return render_history(request, row)


@page("agreements.delete_obligation", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an obligation that was entered by mistake; the status bar has the way back."""
    onward = reverse("agreements:obligations") + "?state=open"
    return delete_and_tell(request, _find(request, pk), delete_obligation, subject="obligation", onward=onward)


def _find(request: HttpRequest, pk: int) -> Obligation:
    return get_object_or_404(visible_obligations(request.actor), pk=pk)
