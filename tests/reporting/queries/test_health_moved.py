"""What moved in the portfolio is told of scores under one version of the settings alone."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.urls import in_office
from partnerships.actions.health_configuration import publish_configuration
from partnerships.models import HealthSnapshot, PartnershipHealth
from partnerships.rules.health import DEFAULT_CONFIG, settings_of
from tests.factories.partnerships import make_partnership
from tests.reporting.counting import asked


@pytest.fixture
def office(in_alpha):
    """Its one partner was healthy a hundred days ago and is at risk now."""
    with in_office("alpha"):
        partner, then = make_partnership(), timezone.now() - timedelta(days=100)
        HealthSnapshot.objects.create(
            partnership=partner, as_of=then.date(), computed_at=then, config_version=1, raw=80, score=80,
            confidence=0.8, band="healthy", dimensions={}, caps=[], inputs={}, inputs_hash="x" * 64,
        )  # fmt: skip
        PartnershipHealth.objects.filter(partnership=partner).update(band="at_risk", score=30)
        yield in_alpha


def publish(office) -> None:
    settings = {**settings_of(DEFAULT_CONFIG), "day_cap": 3.0}
    publish_configuration(actor=office.actor("manager"), settings=settings, note="A day may count more", seen=1)


def test_under_the_same_settings_a_partner_got_worse(office):
    answer = asked(office, "health", {})
    assert answer.finding == "1 of 1 partner is at risk, 0 were 90 days ago; 1 got worse and 0 better"
    assert [row.code for row in answer.rows] == ["healthy"]
    assert [figure.before for figure in answer.figures] == [0, 100.0]


def test_after_a_change_of_the_settings_nothing_is_compared_and_a_note_says_why(office):
    publish(office)
    answer = asked(office, "health", {})
    assert answer.finding == "1 of 1 partner is at risk"
    assert [row.code for row in answer.rows] == ["none"]
    assert [figure.before for figure in answer.figures] == [None, None]
    assert any(note.text.startswith("The settings of health changed on") for note in answer.notes)


def test_scores_of_settings_that_are_older_than_ninety_days_are_compared(office):
    publish(office)
    later = timezone.now() + timedelta(days=91)
    HealthSnapshot.objects.create(
        partnership=PartnershipHealth.objects.get().partnership, as_of=timezone.localdate(),
        config_version=2, raw=50, score=50, confidence=0.8, band="watch", dimensions={}, caps=[], inputs={},
        inputs_hash="y" * 64,
    )  # fmt: skip
    with time_machine.travel(later, tick=False):
        answer = asked(office, "health", {})
    assert answer.finding == "1 of 1 partner is at risk, 0 were 90 days ago; 1 got worse and 0 better"
    assert [row.code for row in answer.rows] == ["watch"]
