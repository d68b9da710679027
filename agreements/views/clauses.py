"""The clause questions of an agreement, the checklist while one types, and setting a rule aside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from agreements.actions.clauses import answer_clauses, override_rule
from agreements.forms.clauses import OverrideForm, clauses_form
from agreements.models import Agreement
from agreements.queries.agreements import visible_agreements
from agreements.queries.checklist import checklist_of
from agreements.rules.workflow import BEFORE_EXECUTION
from agreements.views.moves import told_since
from core.pages import next_address, page, render_form

FOLDER = "agreements/agreements/"


@page("agreements.answer_clauses", methods=["GET", "POST"])
def clauses(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the questions; the checklist beside them is that of what is saved."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    form_class = clauses_form(row.kind)
    form = form_class(request.POST or None, initial=form_class.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        saved = form.perform(answer_clauses, actor=actor, agreement=row, seen=seen)
        if saved is not None:
            messages.success(request, form.told(_("Answers saved.")))
            return redirect(_tab(row, "clauses"))
    context = {"agreement": row, "checklist": checklist_of(actor, row), "is_open": row.status in BEFORE_EXECUTION}
    return render_form(request, f"{FOLDER}clauses.html", form, **context)


@page("agreements.answer_clauses", methods=["POST"])
def clauses_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist as it would be with these answers; nothing is written. A page asks while somebody answers."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    form = clauses_form(row.kind)(request.POST)
    form.full_clean()
    context = {
        "agreement": row,
        "checklist": checklist_of(actor, row, answers=form.given),
        "is_open": row.status in BEFORE_EXECUTION,
        "live": True,
    }
    return render(request, f"{FOLDER}_checklist.html", context)


@page("agreements.override_rule", methods=["GET", "POST"])
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a rule aside that stands against signature, with the reason."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    code = (request.POST.get("rule") or request.GET.get("rule") or "")[:3]
    checklist = checklist_of(actor, row)
    fired = next((each for each in checklist.fired if each.rule.code == code), None)
    form = OverrideForm(request.POST or None, initial={"version": row.version})
    since, seen = [], None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(override_rule, actor=actor, agreement=row, code=code, seen=seen) is not None:
            messages.success(request, _("%s is set aside.") % code)
            return redirect(next_address(request) or _tab(row, "overview"))
    if form.is_stale:
        row = get_object_or_404(visible_agreements(actor), pk=pk)
        form.show_present(row)
        since = told_since(actor, row, seen)
    context = {
        "agreement": row,
        "fired": fired,
        "code": code,
        "choices": [each for each in checklist.fired if each.blocks],
        "since": since,
        "next": next_address(request),
    }
    return render_form(request, f"{FOLDER}override.html", form, **context)


def _tab(row: Agreement, tab: str) -> str:
    return f"{row.get_absolute_url()}?tab={tab}"
