"""Fair matching: stable, best for who proposes, the same in whatever order it is asked, and explained."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.matching import (
    Market,
    Passed,
    blocking_pairs,
    explain,
    match_for_candidates,
    match_for_positions,
)

MATCHERS = [match_for_candidates, match_for_positions]


@st.composite
def markets(draw, most: int = 5) -> Market:
    candidates = [f"c{number}" for number in range(draw(st.integers(0, most)))]
    positions = [f"p{number}" for number in range(draw(st.integers(0, most)))]

    def ranking(others):
        return draw(st.permutations(others).flatmap(lambda row: st.integers(0, len(row)).map(lambda n: row[:n])))

    return Market(
        {who: ranking(positions) for who in candidates},
        {position: ranking(candidates) for position in positions},
        {position: draw(st.integers(0, 3)) for position in positions},
    )


def stable_placings(market: Market) -> list[dict]:
    """All of them, by trying everything."""
    options = [
        [None, *(position for position in wanted if who in market.choices[position])]
        for who, wanted in market.wishes.items()
    ]
    found = []
    for tried in product(*options):
        placed = dict(zip(market.wishes, tried, strict=True))
        if all(tried.count(position) <= number for position, number in market.places.items()):
            if not blocking_pairs(market, placed):
                found.append(placed)
    return found


def rank_of(market: Market, who, position) -> int:
    return len(market.wishes[who]) if position is None else market.wishes[who].index(position)


@pytest.mark.parametrize("match", MATCHERS)
@given(market=markets(most=8))
def test_the_placing_is_stable(match, market):
    assert blocking_pairs(market, match(market)) == []


@given(market=markets(most=4))
def test_every_candidate_gets_the_best_that_any_stable_placing_gives(market):
    placed = match_for_candidates(market)
    for other in stable_placings(market):
        for who in market.wishes:
            assert rank_of(market, who, placed[who]) <= rank_of(market, who, other[who])


@given(market=markets(most=4))
def test_proposing_positions_get_their_best_which_is_the_candidates_worst(market):
    placed = match_for_positions(market)
    for other in stable_placings(market):
        for who in market.wishes:
            assert rank_of(market, who, placed[who]) >= rank_of(market, who, other[who])


@given(market=markets(most=5))
def test_the_same_candidates_are_placed_in_every_stable_placing(market):
    first, second = match_for_candidates(market), match_for_positions(market)
    assert {who for who, where in first.items() if where} == {who for who, where in second.items() if where}
    for position in market.choices:
        assert list(first.values()).count(position) == list(second.values()).count(position)


@pytest.mark.parametrize("match", MATCHERS)
@given(market=markets(), seed=st.integers(0, 1000))
def test_neither_order_nor_names_matter(match, market, seed):
    chance = random.Random(seed)
    candidates, positions = list(market.wishes), list(market.choices)
    names = {old: chance.random() for old in [*candidates, *positions]}
    chance.shuffle(candidates)
    chance.shuffle(positions)
    other = Market(
        {names[who]: [names[each] for each in market.wishes[who]] for who in candidates},
        {names[each]: [names[who] for who in market.choices[each]] for each in positions},
        {names[each]: market.places[each] for each in positions},
    )
    expected = {names[who]: names.get(position) for who, position in match(market).items()}
    assert match(other) == expected


@given(market=markets(most=6))
def test_each_candidate_learns_why_nothing_better(market):
    for match in MATCHERS:
        placed = match(market)
        for who, said in explain(market, placed).items():
            wanted = market.wishes[who]
            assert said.position == placed[who]
            better = wanted if said.rank is None else wanted[: said.rank - 1]
            assert [each.position for each in said.passed] == list(better)
            for each in said.passed:
                choices = market.choices[each.position]
                if each.why == "not_ranked":
                    assert who not in choices
                elif each.why == "no_places":
                    assert market.places[each.position] == 0
                else:
                    holders = [other for other, where in placed.items() if where == each.position]
                    assert len(holders) == market.places[each.position] > 0
                    assert all(choices.index(other) < choices.index(who) for other in holders)


def test_a_case_by_hand():
    market = Market(
        {"Ana": ["lab", "shop"], "Ben": ["lab"], "Cai": ["shop", "lab"], "Dee": ["lab"]},
        {"lab": ["Cai", "Ana", "Ben"], "shop": ["Ana", "Cai"]},
        {"lab": 1, "shop": 1},
    )
    assert match_for_candidates(market) == {"Ana": "lab", "Ben": None, "Cai": "shop", "Dee": None}
    assert match_for_positions(market) == {"Ana": "shop", "Ben": None, "Cai": "lab", "Dee": None}
    said = explain(market, match_for_candidates(market))
    assert (said["Ana"].rank, said["Ana"].passed) == (1, ())
    assert said["Ben"].passed == (Passed("lab", 1, "full"),)
    assert said["Dee"].passed == (Passed("lab", 1, "not_ranked"),)


def test_an_unstable_placing_is_seen():
    market = Market({"Ana": ["lab", "shop"]}, {"lab": ["Ana"], "shop": ["Ana"]}, {"lab": 1, "shop": 1})
    assert blocking_pairs(market, {"Ana": "shop"}) == [("Ana", "lab")]
    assert blocking_pairs(market, {"Ana": None}) == [("Ana", "lab"), ("Ana", "shop")]
    with pytest.raises(ValueError, match="not ranked"):
        blocking_pairs(Market({"Ana": []}, {"lab": ["Ana"]}, {"lab": 1}), {"Ana": "lab"})
    crowded = Market({"Ana": ["lab"], "Ben": ["lab"]}, {"lab": ["Ana", "Ben"]}, {"lab": 1})
    with pytest.raises(ValueError, match="more candidates than places"):
        blocking_pairs(crowded, {"Ana": "lab", "Ben": "lab"})


@pytest.mark.parametrize(
    ("wishes", "choices", "places"),
    [
        ({"Ana": ["lab", "lab"]}, {"lab": ["Ana"]}, {"lab": 1}),
        ({"Ana": ["lab"]}, {"lab": ["Ana", "Ana"]}, {"lab": 1}),
        ({"Ana": ["nowhere"]}, {"lab": ["Ana"]}, {"lab": 1}),
        ({"Ana": ["lab"]}, {"lab": ["Nobody"]}, {"lab": 1}),
        ({"Ana": ["lab"]}, {"lab": ["Ana"]}, {"lab": -1}),
        ({"Ana": ["lab"]}, {"lab": ["Ana"]}, {}),
    ],
)
def test_a_market_that_cannot_be_is_refused(wishes, choices, places):
    with pytest.raises(ValueError, match=r"."):
        Market(wishes, choices, places)


def large_market(candidates: int, positions: int, *, wishes: int, seed: int = 1) -> Market:
    """A market of strangers: each candidate ranks some positions, each position all who ranked it, by chance."""
    chance = random.Random(seed)
    wanted = {who: chance.sample(range(positions), wishes) for who in range(candidates)}
    choices: dict[int, list[int]] = {position: [] for position in range(positions)}
    for who, ranked in wanted.items():
        for position in ranked:
            choices[position].append(who)
    for ranked in choices.values():
        chance.shuffle(ranked)
    return Market(wanted, choices, {position: chance.randint(1, 12) for position in range(positions)})


def test_five_thousand_candidates_and_five_hundred_positions_are_matched():
    market = large_market(5_000, 500, wishes=20)
    for match in MATCHERS:
        placed = match(market)
        assert len(placed) == 5_000
        assert blocking_pairs(market, placed) == []
        assert sum(where is not None for where in placed.values()) > 3_000
