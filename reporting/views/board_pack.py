"""The board pack: choosing questions, and getting them as one tagged PDF."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page, render_form
from core.pdf import pdf_from, pdf_response
from core.views_of_lists import filter_parts
from reporting.actions.board_pack import note_board_pack
from reporting.filters import ScopeFilter
from reporting.forms.board_pack import BoardPackForm
from reporting.pack import TEMPLATE, pack_of
from reporting.queries.asking import ask, may_ask, targets_of
from reporting.queries.scopes import period_words
from reporting.views.dashboards import DASHBOARDS, DIRECTOR, canonical, chips_of, scope_filter


@page("reporting.make_board_pack", methods=["GET", "POST"])
def board_pack(request: HttpRequest) -> HttpResponse:
    """Choose questions; sent, the PDF of those that the reader may ask, with the filter of the address."""
    offered = [
        (str(each.title), [question for question in each.questions if may_ask(request.actor, question)])
        for each in DASHBOARDS
    ]
    pages = [(title, [(each.code, str(each.title)) for each in questions]) for title, questions in offered]
    chosen = [each.code for each in DIRECTOR.questions if may_ask(request.actor, each)]
    form = BoardPackForm(request.POST or None, initial={"questions": chosen}, pages=pages)
    filterset = scope_filter(request)
    query = canonical(filterset, request.GET)
    if request.method == "POST" and form.is_valid() and _is_noted(request, form, query):
        return _document(request, form.cleaned_data, offered, filterset)
    context = {
        "chips": chips_of(filterset, request.GET),
        "problems": filterset.problems,
        "back": f"{reverse('reporting:director')}?{query}" if query else reverse("reporting:director"),
    }
    return render_form(request, "reporting/board_pack/form.html", form, **context)


def _is_noted(request: HttpRequest, form: BoardPackForm, query: str) -> bool:
    """Whether the office's record has it; a refusal stands at the form."""
    try:
        note_board_pack(actor=request.actor, questions=form.cleaned_data["questions"], query=query)
    except ActionRefused as refused:
        form.add_error(None, refused.message)
    return form.is_valid()


def _document(request: HttpRequest, given: dict, offered: list, filterset: ScopeFilter) -> HttpResponse:
    scope = filterset.scope(request.tenant)
    targets = targets_of(request.actor, scope.last_year or scope.this_year)
    found = [
        (title, each, ask(request.actor, each, scope, targets))
        for title, questions in offered
        for each in questions
        if each.code in given["questions"]
    ]
    asked_for = scope.first_year or scope.last_year
    now = timezone.now()
    data = pack_of(
        found,
        title=given["title"],
        office=request.tenant.name,
        author=request.actor.name,
        selection=[f"{label}: {value}" for _name, label, value in filter_parts(filterset, request.GET)],
        period=_("Fiscal years: %s") % period_words(scope.years(1)) if asked_for else "",
        now=now,
    )
    return pdf_response(pdf_from(TEMPLATE, data), f"{given['title']} {timezone.localtime(now).date().isoformat()}")
