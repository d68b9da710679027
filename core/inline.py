"""Editing one value where it stands: the edit form of a record reduced to one field, and the edit action behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.forms import VersionedForm
from core.merging import in_words
from core.pages import next_address
from core.versions import VersionedModel


@dataclass(frozen=True, slots=True)
class Inline:
    """``fields``: those that may be edited in place; True asks for the explicit tick before it is saved.

    ``form_of(request, row, data)`` makes the whole edit form, ``action`` and ``subject`` save it, ``edit_url`` is the
    page for those without JavaScript.
    """

    form_of: Callable[[HttpRequest, Any, Any], VersionedForm]
    action: Callable[..., Any]
    subject: str
    fields: Mapping[str, bool]
    edit_url: Callable[[Any], str]


def edit_inline(request: HttpRequest, row: VersionedModel, spec: Inline, *, told: str) -> HttpResponse:
    """Answer one request about one field, ``?field=…``: its form, its value (``&show``), or what saving it gave.

    htmx gets the part alone, a browser without JavaScript a page with that one field. Other fields lead to the edit
    page.
    """
    name = request.GET.get("field", next(iter(spec.fields)))
    if name not in spec.fields:
        return redirect(spec.edit_url(row))
    form = _reduced(spec.form_of(request, row, request.POST or None), name)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        saved = form.perform(spec.action, actor=request.actor, **{spec.subject: row}, seen=seen)
        if saved is not None:
            messages.success(request, form.told(told))
            if not request.htmx:
                return redirect(next_address(request) or row)
            row = type(row).objects.get(pk=row.pk)
            return _show(request, row, _reduced(spec.form_of(request, row, None), name), name, spec, saved=True)
    if request.method == "GET" and request.htmx and "show" in request.GET:
        return _show(request, row, form, name, spec)
    template = "components/inline_form.html" if request.htmx else "components/inline_page.html"
    status = form.status if form.is_bound else 200
    return render(request, template, _context(request, row, form, name, spec), status=status)


def _reduced(form: VersionedForm, name: str) -> VersionedForm:
    for other in set(form.fields) - {name, "version"}:
        del form.fields[other]
    return form


def _show(
    request: HttpRequest, row, form: VersionedForm, name: str, spec: Inline, *, saved: bool = False
) -> HttpResponse:
    value = in_words(form.fields[name], form.initial.get(name))
    context = {**_context(request, row, form, name, spec), "value": value, "saved": saved}
    return render(request, "components/inline_value.html", context)


def _context(request: HttpRequest, row, form: VersionedForm, name: str, spec: Inline) -> dict[str, object]:
    return {
        "form": form,
        "field": form[name],
        "name": name,
        "label": form.fields[name].label,
        "inline_url": request.path,
        "edit_url": spec.edit_url(row),
        "row": row,
        "row_url": row.get_absolute_url(),
        "explicit": spec.fields[name],
        "next": next_address(request),
    }
