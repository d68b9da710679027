"""The tabs of an agreement: each loads only what it shows."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agreements.forms.clauses import clauses_form
from agreements.models import Agreement
from agreements.queries.agreements import visible_events, visible_money, visible_signatories
from agreements.queries.assets import visible_grants
from agreements.queries.checklist import checklist_of, part_counts
from agreements.queries.clauses import Asked, asked_of
from agreements.queries.compliance import compliance_blocks, visible_conflict_plans
from agreements.queries.documents import visible_documents
from agreements.queries.families import family_list
from agreements.queries.obligations import visible_obligations
from agreements.rules.clauses import Answer
from agreements.rules.clock import Moved
from agreements.rules.kinds import KINDS
from agreements.rules.way import days_of_each
from agreements.rules.workflow import BEFORE_EXECUTION
from agreements.wording import OWNERS, QUESTIONS
from core.actor import Actor
from core.pages import tab_links
from partnerships.registry import Tab
from tenants.queries.record_history import history_of

FOLDER = "agreements/agreements/"
MOST_ROWS = 200


def overview(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """The terms, the parties, what of the rules fires, and what a screening holds against signature."""
    is_open = row.status in BEFORE_EXECUTION
    looks = is_open and request.actor.may("agreements.view_screenings")
    screened = [each.message for each in compliance_blocks(row)] if looks else []
    return {"checklist": checklist_of(request.actor, row), "is_open": is_open, "screened": screened}


def clauses(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """Every question with its answer: as a form where it may be answered, else as a list."""
    actor, context = request.actor, {"checklist": checklist_of(request.actor, row)}
    context["is_open"] = row.status in BEFORE_EXECUTION
    if context["is_open"] and actor.may("agreements.answer_clauses"):
        form_class = clauses_form(row.kind)
        return {**context, "form": form_class(initial=form_class.initial_of(row))}
    return {**context, "asked": [_in_words(each) for each in asked_of(actor, row)]}


def _in_words(each: Asked) -> dict[str, Any]:
    """A question with its answer as people read it."""
    value = None if each.answer is None else each.answer.value
    if isinstance(value, bool):
        value = _now("Yes") if value else _now("No")
    elif each.question.answer is Answer.CHOICE and value is not None:
        value = OWNERS[value]
    return {"question": each.question, "words": QUESTIONS[each.question.code], "said": value, "answer": each.answer}


def obligations(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """What each side owes, by day."""
    rows = visible_obligations(request.actor).filter(agreement=row)[:MOST_ROWS]
    return {"obligations": rows, "is_executed": row.executed_on is not None}


def documents(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """The papers with their versions, newest first in each."""
    papers: dict[str, list] = {}
    for each in visible_documents(request.actor).filter(agreement=row)[:MOST_ROWS]:
        papers.setdefault(each.title, []).append(each)
    return {"papers": papers}


def money(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """The money schedule, and who signs."""
    lines = list(visible_money(request.actor, row))
    return {
        "lines": lines,
        "total": sum((each.amount for each in lines), 0) if lines else None,
        "signatories": list(visible_signatories(request.actor, row)),
        "is_open": row.status in BEFORE_EXECUTION,
    }


def related(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """The family it belongs to, its projects, the rights that it grants, and interests in its counterparty."""
    actor = request.actor
    conflicts = []
    if actor.may("agreements.view_conflict_plans"):
        conflicts = visible_conflict_plans(actor).filter(agreement=row)[:MOST_ROWS]
    family = family_list(actor, row)
    return {
        "family": family if len(family) > 1 else [],
        "conflicts": conflicts,
        "is_frame": KINDS[row.kind].frame and row.status not in ("terminated", "withdrawn"),
        "grants": visible_grants(actor).filter(agreement=row)[:MOST_ROWS]
        if actor.may("agreements.view_grants")
        else [],
        "is_open": row.status in BEFORE_EXECUTION,
    }


def history(request: HttpRequest, row: Agreement) -> dict[str, Any]:
    """Every move with the days until the next, and who changed what."""
    actor, today = request.actor, timezone.localdate()
    events = list(visible_events(actor, row))
    moves = [Moved(timezone.localdate(each.at), each.to_workflow, each.court) for each in reversed(events)]
    days = days_of_each(moves, row.executed_on or row.ended_on or today) if moves else []
    for event, spent in zip(events, reversed(days), strict=True):
        event.days = spent
    return {"events": events, "history": history_of(actor, [row], page=request.GET.get("page"), query="tab=history")}


TABS = (
    Tab("overview", _("Overview"), f"{FOLDER}_overview.html", overview, order=10),
    Tab("clauses", _("Clauses"), f"{FOLDER}_clauses.html", clauses, order=20),
    Tab(
        "obligations",
        _("Obligations"),
        f"{FOLDER}_obligations.html",
        obligations,
        order=30,
        permission="agreements.view_obligations",
    ),
    Tab(
        "documents",
        _("Documents"),
        f"{FOLDER}_documents.html",
        documents,
        order=40,
        permission="agreements.view_documents",
    ),
    Tab("money", _("Money and signatures"), f"{FOLDER}_money.html", money, order=50),
    Tab("related", _("Related"), f"{FOLDER}_related.html", related, order=60),
    Tab("history", _("History"), f"{FOLDER}_history.html", history, order=70),
)


def tabs_for(actor: Actor) -> list[Tab]:
    """The tabs this actor may open, in order."""
    return [tab for tab in TABS if not tab.permission or actor.may(tab.permission)]


def links_of_tabs(request: HttpRequest, row: Agreement, tabs: list[Tab], current: Tab) -> list[dict]:
    """The row of tabs with what each holds; one statement."""
    counts = part_counts(request.actor, row)
    owed = counts.obligations or None
    if owed and counts.overdue:
        owed = _now("%(open)d, %(overdue)d overdue") % {"open": owed, "overdue": counts.overdue}
    shown = {"obligations": owed, "documents": counts.documents or None}
    return tab_links(request, row, tabs, current, counts=shown)
