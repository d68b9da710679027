"""What agreements bring to the alerts of health: the end of the main one, and what is overdue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import Agreement, AgreementPolicy, Obligation
from agreements.queries.alert_facts import read_commitments
from core.actor import Actor
from partnerships.actions.health import local_today, recompute_health
from partnerships.models import HealthAlert
from partnerships.queries.health import read_health_inputs
from partnerships.registry import Commitments, HealthScope
from partnerships.rules.health import DEFAULT_CONFIG
from partnerships.rules.health.alerts import Agreement as Main
from partnerships.rules.health.score import main_agreement
from tests.api_kit import counted
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.partnerships import make_interaction, make_partnership


def read(office, *partnerships) -> dict[int, Commitments]:
    ids = tuple(each.pk for each in partnerships)
    day = local_today(office.tenant)
    return dict(read_commitments(HealthScope(office.id, ids, day, office.tenant.time_zone, DEFAULT_CONFIG)))


def ending(partnership, days: int, **fields) -> Agreement:
    day = timezone.localdate()
    return make_executed(partnership, days_ago=400, expires_on=day + timedelta(days=days), complete_on=None, **fields)


def owe(agreement: Agreement, late: int, **fields) -> Obligation:
    due_on = timezone.localdate() - timedelta(days=late)
    values = {"side": "ours", "kind": "report", "title": "A report", "due_on": due_on, **fields}
    return Obligation.objects.create(agreement=agreement, **values)


def compute(office, *partnerships) -> None:
    recompute_health(actor=Actor.system(office.id), partnership_ids=[each.pk for each in partnerships])


def codes(partnership) -> set[str]:
    return set(HealthAlert.objects.filter(partnership=partnership, ended_at=None).values_list("rule", flat=True))


def test_the_main_agreement_is_the_one_of_most_value_a_year(in_alpha):
    partnership, bare = make_partnership(), make_partnership()
    ending(partnership, 100, value=1000)
    ending(partnership, 200, value=900_000, renewal_progress="drafted")
    make_agreement(partnership, value=10_000_000)  # a draft binds nobody
    assert read(in_alpha, partnership, bare) == {partnership.pk: Commitments(Main(200, 0.5, 180), None)}


def test_it_is_that_of_the_formula(in_alpha):
    partnerships = [make_partnership() for _each in range(3)]
    for number, each in enumerate(partnerships):
        for days in (40, 90, 300):
            ending(each, days + number, value=(days * (number + 1)) % 170 * 1000)
    ending(partnerships[0], 50, value=None)
    make_executed(partnerships[1], expires_on=None, value=500_000)
    day, found = local_today(in_alpha.tenant), read(in_alpha, *partnerships)
    scope = HealthScope(in_alpha.id, None, day, in_alpha.tenant.time_zone, DEFAULT_CONFIG)
    for pk, inputs in read_health_inputs(scope).items():
        want = main_agreement(inputs.runway, DEFAULT_CONFIG)
        assert (found[pk].agreement.days_left, found[pk].agreement.renewal_progress) == (
            want.days_left,
            want.renewal_progress,
        )


@pytest.mark.parametrize("fields", [{"renewal_intended": False}, {"renewal_progress": "declined"}])
def test_what_shall_not_be_renewed_is_no_news(in_alpha, fields):
    partnership = make_partnership()
    ending(partnership, 100, value=1000, **fields)
    assert read(in_alpha, partnership) == {}


def test_what_is_renewed_is_no_news_and_a_draft_renews_nothing(in_alpha):
    partnership = make_partnership()
    row = ending(partnership, 100, value=1000)
    make_agreement(partnership, renews=row)
    assert read(in_alpha, partnership)[partnership.pk].agreement == Main(100, 0.0, 180)
    make_executed(partnership, days_ago=1, renews=row, complete_on=None)
    assert read(in_alpha, partnership) == {}


def test_the_lead_follows_what_the_kind_took_and_the_policy(in_alpha):
    partnership = make_partnership()
    ending(partnership, 100, value=1000, kind="license")
    AgreementPolicy.objects.update_or_create(defaults={"renewal_notice_days": 120})
    assert read(in_alpha, partnership)[partnership.pk].agreement.lead_days == 120
    day = timezone.localdate() - timedelta(days=200)
    for working_weeks in (10, 11, 12, 13, 14):
        assert read(in_alpha, partnership)[partnership.pk].agreement.lead_days == 120  # too few to plan by
        begun = day - timedelta(weeks=working_weeks)
        make_executed(make_partnership(), kind="license", days_ago=200, complete_on=begun)
    make_executed(make_partnership(), kind="research", days_ago=200, complete_on=day - timedelta(days=5))
    assert read(in_alpha, partnership)[partnership.pk].agreement.lead_days == 126  # 1.5 × 12 weeks


def test_the_obligation_longest_overdue_of_either_side_counts(in_alpha):
    partnership = make_partnership()
    row, draft = make_executed(partnership, renewal_intended=False), make_agreement(partnership)
    owe(row, 5)
    owe(row, 20, side="theirs")
    owe(row, 90, waived_reason="Not needed")
    owe(row, 60, done_on=timezone.localdate(), evidence="Sent")
    owe(row, -3)
    owe(draft, 50)
    assert read(in_alpha, partnership) == {partnership.pk: Commitments(None, 20)}


def test_one_statement_however_many(in_alpha):
    partnerships = [make_partnership() for _each in range(4)]
    for each in partnerships:
        owe(ending(each, 100, value=1000), 20)
    for some in (partnerships[:1], partnerships):
        with counted() as statements:
            assert len(read(in_alpha, *some)) == len(some)
        assert len(statements) == 1


def test_another_offices_agreements_say_nothing(alpha, beta):
    from core.tenancy.scope import tenant_scope

    with tenant_scope(beta.id):
        theirs = make_partnership()
        owe(ending(theirs, 10), 30)
    with tenant_scope(alpha.id):
        assert read(alpha, theirs) == {}


def test_a4_the_main_agreement_ends_within_its_lead(in_alpha):
    soon, later, renewing = (make_partnership() for _each in range(3))
    ending(soon, 180, value=1000)
    ending(later, 181, value=1000)
    row = ending(renewing, 100, value=1000, renewal_progress="proposed")
    compute(in_alpha, soon, later, renewing)
    assert "A4" in codes(soon)
    assert "A4" not in codes(later)
    assert "A4" in codes(renewing), "a renewal is under way, but the score is low"
    numbers = HealthAlert.objects.get(partnership=soon, rule="A4").numbers
    assert (numbers["days_left"], numbers["lead_days"]) == (180.0, 180.0)
    make_executed(renewing, days_ago=0, renews=row, complete_on=None)
    compute(in_alpha, renewing)
    assert "A4" not in codes(renewing)


def test_a10_an_obligation_is_overdue_for_more_than_14_days(in_alpha):
    late, less = make_partnership(), make_partnership()
    row = owe(make_executed(late), 15)
    owe(make_executed(less), 14)
    for each in (late, less):
        make_interaction(each)
    compute(in_alpha, late, less)
    assert "A10" in codes(late)
    assert "A10" not in codes(less)
    owe(row.agreement, 40)
    compute(in_alpha, late)
    assert HealthAlert.objects.get(partnership=late, rule="A10").numbers["days"] == 40.0
    Obligation.objects.update(done_on=timezone.localdate(), evidence="Sent")
    compute(in_alpha, late)
    assert "A10" not in codes(late)
