"""Targets: who sets them, what is refused, and that they stand beside their figures."""

from decimal import Decimal

import pytest

from core.errors import InvalidInput, PermissionRefused
from core.urls import in_office
from reporting.actions.targets import remove_target, set_target
from reporting.models import Target
from reporting.queries.asking import ask
from reporting.queries.scopes import scope_of
from reporting.registry import question_of


def test_a_target_replaces_the_one_before(in_alpha):
    actor = in_alpha.actor()
    first = set_target(actor=actor, measure="health.at_risk", fiscal_year=2026, value=Decimal(5))
    again = set_target(actor=actor, measure="health.at_risk", fiscal_year=2026, value=Decimal(4))
    other = set_target(actor=actor, measure="health.at_risk", fiscal_year=2027, value=Decimal(3))
    assert (again.pk, again.value, again.version) == (first.pk, Decimal(4), 2)
    assert other.pk != first.pk
    remove_target(actor=actor, target=again)
    assert list(Target.objects.values_list("fiscal_year", "value")) == [(2027, Decimal(3))]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"measure": "health.nothing"}, "measure"),
        ({"measure": "nothing"}, "measure"),
        ({"value": Decimal(-1)}, "value"),
    ],
)
def test_what_is_no_target_is_refused(in_alpha, fields, field):
    values = {"measure": "health.at_risk", "fiscal_year": 2026, "value": Decimal(5), **fields}
    with pytest.raises(InvalidInput) as refused:
        set_target(actor=in_alpha.actor(), **values)
    assert refused.value.field == field
    assert not Target.objects.exists()


@pytest.mark.parametrize("role", ["officer", "researcher", "viewer"])
def test_only_managers_set_and_remove_targets(in_alpha, role):
    row = set_target(actor=in_alpha.actor(), measure="health.at_risk", fiscal_year=2026, value=Decimal(5))
    with pytest.raises(PermissionRefused):
        set_target(actor=in_alpha.actor(role), measure="health.at_risk", fiscal_year=2026, value=Decimal(9))
    with pytest.raises(PermissionRefused):
        remove_target(actor=in_alpha.actor(role), target=row)
    row.refresh_from_db()
    assert row.value == Decimal(5)


def test_a_target_stands_beside_the_figure_of_its_year_alone(in_alpha):
    actor = in_alpha.actor()
    year = scope_of(actor, {}).this_year
    set_target(actor=actor, measure="health.at_risk", fiscal_year=year, value=Decimal(5))
    with in_office("alpha"):
        now = ask(actor, question_of("health"), scope_of(actor, {}))
        then = ask(actor, question_of("health"), scope_of(actor, {"last_year": year - 1}))
    assert {figure.code: figure.target for figure in now.figures} == {"at_risk": Decimal(5), "healthy_share": None}
    assert all(figure.target is None for figure in then.figures)
