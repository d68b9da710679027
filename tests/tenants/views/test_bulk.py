"""Changing many rows of a list at once: exactly the rows that are meant, each by its own action, and the way back."""

import html
import re

import pytest
from django.http import HttpResponse

from core.bulk import MOST_ROWS
from core.lists import lists
from core.permissions import registry
from core.tenancy.scope import tenant_scope
from organizations.choices import ContactPermission
from organizations.models import Contact, Organization, Tag
from partnerships.models import FollowUp, Partnership
from tests.api_kit import counted, database_state, nothing_changes
from tests.cast import Office
from tests.factories.logging import make_followup
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership


@pytest.fixture
def portfolio(alpha) -> list[Partnership]:
    """Four key partners and two prospects, all of the manager."""
    with tenant_scope(alpha.id):
        return [
            make_partnership(
                make_organization(name=f"Partner {number}"),
                tier="key" if number < 4 else "prospect",
                owner=alpha.user("manager"),
            )
            for number in range(6)
        ]


def send(client, office: Office, code: str = "partners", **data: object) -> HttpResponse:
    return client.post(f"{office.prefix}/lists/{code}/bulk/", data)


def text_of(answer: HttpResponse) -> str:
    words = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def told(client, answer: HttpResponse) -> str:
    """What the status bar says on the page that the answer leads to."""
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    return " ".join(html.unescape(re.search(r'<span class="status-words">(.*?)</span>', page, re.S)[1]).split())


def owners(office: Office) -> list[str]:
    with tenant_scope(office.id):
        return list(Partnership.objects.order_by("organization__name_key").values_list("owner__name", flat=True))


def test_chosen_rows_change_and_no_other(portfolio, alpha, client_of):
    client, owner = client_of(alpha), alpha.user("officer")
    where = f"{alpha.prefix}/partners/?tier=key&sort=-partner&page=1"
    data = {
        "operation": "owner",
        "query": "tier=key",
        "rows": [portfolio[0].pk, portfolio[2].pk],
        "owner": owner.pk,
        "next": where,
    }
    with nothing_changes():
        page = text_of(send(client, alpha, step="preview", **data))
    assert "Change the owner of 2 partners" in page
    assert f"Owner {owner.name} 2 will change. Partner 0, Partner 2" in page
    answer = send(client, alpha, step="perform", **data)
    assert answer["Location"] == where
    assert told(client, answer) == "Owner changed for 2 partners."
    manager = alpha.user("manager").name
    assert owners(alpha) == [owner.name, manager, owner.name, manager, manager, manager]


def test_a_row_outside_the_filter_is_left_out(portfolio, alpha, client_of):
    """Not even a chosen one: the filter is never ignored."""
    rows = [portfolio[0].pk, portfolio[5].pk]
    data = {"operation": "tier", "query": "tier=key", "rows": rows, "tier": "strategic"}
    client = client_of(alpha)
    assert "1 selected row is not in the list and is left out." in text_of(send(client, alpha, step="preview", **data))
    send(client, alpha, step="perform", **data)
    with tenant_scope(alpha.id):
        tiers = list(Partnership.objects.order_by("organization__name_key").values_list("tier", flat=True))
    assert tiers == ["strategic", "key", "key", "key", "prospect", "prospect"]


def test_all_matching_means_what_matches(portfolio, alpha, client_of):
    data = {"operation": "tier", "query": "tier=key", "scope": "all", "expected": "4", "tier": "strategic"}
    client = client_of(alpha)
    page = send(client, alpha, step="preview", **data).content.decode()
    previewed = re.findall(r'name="previewed" value="(\d+)"', page)
    assert sorted(map(int, previewed)) == sorted(row.pk for row in portfolio[:4])
    answer = send(client, alpha, step="perform", previewed=previewed, **data)
    assert told(client, answer) == "Tier changed for 4 partners."
    with tenant_scope(alpha.id):
        assert Partnership.objects.filter(tier="strategic").count() == 4
        assert Partnership.objects.filter(tier="prospect").count() == 2


@pytest.mark.parametrize("step", ["", "preview", "perform"])
def test_a_row_added_in_between_refuses_all(portfolio, alpha, client_of, step):
    with tenant_scope(alpha.id):
        make_partnership(make_organization(name="Late"), tier="key")
    data = {"operation": "tier", "query": "tier=key", "scope": "all", "expected": "4", "tier": "strategic"}
    client = client_of(alpha)
    with nothing_changes():
        answer = send(client, alpha, step=step, **data)
    assert told(client, answer) == (
        "The list has changed: the filter matches 5 rows now. Nothing was changed. Look at it and choose again."
    )


def test_as_many_but_other_rows_than_previewed_are_refused(portfolio, alpha, client_of):
    data = {"operation": "tier", "query": "tier=key", "scope": "all", "expected": "4", "tier": "strategic"}
    previewed = [*(row.pk for row in portfolio[:3]), portfolio[5].pk]
    client = client_of(alpha)
    with nothing_changes():
        answer = send(client, alpha, step="perform", previewed=previewed, **data)
    assert told(client, answer).startswith("The list has changed: the filter matches 4 rows now.")


