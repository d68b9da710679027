"""The worked examples as single records."""

import json
from pathlib import Path
from typing import Any

from partnerships.rules.health import DEFAULT_CONFIG, EngagementRecord, RatingRecord, TouchRecord, parse_case
from partnerships.rules.health.whatif import HealthRecords

FIXTURES: dict[str, Any] = json.loads((Path(__file__).parent / "health_fixtures.json").read_text("utf-8"))
CASES = {name.split()[0]: case for name, case in FIXTURES.items() if "input" in case}
OWN = ("recency", "breadth", "depth", "reciprocity", "satisfaction")


def records_of(name: str) -> HealthRecords:
    """One of E1 to E5; the sections that are known as sums alone are those of the case."""
    case = CASES[name]["input"]
    parsed = parse_case(case)
    others = ("funding", "delivery", "runway", "talent")
    touches = [
        TouchRecord(row["age"], row["w"], row["dir"] == "I", tuple(row["ext"]), tuple(row["int"]))
        for row in case["touches"]
    ]
    return HealthRecords(
        stage=case["stage"],
        account_age_days=case["account_age"],
        touches=tuple(touches),
        decision_makers=frozenset(case["decision_makers"]),
        engagements=tuple(EngagementRecord(row["channel"], row["w"], row["ended"]) for row in case["engagements"]),
        gives=tuple(case.get("gives") or ()),
        gets=tuple(case.get("gets") or ()),
        ratings=tuple(RatingRecord(row["y"], row["w"], row["age"]) for row in case.get("ratings") or ()),
        others={code: section for code in others if (section := getattr(parsed, code)) is not None},
        unmeasured=frozenset(code for code in OWN if getattr(parsed, code) is None),
    )


CONFIG = DEFAULT_CONFIG
