"""Trees of rows: whatever is moved, nothing stands above itself and no chain is longer than the limit."""

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from core.errors import ActionRefused
from core.tenancy.scope import tenant_scope
from core.trees import DEEPEST, check_parent
from organizations.actions.organizations import edit_organization
from organizations.models import Organization
from tenants.actions.units import edit_unit
from tests.factories.organizations import make_organization
from tests.factories.units import make_unit


def chain(length: int) -> list[Organization]:
    rows: list[Organization] = []
    for _number in range(length):
        rows.append(make_organization(parent=rows[-1] if rows else None))
    return rows


def test_a_chain_has_exactly_the_allowed_levels(in_alpha):
    rows, single = chain(DEEPEST - 1), make_organization()
    check_parent(single, rows[-1])
    below = make_organization(parent=single)
    with pytest.raises(ActionRefused) as refused:
        check_parent(single, rows[-1])
    assert (refused.value.code, refused.value.field) == ("too_deep", "parent")
    below.delete()
    check_parent(single, rows[-1])


def test_a_row_that_is_not_saved_yet_counts_as_a_level(in_alpha):
    rows = chain(DEEPEST)
    check_parent(Organization(name="New"), rows[-2])
    with pytest.raises(ActionRefused):
        check_parent(Organization(name="New"), rows[-1])


moves = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5) | st.none()), max_size=14)


def circles(parents: dict[int, int | None]) -> list[int]:
    """The rows from which the way up never ends."""
    found = []
    for start in parents:
        above, steps = parents[start], 0
        while above is not None and steps <= len(parents):
            above, steps = parents[above], steps + 1
        if above is not None:
            found.append(start)
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_no_sequence_of_moves_closes_a_circle(alpha, moves):
    """Of organizations and of units: what is refused is exactly what would close one."""
    for make, edit, subject in (
        (make_organization, edit_organization, "organization"),
        (make_unit, edit_unit, "unit"),
    ):
        with tenant_scope(alpha.id), transaction.atomic():
            rows = [make() for _ in range(6)]
            model = {row.pk: None for row in rows}
            for moved, to in moves:
                row, parent = rows[moved], None if to is None else rows[to]
                wanted = {**model, row.pk: None if parent is None else parent.pk}
                refusal = None
                try:
                    edit(actor=alpha.actor(), parent=parent, **{subject: row})
                except ActionRefused as refused:
                    refusal = (refused.code, refused.field)
                if circles(wanted):
                    assert refusal == ("circular_parent", "parent")
                else:
                    assert refusal is None
                    model = wanted
            stored = dict(type(rows[0]).objects.filter(pk__in=model).values_list("pk", "parent_id"))
            assert stored == model
            transaction.set_rollback(True)
