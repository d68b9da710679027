"""The Money tabs of a partner's page and of a project's."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.charts import Part
from core.charts_columns import Column, column_chart
from core.templatetags.ui import money_short
from partnerships.choices_delivery import FundingMeasure
from partnerships.models import FundingEntry, Partnership, Project, ProjectParticipant
from partnerships.queries.funding import (
    Books,
    books_of,
    funding_for,
    funding_of,
    measure_sums,
    overdue_invoices,
    visible_funding,
)
from partnerships.queries.funding_totals import last_years, totals_of
from partnerships.registry import Tab, register_project_tab, register_tab
from partnerships.rules.funding import CostShare, cost_share, days_overdue
from partnerships.views.funding import sums_in_words

MOST_ROWS = 20


def partner_money(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What each measure adds up to, what was received in ten years, what is overdue, and the latest entries."""
    rows, books = funding_of(request.actor, partnership), books_of(request.actor)
    return {
        **_shared(rows, books, f"partnership={partnership.pk}", f"partner={partnership.pk}"),
        "chart": _years_chart(rows, books),
    }


def _shared(rows: QuerySet[FundingEntry], books: Books, query: str, presets: str) -> dict[str, Any]:
    entries, today = list(rows[: MOST_ROWS + 1]), timezone.localdate()
    overdue = rows.filter(overdue_invoices(today)).order_by("due_on", "pk")
    return {
        "currency": books.currency,
        "sums": sums_in_words(measure_sums(rows), books.currency),
        "entries": entries[:MOST_ROWS],
        "has_more": len(entries) > MOST_ROWS,
        "late": [(row, days_overdue(row.due_on, row.paid_on, today)) for row in overdue[:MOST_ROWS]],
        "query": query,
        "presets": presets,
        "today": today,
    }


def _years_chart(rows: QuerySet[FundingEntry], books: Books) -> str:
    """What was received by fiscal year; empty while nothing was."""
    first, last = last_years(books)
    received = rows.filter(measure=FundingMeasure.RECEIVED, fiscal_year__range=(first, last))
    by_year: dict[int, Decimal] = {}
    for total in totals_of(received, by="source", currency=books.currency):
        by_year[total.fiscal_year] = by_year.get(total.fiscal_year, Decimal(0)) + total.amount
    if not by_year:
        return ""
    columns = [
        Column(str(year), [Part(str(year), by_year.get(year, Decimal(0)), "s1")]) for year in range(first, last + 1)
    ]
    label = str(_("Received by fiscal year"))
    return column_chart(columns, label, write=lambda value: money_short(value, books.currency))


def count_entries(actor: Actor) -> QuerySet:
    return visible_funding(actor).filter(partnership=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class Share:
    """A participant with what it agreed to bear; None where entries in other currencies keep it from being told."""

    participant: ProjectParticipant
    share: CostShare | None


def project_money(request: HttpRequest, project: Project) -> dict[str, Any]:
    """What each measure adds up to, who keeps the agreed cost share, and the latest entries."""
    rows, books = funding_for(request.actor, project), books_of(request.actor)
    return {
        **_shared(rows, books, f"project={project.pk}", f"project={project.pk}"),
        "shares": _shares(project, rows),
    }


def _shares(project: Project, rows: QuerySet[FundingEntry]) -> list[Share]:
    """Agreed and kept, for each participant with a share of a cost that is known; one statement."""
    agreed = [each for each in project.participants.all() if each.share]
    if not agreed or project.total_cost is None:
        return []
    given: dict[int | None, dict[str, Decimal]] = {}
    strange: set[int | None] = set()
    own = {each.organization_id for each in agreed if each.organization.is_own}
    for row in rows.filter(is_cost_share=True):
        whose = row.partnership.organization_id if row.partnership is not None else next(iter(own), None)
        if row.currency != project.currency:
            strange.add(whose)
        sums = given.setdefault(whose, {})
        sums[row.measure] = sums.get(row.measure, Decimal(0)) + row.amount
    shares = []
    for each in agreed:
        sums = given.get(each.organization_id, {})
        # Our own part is spent, theirs is received.
        cash = sums.get("spent" if each.organization.is_own else "received", Decimal(0))
        kept = cost_share(project.total_cost, each.share, in_cash=cash, in_kind=sums.get("in_kind", Decimal(0)))
        shares.append(Share(each, None if each.organization_id in strange else kept))
    return shares


def count_project_entries(actor: Actor) -> QuerySet:
    return visible_funding(actor).filter(project=OuterRef("pk"))


register_tab(
    Tab(
        "money",
        _("Money"),
        "partnerships/funding/_partner_tab.html",
        partner_money,
        order=55,
        permission="partnerships.view_funding",
        count=count_entries,
    )
)
register_project_tab(
    Tab(
        "money",
        _("Money"),
        "partnerships/funding/_project_tab.html",
        project_money,
        order=60,
        permission="partnerships.view_funding",
        count=count_project_entries,
    )
)
