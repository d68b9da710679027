"""The pipeline's pages: board, table, the page of one opportunity, moving and the stages' settings."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from partnerships.models import Opportunity, OpportunityMove, OpportunityStage
from partnerships.queries.opportunities import pipeline_totals
from tests.api_kit import counted, nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_opportunity, make_partnership, stage_named

BOARD, TABLE = "/opportunities/", "/opportunities/?shape=table"


def cards(html: str, stage: OpportunityStage) -> list[int]:
    """The cards that a stage's column shows, in order."""
    column = re.search(rf'<section[^>]*id="stage-{stage.pk}".*?</section>', html, re.S)
    return [int(pk) for pk in re.findall(r'data-card="(\d+)"', column[0])] if column else []


def test_the_board_shows_every_stage_with_its_sums(in_alpha, client_of):
    lead = make_opportunity(value=Decimal(100_000), currency="EUR", days_in_stage=31)
    other = make_opportunity(value=Decimal(50_000), currency="USD", probability=50)
    unknown = make_opportunity()
    won = make_opportunity(stage="Won", value=Decimal(7_000), closed_at=timezone.now())
    html = client_of(in_alpha).get(in_alpha.prefix + BOARD).content.decode()
    assert sorted(cards(html, lead.stage)) == sorted([lead.pk, other.pk, unknown.pk])
    assert cards(html, won.stage) == [won.pk]
    assert cards(html, stage_named("Proposal")) == []
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("\u00a0", " ")
    assert "EUR 100K + USD 50K" in words
    assert "EUR 10K + USD 25K weighted" in words
    assert "31 days, 1 over" in words


def test_cards_stand_in_the_order_of_the_list_and_a_column_shows_fifty_then_more(in_alpha, client_of):
    today = timezone.localdate()
    rows = [make_opportunity(next_step_on=today + timedelta(days=60 - number)) for number in range(53)]
    expected = [row.pk for row in reversed(rows)]
    member, lead = client_of(in_alpha), stage_named("Lead")
    html = member.get(in_alpha.prefix + BOARD).content.decode()
    assert cards(html, lead) == expected[:50]
    assert "Show 3 more" in html
    html = member.get(f"{in_alpha.prefix}{BOARD}?more={lead.pk}").content.decode()
    assert cards(html, lead) == expected
    assert "Show 3 more" not in html


def test_an_archived_stage_keeps_its_column_while_something_stands_in_it(in_alpha, client_of):
    row = make_opportunity(stage="Proposal")
    OpportunityStage.objects.filter(name__in=["Proposal", "Scoping"]).update(archived_at=timezone.now())
    html = client_of(in_alpha).get(in_alpha.prefix + BOARD).content.decode()
    assert cards(html, row.stage) == [row.pk]
    assert f'id="stage-{stage_named("Scoping").pk}"' not in html
    offered = re.findall(r'class="menu-item" name="stage" value="(\d+)"', html)
    assert str(stage_named("Negotiation").pk) in offered
    assert not {str(stage_named("Scoping").pk), str(row.stage_id)} & set(offered)


@pytest.mark.parametrize(("address", "most"), [(BOARD, 10), (TABLE, 12)])
def test_board_and_table_cost_the_same_for_one_and_a_hundred(in_alpha, client_of, address, most):
    member, costs = client_of(in_alpha), []
    for more in (1, 99):
        for _each in range(more):
            make_opportunity(owner=in_alpha.user(), value=Decimal(5), stage="Scoping")
        with counted() as statements:
            assert member.get(in_alpha.prefix + address).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= most, "\n".join(sql[:120] for sql in statements)


def test_the_page_of_one_costs_the_same_for_a_short_and_a_long_way(in_alpha, client_of):
    row, member, costs = make_opportunity(), client_of(in_alpha), []
    for more in (0, 9):
        for _each in range(more):
            OpportunityMove.objects.create(opportunity=row, to_stage=row.stage, from_stage=row.stage)
        with counted() as statements:
            assert member.get(in_alpha.prefix + f"/opportunities/{row.pk}/").status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12, "\n".join(sql[:120] for sql in statements)


