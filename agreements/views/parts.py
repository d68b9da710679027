"""Parties, money schedule and signatories of an agreement: each replaced as a whole."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from agreements.actions.money import set_money
from agreements.actions.parties import set_parties
from agreements.actions.signatories import set_signatories
from agreements.forms.parts import (
    MONEY_ROWS,
    PARTY_ROWS,
    SIGNATORY_ROWS,
    MoneyForm,
    PartiesForm,
    PartsForm,
    SignatoriesForm,
    rows_of,
)
from agreements.models import Agreement
from agreements.queries.agreements import visible_agreements
from core.pages import page, render_form


@page("agreements.set_parties", methods=["GET", "POST"])
def parties(request: HttpRequest, pk: int) -> HttpResponse:
    """Who the agreement is between."""
    row = _row(request, pk)
    form = PartiesForm(request.POST or None, actor=request.actor, agreement=row, initial=PartiesForm.initial_of(row))
    formset = PARTY_ROWS(
        request.POST or None,
        initial=PartiesForm.others(row),
        prefix="parties",
        form_kwargs={"actor": request.actor},
    )
    words = {
        "heading": _("Parties"),
        "row_name": _("Party"),
        "told": _("Parties saved."),
        "hint": _("Empty the organization to remove a party. Two more can be added after saving."),
        "tab": "overview",
    }
    return _page(request, row, form, formset, set_parties, words, rows=form.with_ours)


@page("agreements.set_money", methods=["GET", "POST"])
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """The money schedule; its lines add up to the agreement's value."""
    row = _row(request, pk)
    form = MoneyForm(request.POST or None, initial=MoneyForm.initial_of(row))
    formset = MONEY_ROWS(request.POST or None, initial=MoneyForm.present(row), prefix="lines")
    words = {
        "heading": _("Money schedule"),
        "row_name": _("Line"),
        "told": _("Money schedule saved."),
        "hint": _("Empty a line to remove it. Two more can be added after saving."),
        "tab": "money",
    }
    return _page(request, row, form, formset, set_money, words)


@page("agreements.set_signatories", methods=["GET", "POST"])
def signatories(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signs for which party, and when they did."""
    row = _row(request, pk)
    form = SignatoriesForm(request.POST or None, initial=SignatoriesForm.initial_of(row))
    present = [{**each, "member": getattr(each["member"], "pk", None)} for each in SignatoriesForm.present(row)]
    formset = SIGNATORY_ROWS(
        request.POST or None,
        initial=present,
        prefix="signatories",
        form_kwargs={"actor": request.actor, "agreement": row},
    )
    words = {
        "heading": _("Who signs"),
        "row_name": _("Signatory"),
        "told": _("Signatories saved."),
        "hint": _("Empty name and colleague to remove somebody. Two more can be added after saving."),
        "tab": "money",
    }
    return _page(request, row, form, formset, set_signatories, words)


def _row(request: HttpRequest, pk: int) -> Agreement:
    return get_object_or_404(visible_agreements(request.actor), pk=pk)


def _page(
    request: HttpRequest,
    row: Agreement,
    form: PartsForm,
    formset,
    action: Callable,
    words: dict[str, str],
    *,
    rows: Callable[[list], list] = list,
) -> HttpResponse:
    back = f"{row.get_absolute_url()}?tab={words['tab']}"
    # Both are looked at, so that the errors of both are shown.
    if request.method == "POST" and all([form.is_valid(), formset.is_valid()]):
        seen = form.cleaned_data.pop("version")
        given = {form.part: rows(rows_of(formset))}
        if form.perform(action, actor=request.actor, agreement=row, seen=seen, **given) is not None:
            messages.success(request, form.told(words["told"]))
            return redirect(back)
    elif form.is_bound and not form.errors:
        form.add_error(None, _("Some rows are not right. Look at the words beside them."))
    context = {"agreement": row, "formset": formset, "back": back, **words}
    return render_form(request, "agreements/agreements/parts.html", form, **context)