@pytest.mark.parametrize(
    "data",
    [
        {"query": "tier=key&colour=red", "scope": "all", "expected": "4"},
        {"query": "tier=golden", "scope": "all", "expected": "6"},
        {"query": "tier=key", "scope": "all", "expected": "4", "operation": "burn"},
        {"query": "tier=key", "scope": "all", "expected": ""},
        {"query": "tier=key"},
        {"query": "", "rows": ["x", "-1", "9" * 40]},
        {"query": "", "rows": list(range(10**9, 10**9 + MOST_ROWS + 1))},
    ],
)
def test_a_selection_that_does_not_hold_changes_nothing(portfolio, alpha, client_of, data):
    client = client_of(alpha)
    with nothing_changes():
        answer = send(client, alpha, **{"operation": "tier", "step": "perform", "tier": "strategic", **data})
    assert answer.status_code == 302
    assert told(client, answer)


def test_more_than_the_most_are_refused_with_the_way_out(portfolio, alpha, client_of, monkeypatch):
    monkeypatch.setattr("core.bulk.MOST_ROWS", 3)
    data = {"operation": "tier", "query": "tier=key", "scope": "all", "expected": "4", "tier": "strategic"}
    client = client_of(alpha)
    with nothing_changes():
        answer = send(client, alpha, step="perform", **data)
    words = "These are 4 rows, and at most 3 can be changed at once. Narrow the filter."
    assert told(client, answer) == words


def test_another_offices_rows_are_ignored(portfolio, alpha, beta, client_of):
    with tenant_scope(beta.id):
        foreign = make_partnership(make_organization(name="Foreign"), tier="key")
    client = client_of(alpha)
    data = {"operation": "tier", "step": "perform", "tier": "strategic"}
    before = database_state()
    assert told(client, send(client, alpha, rows=[foreign.pk], **data)).startswith("No row is selected.")
    assert database_state() == before
    send(client, alpha, rows=[foreign.pk, portfolio[0].pk], **data)
    with tenant_scope(beta.id):
        assert Partnership.objects.get(pk=foreign.pk).tier == "key"
    with tenant_scope(alpha.id):
        assert Partnership.objects.get(pk=portfolio[0].pk).tier == "strategic"


def test_a_row_that_is_refused_keeps_no_other_from_changing(alpha, client_of):
    """Somebody must keep a person who may be contacted only by arrangement."""
    keeper = alpha.user("manager")
    with tenant_scope(alpha.id):
        guarded = make_contact(name="Ann Guarded", owner=keeper, permission=ContactPermission.ASK_FIRST)
        free, nobodys = make_contact(name="Bo Free", owner=keeper), make_contact(name="Cy Nobody", owner=None)
    client = client_of(alpha)
    rows = [guarded.pk, free.pk, nobodys.pk]
    data = {"operation": "keeper", "query": "", "rows": rows, "owner": "", "next": f"{alpha.prefix}/people/?view="}
    with nothing_changes():
        page = text_of(send(client, alpha, "people", step="preview", **data))
    assert "1 will change, 1 is so already, 1 cannot be changed. Bo Free" in page
    assert "Ann Guarded Say who keeps this person: somebody has to be asked." in page
    answer = send(client, alpha, "people", step="perform", **data)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Keeper changed for 1 person. 1 was so already. 1 was refused." in page
    assert "Ann Guarded Not changed Say who keeps this person: somebody has to be asked." in page
    assert "Bo Free Changed Cy Nobody So already" in page
    assert "Undo" in page
    with tenant_scope(alpha.id):
        kept = dict(Contact.objects.values_list("name", "owner__name"))
    assert kept == {"Ann Guarded": keeper.name, "Bo Free": None, "Cy Nobody": None}


def test_what_refuses_every_row_is_told_at_its_field(portfolio, alpha, client_of):
    data = {"operation": "tag", "rows": [row.pk for row in portfolio], "name": "x" * 41}
    client = client_of(alpha)
    with nothing_changes():
        answer = send(client, alpha, step="preview", **data)
    assert answer.status_code == 422
    assert f'value="{"x" * 41}"' in answer.content.decode()


def test_undo_takes_everything_back(portfolio, alpha, client_of):
    client, owner = client_of(alpha), alpha.user("officer")
    before, where = owners(alpha), f"{alpha.prefix}/partners/?tier=key&sort=-partner"
    rows = [row.pk for row in portfolio[:4]]
    answer = send(
        client, alpha, operation="owner", query="tier=key", rows=rows, owner=owner.pk, step="perform", next=where
    )
    page = client.get(answer["Location"]).content.decode()
    assert owners(alpha) != before
    undo = re.search(r'action="([^"]+/changes/[^"]+/undo/)"', page)[1]
    answer = client.post(undo, headers={"Referer": f"http://testserver{where}"})
    assert answer["Location"].endswith(where)
    assert owners(alpha) == before


