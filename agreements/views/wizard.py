"""Which model agreement to start from: two short tests, what they suggest and why, and a draft from that."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.actions.model_drafts import draft_from_model
from agreements.forms.wizard import LicenseForm, ModelDraftForm, OwnershipForm
from agreements.rules.model_choice import MODEL_TERMS, SPONSOR_OWNS, ModelChoice, choose_model
from agreements.wording import LICENSE_TEST, OWNERSHIP_TEST, QUESTIONS
from agreements.wording_models import MODELS, OWNERSHIPS
from core.pages import page, render_form

TEMPLATE = "agreements/wizard/wizard.html"


@page("agreements.view_agreements")
def model_choice(request: HttpRequest) -> HttpResponse:
    """The tests one after the other, then what they suggest; the address keeps the answers."""
    context, choice = _read(request.GET)
    if choice is not None and request.actor.may("agreements.draft_from_model"):
        initial = {"model": choice.models[0], "partnership": request.GET.get("partner")}
        context["form"] = ModelDraftForm(actor=request.actor, models=choice.models, initial=initial)
    return render(request, TEMPLATE, context)


@page("agreements.draft_from_model", methods=["POST"])
def model_draft(request: HttpRequest) -> HttpResponse:
    """Begin an agreement from one of the models that the answers lead to."""
    context, choice = _read(request.POST)
    if choice is None:
        messages.error(request, _("Answer the questions first."))
        return redirect("agreements:model_choice")
    form = ModelDraftForm(request.POST, actor=request.actor, models=choice.models)
    if form.is_valid():
        answers = {"ownership": context["ownership"].answers, "license_terms": context["license_terms"].answers}
        if choice.ownership == SPONSOR_OWNS:
            answers["license_terms"] = None
        row = form.perform(draft_from_model, actor=request.actor, **answers)
        if row is not None:
            messages.success(request, _("%s begun from the model. Check what it says.") % row.reference)
            return redirect(row)
    return render_form(request, TEMPLATE, form, **context)


def _read(given: QueryDict) -> tuple[dict[str, object], ModelChoice | None]:
    """What the page shows for these answers, and the suggestion once every question that matters is answered."""
    asked = {"ownership": OwnershipForm.questions.keys(), "license": LicenseForm.questions.keys()}
    sent = {part: any(code in given for code in codes) or part in given for part, codes in asked.items()}
    ownership = OwnershipForm(given if sent["ownership"] else None)
    license_terms = LicenseForm(given if sent["license"] else None)
    first = ownership.answers
    context: dict[str, object] = {"ownership": ownership, "license_terms": license_terms, "step": "ownership"}
    context["kept_license"] = _kept(given, asked["license"])
    if first is None or given.get("change") == "ownership":
        return context, None
    choice = choose_model(first)
    context |= {"kept": _kept(given, asked["ownership"]), "verdict": OWNERSHIPS[choice.ownership], "choice": choice}
    context["total"], context["yes"] = len(first), choice.ownership_yes
    context["back"] = f"{reverse('agreements:model_choice')}?{_query(given, asked)}&change=ownership"
    if choice.ownership != SPONSOR_OWNS:
        second = license_terms.answers
        if second is None or given.get("change") == "license":
            return {**context, "step": "license"}, None
        choice = choose_model(first, second)
        context["license_total"] = len(second)
        context["back_to_license"] = f"{reverse('agreements:model_choice')}?{_query(given, asked)}&change=license"
        context["license_reasons"] = _reasons(LICENSE_TEST, second)
        context["kept"] = _kept(given, [*asked["ownership"], *asked["license"]])
    context |= {
        "step": "result",
        "choice": choice,
        "models": [_model(code, is_first=place == 0) for place, code in enumerate(choice.models)],
        "ownership_reasons": _reasons(OWNERSHIP_TEST, first),
    }
    return context, choice


def _kept(given: QueryDict, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, given[code]) for code in codes if code in given]


def _query(given: QueryDict, asked: dict) -> str:
    kept = QueryDict(mutable=True)
    for codes in asked.values():
        for name, value in _kept(given, codes):
            kept[name] = value
    return kept.urlencode()


def _reasons(words: dict, answers: dict[str, bool]) -> dict[str, list]:
    """The questions by their answer, in words."""
    return {
        "yes": [words[code] for code, answer in answers.items() if answer],
        "no": [words[code] for code, answer in answers.items() if not answer],
    }


def _model(code: str, *, is_first: bool) -> dict[str, object]:
    return {
        "code": code,
        "words": MODELS[code],
        "is_first": is_first,
        "look_at": [QUESTIONS[question] for question in MODEL_TERMS[code].look_at],
    }