def test_filter_and_sort_hold_for_both_shapes(in_alpha, client_of):
    mine, member = make_opportunity(owner=in_alpha.user(), title="Mine"), client_of(in_alpha)
    make_opportunity(title="Somebody's")
    for address in (f"{BOARD}?owner=me", f"{TABLE}&owner=me"):
        html = member.get(in_alpha.prefix + address).content.decode()
        assert "Mine" in html
        assert "Somebody" not in html
    html = member.get(f"{in_alpha.prefix}{BOARD}?owner=me").content.decode()
    assert "?owner=me&amp;shape=table" in html
    assert cards(html, mine.stage) == [mine.pk]


def test_a_move_goes_back_to_the_board_and_asks_for_a_reason_where_one_is_needed(in_alpha, client_of):
    row, member = make_opportunity(), client_of(in_alpha)
    address = f"{in_alpha.prefix}/opportunities/{row.pk}/move/"
    back = f"{in_alpha.prefix}{BOARD}?owner=me"
    lost = stage_named("Lost").pk
    assert "Why it was lost" in member.get(f"{address}?stage={lost}").content.decode()
    with nothing_changes():
        answer = member.post(address, {"stage": lost, "next": back})
        assert answer.status_code == 422
        assert "Choose why it was lost." in answer.content.decode()
    answer = member.post(address, {"stage": lost, "loss_reason": "timing", "loss_note": "Late.", "next": back})
    assert answer["Location"] == back
    row.refresh_from_db()
    assert (row.stage_id, row.loss_reason, row.loss_note) == (lost, "timing", "Late.")


def test_two_people_do_not_move_a_card_past_each_other(in_alpha, client_of):
    row, member = make_opportunity(), client_of(in_alpha)
    address, lead = f"{in_alpha.prefix}/opportunities/{row.pk}/move/", row.stage_id
    assert member.post(address, {"stage": stage_named("Scoping").pk, "was": lead}).status_code == 302
    with nothing_changes():
        answer = member.post(address, {"stage": stage_named("Proposal").pk, "was": lead})
        assert answer.status_code == 422
        assert "Somebody else moved it to Scoping meanwhile." in answer.content.decode()
    again = {"stage": stage_named("Proposal").pk, "was": stage_named("Scoping").pk}
    Opportunity.objects.filter(pk=row.pk).update(title="Changed meanwhile", version=9)
    assert member.post(address, again).status_code == 302


def test_a_second_opportunity_of_the_same_name_is_asked_about(in_alpha, client_of):
    partner = make_partnership(make_organization(name="Nordlys"))
    make_opportunity(partner, title="Grid storage", stage="Scoping")
    member, address = client_of(in_alpha), f"{in_alpha.prefix}/opportunities/new/"
    assert "Nordlys" in member.get(f"{address}?partner={partner.pk}").content.decode()
    given = {
        "partnership": partner.pk,
        "title": "grid STORAGE",
        "stage": stage_named("Lead").pk,
        "channel": "RES",
        "lead_source": "pull",
        "currency": "EUR",
    }
    with nothing_changes():
        answer = member.post(address, given)
        assert answer.status_code == 422
        assert "already, in Scoping" in answer.content.decode()
    assert member.post(address, {**given, "anyway": "on"}).status_code == 302
    assert Opportunity.objects.filter(partnership=partner).count() == 2


def test_the_next_step_is_set_on_the_page(in_alpha, client_of):
    row, member = make_opportunity(), client_of(in_alpha)
    address = f"{in_alpha.prefix}/opportunities/{row.pk}/"
    given = {"version": 1, "next_step": "Call Lena", "next_step_on": "2026-12-01"}
    assert member.post(f"{address}next/", given)["Location"] == address
    row.refresh_from_db()
    assert (row.next_step, str(row.next_step_on), row.version) == ("Call Lena", "2026-12-01", 2)
    with nothing_changes():
        answer = member.post(f"{address}next/", {**given, "version": 2, "next_step_on": "soon"})
        assert answer.status_code == 422
        assert 'value="soon"' in answer.content.decode()


