"""Does health predict? The score held against what became of agreements."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts_calibration import Dot, calibration_chart
from core.pages import page
from partnerships.actions.health_validation import export_validation
from partnerships.queries.health_validation import MOST_CASES, validation
from partnerships.rules.health.backtest import Backtest, Probabilities
from partnerships.rules.health.validation import LEAST_CASES, LEAST_LAPSES

MOST_SHOWN = 100


@page("partnerships.view_health_validation")
def health_validation(request: HttpRequest) -> HttpResponse:
    """All figures, and the latest cases behind them."""
    found = validation(request.actor)
    result = found.result
    context = {
        "found": found,
        "result": result,
        "cases": found.cases[:MOST_SHOWN],
        "most": MOST_SHOWN,
        "limit": MOST_CASES,
        "verdict": _verdict(result),
        "lacking": _lacking(result),
        "calibration": _calibration(result.probabilities),
        "least": (LEAST_CASES, LEAST_LAPSES),
    }
    return render(request, "partnerships/health_settings/validation.html", context)


@page("partnerships.export_validation", methods=["POST"])
def health_validation_cases(request: HttpRequest) -> HttpResponseBase:
    """All cases as a file. A POST, because the office keeps a record of it."""
    target = export_validation(actor=request.actor)
    answer = FileResponse(target, as_attachment=True, filename="health-cases.csv", content_type="text/csv")
    answer["Cache-Control"] = "no-store, private"
    return answer


def _verdict(result: Backtest) -> str:
    """What the ranking says, in one sentence."""
    if result.auc is None or result.interval is None:
        return _("Nothing can be said yet: it takes at least one agreement that was renewed and one that was not.")
    low, _high = result.interval
    if low <= 0.5 <= _high:
        return _("Nothing is shown yet: with so few cases, chance alone could look like this.")
    if low > 0.5:
        words = _(
            "Of one partner that renewed and one that did not, the renewed one had the higher score in %s of 100."
        )
        return words % round(100 * result.auc)
    return _("The score points the wrong way: partners that renewed had the lower scores. Look at the settings.")


def _lacking(result: Backtest) -> str:
    """How many cases are missing for probabilities; empty when there are enough."""
    missing = []
    if (cases := LEAST_CASES - result.enough.cases) > 0:
        missing.append(ngettext("%s more case", "%s more cases", cases) % cases)
    if (lapses := LEAST_LAPSES - result.enough.lapses) > 0:
        missing.append(ngettext("%s more lapse", "%s more lapses", lapses) % lapses)
    if not missing:
        return ""
    return _(
        "Probabilities need %(least)s cases with %(lapses)s lapses; missing: %(missing)s. "
        "Until then only the ranking is shown."
    ) % {
        "least": LEAST_CASES,
        "lapses": LEAST_LAPSES,
        "missing": _(" and ").join(missing),
    }


def _calibration(found: Probabilities | None) -> dict | None:
    if found is None:
        return None
    dots = [Dot(each.said, each.came_true, each.cases) for each in found.bins if each.cases]
    rows = [
        [
            f"{each.low:.0%} – {each.high:.0%}",
            each.cases,
            f"{each.said:.0%}" if each.cases else None,
            f"{each.came_true:.0%}" if each.cases else None,
        ]
        for each in found.bins
    ]
    return {
        "chart": calibration_chart(dots, _("Said against came true")),
        "headers": [_("Said"), _("Cases"), _("Said on average"), _("Renewed")],
        "rows": rows,
    }
