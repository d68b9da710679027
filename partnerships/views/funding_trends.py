"""Ten years of money: one measure at a time, by source, domain, channel, unit or partner."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import Part
from core.charts_columns import Column, column_chart
from core.pages import page
from core.templatetags.ui import money_short
from core.views_of_lists import filter_parts
from partnerships.choices_delivery import FundingMeasure
from partnerships.filters_funding import FundingFilter
from partnerships.queries.funding import books_of, visible_funding
from partnerships.queries.funding_totals import (
    GROUPINGS,
    REST,
    Series,
    Trend,
    last_years,
    totals_of,
    trend_of,
)

MOST_SERIES = 7
KINDS = ("s1", "s2", "s3", "s4", "s5", "s6", "muted")
BY = {
    "source": gettext_lazy("Source"),
    "domain": gettext_lazy("Domain"),
    "channel": gettext_lazy("Channel"),
    "unit": gettext_lazy("Unit"),
    "partner": gettext_lazy("Partner"),
}
OWN = ("by", "measure")
YEARS = ("year", "year_from", "year_to")


@page("partnerships.view_funding")
def trends(request: HttpRequest) -> HttpResponse:
    """Money by fiscal year. Everything that is chosen stands in the address; the ledger's filter holds here too."""
    books = books_of(request.actor)
    first, last = last_years(books)
    by = request.GET.get("by", "source") if request.GET.get("by") in BY else "source"
    given = request.GET.copy()
    measure = given.get("measure") if given.get("measure") in FundingMeasure.values else FundingMeasure.RECEIVED.value
    for name in (*OWN, *YEARS):
        given.pop(name, None)
    filterset = FundingFilter(given, visible_funding(request.actor), request=request)
    rows = filterset.qs.filter(measure=measure, fiscal_year__range=(first, last))
    years = range(first, last + 1)
    trend = trend_of(totals_of(rows, by=by, currency=books.currency), years, most=MOST_SERIES)
    kept = [(name, value) for name, values in given.lists() if name in filterset.filters for value in values if value]
    context = {
        "by": by,
        "by_label": BY[by],
        "measure": measure,
        "measure_label": FundingMeasure(measure).label,
        "measures": _choices(request, kept, "measure", FundingMeasure.choices, measure, by=by),
        "groupings": _choices(request, kept, "by", BY.items(), by, measure=measure),
        "years": years,
        "trend": trend,
        "lines": [_line(by, measure, kept, series, years) for series in trend.series],
        "sums": [
            (amount, _ledger(measure, kept, year=year)) for amount, year in zip(trend.by_year, years, strict=True)
        ],
        "chart": _chart(trend, books.currency, _title(measure, by, trend, books.currency)),
        "legend": _legend(by, measure, kept, trend, books.currency),
        "title": _title(measure, by, trend, books.currency),
        "currency": books.currency,
        "chips": _chips(filterset, given, by, measure),
    }
    return render(request, "partnerships/funding/trends.html", context)


def _choices(request: HttpRequest, kept: Sequence, name: str, choices, chosen: str, **others: str) -> list[dict]:
    """Links that change one thing and keep the rest of the address."""
    return [
        {"label": label, "url": f"?{urlencode([(name, code), *others.items(), *kept])}", "current": code == chosen}
        for code, label in choices
    ]


def _ledger(measure: str, kept: Sequence, **filters: object) -> str:
    """The entries behind a number."""
    query = urlencode([("view", ""), ("measure", measure), *kept, *filters.items()])
    return f"{reverse('partnerships:funding')}?{query}"


def _of_group(by: str, series: Series) -> dict[str, str]:
    """The ledger's filter for one group; of the rest of the groups there is none."""
    if series.key:
        return {GROUPINGS[by].filter_name: series.key}
    return {"domain": "none"} if by == "domain" else {"without": by}


def _line(by: str, measure: str, kept: Sequence, series: Series, years: Sequence[int]) -> dict:
    group = None if series.key == REST else _of_group(by, series)
    return {
        "name": series.name,
        "url": _ledger(measure, kept, **group, year_from=years[0], year_to=years[-1]) if group else "",
        "total": series.total,
        "cells": [
            (amount, _ledger(measure, kept, **group, year=year) if group and amount else "")
            for amount, year in zip(series.amounts, years, strict=True)
        ],
    }


def _title(measure: str, by: str, trend: Trend, currency: str) -> str:
    """What the chart says: all of it, and the share of the largest group that has a name."""
    words = {"measure": FundingMeasure(measure).label, "by": str(BY[by]).lower(), "currency": currency}
    if not trend.series:
        return _("%(measure)s by %(by)s: nothing in these years") % words
    words |= {"total": money_short(trend.total, currency), "years": len(trend.years)}
    largest = next((each for each in trend.series if each.key not in ("", REST)), None)
    if largest is None or trend.total <= 0:
        return _("%(measure)s: %(total)s in %(years)d years") % words
    words |= {"largest": largest.name, "share": round(100 * largest.total / trend.total)}
    return _("%(measure)s: %(total)s in %(years)d years, %(share)d %% of it %(largest)s") % words


def _chart(trend: Trend, currency: str, label: str) -> SafeString | str:
    if not trend.series:
        return ""
    columns = [
        Column(
            str(year),
            [Part(each.name, each.amounts[place], KINDS[at]) for at, each in enumerate(trend.series)],
        )
        for place, year in enumerate(trend.years)
    ]
    return column_chart(columns, label, write=lambda value: money_short(value, currency))


def _legend(by: str, measure: str, kept: Sequence, trend: Trend, currency: str) -> list[dict]:
    first, last = trend.years[0], trend.years[-1]
    return [
        {
            "label": each.name,
            "value": money_short(each.total, currency),
            "kind": KINDS[at],
            "url": ""
            if each.key == REST
            else _ledger(measure, kept, **_of_group(by, each), year_from=first, year_to=last),
        }
        for at, each in enumerate(trend.series)
    ]


def _chips(filterset: FundingFilter, given, by: str, measure: str) -> list[dict]:
    """The filters in force, each with the address without it."""
    chips = []
    for name, label, value in filter_parts(filterset, given):
        without = given.copy()
        without.pop(name)
        query = urlencode([("by", by), ("measure", measure), *((n, v) for n, vs in without.lists() for v in vs)])
        chips.append({"name": name, "label": label, "value": value, "remove": query})
    return chips


urlpatterns = [path("funding/trends/", trends, name="funding_trends")]