def test_stages_are_renamed_ordered_and_archived(in_alpha, client_of):
    member, scoping = client_of(in_alpha), stage_named("Scoping")
    form = {"name": "Shaping", "meaning": "open", "probability": 40, "expected_days": "", "version": 1}
    assert member.post(f"{in_alpha.prefix}/stages/{scoping.pk}/edit/", form).status_code == 302
    assert member.post(f"{in_alpha.prefix}/stages/{scoping.pk}/order/", {"up": "1"}).status_code == 302
    assert member.post(f"{in_alpha.prefix}/stages/{stage_named('Proposal').pk}/archive/").status_code == 302
    rows = OpportunityStage.objects.filter(archived_at=None).order_by("position")
    assert [(row.name, row.probability, row.expected_days) for row in rows][:4] == [
        ("Lead", 10, 30),
        ("Shaping", 40, None),
        ("Qualified", 20, 30),
        ("Negotiation", 75, 60),
    ]
    with nothing_changes():
        answer = member.post(f"{in_alpha.prefix}/stages/{stage_named('Won').pk}/archive/", follow=True)
        assert "A pipeline needs a stage that means “Won”." in answer.content.decode()
        taken = member.post(f"{in_alpha.prefix}/stages/new/", {"name": "lead", "meaning": "open", "probability": 1})
        assert taken.status_code == 422


def test_the_meaning_of_a_stage_is_fixed_by_use(in_alpha, client_of):
    row, member = make_opportunity(stage="On hold"), client_of(in_alpha)
    given = {"name": "On hold", "meaning": "lost", "probability": 0, "version": 1}
    with nothing_changes():
        answer = member.post(f"{in_alpha.prefix}/stages/{row.stage_id}/edit/", given)
        assert answer.status_code == 422
        assert "its meaning stays" in answer.content.decode()


def test_pipeline_totals_keep_currencies_apart(in_alpha):
    manager, today = in_alpha.user(), timezone.localdate()
    make_opportunity(owner=manager, value=Decimal("1000.10"), days_in_stage=31)
    make_opportunity(owner=manager, value=Decimal(300), stage="Proposal", next_step_on=today - timedelta(days=1))
    make_opportunity(value=Decimal(70), currency="USD", probability=10)
    make_opportunity(value=Decimal(9_999), stage="Won", closed_at=timezone.now())
    make_opportunity(stage="On hold", value=Decimal(9_999))
    mine, everybody = pipeline_totals(in_alpha.actor(), manager.pk), pipeline_totals(in_alpha.actor())
    assert (mine.count, mine.aged, mine.overdue, mine.currency) == (2, 1, 1, "EUR")
    assert (mine.value, mine.weighted, mine.others) == (Decimal("1300.10"), Decimal("250.01"), {})
    assert (everybody.count, everybody.weighted) == (3, Decimal("250.01"))
    assert everybody.others == {"USD": Decimal("7.00")}


def test_undoing_a_move_is_a_move(in_alpha, client_of):
    row, member = make_opportunity(days_in_stage=5), client_of(in_alpha)
    since, scoping = row.stage_since, stage_named("Scoping").pk
    page = member.post(f"{in_alpha.prefix}/opportunities/{row.pk}/move/", {"stage": scoping}, follow=True)
    undo = re.search(r'<form method="post" action="([^"]*undo[^"]*)"', page.content.decode())
    assert undo, "the status bar offers no undo"
    assert member.post(undo[1]).status_code in (200, 302)
    row.refresh_from_db()
    assert (row.stage.name, row.stage_since) == ("Lead", since)
    moves = OpportunityMove.objects.filter(opportunity=row).order_by("pk")
    assert [move.to_stage.name for move in moves] == ["Lead", "Scoping", "Lead"]
