"""Runway: the statement says what ``rules.runway`` says, whatever is on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.choices import AgreementKind, RenewalProgress
from agreements.models import Agreement
from agreements.queries.runway import read_runway
from agreements.rules.runway import TermRecord, runway_terms
from partnerships.registry import HealthScope
from partnerships.rules.health import DEFAULT_CONFIG, AgreementTerm
from tests.factories.agreements import make_agreement, make_event, make_executed
from tests.factories.partnerships import make_partnership

TODAY = date(2026, 6, 1)
days = st.integers(-500, 500).map(lambda number: TODAY + timedelta(days=number))
terms = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(AgreementKind.values),
        "executed_on": days,
        "effective_on": st.none() | days,
        "length": st.none() | st.integers(0, 900),
        "ended_after": st.none() | st.integers(0, 400),
        "renewed_on": st.none() | days,
        "is_amendment": st.booleans(),
        "value": st.none() | st.decimals(0, 10**6, places=2),
        "currency": st.sampled_from(["EUR", "USD"]),
        "renewal_progress": st.sampled_from(RenewalProgress.values),
    }
)


def scope(office, *partnerships, as_of: date = TODAY, known_at=None) -> HealthScope:
    ids = tuple(row.pk for row in partnerships)
    return HealthScope(office.id, ids, as_of, "UTC", DEFAULT_CONFIG, known_at)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(terms, max_size=4))
def test_the_statement_says_what_the_rules_say(in_alpha, drawn):
    partnership, records = make_partnership(), []
    base = make_executed(make_partnership())
    for each in drawn:
        effective_on = each["effective_on"]
        begun = effective_on or each["executed_on"]
        expires_on = None if each["length"] is None else begun + timedelta(days=each["length"])
        ended_on = None if each["ended_after"] is None else each["executed_on"] + timedelta(days=each["ended_after"])
        same = {name: each[name] for name in ("kind", "executed_on", "value", "currency", "renewal_progress")}
        row = make_executed(
            partnership,
            **same,
            effective_on=effective_on,
            expires_on=expires_on,
            ended_on=ended_on,
            status="terminated" if ended_on else "executed",
            amends=base if each["is_amendment"] else None,
        )
        if each["renewed_on"] is not None:
            make_executed(make_partnership(), renews=row, executed_on=each["renewed_on"])
        records.append(
            TermRecord(
                **same,
                effective_on=effective_on,
                expires_on=expires_on,
                ended_on=ended_on,
                renewed_on=each["renewed_on"],
                is_amendment=each["is_amendment"],
            )
        )
    found = read_runway(scope(in_alpha, partnership))
    if not any(each.executed_on <= TODAY for each in records):
        assert found == {}
        return
    expected = runway_terms(records, TODAY, "EUR", DEFAULT_CONFIG.caps.lapsed_within_days)
    assert [shape(each) for each in found[partnership.pk].agreements] == [shape(each) for each in expected]


def shape(term: AgreementTerm) -> tuple:
    return pytest.approx(float(term.annual_value), abs=1e-6), term.days_left, term.renewal_progress


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_was_never_executed_is_not_measured(in_alpha, status):
    row = make_agreement(status=status)
    assert read_runway(scope(in_alpha, row.partnership, as_of=timezone.localdate())) == {}


def test_what_was_executed_since_was_not_known_then(in_alpha):
    """An agreement backdated in the table is known from the moment of the move that executed it."""
    row, now = make_executed(kind="service", days_ago=200), timezone.now()
    long_ago = now - timedelta(days=300)
    Agreement.objects.filter(pk=row.pk).update(created_at=long_ago)
    make_event(row, "closed", "nobody", at=now - timedelta(days=5), status="executed")
    asked = scope(in_alpha, row.partnership, as_of=timezone.localdate() - timedelta(days=100))
    assert read_runway(asked) != {}
    assert read_runway(replace(asked, known_at=now - timedelta(days=4))) != {}
    assert read_runway(replace(asked, known_at=now - timedelta(days=6))) == {}
    assert read_runway(replace(asked, known_at=long_ago - timedelta(days=1))) == {}