def test_undo_takes_tags_and_followups_back(portfolio, alpha, client_of):
    client, rows = client_of(alpha), [row.pk for row in portfolio]
    for data in ({"operation": "tag", "name": "Wind"}, {"operation": "followup", "title": "Ask about 2027"}):
        answer = send(client, alpha, rows=rows, step="perform", **data)
        page = client.get(answer["Location"]).content.decode()
        with tenant_scope(alpha.id):
            assert 6 in (Organization.objects.filter(tagged__tag__name="Wind").count(), FollowUp.objects.count())
        client.post(re.search(r'action="([^"]+/changes/[^"]+/undo/)"', page)[1])
        with tenant_scope(alpha.id):
            assert (Organization.objects.filter(tagged__tag__name="Wind").count(), FollowUp.objects.count()) == (0, 0)


def test_a_follow_up_for_each(portfolio, alpha, client_of):
    client = client_of(alpha)
    rows = [row.pk for row in portfolio[:2]]
    page = send(client, alpha, operation="followup", rows=rows).content.decode()
    assert 'name="title"' in page
    data = {"title": "Ask about 2027", "due_on": "2027-01-15", "assignee": alpha.user("officer").pk}
    answer = send(client, alpha, operation="followup", rows=rows, step="perform", **data)
    assert told(client, answer) == "Follow-up added for each of 2 partners."
    with tenant_scope(alpha.id):
        made = FollowUp.objects.values_list("partnership_id", "title", "due_on", "assignee__name")
        assert sorted(each[0] for each in made) == sorted(rows)
        assert {(title, str(due), who) for _pk, title, due, who in made} == {
            ("Ask about 2027", "2027-01-15", alpha.user("officer").name)
        }


def test_a_tag_that_some_have_already(alpha, client_of):
    with tenant_scope(alpha.id):
        rows = [make_organization(name=name) for name in ("A", "B")]
    client = client_of(alpha)
    data = {"operation": "tag", "step": "perform", "name": "Wind"}
    told(client, send(client, alpha, "organizations", rows=[rows[0].pk], **data))
    answer = send(client, alpha, "organizations", rows=[row.pk for row in rows], **data)
    assert told(client, answer) == "1 organization tagged. 1 was so already."
    with tenant_scope(alpha.id):
        assert Tag.objects.get(name="Wind").uses.count() == 2


def test_ticking_off_asks_for_nothing_but_still_shows_what_happens(portfolio, alpha, client_of):
    with tenant_scope(alpha.id):
        rows = [make_followup(portfolio[0], title=title) for title in ("One", "Two")]
    client = client_of(alpha)
    data = {"operation": "done", "query": "state=open", "scope": "all", "expected": "2"}
    with nothing_changes():
        page = text_of(send(client, alpha, "followups", **data))
    assert "Tick off 2 follow-ups" in page
    assert "2 will change. One, Two" in page
    send(client, alpha, "followups", step="perform", **data)
    with tenant_scope(alpha.id):
        assert FollowUp.objects.filter(pk__in=[row.pk for row in rows], done_at=None).count() == 0


@pytest.mark.parametrize(
    ("role", "code", "operation"), [("viewer", "partners", "tier"), ("researcher", "partners", "owner")]
)
def test_who_may_not_is_neither_offered_it_nor_obeyed(portfolio, alpha, client_of, role, code, operation):
    client = client_of(alpha, role)
    data = {"operation": operation, "rows": [portfolio[0].pk], "tier": "strategic", "owner": alpha.user(role).pk}
    with nothing_changes():
        answer = send(client, alpha, step="perform", **data)
    assert answer.status_code == 403
    page = client.get(f"{alpha.prefix}/partners/").content.decode()
    assert f'name="operation" value="{operation}"' not in page
    assert ('id="bulk"' in page) == ("data-select" in page) == (role == "researcher")


def test_whoever_holds_an_operation_may_use_the_bar():
    may = registry.get("tenants.change_rows").roles
    offered = [each for declared in lists() for each in declared.bulk]
    assert len(offered) >= 8
    assert [each.code for each in offered if not registry.get(each.permission).roles <= may] == []


def test_the_number_of_statements_grows_with_what_each_row_needs_alone(portfolio, alpha, client_of):
    """Reading is one statement for all rows; each further row costs its own action and no more."""
    client, owner = client_of(alpha), alpha.user("officer")

    def statements(count: int) -> int:
        rows = [row.pk for row in portfolio[:count]]
        with counted() as queries:
            send(client, alpha, operation="owner", rows=rows, owner=owner.pk, step="preview")
        return len(queries)

    one, two, six = statements(1), statements(2), statements(6)
    assert six - one == 5 * (two - one)
    assert two - one <= 8


def test_the_list_costs_no_further_statement(portfolio, alpha, client_of):
    manager, viewer = client_of(alpha), client_of(alpha, "viewer")
    found = []
    for client in (manager, viewer):
        client.get(f"{alpha.prefix}/partners/")
        with counted() as queries:
            client.get(f"{alpha.prefix}/partners/")
        found.append(len(queries))
    assert found[0] <= found[1] + 1
    assert found[0] <= 12
