"""The finding of stage by health: exact cases, and what holds for any counts."""

from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.portfolio import Finding, finding
from partnerships.views.portfolio import finding_in_words

STAGES = ["awareness", "involvement", "support", "sponsorship", "strategic"]
BANDS = ["healthy", "watch", "at_risk", "insufficient"]
COUNTS = st.dictionaries(st.tuples(st.sampled_from(STAGES), st.sampled_from(BANDS)), st.integers(0, 50))


def test_half_is_not_most():
    assert finding({("support", "at_risk"): 2, ("awareness", "at_risk"): 2}) == Finding(4, 4, 0, "", 2)
    assert finding({("support", "at_risk"): 3, ("awareness", "at_risk"): 2}) == Finding(5, 5, 0, "support", 2)


def test_the_words():
    said = {
        "11 of 48 partners are at risk; most of them in Sponsorship": Finding(48, 11, 0, "sponsorship", 3),
        "11 of 48 partners are at risk; all of them in Sponsorship": Finding(48, 11, 0, "sponsorship", 1),
        "1 of 48 partners is at risk; it is in Support": Finding(48, 1, 0, "support", 1),
        "4 of 48 partners are at risk, spread over 4 stages": Finding(48, 4, 9, "", 4),
        "None of 48 partners is at risk": Finding(48, 0, 0, "", 0),
        "None of 48 partners is at risk; there is not enough data about 30 of them": Finding(48, 0, 30, "", 0),
        "The only partner is not at risk": Finding(1, 0, 0, "", 0),
    }
    assert [finding_in_words(each) for each in said.values()] == list(said)


@given(COUNTS)
def test_a_stage_is_named_only_for_more_than_half(counts):
    found = finding(counts)
    risky = {stage: counts.get((stage, "at_risk"), 0) for stage in STAGES}
    assert (found.partners, found.at_risk) == (sum(counts.values()), sum(risky.values()))
    most = [stage for stage, count in risky.items() if 2 * count > found.at_risk]
    assert [found.stage] == (most or [""])
    assert finding_in_words(found)
