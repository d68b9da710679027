"""The stage suggested from facts, and the vocabularies beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.rules.channels import CHANNEL_LABELS, Channel
from partnerships.rules.pipeline import (
    STAGE_LABELS,
    STAGE_ORDER,
    Stage,
    StageFacts,
    stage_rank,
    suggest_stage,
)
from partnerships.rules.touches import (
    DIRECTION_LABELS,
    INTERACTION_KIND_LABELS,
    TOUCH_WEIGHTS,
    Direction,
    InteractionKind,
    is_real_touch,
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LIMIT = Decimal(100_000)
SPONSORED = StageFacts(largest_funded_annual_value=LIMIT)
STRATEGIC = replace(
    SPONSORED,
    active_master_agreement=True,
    our_executive_sponsor=True,
    their_executive_sponsor=True,
    active_channels=4,
    unbroken_months=24,
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"unbroken_months": 90, "our_executive_sponsor": True, "active_master_agreement": True}, None),
        ({"recent_touches": 1}, Stage.AWARENESS),
        ({"recent_recruiting_events": 1}, Stage.AWARENESS),
        ({"recent_channels": 1, "recent_touches": 3}, Stage.AWARENESS),
        ({"recent_internships": 1}, Stage.INVOLVEMENT),
        ({"recent_memberships": 1}, Stage.INVOLVEMENT),
        ({"recent_advisory_seats": 1}, Stage.INVOLVEMENT),
        ({"recent_ndas": 1}, Stage.INVOLVEMENT),
        ({"recent_projects": 1}, Stage.INVOLVEMENT),
        ({"recent_projects": 1, "recent_channels": 1, "recent_funded_channels": 1}, Stage.INVOLVEMENT),
        ({"recent_internships": 1, "recent_channels": 2}, Stage.INVOLVEMENT),
        ({"recent_channels": 2, "recent_funded_channels": 1}, Stage.SUPPORT),
        (
            {
                "recent_channels": 5,
                "recent_funded_channels": 5,
                "largest_funded_annual_value": LIMIT - Decimal("0.01"),
            },
            Stage.SUPPORT,
        ),
        ({"largest_funded_annual_value": LIMIT}, Stage.SPONSORSHIP),
    ],
)
def test_the_first_rule_from_the_top_that_holds(facts: dict[str, Any], expected: Stage | None) -> None:
    assert suggest_stage(StageFacts(**facts), LIMIT) == expected


def test_a_strategic_partnership_needs_everything() -> None:
    assert suggest_stage(STRATEGIC, LIMIT) == Stage.STRATEGIC
    lab = replace(STRATEGIC, active_master_agreement=False, active_joint_lab=True)
    assert suggest_stage(lab, LIMIT) == Stage.STRATEGIC
    for lack in (
        {"active_master_agreement": False},
        {"our_executive_sponsor": False},
        {"their_executive_sponsor": False},
        {"active_channels": 3},
        {"unbroken_months": 23},
    ):
        assert suggest_stage(replace(STRATEGIC, **lack), LIMIT) == Stage.SPONSORSHIP, lack
    assert suggest_stage(replace(STRATEGIC, largest_funded_annual_value=None), LIMIT) is None


def test_the_threshold_is_the_tenants_own() -> None:
    assert suggest_stage(SPONSORED, Decimal(100_001)) is None
    assert suggest_stage(SPONSORED) == Stage.SPONSORSHIP
    assert suggest_stage(StageFacts(), Decimal(0)) is None


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="recent_ndas"):
        StageFacts(recent_ndas=-1)


counts = st.integers(0, 5)
values = st.none() | st.decimals(0, 300_000, places=2)


@st.composite
def stage_facts(draw: st.DrawFn) -> StageFacts:
    strategies = {"unbroken_months": st.integers(0, 40), "largest_funded_annual_value": values}
    drawn: dict[str, Any] = {}
    for field in fields(StageFacts):
        fallback = st.booleans() if field.type == "bool" else counts
        drawn[field.name] = draw(strategies.get(field.name, fallback))
    return StageFacts(**drawn)


@UNHURRIED
@given(stage_facts(), stage_facts())
def test_more_activity_never_lowers_the_stage(one: StageFacts, other: StageFacts) -> None:
    more = {
        field.name: max(getattr(one, field.name), getattr(other, field.name))
        for field in fields(StageFacts)
        if field.name != "largest_funded_annual_value"
    }
    known = [v for v in (one.largest_funded_annual_value, other.largest_funded_annual_value) if v is not None]
    joined = StageFacts(**more, largest_funded_annual_value=max(known, default=None))
    assert stage_rank(suggest_stage(joined)) >= max(stage_rank(suggest_stage(facts)) for facts in (one, other))


def test_stages_are_ordered_and_labeled() -> None:
    assert [stage.value for stage in STAGE_ORDER] == [
        "awareness",
        "involvement",
        "support",
        "sponsorship",
        "strategic",
    ]
    assert [stage_rank(stage) for stage in (None, *STAGE_ORDER)] == [0, 1, 2, 3, 4, 5]
    assert set(STAGE_LABELS) == set(Stage)
    with pytest.raises(ValueError, match="lead"):
        stage_rank("lead")


def test_fourteen_channels_are_labeled() -> None:
    codes = ["RES", "LAB", "CON", "LIC", "STU", "REC", "INT"]
    codes += ["CAP", "GRD", "CUR", "CPD", "CLI", "FAC", "PHI"]
    assert [channel.value for channel in Channel] == codes
    assert set(CHANNEL_LABELS) == set(Channel)
    assert len(set(CHANNEL_LABELS.values())) == 14


def test_every_kind_of_interaction_has_a_weight_and_a_label() -> None:
    assert TOUCH_WEIGHTS == {
        "site_visit": 1.5,
        "executive_visit": 1.5,
        "meeting": 1.0,
        "call": 0.6,
        "event": 0.5,
        "email_two_way": 0.3,
        "email_one_way": 0.1,
        "bulk_mail": 0.0,
        "note": 0.0,
    }
    assert set(INTERACTION_KIND_LABELS) == set(TOUCH_WEIGHTS) == set(InteractionKind)
    assert set(DIRECTION_LABELS) == set(Direction)


@pytest.mark.parametrize(
    ("kind", "by_partner", "real"),
    [
        ("meeting", False, True),
        ("email_two_way", False, True),
        ("email_one_way", False, False),
        ("email_one_way", True, True),
        ("bulk_mail", True, False),
        ("note", True, False),
    ],
)
def test_what_breaks_a_silence(kind: str, by_partner: bool, real: bool) -> None:
    assert is_real_touch(TOUCH_WEIGHTS[InteractionKind(kind)], by_partner) is real
