"""Does health predict: what was known half a year before, and what became of agreements."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from agreements.queries.outcomes import agreement_outcomes
from core.errors import PermissionRefused
from partnerships import registry
from partnerships.models import Interaction, Partnership
from partnerships.queries.health_validation import known_scores, validation
from partnerships.queries.ties import scope_for
from partnerships.registry import Outcome
from partnerships.rules.health.backtest import Dated, auc_interval, backtest
from partnerships.rules.health.validation import Case, bootstrap, score_auc
from tenants.choices import Role
from tests.factories.agreements import make_executed
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def old_partnership(**fields) -> Partnership:
    return make_partnership(started_on=date(2020, 1, 1), created_at=LONG_AGO, stage_declared="awareness", **fields)


def score_on(office, row: Partnership, day: date):
    return known_scores(scope_for(office.actor(), ()), [(row.pk, day)]).get((row.pk, day))


def known_touch(row: Partnership, day: date, *, entered: datetime | None = None) -> Interaction:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return make_interaction(row, occurred_at=at, created_at=entered or at)


def test_what_was_entered_late_does_not_change_what_was_known(in_alpha):
    row, day = old_partnership(), timezone.localdate() - timedelta(days=300)
    known_touch(row, day - timedelta(days=100))
    before = score_on(in_alpha, row, day)
    known_touch(row, day - timedelta(days=5), entered=timezone.now())
    known_touch(row, day + timedelta(days=5))
    assert score_on(in_alpha, row, day) == before
    assert before.days_silent == 100
    known_touch(row, day - timedelta(days=5))
    after = score_on(in_alpha, row, day)
    assert (after.days_silent, after.score > before.score) == (5, True)


def test_who_was_named_later_was_not_known(in_alpha):
    row, day = old_partnership(), timezone.localdate() - timedelta(days=300)
    known_touch(row, day - timedelta(days=10))
    before = score_on(in_alpha, row, day)
    made = Interaction.objects.get()
    made.participants.create(contact=make_contact(row.organization, decides=True))
    assert score_on(in_alpha, row, day) == before


def test_the_stage_is_the_one_declared_then(in_alpha):
    row, day = old_partnership(), timezone.localdate() - timedelta(days=300)
    known_touch(row, day - timedelta(days=10))
    before = score_on(in_alpha, row, day)
    Partnership.objects.filter(pk=row.pk).update(stage_declared="strategic")
    assert score_on(in_alpha, row, day) == before
    assert before.stage == "awareness"


def test_a_partner_nobody_had_entered_has_no_score(in_alpha):
    row = make_partnership(started_on=date(2020, 1, 1))
    assert score_on(in_alpha, row, timezone.localdate() - timedelta(days=300)) is None


def test_the_ranking_of_a_constructed_office_is_the_one_computed_by_hand(in_alpha, monkeypatch):
    """Contact 10, 40, 90 and 150 days before the day of knowing; renewed, lapsed, renewed, lapsed: 3 of 4 pairs."""
    ended = timezone.localdate() - timedelta(days=200)
    day, outcomes = ended - timedelta(days=180), []
    for days, renewed in ((10, True), (40, False), (90, True), (150, False)):
        row = old_partnership()
        known_touch(row, day - timedelta(days=days))
        outcomes.append(Outcome(row.pk, ended, renewed, "Research", f"A-{days}"))
    unknown = make_partnership()
    outcomes.append(Outcome(unknown.pk, ended, True, "Research", "A-late"))
    monkeypatch.setattr(registry, "_outcomes", [lambda actor, until: outcomes])
    found = validation(in_alpha.actor())
    assert (found.result.auc, found.result.baseline) == (0.75, 0.75)
    assert [(part.label, part.cases, part.renewed, part.auc) for part in found.result.stages] == [
        ("Awareness", 4, 2, 0.75)
    ]
    assert (found.result.enough.cases, found.result.enough.lapses, found.unknown, found.more) == (4, 2, 1, 0)
    assert found.result.probabilities is None


@pytest.mark.parametrize("role", [Role.OFFICER, Role.RESEARCHER, Role.VIEWER])
def test_only_managers_and_administrators_see_it(in_alpha, role):
    with pytest.raises(PermissionRefused):
        validation(in_alpha.actor(role))


def outcomes_of(office, role=Role.ADMINISTRATOR) -> dict[str, bool]:
    until = timezone.localdate() - timedelta(days=91)
    return {each.label.split()[0]: each.renewed for each in agreement_outcomes(office.actor(role), until)}


def ended(partnership: Partnership, days: int, **fields):
    """An agreement of a year that ended some days ago, worth 1000."""
    end = timezone.localdate() - timedelta(days=days)
    values = {"value": 1000, "expires_on": end, "days_ago": days + 365, **fields}
    return make_executed(partnership, **values)


def test_what_counts_as_renewed(in_alpha):
    lapsed, followed, extended, smaller, late, other, renewing, early = (make_partnership() for _ in range(8))
    cases = {row: ended(row, 200) for row in (lapsed, followed, extended, smaller, late, other, renewing, early)}
    make_executed(followed, days_ago=190, value=1000)
    make_executed(extended, days_ago=230, value=10, amends=cases[extended])
    make_executed(smaller, days_ago=190, value=999)
    make_executed(late, days_ago=100, value=1000)
    make_executed(other, days_ago=190, value=1000, kind="nda")
    make_executed(renewing, days_ago=400, value=1000, kind="nda", renews=cases[renewing], expires_on=None)
    make_executed(early, days_ago=390, value=1000, expires_on=None)
    found = outcomes_of(in_alpha)
    expected = {followed, extended, renewing}
    assert found == {case.reference: row in expected for row, case in cases.items()}


def test_what_is_no_case(in_alpha):
    row = make_partnership()
    ended(row, 200, renewal_intended=False)
    ended(row, 60)
    ended(row, 200, status="draft", executed_on=None)
    assert outcomes_of(in_alpha) == {}


def test_a_case_that_hangs_on_an_agreement_one_may_not_read_is_left_out(in_alpha):
    row = make_partnership()
    case = ended(row, 200)
    make_executed(row, days_ago=190, value=1000, level="restricted")
    assert outcomes_of(in_alpha, Role.MANAGER) == {}
    assert outcomes_of(in_alpha) == {case.reference: True}


def dated(number: int, lapses: int) -> list[Dated]:
    """Cases over years: every score from 0 to 99 comes again, and the lowest scores lapse."""
    chance = random.Random(1)
    order = list(range(number))
    chance.shuffle(order)
    return [
        Dated(Case(place, 100 * place / number, place >= lapses, "watch"), date(2020, 1, 1) + timedelta(days=7 * week))
        for week, place in enumerate(order)
    ]


@pytest.mark.parametrize(("number", "lapses", "shown"), [(199, 60, False), (240, 49, False), (240, 60, True)])
def test_probabilities_need_cases_and_lapses_enough(number, lapses, shown):
    found = backtest(dated(number, lapses), ("healthy", "watch", "at_risk"))
    assert (found.probabilities is not None) is shown
    assert found.auc == 1.0
    if found.probabilities:
        assert found.probabilities.learned + found.probabilities.tested == number
        assert found.probabilities.brier < found.probabilities.base_brier


def test_the_interval_is_that_of_drawing_partners_anew():
    """The same distribution as the plain bootstrap: both bounds agree within what chance moves them."""
    chance = random.Random(5)
    cases = [Case(number // 2, chance.random() * 100, chance.random() < 0.6) for number in range(120)]
    quick, plain = auc_interval(cases, resamples=2000), bootstrap(cases, score_auc, resamples=2000)
    assert quick == pytest.approx(plain, abs=0.03)
    assert auc_interval(cases) == auc_interval(cases)
    assert auc_interval([replace(case, renewed=True) for case in cases]) is None
