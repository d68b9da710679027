"""The rail: who sees which entries, which is the current one, and what stands inside another."""

from django.urls import reverse

from core.navigation import navigation_for, rail_for
from core.urls import in_office


def current(rows: list[dict]) -> list[str]:
    return [row["url"] for row in rows if row["current"]]


def test_what_is_inside_another_entry_is_not_in_the_rail_but_belongs_to_it(alpha):
    with in_office(alpha.tenant.slug):
        funding, schemes = reverse("partnerships:funding"), reverse("partnerships:schemes")
        rows = rail_for(alpha.actor("manager"), schemes)
        assert schemes not in [row["url"] for row in rows]
        assert current(rows) == [funding]
        assert schemes in [row["url"] for row in navigation_for(alpha.actor("manager"), "")]


def test_whoever_may_not_open_the_outer_entry_finds_the_inner_one_in_the_rail(alpha):
    with in_office(alpha.tenant.slug):
        funding, schemes = reverse("partnerships:funding"), reverse("partnerships:schemes")
        rows = rail_for(alpha.actor("viewer"), schemes)
        assert funding not in [row["url"] for row in rows]
        assert current(rows) == [schemes]


def test_no_two_entries_have_one_key(alpha):
    with in_office(alpha.tenant.slug):
        keys = [row["key"] for row in navigation_for(alpha.actor("administrator"), "") if row["key"]]
    assert sorted(keys) == sorted(set(keys))
