"""Matching 5,000 candidates to 500 positions fairly, against reading the same rankings once."""

from collections.abc import Iterator

from partnerships.rules.matching import Market, blocking_pairs, explain, match_for_candidates, match_for_positions
from tests.benchmarks.kit import Best, Figure
from tests.partnerships.rules.test_matching import large_market

CANDIDATES, POSITIONS, WISHES, ROUNDS = 5_000, 500, 20, 5


def measure() -> Iterator[Figure]:
    market = large_market(CANDIDATES, POSITIONS, wishes=WISHES)
    placed = match_for_candidates(market)
    works = {
        "best for candidates": lambda: match_for_candidates(market),
        "best for positions": lambda: match_for_positions(market),
        "explained": lambda: explain(market, placed),
        "checked pair by pair": lambda: blocking_pairs(market, placed),
    }
    floor, times = Best(), {name: Best() for name in works}
    for _ in range(ROUNDS):
        floor.of(lambda: _read(market))
        for name, work in works.items():
            times[name].of(work)
    for name, best in times.items():
        yield Figure(name, best.seconds * 1000, floor.seconds * 1000, "ms")


def _read(market: Market) -> int:
    """Look at every entry of every ranking once."""
    seen = 0
    for rankings in (market.wishes, market.choices):
        for ranked in rankings.values():
            for _other in ranked:
                seen += 1
    return seen
