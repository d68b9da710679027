"""Health inputs and scores as plain JSON values: the form of stored cases, what-ifs and tests.

An input has `stage`, `account_age` (days) and, where measured: `touches` [{age, w, dir "I"|"O", ext, int}],
`decision_makers`, `engagements` [{channel, w, ended}], `gives` and `gets` [age], `funding`
{m1, prev24, months} or null, `obligations` [{w, done, late}], `agreements` [{annual, left, renewal_p}] with
left null if evergreen, `talent` [{w, age}] or null, `ratings` [{y, w, age}], `careers_feed` (bool),
`critical_issues` (count).
A list left out was not measured; an empty list was measured and found empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerships.rules.health.config import HealthConfig
from partnerships.rules.health.dimensions import DEFAULT_CONFIG
from partnerships.rules.health.inputs import AgreementTerm, FundingInput, HealthInput, RunwayInput
from partnerships.rules.health.records import (
    EngagementRecord,
    ObligationRecord,
    RatingRecord,
    TalentRecord,
    TouchRecord,
    breadth_from_engagements,
    delivery_from_obligations,
    depth_from_touches,
    recency_from_touches,
    reciprocity_from_records,
    satisfaction_from_ratings,
    talent_from_events,
)
from partnerships.rules.health.score import Cap, HealthScore

DECIMALS = 4
_INITIATORS = {"I": True, "O": False}
_CAP_LABELS = {
    "K1": "K1 silence >{threshold:.0f}d",
    "K2": "K2 single-threaded",
    "K3": "K3 main agreement ending, no renewal",
    "K4": "K4 open critical issue",
    "K5": "K5 collapsed dimension",
}


def parse_case(case: Mapping[str, Any], config: HealthConfig = DEFAULT_CONFIG) -> HealthInput:
    """The health input of a JSON case; KeyError for a missing key of a record, ValueError for a bad value."""
    age = case["account_age"]
    touches = None
    if case.get("touches") is not None:
        touches = [_touch(record) for record in case["touches"]]
    sections: dict[str, Any] = {}
    if touches is not None:
        sections["recency"] = recency_from_touches(touches, age, config)
        sections["depth"] = depth_from_touches(touches, frozenset(case.get("decision_makers", ())), config)
    if case.get("gives") is not None or case.get("gets") is not None:
        gives, gets = case.get("gives") or (), case.get("gets") or ()
        sections["reciprocity"] = reciprocity_from_records(touches or (), gives, gets, config)
    if (rows := case.get("engagements")) is not None:
        engagements = [EngagementRecord(row["channel"], row["w"], row["ended"]) for row in rows]
        sections["breadth"] = breadth_from_engagements(engagements, age, config)
    if (row := case.get("funding")) is not None:
        sections["funding"] = FundingInput(row["m1"], row["prev24"], row["months"])
    if (rows := case.get("obligations")) is not None:
        obligations = [ObligationRecord(row["w"], row["done"], row["late"]) for row in rows]
        sections["delivery"] = delivery_from_obligations(obligations, config)
    if (rows := case.get("agreements")) is not None:
        terms = tuple(AgreementTerm(row["annual"], row["left"], row["renewal_p"]) for row in rows)
        sections["runway"] = RunwayInput(terms)
    if (rows := case.get("talent")) is not None:
        events = [TalentRecord(row["w"], row["age"]) for row in rows]
        sections["talent"] = talent_from_events(events, config, bool(case.get("careers_feed", False)))
    if (rows := case.get("ratings")) is not None:
        ratings = [RatingRecord(row["y"], row["w"], row["age"]) for row in rows]
        sections["satisfaction"] = satisfaction_from_ratings(ratings, config)
    return HealthInput(stage=case["stage"], critical_issues=int(case.get("critical_issues", 0)), **sections)


def _touch(record: Mapping[str, Any]) -> TouchRecord:
    if record["dir"] not in _INITIATORS:
        raise ValueError(f"dir must be I or O, not {record['dir']!r}")
    return TouchRecord(
        age_days=record["age"],
        weight=record["w"],
        partner_initiated=_INITIATORS[record["dir"]],
        external=tuple(record["ext"]),
        internal=tuple(record["int"]),
    )


def render_case(score: HealthScore, *, decimals: int | None = DECIMALS) -> dict[str, Any]:
    """The score as JSON values, rounded to so many decimals; None leaves full precision.

    dims: {s, c} per dimension, null where not applicable; an unscored dimension has s and c 0.
    points: applicable dimensions only. caps: labels, K1 first.
    """

    def shown(value: float) -> float:
        return value if decimals is None else round(value, decimals)

    applicable = [scored for scored in score.dimensions if scored.result.applicable]
    return {
        "dims": {
            scored.code: {"s": shown(scored.result.score or 0.0), "c": shown(scored.result.coverage)}
            if scored.result.applicable
            else None
            for scored in score.dimensions
        },
        "points": {scored.code: shown(scored.points) for scored in applicable},
        "raw": shown(score.raw),
        "score": shown(score.score),
        "confidence": shown(score.confidence),
        "band": score.band,
        "caps": [_cap_label(cap) for cap in score.caps],
    }


def _cap_label(cap: Cap) -> str:
    return _CAP_LABELS[cap.code].format(**cap.details)
