"""Candidates and positions matched fairly: deferred acceptance, many candidates to one position.

Both sides rank strictly and need not rank everybody; whoever is not ranked is not acceptable. The answer is stable: no
candidate and no position would both rather have each other than what they got. Among all stable answers it is the one
in which every member of the proposing side fares best. Gale and Shapley, American Mathematical Monthly 69 (1962).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Key = Hashable
Why = Literal["full", "not_ranked", "no_places"]


@dataclass(frozen=True)
class Market:
    """Who wants whom: ``wishes`` has for each candidate the positions in order, the best first.

    ``choices`` has for each position the candidates in order, ``places`` how many it takes. ValueError for somebody
    ranked twice, for somebody ranked who is not there, and for a number of places below zero.
    """

    wishes: Mapping[Key, Sequence[Key]]
    choices: Mapping[Key, Sequence[Key]]
    places: Mapping[Key, int]

    def __post_init__(self) -> None:
        if self.choices.keys() != self.places.keys():
            raise ValueError("every position needs its number of places")
        if any(number < 0 for number in self.places.values()):
            raise ValueError("a position cannot have less than no place")
        for rankings, known in ((self.wishes, self.choices), (self.choices, self.wishes)):
            for ranked in rankings.values():
                if len(set(ranked)) != len(ranked):
                    raise ValueError("a ranking names somebody twice")
                if not all(other in known for other in ranked):
                    raise ValueError("a ranking names somebody who is not there")

    def ranks(self) -> dict[Key, dict[Key, int]]:
        """For each position the place of each candidate in its ranking, 0 for the best."""
        return {position: {who: place for place, who in enumerate(ranked)} for position, ranked in self.choices.items()}


Placing = Mapping[Key, Key | None]


def match_for_candidates(market: Market) -> dict[Key, Key | None]:
    """The stable placing that is best for every candidate; None: no place."""
    ranks = market.ranks()
    # A position keeps its best; the worst of them lies on top, to be replaced first.
    kept: dict[Key, list[tuple[int, Key]]] = {position: [] for position in market.choices}
    placed: dict[Key, Key | None] = dict.fromkeys(market.wishes)
    asking = {who: iter(wanted) for who, wanted in market.wishes.items()}
    waiting = deque(market.wishes)
    while waiting:
        who = waiting.popleft()
        for position in asking[who]:
            rank = ranks[position].get(who)
            if rank is None or market.places[position] == 0:
                continue
            holders = kept[position]
            if len(holders) < market.places[position]:
                heapq.heappush(holders, (-rank, _Anybody(who)))
            elif rank < -holders[0][0]:
                _rank, displaced = heapq.heapreplace(holders, (-rank, _Anybody(who)))
                placed[displaced.key] = None
                waiting.append(displaced.key)
            else:
                continue
            placed[who] = position
            break
    return placed


@dataclass(frozen=True, slots=True)
class _Anybody:
    """A key that is never compared: ranks within a position differ."""

    key: Key


def match_for_positions(market: Market) -> dict[Key, Key | None]:
    """The stable placing that is best for every position; None: no place."""
    orders = {who: {position: place for place, position in enumerate(wanted)} for who, wanted in market.wishes.items()}
    placed: dict[Key, Key | None] = dict.fromkeys(market.wishes)
    asking = {position: iter(ranked) for position, ranked in market.choices.items()}
    free = dict(market.places)
    waiting = deque(position for position, number in free.items() if number)
    while waiting:
        position = waiting.popleft()
        while free[position]:
            who = next(asking[position], None)
            if who is None:
                break
            order, held = orders[who], placed[who]
            if position not in order or (held is not None and order[held] < order[position]):
                continue
            placed[who] = position
            free[position] -= 1
            if held is not None:
                free[held] += 1
                waiting.append(held)
    return placed


def blocking_pairs(market: Market, placed: Placing) -> list[tuple[Key, Key]]:
    """Candidates and positions that would both rather have each other: none, if and only if the placing is stable.

    ValueError for a placing that nobody could make: above a position's places, or with somebody not ranked.
    """
    ranks = market.ranks()
    holders: dict[Key, list[int]] = {position: [] for position in market.choices}
    for who, position in placed.items():
        if position is not None:
            if position not in market.wishes[who] or who not in ranks[position]:
                raise ValueError("somebody is placed who is not ranked")
            holders[position].append(ranks[position][who])
    if any(len(taken) > market.places[position] for position, taken in holders.items()):
        raise ValueError("a position has more candidates than places")
    worst = {position: max(taken, default=-1) for position, taken in holders.items()}
    found = []
    for who, wanted in market.wishes.items():
        for position in wanted:
            if position == placed.get(who):
                break
            rank = ranks[position].get(who)
            if rank is None or market.places[position] == 0:
                continue
            if len(holders[position]) < market.places[position] or rank < worst[position]:
                found.append((who, position))
    return found


@dataclass(frozen=True, slots=True)
class Passed:
    """A position that a candidate ranked higher than what they got, and why they did not get it."""

    position: Key
    rank: int
    why: Why


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one candidate got: ``rank`` is its place in their own ranking, from 1; ``passed`` what stood before it."""

    candidate: Key
    position: Key | None
    rank: int | None
    passed: tuple[Passed, ...]


def explain(market: Market, placed: Placing) -> dict[Key, Explanation]:
    """For each candidate of a *stable* placing, what they got and why nothing better.

    Of every position that they ranked higher: it did not rank them, it has no places, or all of its places went to
    candidates whom it ranked higher. There is no other reason, which is what stable means.
    """
    ranked = {position: frozenset(choices) for position, choices in market.choices.items()}
    found = {}
    for who, wanted in market.wishes.items():
        got, rank, passed = placed.get(who), None, []
        for place, position in enumerate(wanted, 1):
            if position == got:
                rank = place
                break
            why: Why = "full"
            if who not in ranked[position]:
                why = "not_ranked"
            elif market.places[position] == 0:
                why = "no_places"
            passed.append(Passed(position, place, why))
        found[who] = Explanation(who, got, rank, tuple(passed))
    return found
