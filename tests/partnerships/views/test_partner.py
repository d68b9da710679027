"""The page about a partner: tabs, counts, suggestions, and the records that its tabs hold."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from organizations.models import Contact
from partnerships import registry
from partnerships.models import Objective, Partnership, Review
from partnerships.registry import Tab, register_tab
from tenants.models import Change
from tests.api_kit import counted, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import (
    make_evaluation,
    make_interaction,
    make_ledger_entry,
    make_objective,
    make_partner_event,
    make_partnership,
    make_project,
    make_review,
    make_role,
)

TABS = ("overview", "activity", "people", "pipeline", "projects", "governance", "value", "health")
HTMX = {"HX-Request": "true"}
AUTHENTICATION = 2


def address(office, row, query: str = "") -> str:
    return f"{office.prefix}/partners/{row.pk}/{query}"


def fill(office, row, times: int) -> None:
    """Each kind of record, so many times."""
    member = office.user("officer")
    for number in range(times):
        contact = make_contact(row.organization)
        make_interaction(row, days_ago=number + 1, contacts=(contact,), members=(member,))
        make_project(row, title=f"Project {number}")
        make_role(row, contact=contact, role="champion")
        make_objective(row, title=f"Objective {number}")
        make_ledger_entry(row, value=10, valuation_basis="List price")
        make_review(row, held_by=member)
        make_partner_event(row)
        make_evaluation(row, contact=contact)


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_for_any_number_of_rows(in_alpha, client_of, tab):
    member, costs = client_of(in_alpha, "administrator"), []
    for times in (1, 4):
        row = make_partnership()
        fill(in_alpha, row, times)
        member.get(address(in_alpha, row, f"?tab={tab}"))
        page = address(in_alpha, row, f"?tab={tab}")
        with counted() as whole:
            assert member.get(page).status_code == 200
        with counted() as alone:
            assert member.get(page, headers=HTMX).status_code == 200
        costs.append((len(whole), len(alone)))
    assert costs[0] == costs[1]
    whole, alone = costs[0]
    assert whole <= 18
    frame = AUTHENTICATION + 2  # the partner, and the counts of all tabs
    assert alone - frame <= (13 if tab == "overview" else 8)


def test_htmx_gets_the_tab_and_the_row_of_tabs_alone(in_alpha, client_of):
    row, member = make_partnership(), client_of(in_alpha, "manager")
    answer = member.get(address(in_alpha, row, "?tab=value"), headers=HTMX).content.decode()
    assert '<div id="tab">' in answer
    assert 'hx-swap-oob="true"' in answer
    assert "<h1" not in answer
    restored = member.get(address(in_alpha, row), headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<h1" in restored.content.decode()


def test_tabs_say_how_many_rows_the_reader_may_see(in_alpha, client_of):
    row = make_partnership()
    fill(in_alpha, row, 2)
    make_interaction(row, confidentiality="restricted")
    make_objective(row, status="met")

    def counts(role: str) -> dict[str, int]:
        answer = client_of(in_alpha, role).get(address(in_alpha, row))
        return {tab["url"].split("=")[1]: tab["count"] for tab in answer.context["tabs"] if tab["count"]}

    rest = {"people": 2, "projects": 2, "governance": 2, "value": 2}
    assert counts("administrator") == {"activity": 3, **rest}
    assert counts("officer") == {"activity": 2, **rest}
    assert counts("viewer") == {"projects": 2, "governance": 2, "value": 2}


def test_an_app_above_adds_a_tab(in_alpha, client_of, monkeypatch):
    monkeypatch.setattr(registry, "_tabs", dict(registry._tabs))
    template = "partnerships/partnerships/_projects.html"
    tab = Tab("labs", "Laboratories", template, lambda request, row: {}, 45, "tenants.invite_member")
    register_tab(tab)
    with pytest.raises(ImproperlyConfigured):
        register_tab(tab)
    row = make_partnership()
    for role, shown in (("administrator", True), ("officer", False)):
        answer = client_of(in_alpha, role).get(address(in_alpha, row, "?tab=labs"))
        assert ("Laboratories" in answer.content.decode()) is shown
        assert (answer.context["tab"].code == "labs") is shown


def test_the_head_warns_of_people_who_left_and_of_risks(in_alpha, client_of):
    organization = make_organization(country="JP", parent=make_organization(name="The parent"))
    row = make_partnership(organization, next_review_on=timezone.localdate() - timedelta(days=1))
    organization.risk_flags.create(kind="sanctions", note="A name on a list")
    champion = make_contact(organization, name="Lena Brandt")
    make_role(row, contact=champion, role="champion")
    text = client_of(in_alpha, "officer").get(address(in_alpha, row)).content.decode()
    assert "has left them" not in text
    Contact.objects.filter(pk=champion.pk).update(left_on=timezone.localdate())
    text = client_of(in_alpha, "officer").get(address(in_alpha, row)).content.decode()
    for words in (
        "Lena Brandt has left them (Champion",
        "The parent",
        "Sanctions or restricted party",
        "Review overdue",
    ):
        assert words in text
    viewer = client_of(in_alpha, "viewer").get(address(in_alpha, row)).content.decode()
    assert "Lena Brandt" not in viewer
    assert "Sanctions" not in viewer


def test_a_suggestion_is_accepted_with_one_click(in_alpha, client_of):
    row, member = make_partnership(stage_suggested="support", tier_suggested="key"), client_of(in_alpha, "officer")
    assert "records suggest Support" in member.get(address(in_alpha, row)).content.decode()
    member.post(address(in_alpha, row, "stage/accept/"), {"version": "1"})
    member.post(address(in_alpha, row, "tier/accept/"), {"version": "2"})
    row.refresh_from_db()
    assert (row.stage_declared, row.tier) == ("support", "key")
    change = Change.objects.filter(table_name="partnerships_partnership", kind="U").order_by("pk").last()
    assert change.reason == "Accepted what the records suggest."
    with nothing_changes():
        answer = member.post(address(in_alpha, row, "stage/accept/"), {"version": "1"}, follow=True)
    assert "The records suggest nothing else now." in answer.content.decode()


def test_a_suggestion_made_from_an_old_page_is_not_taken(in_alpha, client_of):
    row = make_partnership(stage_suggested="support", version=7)
    with nothing_changes():
        client_of(in_alpha, "officer").post(address(in_alpha, row, "stage/accept/"), {"version": "6"})


def test_keeping_needs_a_reason(in_alpha, client_of):
    row, member = make_partnership(tier_suggested="key"), client_of(in_alpha, "officer")
    with nothing_changes():
        assert member.post(address(in_alpha, row, "tier/keep/"), {"reason": " "}).status_code == 422
    member.post(address(in_alpha, row, "tier/keep/"), {"reason": "One project, no prospect of more"})
    row.refresh_from_db()
    assert (row.tier, row.tier_declined) == ("prospect", "key")
    assert "rule suggests" not in member.get(address(in_alpha, row)).content.decode()


def test_a_record_is_added_and_corrected_on_its_page(in_alpha, client_of):
    row, member = make_partnership(tier="strategic"), client_of(in_alpha, "officer")
    page = address(in_alpha, row, "reviews/new/")
    refused = member.post(page, {"held_on": "2026-05-04", "worked": " "})
    assert refused.status_code == 422
    assert b"Answer at least one of the three questions." in refused.content
    assert not Review.objects.exists()
    answer = member.post(page, {"held_on": "2026-05-04", "worked": "Short meetings"})
    assert answer["Location"].endswith(f"/partners/{row.pk}/?tab=governance")
    review = Review.objects.get()
    edit = f"{in_alpha.prefix}/reviews/{review.pk}/edit/"
    body = {"held_on": "2026-05-04", "worked": "Short meetings", "changes": "Fewer of them", "version": "1"}
    assert member.post(edit, body).status_code == 302
    assert Review.objects.get().changes == "Fewer of them"
    stale = member.post(edit, {**body, "changes": "More of them"})
    assert stale.status_code == 409
    assert b"More of them" in stale.content
    assert Review.objects.get().changes == "Fewer of them"


def test_an_objective_is_moved_from_its_line(in_alpha, client_of):
    objective = make_objective()
    page = f"{in_alpha.prefix}/objectives/{objective.pk}/status/"
    client_of(in_alpha, "officer").post(page, {"status": "met", "version": "1"})
    assert Objective.objects.get().status == "met"
    with nothing_changes():
        client_of(in_alpha, "officer").post(page, {"status": "missed", "version": "1"})
        client_of(in_alpha, "officer").post(page, {"status": "nonsense", "version": "2"})
        assert client_of(in_alpha, "researcher").post(page, {"status": "missed"}).status_code == 403


def test_lessons_are_searched_across_partners(in_alpha, client_of):
    good = make_review(make_partnership(make_organization(name="Kinetik")), worked="Weekly calls", did_not_work="")
    other = make_review(make_partnership(make_organization(name="Nordwind")), changes="An earlier contract")
    member = client_of(in_alpha, "officer")

    def found(query: str) -> list[int]:
        return [row.pk for row in member.get(f"{in_alpha.prefix}/lessons/?{query}").context["rows"]]

    assert found("") == [good.pk, other.pk]
    assert found("q=weekly") == [good.pk]
    assert found("q=CONTRACT") == [other.pk]
    assert found("q=kinet") == [good.pk]
    assert found("q=nothing+like+it") == []
    assert client_of(in_alpha, "viewer").get(f"{in_alpha.prefix}/lessons/").status_code == 403


def test_partners_that_hang_on_one_person_or_wait_for_a_review(in_alpha, client_of):
    one, late = make_partnership(), make_partnership(next_review_on=timezone.localdate() - timedelta(days=1))
    one.health.their_share = 0.9
    one.health.save()
    member = client_of(in_alpha, "viewer")

    def found(query: str) -> list[int]:
        return [row.pk for row in member.get(f"{in_alpha.prefix}/partners/?{query}").context["rows"]]

    assert found("single_threaded=true") == [one.pk]
    assert found("single_threaded=false") == [late.pk]
    assert found("review_overdue=true") == [late.pk]


def test_another_offices_partner_is_absent(alpha, beta, client_of):
    with tenant_scope(beta.id):
        theirs = make_partnership(stage_suggested="support")
    member = client_of(alpha, "administrator")
    with nothing_changes():
        for path in ("", "?tab=value", "objectives/new/"):
            assert member.get(address(alpha, theirs, path)).status_code == 404
        assert member.post(address(alpha, theirs, "stage/accept/")).status_code == 404
    with tenant_scope(beta.id):
        assert Partnership.objects.get().stage_declared == "awareness"
