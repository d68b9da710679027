"""Does health predict? What a score was, as far as anybody could know it half a year before an end, and what followed.

Only records entered by then count, whatever day they are about (``HealthScope.known_at``), and the stage is the one
declared then. Agreements' own runway and renewal are left out: they hold the answer. Scores are computed under the
settings in force, since the question is whether these predict.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.choices import Stage
from partnerships.models import Partnership
from partnerships.queries.health import read_health_inputs
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.ties import scope_for
from partnerships.registry import HealthScope, Outcome, outcomes
from partnerships.rules.health import HealthInput, band_of, score_health
from partnerships.rules.health.backtest import LOOK_AHEAD_DAYS, SETTLED_DAYS, Backtest, Dated, backtest, by_label
from partnerships.rules.health.validation import Case
from tenants.choices import ChangeKind
from tenants.models import Change

MOST_CASES = 2000
COMPARED = ("healthy", "watch", "at_risk")


@dataclass(frozen=True)
class Known:
    """A score as it was known at the end of a day; ``days_silent`` since the last real contact known then."""

    score: float
    confidence: float
    band: str
    stage: str
    days_silent: int | None


@dataclass(frozen=True)
class Found:
    """One case as the list shows it: what ended, what came of it, and what was known of it on ``known_on``."""

    partnership: Partnership
    outcome: Outcome
    known_on: date
    known: Known


@dataclass(frozen=True)
class Validation:
    """``unknown``: ends of which nothing was known half a year before; ``more``: older ends beyond the limit."""

    version: int
    cases: list[Found]
    result: Backtest
    unknown: int
    more: int


@visible("partnerships.view_health_validation")
def validation(actor: Actor) -> Validation:
    """The whole comparison, of the latest MOST_CASES ends that are settled and that the actor may see."""
    scope = scope_for(actor, ())
    ended = outcomes(actor, scope.as_of - timedelta(days=SETTLED_DAYS + 1))
    partners = visible_partnerships(actor).in_bulk({each.partnership_id for each in ended})
    ended = [each for each in ended if each.partnership_id in partners]
    looked_at = ended[:MOST_CASES]
    known = known_scores(scope, {(each.partnership_id, _known_on(each)) for each in looked_at})
    cases = [
        Found(partners[each.partnership_id], each, _known_on(each), found)
        for each in looked_at
        if (found := known.get((each.partnership_id, _known_on(each)))) is not None
    ]
    result = backtest([_dated(each) for each in cases], COMPARED)
    result = replace(result, stages=by_label(result.stages, dict(Stage.choices)))
    return Validation(
        scope.config.version, cases, result, unknown=len(looked_at) - len(cases), more=len(ended) - len(looked_at)
    )


def known_scores(scope: HealthScope, asked: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Known]:
    """The score of each partnership as it was known at the end of a day; missing where there was no partnership yet.

    The statements are as many as there are different days.
    """
    days: defaultdict[date, list[int]] = defaultdict(list)
    for partnership_id, day in asked:
        days[day].append(partnership_id)
    ids = sorted({pk for members in days.values() for pk in members})
    entered = dict(Partnership.objects.filter(pk__in=ids).values_list("pk", "created_at"))
    stages = _declared_since(ids)
    found = {}
    for day, members in days.items():
        until = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(scope.time_zone))
        there = tuple(sorted(pk for pk in members if pk in entered and entered[pk] < until))
        if there:
            part = replace(scope, partnership_ids=there, as_of=day, known_at=until)
            for pk, inputs in read_health_inputs(part).items():
                stage = _stage_at(stages.get(pk, ()), until) or inputs.stage
                found[pk, day] = _known(part, replace(inputs, stage=stage))
    return found


def _known(scope: HealthScope, inputs: HealthInput) -> Known:
    score = score_health(replace(inputs, runway=None), scope.config)
    silent = inputs.recency.last_real_touch_age if inputs.recency is not None else None
    band = band_of(score.score, score.confidence, scope.config.bands)
    return Known(score.score, score.confidence, band, inputs.stage, silent)


def _known_on(outcome: Outcome) -> date:
    return outcome.ended_on - timedelta(days=LOOK_AHEAD_DAYS)


def _dated(found: Found) -> Dated:
    known, outcome = found.known, found.outcome
    case = Case(outcome.partnership_id, known.score, outcome.renewed, known.band, known.days_silent)
    return Dated(case, outcome.ended_on, known.stage, outcome.kind)


def _declared_since(ids: Sequence[int]) -> Mapping[int, list[tuple[datetime, str]]]:
    """When the stage of each was changed and what it had been, oldest first: one statement."""
    changes = Change.objects.filter(
        table_name=Partnership._meta.db_table,
        row_id__in=ids,
        kind=ChangeKind.UPDATE,
        before__has_key="stage_declared",
    )
    found: defaultdict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for pk, at, stage in changes.order_by("pk").values_list("row_id", "at", "before__stage_declared"):
        found[pk].append((at, stage))
    return found


def _stage_at(changes: Sequence[tuple[datetime, str]], moment: datetime) -> str:
    """The stage before the first change after a moment; empty when it is still the present one."""
    return next((before for at, before in changes if at >= moment), "")


def settled_day() -> date:
    """What ended before this day is settled; for the words of the page."""
    return timezone.localdate() - timedelta(days=SETTLED_DAYS)
