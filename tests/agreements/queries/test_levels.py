"""What is above one's level is nowhere: no page, list, count, file, search, calendar, brief, report or history."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.actions.agreements import delete_agreement, edit_agreement
from agreements.models import AgreementEvent, CalendarFeed
from agreements.queries.agreements import (
    visible_agreements,
    visible_events,
    visible_money,
    visible_signatories,
)
from agreements.queries.brief import agreements_in_brief
from agreements.queries.calendar import calendar_of
from agreements.queries.clauses import visible_answers, visible_overrides
from agreements.queries.families import family_list
from agreements.queries.outcomes import agreement_outcomes
from agreements.queries.renewals import renewals_due
from agreements.queries.turnaround import turnaround_report
from core.errors import ActionRefused
from core.tenancy.scope import tenant_scope
from tenants.actions.history import undo_changes
from tenants.choices import Role
from tenants.queries.history import recycle_bin
from tests.api_kit import Api, nothing_changes
from tests.factories.agreement_parts import make_obligation
from tests.factories.agreements import make_agreement, make_event, make_executed
from tests.factories.partnerships import make_partnership

LEVELS = ["public", "internal", "partner_shared", "confidential", "restricted"]
HIGHEST = {"viewer": 2, "officer": 3, "manager": 4, "administrator": 5, "researcher": 0}
DAY = timedelta(days=1)


@pytest.fixture
def rows(alpha) -> dict:
    """One agreement in force of each level with the same partner, named by it."""
    with tenant_scope(alpha.id):
        partnership = make_partnership()
        return {
            level: make_executed(partnership, kind="service", level=level, title=f"Quince {level}", summary="zeppelin")
            for level in LEVELS
        }


@pytest.mark.parametrize("role", Role.values)
def test_pages_files_and_search(alpha, rows, role, client_of):
    member, seen = client_of(alpha, role), LEVELS[: HIGHEST[role]]
    listed = member.get(f"{alpha.prefix}/agreements/").content.decode()
    assert {level for level in LEVELS if f"Quince {level}" in listed} == set(seen)
    for level, row in rows.items():
        answer = member.get(f"{alpha.prefix}/agreements/{row.pk}/")
        assert answer.status_code == (200 if level in seen else 404), level
    given = {"query": "columns=title", "format": "csv"}
    answer = member.post(f"{alpha.prefix}/lists/agreements/export/", given)
    if answer.status_code == 200:
        titles = {cell for line in csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))) for cell in line}
        assert {level for level in LEVELS if f"Quince {level}" in titles} == set(seen)
    else:
        assert role in ("viewer", "researcher")
    api = Api(alpha, role)
    for words in ("quince", "zeppelin", rows["restricted"].reference):
        found = api.get("search/", {"q": words, "kind": "agreements"}).json()
        assert {each["id"] for each in found} <= {rows[level].pk for level in seen}, words
    found = api.get("search/", {"q": "quince", "kind": "agreements"}).json()
    assert {each["id"] for each in found} == {rows[level].pk for level in seen}


@pytest.mark.parametrize("role", Role.values)
def test_reads_and_reports(in_alpha, rows, role):
    actor, seen = in_alpha.actor(role), LEVELS[: HIGHEST[role]]
    today, partnership = timezone.localdate(), rows["public"].partnership
    assert visible_agreements(actor).count() == len(seen)
    for level, row in rows.items():
        make_event(row, "closed", "nobody", at=timezone.now())
        row.money.create(amount=1)
        row.signatories.create(party=row.parties.get(), name="Lena")
        row.answers.create(code="survival_clause", value=True)
        row.overrides.create(code="P23", reason="Known.", overridden_by=in_alpha.user())
        reads = (visible_money, visible_signatories, visible_events, visible_answers, visible_overrides)
        assert {len(read(actor, row)) for read in reads} == {1 if level in seen else 0}
    told = [words for words, _kind, _where in agreements_in_brief(actor, partnership, today)]
    shared = [f"Quince {level}" for level in seen if level in LEVELS[:3]]
    assert sorted(told) == sorted(shared)  # what is printed and carried around is never confidential
    assert {row.level for row in renewals_due(actor, today + 300 * DAY)} == set(seen)
    assert {each.label for each in agreement_outcomes(actor, today + 400 * DAY)} <= {str(rows[each]) for each in seen}
    if actor.may("agreements.view_turnaround"):
        [line] = turnaround_report(actor, kind="service")
        assert line.finished == len(seen)
    feed = CalendarFeed(member=in_alpha.user(role), everything=True)
    for row in rows.values():
        make_obligation(row, title=f"Report {row.level}")
    calendar = calendar_of(actor, feed, name="All", host="example.org")
    for word in ("Quince", "Report"):
        assert {level for level in LEVELS if f"{word} {level}" in calendar} == set(seen)
    assert calendar.count("BEGIN:VEVENT") == 2 * len(seen)


def test_a_family_shows_what_one_may_read_of_it(in_alpha):
    """What hangs below something hidden stands as a root of its own, and nothing tells that there is more."""
    top = make_executed(kind="master", level="restricted")
    middle = make_executed(kind="master", parent=top)
    hidden = make_executed(amends=middle, level="confidential")
    below = make_executed(renews=hidden)
    lone = make_executed()

    def family(role: str, row) -> list[tuple[int, str, int]]:
        return [(each.agreement.pk, each.link, each.depth) for each in family_list(in_alpha.actor(role), row)]

    everything = [
        (top.pk, "", 0),
        (middle.pk, "parent", 1),
        (hidden.pk, "amends", 2),
        (below.pk, "renews", 3),
    ]
    for row in (top, middle, hidden, below):
        assert family("administrator", row) == everything
    assert family("officer", middle) == family("officer", below) == [(middle.pk, "", 0), (below.pk, "", 0)]
    assert family("officer", lone) == [(lone.pk, "", 0)]
    with nothing_changes():
        assert in_alpha.actor("researcher")
        assert family("researcher", middle) == []


def test_a_circle_of_families_ends(in_alpha):
    one = make_executed(kind="master")
    other = make_executed(kind="master", parent=one, renews=one)
    assert [each.agreement.pk for each in family_list(in_alpha.actor(), one)] == [one.pk, other.pk]


def test_what_one_led_is_gone_from_sight_with_the_lead(in_alpha):
    row = make_agreement(level="restricted", principal_investigator=in_alpha.user("researcher"))
    researcher = in_alpha.actor("researcher")
    assert list(visible_agreements(researcher)) == [row]
    edit_agreement(actor=in_alpha.actor("administrator"), agreement=row, principal_investigator=None)
    assert list(visible_agreements(researcher)) == []


def test_deleted_ones_are_not_in_everybodys_recycle_bin(in_alpha):
    administrator = in_alpha.actor("administrator")
    row = make_agreement(level="restricted", title="Quince restricted")
    delete_agreement(actor=replace(administrator, request_id="gone"), agreement=row)
    for role in ("manager", "officer"):
        assert "Quince" not in " ".join(str(each) for each in recycle_bin(in_alpha.actor(role)))
        with nothing_changes(), pytest.raises(ActionRefused):
            undo_changes(actor=in_alpha.actor(role), request_id="gone")
    assert any("Quince" in str(each) for each in recycle_bin(administrator))
    undo_changes(actor=administrator, request_id="gone")
    assert visible_agreements(administrator).get(pk=row.pk).parties.count() == 1


def test_moves_of_a_foreign_office_are_read_by_nobody(alpha, beta):
    with tenant_scope(beta.id):
        foreign = make_agreement()
        make_event(foreign, "triaged", "office", at=timezone.now())
    with tenant_scope(alpha.id):
        assert not visible_events(alpha.actor("administrator"), foreign).exists()
        assert family_list(alpha.actor("administrator"), foreign) == []
        assert not AgreementEvent.objects.exists()
