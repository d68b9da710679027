"""The SME test decides exactly when the known facts decide."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.rules.sme import SIZE_CLASS_LABELS, SizeClass, size_class, sme_status

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

MILLION = Decimal(1_000_000)


def status(headcount: int | None, turnover: str | None, balance: str | None, share: str | None) -> bool | None:
    millions = [None if m is None else Decimal(m) * MILLION for m in (turnover, balance)]
    return sme_status(headcount, *millions, None if share is None else Decimal(share))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((249, "50", "43", "0.2499"), True),
        ((249, "50", "44", "0"), True),
        ((249, "51", "43", "0"), True),
        ((249, "50.00000001", "43.00000001", "0"), False),
        ((250, "1", "1", "0"), False),
        ((10, "1", "1", "0.25"), False),
        ((0, "0", "0", "0"), True),
        ((10, "50", None, "0"), True),
        ((10, None, "43", "0"), True),
        ((10, "51", None, "0"), None),
        ((10, None, "44", "0"), None),
        ((10, None, None, "0"), None),
        ((None, "1", "1", "0"), None),
        ((10, "1", "1", None), None),
        ((250, None, None, None), False),
        ((None, "51", "44", None), False),
        ((None, None, None, "0.25"), False),
        ((None, None, None, None), None),
    ],
)
def test_the_table(facts: tuple[int | None, str | None, str | None, str | None], expected: bool | None) -> None:
    assert status(*facts) is expected


headcounts = st.integers(0, 500)
money = st.decimals(0, 100_000_000, places=2)
shares = st.decimals(0, 1, places=4)


@UNHURRIED
@given(headcounts, money, money, shares, st.sets(st.integers(0, 3)))
def test_forgetting_a_fact_never_reverses_the_answer(
    headcount: int, turnover: Decimal, balance: Decimal, share: Decimal, forgotten: set[int]
) -> None:
    facts = [headcount, turnover, balance, share]
    full = sme_status(*facts)
    assert full is not None
    assert sme_status(*(None if i in forgotten else fact for i, fact in enumerate(facts))) in (full, None)


def test_impossible_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="headcount"):
        status(-1, "1", "1", "0")
    with pytest.raises(ValueError, match="turnover"):
        status(1, "-1", "1", "0")
    with pytest.raises(ValueError, match="share"):
        status(1, "1", "1", "1.01")
    with pytest.raises(ValueError, match="headcount"):
        size_class(-1)


@pytest.mark.parametrize(
    ("headcount", "expected"),
    [
        (None, None),
        (0, "micro"),
        (9, "micro"),
        (10, "small"),
        (49, "small"),
        (50, "medium"),
        (249, "medium"),
        (250, "large"),
    ],
)
def test_size_classes(headcount: int | None, expected: str | None) -> None:
    assert size_class(headcount) == expected
    assert set(SIZE_CLASS_LABELS) == set(SizeClass)
