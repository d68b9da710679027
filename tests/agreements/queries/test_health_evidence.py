"""The agreements and obligations behind a score: they add up, say no more than one may read, and can be acted on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.models import Agreement, Obligation
from agreements.queries.health_evidence import obligation_evidence, runway_evidence
from core.actor import Actor
from partnerships.actions.health import local_today, recompute_health
from partnerships.models import Partnership
from partnerships.queries.health_explanation import explain_on
from partnerships.queries.partnerships import partnerships_in_full
from partnerships.rules.health import DEFAULT_CONFIG
from partnerships.rules.health.whatif import possible_moves
from partnerships.wording import move_words
from tests.api_kit import counted
from tests.factories.agreements import make_executed
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership

pytestmark = pytest.mark.urls("config.urls_tenant")  # rows have addresses of an office


@pytest.fixture
def bound(in_alpha) -> Partnership:
    """Three agreements, the main one ending and confidential; four obligations, two of them late and open."""
    partnership, day = make_partnership(stage_declared="support"), timezone.localdate()
    main = make_executed(partnership, value=500_000, expires_on=day + timedelta(days=40), level="confidential")
    make_executed(partnership, value=1000, expires_on=day + timedelta(days=200), renewal_progress="drafted")
    make_executed(partnership, expires_on=None)
    other = Agreement.objects.exclude(pk=main.pk).earliest("pk")
    for agreement, due, done in ((main, 20, None), (other, 50, None), (other, 80, 70), (other, 100, 100)):
        Obligation.objects.create(
            agreement=agreement,
            side="ours",
            kind="report",
            title=f"Due {due}",
            due_on=day - timedelta(days=due),
            done_on=None if done is None else day - timedelta(days=done),
            evidence="" if done is None else "Sent",
        )
    return partnership


def rows(office, reader, partnership, role: str = "manager"):
    return reader(office.actor(role), partnership, local_today(office.tenant), DEFAULT_CONFIG)


def test_each_agreement_with_its_share_of_a_year(in_alpha, bound):
    found = rows(in_alpha, runway_evidence, bound)
    assert len(found) == 3
    by_end = {row.when and (row.when - local_today(in_alpha.tenant)).days: row for row in found}
    assert by_end[None].contribution == pytest.approx(1.0)
    assert by_end[None].text.endswith("without an end")
    assert by_end[200].note.endswith("× 1")
    assert by_end[40].url.endswith("/")
    assert by_end[40].remedy.code == "renewal"
    assert [row.remedy for row in found if row is not by_end[40]] == [None, None]


def test_each_obligation_with_its_credit(in_alpha, bound):
    found = rows(in_alpha, obligation_evidence, bound)
    assert [row.note for row in found] == ["1 × 0.5 × 2^(−20/30)", "1 × 0.5 × 2^(−50/30)", "1 × 2^(−10/30)", "1"]
    assert [row.remedy.subject if row.remedy else None for row in found] == ["Due 20", "Due 50", None, None]


def test_what_one_may_not_read_counts_without_name_link_and_remedy(in_alpha, bound):
    whole = {reader: rows(in_alpha, reader, bound) for reader in (runway_evidence, obligation_evidence)}
    for reader, hidden in ((runway_evidence, "An agreement"), (obligation_evidence, "An obligation")):
        for role in ("officer", "viewer"):
            found = rows(in_alpha, reader, bound, role)
            assert [row.contribution for row in found] == [row.contribution for row in whole[reader]]
            unread = [row for row in found if row.text == f"{hidden} you may not read"]
            assert [(row.url, row.remedy) for row in unread] == [("", None)]
            secret = Agreement.objects.get(level="confidential").reference
            assert not any(secret in row.text for row in found)
        for row in rows(in_alpha, reader, bound, "researcher"):
            assert (row.url, row.remedy) == ("", None)


@pytest.mark.parametrize(
    "fields", [{"renewal_intended": False}, {"renewal_progress": "declined"}, {"renewal_progress": "proposed"}]
)
def test_nothing_is_to_be_renewed_that_shall_end_or_is_under_way(in_alpha, bound, fields):
    Agreement.objects.filter(level="confidential").update(**fields)
    assert [row.remedy for row in rows(in_alpha, runway_evidence, bound)] == [None, None, None]


def test_the_statements_do_not_grow(in_alpha, bound):
    for _each in range(3):
        make_executed(bound, value=10)
    for reader in (runway_evidence, obligation_evidence):
        with counted() as statements:
            rows(in_alpha, reader, bound)
        assert len(statements) <= 3


def test_the_advice_names_the_agreement_for_who_may_read_it(in_alpha, bound):
    contact = make_contact(bound.organization)
    for days in range(5, 300, 20):
        make_interaction(bound, days_ago=days, contacts=(contact,), members=(in_alpha.user("officer"),))
    recompute_health(actor=Actor.system(in_alpha.id), partnership_ids=[bound.pk])
    reference = Agreement.objects.get(level="confidential").reference
    for role, words in (
        ("manager", f"Propose the renewal of {reference}"),
        ("officer", "Propose the renewal of the main agreement"),
    ):
        actor = in_alpha.actor(role)
        found = explain_on(actor, partnerships_in_full(actor).get(pk=bound.pk), None)
        remedies = [move for move in found.remedies if move.code == "renewal"]
        assert len(remedies) == (role == "manager")
        moves = possible_moves(found.known.records, found.config, host=found.host, remedies=found.remedies)
        assert [move_words(move, {}) for move in moves if move.code == "renewal"] == [words]


def test_the_page_opens_both(in_alpha, bound, client_of):
    recompute_health(actor=Actor.system(in_alpha.id), partnership_ids=[bound.pk])
    member = client_of(in_alpha, "manager")
    for dimension, words in (("runway", "ends in 40 days"), ("delivery", "Due 20")):
        address = f"{in_alpha.prefix}/partners/{bound.pk}/health/?dimension={dimension}"
        assert words in member.get(address, headers={"HX-Request": "true"}).content.decode()
