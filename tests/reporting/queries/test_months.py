"""What happened in a month, counted by hand."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from core.urls import in_office
from partnerships.actions.health_configuration import publish_configuration
from partnerships.models import HealthSnapshot, PartnershipHealth
from partnerships.rules.health import DEFAULT_CONFIG, settings_of
from reporting.queries.months import month_in_figures
from reporting.queries.scopes import scope_of
from tests.factories.agreements import make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import (
    make_interaction,
    make_opportunity,
    make_partnership,
    make_project,
    stage_named,
)

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def december(in_alpha):
    with time_machine.travel("2026-12-01T06:20:00Z", tick=False), in_office("alpha"):
        yield in_alpha


def figures(office, role: str = "manager") -> dict[str, tuple]:
    reader = office.actor(role)
    found = month_in_figures(reader, scope_of(reader, {}, office.tenant), *NOVEMBER)
    return {each.code: (each.value, each.before) for each in found}


def test_each_day_falls_into_its_month_by_the_offices_clock(december):
    partner = make_partnership(make_organization(), started_on=date(2026, 10, 31))
    for at in (
        datetime(2026, 9, 30, 21, 59, tzinfo=UTC),  # still September in Copenhagen
        datetime(2026, 9, 30, 22, 0, tzinfo=UTC),  # summer time: October
        datetime(2026, 10, 31, 22, 59, tzinfo=UTC),
        datetime(2026, 10, 31, 23, 0, tzinfo=UTC),  # winter time: November
        datetime(2026, 11, 30, 22, 59, tzinfo=UTC),
        datetime(2026, 11, 30, 23, 0, tzinfo=UTC),  # December
    ):
        make_interaction(partner, occurred_at=at)
    for day in (date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)):
        make_project(partner, started_on=day)
    assert figures(december)["interactions"] == (2, 2)
    assert figures(december)["partnerships"] == (0, 1)
    assert figures(december)["projects"] == (2, 0)


def test_what_was_won_and_signed(december):
    partner = make_partnership(make_organization())
    for at in (datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 10, 5, tzinfo=UTC)):
        make_opportunity(partner, stage=stage_named("Won"), closed_at=at)
        make_opportunity(partner, stage=stage_named("Lost"), closed_at=at, loss_reason="no_fit")
    make_executed(partner, days_ago=3)
    make_executed(partner, days_ago=40)
    found = figures(december)
    assert (found["won"], found["agreements"]) == ((1, 1), (1, 1))


def test_who_moved_since_the_first(december):
    for was, now in (("healthy", "watch"), ("watch", "at_risk"), ("at_risk", "healthy"), ("watch", "watch")):
        partner = make_partnership(make_organization())
        PartnershipHealth.objects.filter(partnership=partner).delete()
        at = datetime(2026, 10, 20, tzinfo=UTC)
        snapshot(partner, was, at)
        PartnershipHealth.objects.create(partnership=partner, score=50, band=now, computed_at=at)
    assert figures(december)["worse"] == (2, None)
    assert figures(december)["better"] == (1, None)


def test_nothing_is_said_of_who_moved_where_the_settings_changed_since_the_first(december):
    make_partnership(make_organization())
    assert figures(december)["worse"] == (0, None)
    settings = {**settings_of(DEFAULT_CONFIG), "day_cap": 3.0}
    publish_configuration(actor=december.actor("manager"), settings=settings, note="More a day", seen=1)
    assert "worse" not in figures(december)
    assert "better" not in figures(december)


def snapshot(partner, band: str, at: datetime) -> None:
    HealthSnapshot.objects.create(
        partnership=partner, as_of=at.date(), computed_at=at, config_version=1, raw=50, score=50,
        confidence=0.8, band=band, dimensions={}, caps=[], inputs={}, inputs_hash="x" * 64,
    )  # fmt: skip


def test_what_one_may_not_read_is_not_counted(december):
    partner = make_partnership(make_organization())
    make_interaction(
        partner, occurred_at=datetime(2026, 11, 5, tzinfo=UTC),
        confidentiality="restricted",
        logged_by=december.user("officer"),
    )  # fmt: skip
    assert figures(december, "officer")["interactions"] == (1, 0)
    assert figures(december, "researcher")["interactions"] == (0, 0)
