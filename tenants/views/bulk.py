"""Changing many rows of a list at once: the small form, the preview, the deed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.bulk import Selection, Summary, perform, preview, select_rows
from core.errors import ActionRefused, InvalidInput
from core.forms import ActionForm
from core.lists import List, Operation
from core.pages import next_address, page, render_form
from core.templatetags.ui import written_date
from tenants.views.views import readable_list

CARRIED = ("operation", "scope", "expected", "query", "next")


@page("tenants.change_rows", methods=["POST"])
def bulk(request: HttpRequest, code: str) -> HttpResponse:
    """One address for all steps: what to change, ``step=preview`` what would happen, ``step=perform``.

    A selection that does not hold leads back to the list, which says why; nothing is written then.
    """
    declared = readable_list(request, code)
    back = next_address(request) or reverse(declared.url_name)
    try:
        operation = _operation(request, declared)
        selection = select_rows(request.actor, declared, request.POST)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(back)
    step, form = request.POST.get("step", ""), None
    if operation.form_class is not None:
        form = operation.form_class(request.POST if step else None, actor=request.actor)
    context = _context(request, declared, operation, selection, back)
    if form is not None and not form.is_valid():
        return render_form(request, "tenants/bulk/change.html", form, **context)
    values, rows = form.cleaned_data if form else {}, selection.rows
    summary = (perform if step == "perform" else preview)(request.actor, operation, rows, values)
    if form is not None and (common := summary.common_refusal) and common.field in form.fields:
        form.add_error(common.field, common.message)
        return render_form(request, "tenants/bulk/change.html", form, **context)
    if step != "perform":
        return render(
            request,
            "tenants/bulk/preview.html",
            {**context, "form": form, "spoken": _spoken(form), "summary": summary},
        )
    _tell(request, operation, summary)
    return (
        render(request, "tenants/bulk/result.html", {**context, "summary": summary})
        if summary.refused
        else redirect(back)
    )


def _operation(request: HttpRequest, declared: List) -> Operation:
    operation = declared.operation(request.POST.get("operation", ""))
    if operation is None:
        raise InvalidInput("no_such_operation", _("Choose what to change."))
    request.actor.require(operation.permission)
    return operation


def _context(
    request: HttpRequest, declared: List, operation: Operation, selection: Selection, back: str
) -> dict[str, Any]:
    is_all = request.POST.get("scope") == "all"
    return {
        "list": declared,
        "operation": operation,
        "selection": selection,
        "title": operation.title % {"n": len(selection.rows)},
        "back": back,
        "carried": [(name, request.POST[name]) for name in CARRIED if name in request.POST],
        "ids_name": "previewed" if is_all else "rows",
    }


def _spoken(form: ActionForm | None) -> list[tuple[str, Any]]:
    """What was chosen in the form: labels and values in words."""
    return [(field.label, _in_words(field)) for field in form.visible_fields()] if form else []


def _in_words(field: Any) -> str:
    value = field.form.cleaned_data.get(field.name)
    if isinstance(value, date):
        return written_date(value)
    if value in (None, ""):
        return "–"
    return str(dict(getattr(field.field, "choices", ())).get(value, value)) if isinstance(value, str) else str(value)


def _tell(request: HttpRequest, operation: Operation, summary: Summary) -> None:
    changed, unchanged, refused = (len(each) for each in (summary.changed, summary.unchanged, summary.refused))
    parts = []
    if unchanged:
        parts.append(ngettext("%(n)d was so already.", "%(n)d were so already.", unchanged) % {"n": unchanged})
    if refused:
        parts.append(ngettext("%(n)d was refused.", "%(n)d were refused.", refused) % {"n": refused})
    if changed:
        messages.success(request, " ".join([operation.told % {"n": changed}, *parts]))
    else:
        messages.warning(request, " ".join([_("Nothing was changed."), *parts]))
