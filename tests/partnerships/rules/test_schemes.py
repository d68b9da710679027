from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.choices import Channel
from partnerships.choices_delivery import ResearchDomain
from partnerships.rules.schemes import CONDITIONS, Candidate, Terms, fundable

TODAY = date(2026, 5, 4)
PROJECT = Candidate("RES", "energy", 4, True, {"DK", "SE"})

CHANNELS, DOMAINS = st.sampled_from(Channel.values), st.sampled_from(ResearchDomain.values)
DAYS = st.none() | st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))
LEVELS = st.none() | st.integers(1, 9)
COUNTRIES = st.sampled_from(["", "DK", "SE", "US"])
TERMS = st.builds(
    Terms,
    channels=st.frozensets(CHANNELS, max_size=3),
    domains=st.frozensets(DOMAINS, max_size=3),
    sme_only=st.booleans(),
    trl_from=LEVELS,
    trl_to=LEVELS,
    country=COUNTRIES,
    opens_on=DAYS,
    deadline_on=DAYS,
    closed_on=DAYS,
)
CANDIDATES = st.builds(
    Candidate,
    channel=CHANNELS,
    domain=DOMAINS | st.just(""),
    trl=LEVELS,
    has_sme=st.none() | st.booleans(),
    countries=st.frozensets(COUNTRIES.filter(bool), max_size=2),
    knows_countries=st.booleans(),
)


def test_a_scheme_without_conditions_pays_for_everything():
    verdict = fundable(Candidate("RES"), Terms(), TODAY)
    assert (verdict.reasons, verdict.is_fundable, verdict.is_certain) == ((), True, True)


@pytest.mark.parametrize(
    ("terms", "condition", "holds"),
    [
        (Terms(closed_on=TODAY), "offered", False),
        (Terms(closed_on=TODAY + timedelta(days=1)), "offered", True),
        (Terms(opens_on=TODAY), "opened", True),
        (Terms(opens_on=TODAY + timedelta(days=1)), "opened", False),
        (Terms(deadline_on=TODAY), "deadline", True),
        (Terms(deadline_on=TODAY - timedelta(days=1)), "deadline", False),
        (Terms(channels=["RES", "LAB"]), "channel", True),
        (Terms(channels=["LAB"]), "channel", False),
        (Terms(domains=["energy"]), "domain", True),
        (Terms(domains=["food"]), "domain", False),
        (Terms(trl_from=4), "trl", True),
        (Terms(trl_to=3), "trl", False),
        (Terms(trl_from=5, trl_to=7), "trl", False),
        (Terms(sme_only=True), "sme", True),
        (Terms(country="SE"), "country", True),
        (Terms(country="US"), "country", False),
    ],
)
def test_each_condition_is_answered(terms, condition, holds):
    verdict = fundable(PROJECT, terms, TODAY)
    assert [(reason.condition, reason.holds) for reason in verdict.reasons] == [(condition, holds)]
    assert verdict.is_fundable is holds
    assert verdict.against == (() if holds else (condition,))


def test_what_is_not_known_is_named_and_speaks_not_against_it():
    unknown = Candidate("RES", knows_countries=False)
    terms = Terms(domains=["food"], trl_from=3, sme_only=True, country="SE")
    verdict = fundable(unknown, terms, TODAY)
    assert (verdict.is_fundable, verdict.is_certain) == (True, False)
    assert verdict.unknown == ("domain", "trl", "sme", "country")


@given(CANDIDATES, TERMS)
def test_a_verdict_is_the_sum_of_its_reasons(candidate, terms):
    verdict = fundable(candidate, terms, TODAY)
    named = [reason.condition for reason in verdict.reasons]
    assert named == [condition for condition in CONDITIONS if condition in named]
    assert verdict.is_fundable == (not verdict.against)
    assert verdict.is_certain == (not verdict.against and not verdict.unknown)


@given(CANDIDATES, TERMS)
def test_asking_for_less_never_takes_money_away(candidate, terms):
    """Without one of its conditions a scheme pays for whatever it paid for with it."""
    looser = Terms(channels=terms.channels, deadline_on=terms.deadline_on)
    if fundable(candidate, terms, TODAY).is_fundable:
        assert fundable(candidate, looser, TODAY).is_fundable
