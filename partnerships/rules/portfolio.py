"""What a table of partners by stage and health says, in one finding."""

from collections.abc import Mapping
from dataclasses import dataclass

AT_RISK, INSUFFICIENT = "at_risk", "insufficient"


@dataclass(frozen=True, slots=True)
class Finding:
    """``stage`` holds more than half of those at risk, empty where none does; ``stages``: how many hold any of them."""

    partners: int
    at_risk: int
    unmeasured: int
    stage: str
    stages: int

    @property
    def is_all_in_one(self) -> bool:
        return self.stages == 1


def finding(counts: Mapping[tuple[str, str], int]) -> Finding:
    """The finding in counts by (stage, band)."""
    risky = {stage: count for (stage, band), count in counts.items() if band == AT_RISK and count}
    at_risk = sum(risky.values())
    return Finding(
        partners=sum(counts.values()),
        at_risk=at_risk,
        unmeasured=sum(count for (_stage, band), count in counts.items() if band == INSUFFICIENT),
        stage=next((stage for stage, count in risky.items() if 2 * count > at_risk), ""),
        stages=len(risky),
    )
