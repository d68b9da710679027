"""Objectives, ledger, reviews, events and ratings: what is refused, and what follows from them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ActionRefused, InvalidInput, PermissionRefused
from partnerships.actions.governance import (
    add_ledger_entry,
    add_objective,
    delete_evaluation,
    delete_ledger_entry,
    delete_objective,
    delete_partner_event,
    delete_review,
    edit_evaluation,
    edit_ledger_entry,
    edit_objective,
    edit_review,
    record_evaluation,
    record_partner_event,
    record_review,
)
from partnerships.actions.partnerships import accept_stage, accept_tier, edit_partnership, keep_stage, keep_tier
from partnerships.models import Objective, Partnership
from partnerships.queries.governance import (
    Balance,
    ledger_balance,
    overdue_reviews,
    rating_summary,
    scorecard_of,
)
from tenants.actions.history import undo_changes
from tenants.choices import Role
from tenants.models import Change, Job
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import (
    make_evaluation,
    make_ledger_entry,
    make_objective,
    make_partner_event,
    make_partnership,
    make_project,
    make_review,
)

TOMORROW = timezone.localdate() + timedelta(days=1)


def wanted() -> list[dict]:
    return [job.payload for job in Job.objects.filter(name="partnerships.recompute_health")]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"occurred_on": TOMORROW}, "in_the_future", "occurred_on"),
        ({"currency": "EURO"}, "unknown_currency", "currency"),
        ({"value": Decimal(10)}, "basis_missing", "valuation_basis"),
        ({"value": Decimal(10), "valuation_basis": "  "}, "basis_missing", "valuation_basis"),
        ({"value": Decimal(-1), "valuation_basis": "x"}, "out_of_range", "value"),
    ],
)
def test_a_bad_entry_is_refused_when_added_and_when_changed(in_alpha, fields, code, field):
    partnership, actor = make_partnership(), in_alpha.actor()
    row = make_ledger_entry(partnership)
    with nothing_changes():
        for write in (
            lambda: add_ledger_entry(actor=actor, partnership=partnership, direction="give", description="x", **fields),
            lambda: edit_ledger_entry(actor=actor, ledger_entry=row, **fields),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert (refused.value.code, refused.value.field) == (code, field)


def test_a_balance_counts_all_and_sums_by_currency(in_alpha):
    partnership = make_partnership()
    for direction, value, currency in (
        ("give", "100.50", "EUR"),
        ("give", None, "EUR"),
        ("give", "20", "USD"),
        ("get", "40", "EUR"),
        ("get", None, "SEK"),
    ):
        make_ledger_entry(partnership, direction=direction, value=value and Decimal(value), currency=currency)
    make_ledger_entry(make_partnership(), direction="get")
    balance = ledger_balance(in_alpha.actor("viewer"), partnership)
    assert (balance.given, balance.got) == (3, 2)
    assert balance.amounts == (
        ("EUR", Decimal("100.50"), Decimal("40.00")),
        ("USD", Decimal("20.00"), Decimal(0)),
    )
    assert not balance.is_lopsided


@given(st.integers(0, 100), st.integers(0, 100))
def test_lopsided_is_symmetric_and_needs_three(given_count, got):
    one, other = Balance(given_count, got, ()), Balance(got, given_count, ())
    assert one.is_lopsided == other.is_lopsided
    if max(given_count, got) < 3:
        assert not one.is_lopsided


def test_writing_the_ledger_or_a_rating_wants_new_health(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor()
    entry = add_ledger_entry(actor=actor, partnership=partnership, direction="give", description="A talk")
    assert wanted() == [{"partnership_ids": [partnership.pk]}]
    Job.objects.all().delete()
    edit_ledger_entry(actor=actor, ledger_entry=entry, description="A talk")
    assert wanted() == []
    rating = record_evaluation(actor=actor, partnership=partnership, rater_side="office", score=3)
    assert len(wanted()) == 1
    Job.objects.all().delete()
    edit_evaluation(actor=actor, evaluation=rating, score=2)
    assert len(wanted()) == 1
    add_objective(actor=actor, partnership=partnership, side="ours", title="Two theses")
    assert len(wanted()) == 1


def test_a_review_sets_the_next_one_by_the_tier(in_alpha):
    partnership, actor = make_partnership(tier="strategic"), in_alpha.actor()
    row = record_review(actor=actor, partnership=partnership, worked="Much", held_on=date(2026, 5, 4))
    partnership.refresh_from_db()
    assert (partnership.next_review_on, row.held_by_id) == (date(2026, 11, 4), actor.user_id)
    edit_review(actor=actor, review=row, held_on=date(2026, 6, 30))
    partnership.refresh_from_db()
    assert partnership.next_review_on == date(2026, 12, 30)
    record_review(actor=actor, partnership=partnership, worked="Older", held_on=date(2025, 1, 1))
    partnership.refresh_from_db()
    assert partnership.next_review_on == date(2026, 12, 30)
    edit_partnership(actor=actor, partnership=partnership, tier="key")
    partnership.refresh_from_db()
    assert partnership.next_review_on == date(2027, 6, 30)
    edit_partnership(actor=actor, partnership=partnership, tier="prospect")
    partnership.refresh_from_db()
    assert partnership.next_review_on is None


def test_an_empty_review_and_one_to_come_are_refused(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor()
    row = make_review(partnership)
    with nothing_changes():
        for write, field in (
            (lambda: record_review(actor=actor, partnership=partnership, worked=" "), "worked"),
            (lambda: record_review(actor=actor, partnership=partnership, worked="x", held_on=TOMORROW), "held_on"),
            (lambda: edit_review(actor=actor, review=row, worked=""), "worked"),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert refused.value.field == field


def test_overdue_reviews_are_those_of_active_partnerships(in_alpha):
    officer, today = in_alpha.user("officer"), timezone.localdate()
    late = make_partnership(next_review_on=today - timedelta(days=1), owner=officer)
    later = make_partnership(next_review_on=today - timedelta(days=9))
    make_partnership(next_review_on=today)
    make_partnership(next_review_on=today - timedelta(days=1), status="ended")
    make_partnership()
    assert list(overdue_reviews(in_alpha.actor())) == [later, late]
    assert list(overdue_reviews(in_alpha.actor(), owner_id=officer.pk)) == [late]


def test_aims_of_one_side_alone_do_not_match(in_alpha):
    today = date(2026, 11, 24)

    def card(*objectives):
        rows = [Objective(side=side, status=status, due_on=due) for side, status, due in objectives]
        return scorecard_of(rows, today=today)

    assert card().one_sided == ""
    assert card(("ours", "open", None)).one_sided == "theirs"
    assert card(("theirs", "on_track", None), ("ours", "met", None)).one_sided == "ours"
    assert card(("shared", "open", None)).one_sided == ""
    assert card(("ours", "open", None), ("theirs", "at_risk", None)).one_sided == ""
    both = card(("shared", "open", date(2026, 11, 23)), ("ours", "missed", date(2020, 1, 1)))
    assert [each.is_overdue for each in both.ours] == [True, False]
    assert len(both.theirs) == 1


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"scale": "5", "score": 0}, "out_of_scale", "score"),
        ({"scale": "5", "score": 6}, "out_of_scale", "score"),
        ({"scale": "10", "score": 11}, "out_of_scale", "score"),
        ({"rater_side": "third_party", "score": 3}, "rater_missing", "rater"),
        ({"score": 3, "rated_on": TOMORROW}, "in_the_future", "rated_on"),
    ],
)
def test_a_rating_fits_its_scale_and_its_side(in_alpha, fields, code, field):
    partnership = make_partnership()
    given_fields = {"rater_side": "partner", "scale": "5", **fields}
    with nothing_changes(), pytest.raises(InvalidInput) as refused:
        record_evaluation(actor=in_alpha.actor(), partnership=partnership, **given_fields)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_who_rates_is_on_the_right_side_and_the_project_is_theirs(in_alpha):
    partnership, actor = make_partnership(), in_alpha.actor()
    contact, colleague = make_contact(partnership.organization), in_alpha.user("researcher")
    elsewhere = make_project(make_partnership())
    with nothing_changes():
        for fields, code in (
            ({"rater_side": "office", "contact": contact}, "other_side"),
            ({"rater_side": "partner", "member": colleague}, "other_side"),
            ({"rater_side": "partner", "project": elsewhere}, "other_project"),
        ):
            with pytest.raises(InvalidInput) as refused:
                record_evaluation(actor=actor, partnership=partnership, score=3, **fields)
            assert refused.value.code == code
    here = make_project(partnership)
    record_evaluation(
        actor=actor, partnership=partnership, rater_side="investigator", member=colleague, score=5, project=here
    )


def test_means_are_brought_to_one_scale(in_alpha):
    partnership = make_partnership()
    make_evaluation(partnership, scale="5", score=5)
    make_evaluation(partnership, scale="10", score=5)
    make_evaluation(partnership, rater_side="office", scale="5", score=1)
    summary = {row.side: (row.number, row.mean) for row in rating_summary(in_alpha.actor(), partnership)}
    assert summary == {"partner": (2, 0.75), "office": (1, 0.0)}


def test_records_stay_with_their_partner(in_alpha):
    row, other = make_objective(), make_partnership()
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        edit_objective(actor=in_alpha.actor(), objective=row, partnership=other)
    assert refused.value.code == "partner_fixed"


def test_denials_change_nothing(in_alpha):
    partnership, viewer, researcher = make_partnership(), in_alpha.actor("viewer"), in_alpha.actor("researcher")
    with nothing_changes():
        for actor, write in (
            (viewer, lambda actor: add_ledger_entry(actor=actor, partnership=partnership, description="x")),
            (viewer, lambda actor: record_evaluation(actor=actor, partnership=partnership, score=1)),
            (viewer, lambda actor: record_partner_event(actor=actor, partnership=partnership, description="x")),
            (researcher, lambda actor: record_review(actor=actor, partnership=partnership, worked="x")),
            (researcher, lambda actor: add_objective(actor=actor, partnership=partnership, title="x")),
            (researcher, lambda actor: accept_stage(actor=actor, partnership=partnership)),
            (researcher, lambda actor: keep_tier(actor=actor, partnership=partnership)),
        ):
            with pytest.raises(PermissionRefused):
                write(actor)


def test_suggestions_are_accepted_or_kept_with_the_reason(in_alpha):
    actor = in_alpha.actor()
    row = make_partnership(stage_suggested="support", tier="prospect", tier_suggested="key")
    kept = keep_stage(actor=actor, partnership=row, reason="A pilot only")
    assert (kept.stage_declared, kept.open_stage_suggestion) == ("awareness", "")
    Partnership.objects.filter(pk=row.pk).update(stage_suggested="sponsorship")
    row.refresh_from_db()
    assert row.open_stage_suggestion == "sponsorship"
    accepted = accept_stage(actor=actor, partnership=row, reason="Right")
    assert (accepted.stage_declared, accepted.stage_declined, accepted.open_stage_suggestion) == ("sponsorship", "", "")
    tiered = accept_tier(actor=actor, partnership=row)
    assert (tiered.tier, tiered.open_tier_suggestion) == ("key", "")
    assert tiered.next_review_on is not None
    reasons = Change.objects.filter(table_name="partnerships_partnership", kind="U").order_by("pk")
    assert [(change.action, change.reason) for change in reasons if change.reason] == [
        ("partnerships.keep_stage", "A pilot only"),
        ("partnerships.accept_stage", "Right"),
    ]
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        accept_tier(actor=actor, partnership=row)
    assert refused.value.code == "nothing_suggested"
    with nothing_changes(), pytest.raises(ActionRefused):
        keep_stage(actor=actor, partnership=row)


# Deleting, and the way back


@pytest.mark.parametrize(
    ("make", "delete", "subject"),
    [
        (make_objective, delete_objective, "objective"),
        (make_ledger_entry, delete_ledger_entry, "ledger_entry"),
        (make_review, delete_review, "review"),
        (make_partner_event, delete_partner_event, "partner_event"),
        (make_evaluation, delete_evaluation, "evaluation"),
    ],
)
def test_a_record_is_deleted_by_staff_alone_and_comes_back(in_alpha, make, delete, subject):
    row = make()
    words = [field.attname for field in row._meta.concrete_fields if field.name not in ("version", "updated_at")]
    before = type(row).objects.filter(pk=row.pk).values(*words).get()
    for role in (Role.RESEARCHER, Role.VIEWER):
        with nothing_changes(), pytest.raises(PermissionRefused):
            delete(actor=in_alpha.actor(role), **{subject: row})
    actor = replace(in_alpha.actor(Role.OFFICER), request_id="set-one1")
    delete(actor=actor, **{subject: row})
    assert not type(row).objects.filter(pk=row.pk).exists()
    undo_changes(actor=in_alpha.actor(), request_id="set-one1")
    assert type(row).objects.filter(pk=row.pk).values(*words).get() == before


@pytest.mark.parametrize(
    ("make", "delete", "subject"),
    [(make_ledger_entry, delete_ledger_entry, "ledger_entry"), (make_evaluation, delete_evaluation, "evaluation")],
)
def test_what_health_reads_is_scored_anew_without_it_and_with_it_again(in_alpha, make, delete, subject):
    row, actor = make(), replace(in_alpha.actor(), request_id="set-one1")
    Job.objects.all().delete()
    delete(actor=actor, **{subject: row})
    assert wanted() == [{"partnership_ids": [row.partnership_id]}]
    Job.objects.all().delete()
    undo_changes(actor=in_alpha.actor(), request_id="set-one1")
    assert wanted() == [{"partnership_ids": [row.partnership_id]}]


def test_the_next_review_goes_by_the_last_that_is_left(in_alpha):
    partnership = make_partnership(tier="key")
    record_review(actor=in_alpha.actor(), partnership=partnership, held_on=date(2026, 1, 5), worked="x")
    partnership.refresh_from_db()
    planned = partnership.next_review_on
    later = record_review(actor=in_alpha.actor(), partnership=partnership, held_on=date(2026, 6, 5), worked="y")
    delete_review(actor=in_alpha.actor(), review=later)
    partnership.refresh_from_db()
    assert partnership.next_review_on == planned
