"""Adding and changing agreements, and what follows an executed one."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.actions.agreements import create_agreement, delete_agreement, edit_agreement
from agreements.actions.amendments import amend_agreement, decline_renewal, renew_agreement
from agreements.choices import AgreementKind
from agreements.forms.agreements import AgreementForm, HandlingForm, NewAgreementForm
from agreements.forms.moves import DraftForm, MoveForm, PlainForm
from agreements.queries.agreements import visible_agreements, visible_frames
from agreements.rules.workflow import BEFORE_EXECUTION
from agreements.views.moves import told_since
from core.pages import delete_and_tell, page, render_form
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.tenants import currency_of

FIELDS = "agreements/agreements/_fields.html"
FORM = "agreements/agreements/form.html"


@page("agreements.create_agreement", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an agreement, from the list, from a partner's page or under a master; its kind decides what is asked."""
    actor = request.actor
    kind = _kind(request, "research")
    initial = {"kind": kind, "owner": actor.user_id, "currency": currency_of(actor)}
    initial |= _above(request)
    if _chooses(request):
        return _asked_anew(request, NewAgreementForm, kind, initial)
    form = NewAgreementForm(request.POST or None, actor=actor, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.perform(create_agreement, actor=actor)
        if row is not None:
            messages.success(request, _("%s added.") % row.reference)
            return redirect(row)
    return render_form(request, FORM, form)


@page("agreements.edit_agreement", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an agreement; after execution only who handles it, who may read it and whether it shall be renewed."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    is_open = row.status in BEFORE_EXECUTION
    form_class = AgreementForm if is_open else HandlingForm
    kind = _kind(request, row.kind) if is_open else row.kind
    initial = {**AgreementForm.initial_of(row), **({"kind": kind} if request.method == "GET" else {})}
    if is_open and _chooses(request):
        return _asked_anew(request, form_class, kind, {"version": row.version}, agreement=row)
    form = form_class(request.POST or None, actor=actor, kind=kind, agreement=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        saved = form.perform(edit_agreement, actor=actor, agreement=row, seen=seen)
        if saved is not None:
            messages.success(request, form.told(_("%s changed.") % row.reference))
            return redirect(row)
    return render_form(request, FORM, form, agreement=row, is_open=is_open)


@page("agreements.delete_agreement", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft on which nobody has worked; the status bar has the way back."""
    row = get_object_or_404(visible_agreements(request.actor), pk=pk)
    onward = reverse("agreements:agreements")
    return delete_and_tell(request, row, delete_agreement, subject="agreement", onward=onward)


@page("agreements.amend_agreement", methods=["GET", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft an amendment: a draft of its own that begins with the present terms."""
    return _follow(
        request,
        pk,
        amend_agreement,
        DraftForm,
        heading=_("Draft an amendment"),
        means=_("A draft begins with the present terms. When it is executed, this agreement takes its terms over."),
        told=_("%s drafted. Change what shall be different."),
    )


@page("agreements.renew_agreement", methods=["GET", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the agreement that succeeds this one."""
    return _follow(
        request,
        pk,
        renew_agreement,
        DraftForm,
        heading=_("Draft a renewal"),
        means=_("A draft with the same parties, answers and value begins the day after this one ends."),
        told=_("%s drafted. Check its term and value."),
    )


@page("agreements.decline_renewal", methods=["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an agreement will not be renewed."""
    return _follow(
        request,
        pk,
        decline_renewal,
        PlainForm,
        heading=_("Will not be renewed"),
        means=_("Nobody is reminded of its renewal any more. Drafting a renewal after all takes this back."),
        told=_("%s will not be renewed."),
    )


@page("agreements.view_agreements")
def frame_lookup(request: HttpRequest) -> HttpResponse:
    """Options for the combobox of masters: the ten first whose reference or title contains what was typed."""
    given = request.GET.get("q", "")[:100].strip()
    rows = visible_frames(request.actor).filter(Q(title__icontains=given) | Q(reference__icontains=given))
    options = [{"value": each.pk, "label": str(each), "hint": each.get_kind_display()} for each in rows[:10]]
    return render(request, "components/options.html", {"options": options})


def _chooses(request: HttpRequest) -> bool:
    """Whether the form was sent for the fields of another kind: by a button, or in place when a kind was chosen."""
    return request.method == "POST" and ("choose" in request.POST or "choose" in request.GET)


def _kind(request: HttpRequest, otherwise: str) -> str:
    given = request.POST.get("kind") or request.GET.get("kind") or ""
    return given if given in AgreementKind.values else otherwise


def _above(request: HttpRequest) -> dict:
    """The partner or the master from whose page the form was opened."""
    found: dict[str, object] = {}
    partner, parent = (request.GET.get(name, "")[:18] for name in ("partner", "parent"))
    if partner.isdecimal():
        found["partnership"] = visible_partnerships(request.actor).filter(pk=partner).first()
    if parent.isdecimal():
        frame = visible_frames(request.actor).filter(pk=parent).first()
        if frame is not None:
            found |= {"parent": frame.pk, "partnership": frame.partnership_id}
    return found


def _asked_anew(request: HttpRequest, form_class: type, kind: str, initial: dict, **more) -> HttpResponse:
    """The form with the fields of another kind, what was typed kept; nothing is checked or written."""
    typed = {name: request.POST.get(name) for name in request.POST if name != "version"}
    typed["projects"] = request.POST.getlist("projects")
    form = form_class(actor=request.actor, kind=kind, initial={**initial, **typed, "kind": kind}, **more)
    context = {"form": form, "is_open": True, **more}
    return render(request, FIELDS if request.htmx else FORM, context)


def _follow(
    request: HttpRequest,
    pk: int,
    action: Callable,
    form_class: type[MoveForm],
    *,
    heading: str,
    means: str,
    told: str,
) -> HttpResponse:
    """Ask, act, and go to what came of it; whoever was overtaken is told by whom."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    form = form_class(request.POST or None, initial={"version": row.version})
    since, seen = [], None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        made = form.perform(action, actor=actor, agreement=row, seen=seen)
        if made is not None:
            messages.info(request, told % made.reference)
            return redirect(made)
    if form.is_stale:
        row = get_object_or_404(visible_agreements(actor), pk=pk)
        form.show_present(row)
        since = told_since(actor, row, seen)
    context = {"agreement": row, "name": heading, "means": means, "possible": True, "since": since}
    return render_form(request, "agreements/agreements/move.html", form, **context)
