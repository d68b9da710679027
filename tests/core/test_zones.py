"""The time in a country."""

from datetime import UTC, datetime

import pytest

from core.zones import local_time

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "clock"),
    [("DK", "13:00"), ("de", "13:00"), ("JP", "21:00"), ("US", None), ("ES", None), ("", None), ("ZZ", None)],
)
def test_a_country_with_one_clock_has_a_time(country, clock):
    found = local_time(country, NOON)
    assert (found and f"{found:%H:%M}") == clock
