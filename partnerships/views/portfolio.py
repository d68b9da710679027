"""All partners at once: the list's board, its chart and its last line."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.tables import Column, Listing
from core.templatetags.ui import health_kind, health_label, money_short
from partnerships.choices import Band, Stage
from partnerships.queries.portfolio import DAY, portfolio_sums, stage_by_health, stage_columns
from partnerships.rules.portfolio import Finding, finding
from tenants.queries.tenants import currency_of

CARDS = 50
# What the last line says below which column.
SUMS = {
    "health": "at_risk",
    "contact": "silence",
    "opportunities": "open_opportunities",
    "weighted": "weighted",
    "followups": "open_followups",
}


def totals_in_words(actor: Actor, rows, columns: Sequence[Column]) -> dict[str, str]:
    """The last line of the table, over all partners that match."""
    sums = portfolio_sums(rows, {SUMS[column.name] for column in columns if column.name in SUMS})
    words = {}
    if sums.at_risk is not None:
        words["health"] = ngettext("%d at risk", "%d at risk", sums.at_risk) % sums.at_risk
    if sums.silence is not None:
        days = round(sums.silence / DAY)
        words["contact"] = ngettext("median %d day ago", "median %d days ago", days) % days
    if sums.open_opportunities is not None:
        words["opportunities"] = str(sums.open_opportunities)
    if sums.weighted is not None:
        words["weighted"] = money_short(sums.weighted, currency_of(actor))
    if sums.open_followups is not None:
        words["followups"] = str(sums.open_followups)
    return words


def board_context(request: HttpRequest, listing: Listing) -> dict:
    """What the board's template needs; ``rows`` keeps the list from loading a page of the table as well."""
    columns = stage_columns(listing.page.paginator.object_list, per_column=CARDS)
    wanted, may_move = request.GET.get("column"), request.actor.may("partnerships.edit_partnership")
    filled = next((each for each in columns if each.count), columns[0])
    return {
        "rows": [card for column in columns for card in column.cards],
        "columns": columns,
        "standing": columns,
        "shown": next((each for each in columns if each.key == wanted), filled),
        "stages": Stage.choices,
        "here": request.get_full_path(),
        "board": {
            "label": _("Partners by stage; scrolls sideways where it must"),
            "card": "partnerships/partnerships/_card.html",
            "more": "partnerships/partnerships/_more.html",
            "hint": _("To move a card, focus it and press") if may_move else "",
        },
    }


def chart_context(request: HttpRequest, listing: Listing) -> dict:
    """What the chart's template needs: its finding, and the counts as a table with totals."""
    found = stage_by_health(listing.page.paginator.object_list)
    bands = [{"code": code, "count": found.total(band=code)} for code in Band.values]
    return {
        "rows": [True] * bool(found.counts),
        "heading": finding_in_words(finding(found.counts)),
        "bands": bands,
        "summary": [
            {"label": health_label(band["code"]), "value": band["count"], "kind": health_kind(band["code"])}
            for band in bands
        ],
        "lines": [
            {
                "code": stage,
                "name": name,
                "count": found.total(stage=stage),
                "cells": [{"band": band, "count": found.counts.get((stage, band), 0)} for band in Band.values],
            }
            for stage, name in Stage.choices
        ],
        "all": found.total(),
        "most": max(found.counts.values(), default=0),
        "oldest": found.oldest,
        "now": timezone.now(),
    }


def finding_in_words(found: Finding) -> str:
    """The chart's title: "11 of 48 partners are at risk; most of them in Sponsorship"."""
    numbers = {"n": found.at_risk, "all": found.partners, "unmeasured": found.unmeasured, "stages": found.stages}
    if not found.at_risk:
        words = ngettext("The only partner is not at risk", "None of %(all)d partners is at risk", found.partners)
        if found.unmeasured:
            words += ngettext(
                "; there is not enough data about %(unmeasured)d",
                "; there is not enough data about %(unmeasured)d of them",
                found.unmeasured,
            )
        return words % numbers
    words = ngettext("%(n)d of %(all)d partners is at risk", "%(n)d of %(all)d partners are at risk", found.at_risk)
    if found.stage:
        numbers["stage"] = Stage(found.stage).label
        if found.is_all_in_one:
            words += ngettext("; it is in %(stage)s", "; all of them in %(stage)s", found.at_risk)
        else:
            words += _("; most of them in %(stage)s")
    else:
        words += _(", spread over %(stages)d stages")
    return words % numbers
