"""The pages behind the links that approvers, students and supervisors get by e-mail: no account, one answer.

Opening a link changes nothing; whatever is wrong with one, the answer is the same plain page.
"""

import logging
import math
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.limits import count_in_window, rest_of_window
from core.pages import open_page, render_form
from partnerships.actions.placement_links import approve_by_link, evaluate_by_link, open_approval, open_evaluation
from partnerships.choices_talent import Decision
from partnerships.forms.placement_links import DecisionForm, PlacementEvaluationForm

logger = logging.getLogger(__name__)

FOLDER = "partnerships/talent/links/"
# Enough for a person and for a campus behind one address; hopeless for guessing 178 bits.
MOST, WINDOW = 30, 60
BECAUSE = "Whoever is asked has no account; the secret of the link is the permission for one answer."


@open_page(BECAUSE, methods=["GET", "POST"])
def approve(request: HttpRequest, secret: str) -> HttpResponse:
    """Approve or refuse a placement, once."""
    return _guarded(request, secret, _approve)


@open_page(BECAUSE, methods=["GET", "POST"])
def evaluate(request: HttpRequest, secret: str) -> HttpResponse:
    """Say how a placement went, once."""
    return _guarded(request, secret, _evaluate)


def _guarded(
    request: HttpRequest, secret: str, show: Callable[[HttpRequest, str], HttpResponse | None]
) -> HttpResponse:
    """Count who asks, and keep the address out of caches and search engines; no other site is told it anyway."""
    if _asks_too_often(request):
        answer = render(request, f"{FOLDER}wait.html", status=429)
        answer["Retry-After"] = str(math.ceil(rest_of_window(WINDOW)))
    else:
        answer = show(request, secret) or render(request, f"{FOLDER}gone.html", status=404)
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _asks_too_often(request: HttpRequest) -> bool:
    """Counted by network address and office. When the cache is away everybody passes: the secrets are the defense."""
    address = get_adapter().get_client_ip(request)
    try:
        return count_in_window(f"link:t{request.tenant.pk}:{address}", WINDOW) > MOST
    except Exception as problem:
        logger.warning("Nobody is held back: the cache does not answer (%s)", problem)
        return False


def _approve(request: HttpRequest, secret: str) -> HttpResponse | None:
    approval = open_approval(request.tenant, secret)
    if approval is None:
        return None
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"tenant": request.tenant, "secret": secret, "request_id": request.change_set}
        try:
            approve_by_link(**given, **form.cleaned_data)
        except ActionRefused as refused:
            if refused.code == "link_gone":
                return None
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            refused = form.cleaned_data["decision"] == Decision.REFUSED
            words = _("You refused; the office will look at it.") if refused else _("You approved the placement.")
            return render(request, f"{FOLDER}done.html", {"words": words})
    context = {"approval": approval, "placement": approval.placement, "office": request.tenant.name}
    return render_form(request, f"{FOLDER}approve.html", form, **context)


def _evaluate(request: HttpRequest, secret: str) -> HttpResponse | None:
    evaluation = open_evaluation(request.tenant, secret)
    if evaluation is None:
        return None
    form = PlacementEvaluationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"tenant": request.tenant, "secret": secret, "request_id": request.change_set}
        try:
            evaluate_by_link(**given, **form.cleaned_data)
        except ActionRefused as refused:
            if refused.code == "link_gone":
                return None
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            return render(request, f"{FOLDER}done.html", {"words": _("Your answer is with the office.")})
    context = {"evaluation": evaluation, "placement": evaluation.placement, "office": request.tenant.name}
    return render_form(request, f"{FOLDER}evaluate.html", form, **context)


urlpatterns = [
    path("approve/<str:secret>/", approve, name="placement_approve"),
    path("evaluate/<str:secret>/", evaluate, name="placement_evaluate"),
]
