"""The decorator every page carries: it names the permission, or says in words why none is needed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.neighbors import carried


def page(code: str, *, methods: Iterable[str] = ("GET", "HEAD")) -> Callable[[Callable], Callable]:
    """A view for members who hold ``code``: a stranger gets 404 (middleware), a member without the right 403."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            request.actor.require(code)
            return view(request, *args, **kwargs)

        answering = _answering(methods, guarded)
        answering.permission = code
        return answering

    return decorate


def leads_on(moved: Callable[[Any, int], int | None]) -> Callable[[Callable], Callable]:
    """Lead from a page about a merged record to the same page about the one that stands for it.

    Stands below ``@page``. ``moved(actor, pk)`` answers the other's id, or None: then the record stays absent. The way
    there is never kept by browsers, because a merge can be undone.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def leading(request: HttpRequest, pk: int) -> HttpResponseBase:
            try:
                return view(request, pk=pk)
            except Http404:
                new_id = moved(request.actor, pk) if request.method in ("GET", "HEAD") else None
                if new_id is None:
                    raise
                asked = request.META["QUERY_STRING"]
                address = reverse(request.resolver_match.view_name, args=[new_id])
                return redirect(f"{address}?{asked}" if asked else address)

        return leading

    return decorate


def open_page(because: str, *, methods: Iterable[str] = ("GET", "HEAD")) -> Callable[[Callable], Callable]:
    """A view below a tenant's address that needs no membership; ``because`` says why, for the contract tests."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        guarded = _answering(methods, view)
        guarded.open_because = because
        return guarded

    return decorate


def _answering(methods: Iterable[str], view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view for these methods alone. Whoever opens the address of a form in between is told so, with 405."""
    allowed = list(methods)

    @wraps(view)
    def answering(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method not in allowed:
            response = render(request, "405.html", status=405)
            response["Allow"] = ", ".join(allowed)
            return response
        return view(request, *args, **kwargs)

    answering.methods = allowed
    return answering


def render_form(request: HttpRequest, template: str, form, **context) -> HttpResponse:
    """A page with a form: 200 fresh, 422 with errors, 409 when somebody else saved first."""
    status = 200
    if form.is_bound and form.errors:
        status = 409 if getattr(form, "is_stale", False) else 422
    return render(request, template, {"form": form, **context}, status=status)


def tab_links(
    request: HttpRequest, row: Model, tabs: Sequence[Any], current: Any, *, counts: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The row of tabs on a record's page, each with what it holds: ``counts`` by code, else the row's ``count_<code>``.

    A tab has ``code`` and ``label``. The way back to the list one came from stays in the address.
    """
    address, kept = row.get_absolute_url(), carried(request)
    return [
        {
            "label": tab.label,
            "url": f"{address}?tab={tab.code}{kept}",
            "current": tab is current,
            "count": (getattr(row, f"count_{tab.code}", None) if counts is None else counts.get(tab.code)) or None,
        }
        for tab in tabs
    ]


def next_address(request: HttpRequest) -> str:
    """Where the form wants to go back to, if that is an address of this site; else the empty string."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return given if safe else ""


def delete_and_tell(
    request: HttpRequest, row: Model, action: Callable[..., object], *, subject: str, onward: str
) -> HttpResponse:
    """Run a deleting action on the row: then ``onward``, or back to the row with what it is still used for."""
    name, address = str(row), row.get_absolute_url()
    try:
        action(actor=request.actor, **{subject: row})
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(address)
    messages.success(request, _("%s deleted.") % name)
    return redirect(onward)
