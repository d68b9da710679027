"""The pages of agreements: list and board, the page of one by tabs, adding and changing."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agreements.models import Agreement
from agreements.rules.clock import ENOUGH
from tests.api_kit import counted, nothing_changes
from tests.factories.agreement_parts import make_document, make_obligation
from tests.factories.agreements import make_agreement, make_event, make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership

TABLE, BOARD = "/agreements/", "/agreements/?shape=board"
TABS = ("overview", "clauses", "obligations", "documents", "money", "related", "history")
HTMX = {"HX-Request": "true"}


def address(office, row, query: str = "") -> str:
    return f"{office.prefix}/agreements/{row.pk}/{query}"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def cards(html: str, state: str) -> list[int]:
    column = re.search(rf'<section[^>]*id="stage-{state}".*?</section>', html, re.S)
    return [int(pk) for pk in re.findall(r'data-card="(\d+)"', column[0])] if column else []


def fill(row: Agreement, times: int) -> None:
    """Each part of an agreement, so many times."""
    for number in range(times):
        make_obligation(row, title=f"Report {number}")
        make_document(row, title="Draft", number=number + 1)
        row.money.create(amount=10)
        row.signatories.create(party=row.parties.get(), name=f"Signer {number}")
        row.answers.create(code=("statement_of_work", "right_to_publish", "data_exchanged")[number], value=True)
        make_agreement(row.partnership, kind="work_order", parent=row)
        at = timezone.now() - timedelta(days=9 - number)
        make_event(row, "triaged", "office", at=at, note="It moved.")


# List and board


def test_the_board_shows_where_each_stands_in_whose_court_and_for_how_long(in_alpha, client_of):
    today = timezone.localdate()
    row = make_agreement(workflow="redline", status="negotiation", court="legal", redline_round=2, blocking=1)
    Agreement.objects.filter(pk=row.pk).update(complete_on=today - timedelta(days=28))
    make_event(row, "redline", "legal", at=timezone.now() - timedelta(days=14), status="negotiation")
    held = make_agreement(workflow="on_hold", court="nobody", hold_reason="Waiting for their budget")
    done = {make_executed(days_ago=60).pk for _each in range(ENOUGH)}
    html = client_of(in_alpha).get(in_alpha.prefix + BOARD).content.decode()
    assert cards(html, "redline") == [row.pk]
    assert cards(html, "on_hold") == [held.pk]
    assert set(cards(html, "closed")) == done
    text = words(html)
    for said in ("Round 2 · Legal for 10 days", "day 20, typical 20", "Waiting for their budget"):
        assert said in text
    assert "1 rule blocks signature" in text


def test_cards_offer_the_moves_of_the_table_and_nothing_to_whoever_may_not_move(in_alpha, client_of):
    make_agreement(workflow="signing", status="signature", court="partner")
    manager = client_of(in_alpha).get(in_alpha.prefix + BOARD).content.decode()
    officer = client_of(in_alpha, "officer").get(in_alpha.prefix + BOARD).content.decode()
    viewer = client_of(in_alpha, "viewer").get(in_alpha.prefix + BOARD).content.decode()
    assert "Execute…" in manager
    assert "Reopen negotiation" in officer
    assert "Execute…" not in officer
    assert "data-move" not in viewer


@pytest.mark.parametrize(("shape", "most"), [(TABLE, 12), (BOARD, 12)])
def test_table_and_board_cost_the_same_for_one_and_for_many(in_alpha, client_of, shape, most):
    member, costs = client_of(in_alpha), []
    for more in (1, 30):
        for _each in range(more):
            make_event(make_agreement(workflow="triaged", court="office"), "triaged", "office", at=timezone.now())
        member.get(in_alpha.prefix + shape)
        with counted() as statements:
            assert member.get(in_alpha.prefix + shape).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= most, "\n".join(sql[:140] for sql in statements)


def test_filter_holds_for_both_shapes(in_alpha, client_of):
    make_agreement(title="Mine", owner=in_alpha.user())
    make_agreement(title="Somebody's")
    for shape in (f"{TABLE}?owner=me", f"{BOARD}&owner=me"):
        html = client_of(in_alpha).get(in_alpha.prefix + shape).content.decode()
        assert "Mine" in html
        assert "Somebody" not in html


# The page


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_for_any_number_of_parts(in_alpha, client_of, tab):
    member, costs = client_of(in_alpha, "administrator"), []
    for times in (1, 3):
        row = make_agreement(kind="master", complete_on=timezone.localdate() - timedelta(days=9))
        fill(row, times)
        page = address(in_alpha, row, f"?tab={tab}")
        member.get(page)
        with counted() as statements:
            assert member.get(page).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 18, "\n".join(sql[:140] for sql in statements)
    assert b"<html" not in member.get(page, headers=HTMX).content


def test_the_head_says_where_it_stands_and_offers_the_next_move(in_alpha, client_of):
    row = make_agreement(workflow="with_partner", status="negotiation", court="partner", owner=in_alpha.user())
    day = timezone.localdate() - timedelta(days=14)
    Agreement.objects.filter(pk=row.pk).update(complete_on=day, requested_on=day)
    make_event(row, "with_partner", "partner", at=timezone.now() - timedelta(days=7), status="negotiation")
    for _each in range(ENOUGH):
        html = client_of(in_alpha).get(address(in_alpha, row)).content.decode()
        assert "typical" not in words(html)  # too few have finished to say what is
        make_executed(days_ago=60)
    html = client_of(in_alpha).get(address(in_alpha, row)).content.decode()
    text = words(html)
    for said in ("In whose court: Partner for 5 days", "day 10, typical for this kind 20", "Log redline", "Withdraw…"):
        assert said in text
    assert re.search(r'aria-current="step">.{0,200}With the partner', html, re.S)
    assert "Execute" not in re.findall(r'class="btn btn-primary"[^>]*>.*?</a>', html, re.S)[0]


def test_somebody_elses_confidential_agreement_is_absent(in_alpha, client_of):
    row = make_agreement(level="restricted", title="The secret one")
    assert client_of(in_alpha).get(address(in_alpha, row)).status_code == 404
    assert client_of(in_alpha, "administrator").get(address(in_alpha, row)).status_code == 200
    assert "The secret one" not in client_of(in_alpha).get(in_alpha.prefix + TABLE).content.decode()


def test_fired_rules_come_with_why_text_topic_and_who_set_them_aside(in_alpha, client_of):
    row = make_agreement()
    row.overrides.create(code="P01", reason="Annex follows.", overridden_by=in_alpha.user())
    text = words(client_of(in_alpha).get(address(in_alpha, row)).content.decode())
    for said in (
        "Nobody has said who owns the results",
        "Unclear ownership is what most often breaks a partnership",
        "Results belong to the party whose people made them.",
        "Blocks signature · Foreground IP",
        "Annex follows.",
    ):
        assert said in text


def test_the_partner_has_a_tab_and_the_organization_a_section(in_alpha, client_of):
    row = make_agreement(title="A joint laboratory", workflow="triaged")
    executed = make_executed(row.partnership, title="The frame")
    past = timezone.localdate() - timedelta(days=1)
    make_executed(row.partnership, title="Long over", days_ago=500, expires_on=past)
    member = client_of(in_alpha)
    tab = member.get(f"{in_alpha.prefix}/partners/{row.partnership_id}/?tab=agreements")
    text = words(tab.content.decode())
    assert "A joint laboratory" in text.split("Executed")[0]
    assert "The frame" in text.split("Ended")[0]
    assert "Long over" in text.split("Ended")[1]
    assert f"/agreements/new/?partner={row.partnership_id}" in tab.content.decode()
    page = member.get(f"{in_alpha.prefix}/organizations/{row.partnership.organization_id}/").content.decode()
    assert f"/agreements/{executed.pk}/" in page


# Adding and changing


def fields_of(html: str) -> set[str]:
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', html))


def test_the_kind_decides_what_is_asked(in_alpha, client_of):
    member, page = client_of(in_alpha), f"{in_alpha.prefix}/agreements/new/"
    research = member.get(f"{page}?kind=research").content.decode()
    nda = member.get(f"{page}?kind=nda").content.decode()
    assert {"value", "currency", "projects"} <= fields_of(research)
    assert not {"value", "currency", "projects"} & fields_of(nda)
    with nothing_changes():
        again = member.post(page, {"kind": "nda", "title": "Kept", "choose": "1"})
        fragment = member.post(f"{page}?choose=1", {"kind": "nda", "title": "Kept"}, headers=HTMX)
    for answer in (again, fragment):
        assert answer.status_code == 200
        assert 'value="Kept"' in answer.content.decode()
        assert "value" not in fields_of(answer.content.decode())
    assert b"<html" not in fragment.content


def test_an_agreement_is_added_from_a_partners_page(in_alpha, client_of):
    partner = make_partnership(make_organization(name="Nordlys"))
    member, page = client_of(in_alpha), f"{in_alpha.prefix}/agreements/new/?partner={partner.pk}"
    assert "Nordlys" in member.get(page).content.decode()
    given = {
        "kind": "research",
        "title": "Grid storage",
        "partnership": partner.pk,
        "level": "internal",
        "value": "120000",
        "currency": "EUR",
        "requested_on": "2026-01-07",
        "owner": in_alpha.user().pk,
    }
    answer = member.post(page, given)
    row = Agreement.objects.get(title="Grid storage")
    assert answer["Location"] == address(in_alpha, row)
    assert (row.partnership, row.value, row.status) == (partner, Decimal(120_000), "draft")
    assert row.parties.get().is_primary


def test_refused_agreements_are_not_added(in_alpha, client_of):
    member, page = client_of(in_alpha), f"{in_alpha.prefix}/agreements/new/"
    given = {"kind": "research", "title": "X", "level": "internal", "currency": "EUR", "requested_on": "2026-01-07"}
    partner, reversed_dates = make_partnership().pk, {"effective_on": "2026-05-01", "expires_on": "2026-04-01"}
    with nothing_changes():
        alone = member.post(page, given)
        order = member.post(page, {**given, "kind": "work_order", "partnership": partner})
        dates = member.post(page, {**given, "partnership": partner, **reversed_dates})
    assert "Choose the partner." in alone.content.decode()
    assert "Name the master" in order.content.decode()
    assert "It would end before it begins." in dates.content.decode()
    assert {alone.status_code, order.status_code, dates.status_code} == {422}
    assert client_of(in_alpha, "viewer").get(page).status_code == 403


def test_after_execution_only_the_handling_can_be_changed(in_alpha, client_of):
    row, member = make_executed(), client_of(in_alpha)
    page = address(in_alpha, row, "edit/")
    assert not {"title", "value", "expires_on"} & fields_of(member.get(page).content.decode())
    given = {"version": 1, "owner": in_alpha.user("officer").pk, "level": "internal", "title": "Another"}
    assert member.post(page, given).status_code == 302
    row.refresh_from_db()
    assert (row.owner, row.title, row.renewal_intended) == (in_alpha.user("officer"), "A joint laboratory", False)


def test_a_draft_is_deleted_and_what_has_moved_is_not(in_alpha, client_of):
    member, fresh, moved = client_of(in_alpha), make_agreement(), make_agreement(workflow="triaged")
    make_event(moved, "triaged", "office", at=timezone.now())
    assert member.post(address(in_alpha, fresh, "delete/")).status_code == 302
    assert not Agreement.objects.filter(pk=fresh.pk).exists()
    with nothing_changes():
        answer = member.post(address(in_alpha, moved, "delete/"), follow=True)
    assert "Withdraw it instead." in answer.content.decode()


def test_amendment_and_renewal_are_drafted_from_the_page(in_alpha, client_of):
    row, member = make_executed(value=10), client_of(in_alpha)
    page = address(in_alpha, row, "amend/")
    assert member.get(page).status_code == 200
    made = member.post(page, {"version": 1, "title": "Longer term"})
    amendment = Agreement.objects.get(amends=row)
    assert made["Location"] == address(in_alpha, amendment)
    assert amendment.title == "Longer term"
    row.refresh_from_db()
    assert member.post(address(in_alpha, row, "renew/"), {"version": row.version}).status_code == 302
    renewal = Agreement.objects.get(renews=row)
    assert renewal.effective_on == row.expires_on + timedelta(days=1)
    with nothing_changes():
        row.refresh_from_db()
        again = member.post(address(in_alpha, row, "renew/"), {"version": row.version})
        late = member.post(address(in_alpha, row, "decline-renewal/"), {"version": 1})
    assert again.status_code == 422
    assert late.status_code == 409
    assert "Somebody else was faster" in late.content.decode()


def test_projects_of_an_agreement_are_looked_up_however_many_the_office_has(alpha, client_of):
    """A control without a lookup draws nothing to choose from beyond 300."""
    page = client_of(alpha).get(f"{alpha.prefix}/agreements/new/?kind=sponsored_research").content.decode()
    picker = page[page.index('data-src="/t/alpha/ui/lookup/funding-projects/"') :]
    assert 'name="projects"' in picker[: picker.index("</cw-combo>")]
