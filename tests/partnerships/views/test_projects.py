"""The pages of projects: list, board, tabs, forms, and the verbs of milestones and issues."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import (
    Milestone,
    Objective,
    Partnership,
    Project,
    ProjectIssue,
    ProjectParticipant,
    ProjectPerson,
)
from tenants.choices import Role
from tests.api_kit import counted, nothing_changes
from tests.contracts.markup import document_problems, part_problems
from tests.contracts.stage_projects import add_project_records
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.projects import make_milestone, make_project_issue
from tests.partnerships.views.test_conflicts import Pair, form_of
from tests.partnerships.views.test_portfolio import cards, listed, words

HTMX = {"HX-Request": "true"}
TABS = ("overview", "delivery", "issues", "aims", "outputs")
TODAY = timezone.localdate()


@pytest.fixture
def project(alpha) -> Project:
    """A project with one partner and some of everything."""
    with tenant_scope(alpha.id):
        partnership = make_partnership(make_organization(name="Aarhus Pumps"))
        row = make_project(partnership, title="Enzymes at scale")
        contact = make_contact(partnership.organization, name="Ida Holm")
        row.ids = add_project_records("Something", alpha, partnership, contact, row)
        row.refresh_from_db()
        return row


def at(alpha, row, tail: str = "") -> str:
    return f"{alpha.prefix}/projects/{row.pk}/{tail}"


@pytest.mark.parametrize("role", Role.values)
def test_every_tab_is_whole_for_everybody_who_may_open_it(alpha, client_of, project, role):
    member = client_of(alpha, role)
    offered = [tab["url"].partition("tab=")[2] for tab in member.get(at(alpha, project)).context["tabs"]]
    assert [tab for tab in TABS if tab in offered] == [tab for tab in TABS if tab != "issues" or role != Role.VIEWER]
    for tab in offered:
        answer = member.get(at(alpha, project, f"?tab={tab}"))
        assert (tab, answer.status_code, document_problems(answer.content.decode())) == (tab, 200, [])
        fragment = member.get(at(alpha, project, f"?tab={tab}"), headers=HTMX)
        assert (tab, part_problems(fragment.content.decode())) == (tab, [])


def test_a_viewer_sees_neither_issues_nor_people(alpha, client_of, project):
    viewer = client_of(alpha, Role.VIEWER)
    assert viewer.get(at(alpha, project, "?tab=issues")).context["tab"].code == "overview"
    text = words(viewer.get(at(alpha, project)).content.decode())
    assert "Ida Holm" not in text
    assert "Ida Holm" in words(client_of(alpha).get(at(alpha, project)).content.decode())


def test_a_page_costs_the_same_for_any_number_of_records(alpha, client_of, project):
    member = client_of(alpha, Role.ADMINISTRATOR)
    for tab in TABS:
        costs = []
        for more in (False, True):
            if more:
                with tenant_scope(alpha.id):
                    partnership = make_partnership()
                    ProjectParticipant.objects.create(project=project, organization=partnership.organization)
                    add_project_records("More", alpha, partnership, make_contact(partnership.organization), project)
            member.get(at(alpha, project, f"?tab={tab}"))
            with counted() as statements:
                member.get(at(alpha, project, f"?tab={tab}"))
            costs.append(len(statements))
        assert (tab, costs[0]) == (tab, costs[1])
        assert costs[0] <= 14


def test_the_overview_shows_the_ladder_who_takes_part_and_who_is_embedded(alpha, client_of, project):
    with tenant_scope(alpha.id):
        project.participants.update(share=60)
    answer = client_of(alpha).get(at(alpha, project))
    ladder = {step["level"]: step for step in answer.context["ladder"]}
    assert [level for level, step in ladder.items() if step["is_reached"]] == [3, 2, 1]
    assert (ladder[2]["is_start"], ladder[3]["is_now"], ladder[6]["is_target"]) == (True, True, True)
    assert answer.context["share_left"] == 40
    text = words(answer.content.decode())
    assert "1 person embedded with the other side" in text
    assert "Nobody is recorded for 40 % of the cost." in " ".join(text.split())


def test_delivery_counts_what_is_late_on_each_side(alpha, client_of, project):
    counts = client_of(alpha).get(at(alpha, project, "?tab=delivery")).context["counts"]
    assert counts == {"all": 2, "done": 1, "on_time": 1, "overdue": 1, "ours": 1, "theirs": 0}


def test_risks_lie_where_severity_meets_likelihood(alpha, client_of, project):
    context = client_of(alpha).get(at(alpha, project, "?tab=issues")).context
    numbers = {
        (line["likelihood"], place): cell["number"]
        for line in context["matrix"]
        for place, cell in enumerate(line["cells"])
    }
    assert {key: number for key, number in numbers.items() if number} == {(3, 1): 1}
    assert (context["critical"], context["unweighed"]) == (1, 0)
    assert [row.kind for row in context["open_issues"]] == ["issue", "risk"]
    assert [row.resolution for row in context["closed_issues"]] == ["Something"]


def test_aims_warn_where_only_one_side_has_any(alpha, client_of, project):
    text = words(client_of(alpha).get(at(alpha, project, "?tab=aims")).content.decode())
    assert "Only the partner has an open objective in this project." in text
    assert "Only the partner is to get something out of this project." in text


def test_the_list_and_the_board_show_the_same_rows(alpha, client_of, project):
    with tenant_scope(alpha.id):
        done = make_project(title="Old", status="completed", started_on=TODAY - timedelta(days=900))
    member = client_of(alpha, Role.ADMINISTRATOR)
    for shape, budget in (("table", 12), ("board", 10)):
        address = f"{alpha.prefix}/projects/?shape={shape}"
        member.get(address)
        with counted() as statements:
            answer = member.get(address)
        assert len(statements) <= budget
        page = answer.content.decode()
        assert document_problems(page) == []
        found = listed(page) if shape == "table" else cards(page, "active") + cards(page, "completed")
        assert sorted(found) == sorted([project.pk, done.pk])
    assert cards(page, "completed") == [done.pk]
    for query in ("overdue=true", "critical=true", "light=amber", "status=active"):
        assert listed(member.get(f"{alpha.prefix}/projects/?{query}").content.decode()) == [project.pk], query
    wide = "title,light,overdue,due,critical,form,domain,unit,lead,trl,trl_target,reason,size,programme,cost"
    page = member.get(f"{alpha.prefix}/projects/?columns={wide}&sort=-overdue").content.decode()
    assert document_problems(page) == []


def test_the_list_is_taken_out_as_a_file(alpha, client_of, project):
    member = client_of(alpha, Role.ADMINISTRATOR)
    query = "columns=title,overdue,critical,lead,reason"
    answer = member.post(f"{alpha.prefix}/lists/projects/export/", {"format": "csv", "query": query})
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert any("Enzymes at scale" in row for line in csv.reader(io.StringIO(text)) for row in line)


def test_a_card_moves_by_its_menu(alpha, client_of, project):
    member = client_of(alpha, Role.OFFICER)
    board = f"{alpha.prefix}/projects/?shape=board"
    data = {"status": "completed", "version": project.version, "next": board}
    answer = member.post(at(alpha, project, "inline/?field=status"), data)
    assert (answer.status_code, answer["Location"]) == (302, board)
    with tenant_scope(alpha.id):
        project.refresh_from_db()
        assert project.status == "completed"
        assert project.participants.count() == 1


def test_editing_keeps_what_the_form_does_not_show(alpha, client_of, project):
    with tenant_scope(alpha.id):
        project.participants.update(share=35, award=1000, role="coordinator")
    member = client_of(alpha)
    sent = form_of(member, at(alpha, project, "edit/"))
    answer = member.post(at(alpha, project, "edit/"), {**sent, "trl_now": "4", "domain": "energy"})
    assert answer.status_code == 302, answer.context["form"].errors
    with tenant_scope(alpha.id):
        project.refresh_from_db()
        part = project.participants.get()
        assert (project.trl_now, project.domain, project.light_reason) == (4, "energy", "Something")
        assert (part.share, part.award, part.role) == (35, 1000, "coordinator")


def test_how_it_goes_needs_a_reason_unless_it_goes_well(alpha, client_of, project):
    member = client_of(alpha)
    sent = form_of(member, at(alpha, project, "light/"))
    with nothing_changes():
        answer = member.post(at(alpha, project, "light/"), {**sent, "light": "red", "light_reason": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["light_reason"])
    assert member.post(at(alpha, project, "light/"), {**sent, "light": "green", "light_reason": ""}).status_code == 302
    with tenant_scope(alpha.id):
        assert Project.objects.get(pk=project.pk).light == "green"


def rows(*given: tuple) -> dict[str, str]:
    """What a browser sends of the rows of participants: organization, share."""
    sent = {"participants-TOTAL_FORMS": str(len(given)), "participants-INITIAL_FORMS": "0"}
    for number, (organization, share) in enumerate(given):
        names = {"organization": organization, "role": "participant", "award": "", "share": share}
        sent |= {f"participants-{number}-{name}": str(value) for name, value in names.items()}
    return sent


def test_shares_are_set_on_a_page_of_their_own(alpha, client_of, project):
    with tenant_scope(alpha.id):
        own, other = make_organization(name="Us", is_own=True), make_organization()
        partner = project.participants.get().organization_id
    member, address = client_of(alpha), at(alpha, project, "participants/")
    version = {"version": str(project.version)}
    with nothing_changes():
        answer = member.post(address, {**version, **rows((partner, 60), (own.pk, "40.01"))})
        assert (answer.status_code, document_problems(answer.content.decode())) == (422, [])
        answer = member.post(address, {**version, **rows((partner, 101))})
        assert answer.status_code == 422
        answer = member.post(address, {**version, **rows(("", 5))})
        assert answer.status_code == 422
    assert member.post(address, {**version, **rows((partner, 60), (own.pk, 40), ("", ""))}).status_code == 302
    with tenant_scope(alpha.id):
        assert dict(project.participants.values_list("organization_id", "share")) == {partner: 60, own.pk: 40}
        assert other.pk not in project.participants.values_list("organization_id", flat=True)


def test_of_two_who_set_shares_the_second_is_asked(alpha, client_of, project):
    with tenant_scope(alpha.id):
        partner, other = project.participants.get().organization_id, make_organization(name="Vejle Valves")
    pair = Pair(alpha, client_of, f"/projects/{project.pk}/participants/")
    pair.ana_saves(**rows((partner, 60)))
    with nothing_changes():
        answer = pair.ben_saves(**rows((partner, 50), (other.pk, 50)))
    assert answer.status_code == 409
    conflict = answer.context["form"].conflicts[0]
    assert ("60 %" in conflict.theirs, "Vejle Valves" in conflict.yours) == (True, True)
    kept = {**rows((partner, 50), (other.pk, 50)), "keep_participants": "yours", "version": str(project.version + 1)}
    assert pair.ben_saves(**kept).status_code == 200
    with tenant_scope(alpha.id):
        assert dict(project.participants.values_list("organization_id", "share")) == {partner: 50, other.pk: 50}


FORMS = {
    "milestones": {"side": "theirs", "kind": "report", "title": "Report 1", "due_on": "2027-01-31", "weight": "2"},
    "project-issues": {
        "kind": "risk",
        "title": "Late permits",
        "topic": "schedule",
        "severity": "high",
        "likelihood": "4",
        "raised_on": TODAY.isoformat(),
    },
    "project-people": {"name": "Rosa Iversen", "role": "student"},
    "project-outputs": {"kind": "dataset", "title": "Measurements", "doi": "https://doi.org/10.5555/ABC"},
    "project-benefits": {"side": "shared", "kind": "knowledge", "description": "What is learned"},
}


@pytest.mark.parametrize("stem", sorted(FORMS))
def test_records_are_added_changed_and_deleted_with_a_way_back(alpha, client_of, project, stem):
    member, home = client_of(alpha), at(alpha, project)
    blank = member.get(f"{home}{stem}/new/")
    assert document_problems(blank.content.decode()) == []
    added = member.post(f"{home}{stem}/new/", FORMS[stem])
    assert (added.status_code, added["Location"].startswith(f"{home}?tab=")) == (302, True)
    own = f"{alpha.prefix}/{stem}/{project.ids[stem]}/"
    sent = form_of(member, f"{own}edit/")
    changed = member.post(f"{own}edit/", {**sent, "title": "Another", "description": "Another", "name": "Another"})
    assert changed.status_code == 302, changed.context["form"].errors
    assert "Another" in words(member.get(f"{own}history/").content.decode())
    deleted = member.post(f"{own}delete/", follow=True)
    assert "deleted" in words(deleted.content.decode())
    assert member.get(f"{own}edit/").status_code == 404
    assert "Undo" in words(deleted.content.decode())


def test_two_who_change_one_milestone_lose_nothing(alpha, client_of, project):
    pair = Pair(alpha, client_of, f"/milestones/{project.ids['milestones']}/edit/")
    pair.ana_saves(title="A second prototype")
    answer = pair.ben_saves(weight="3.0")
    assert answer.status_code == 200
    with tenant_scope(alpha.id):
        row = Milestone.objects.get(pk=project.ids["milestones"])
        assert (row.title, row.weight) == ("A second prototype", 3)


def test_a_milestone_is_done_with_proof_and_accepted_on_the_page(alpha, client_of, project):
    member, own = client_of(alpha), f"{alpha.prefix}/milestones/{project.ids['milestones']}/"
    with nothing_changes():
        answer = member.post(f"{own}complete/", {"evidence": "", "done_on": TODAY.isoformat()})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["evidence"])
        answer = member.post(f"{own}accept/", {"accepted_by": "Ida Holm", "accepted_on": TODAY.isoformat()})
        assert answer.status_code == 422
    assert member.post(f"{own}complete/", {"evidence": "Report 7", "done_on": TODAY.isoformat()}).status_code == 302
    given = {"accepted_by": "Ida Holm", "accepted_on": TODAY.isoformat()}
    assert member.post(f"{own}accept/", given).status_code == 302
    text = " ".join(words(member.get(at(alpha, project, "?tab=delivery")).content.decode()).split())
    assert "Report 7" in text
    assert "Accepted by Ida Holm" in text


def test_an_issue_is_settled_and_opened_again_on_the_page(alpha, client_of, project):
    member, own = client_of(alpha), f"{alpha.prefix}/project-issues/{project.ids['project-issues']}/"
    with nothing_changes():
        assert member.post(f"{own}close/", {"resolution": "", "closed_on": TODAY.isoformat()}).status_code == 422
    assert member.post(f"{own}close/", {"resolution": "Paid", "closed_on": TODAY.isoformat()}).status_code == 302
    with tenant_scope(alpha.id):
        assert ProjectIssue.objects.get(pk=project.ids["project-issues"]).resolution == "Paid"
    assert member.post(f"{own}reopen/").status_code == 302
    with nothing_changes():
        answer = member.post(f"{own}reopen/", follow=True)
    assert "This is open." in words(answer.content.decode())


def test_an_objective_of_a_project_belongs_to_one_of_its_partners(alpha, client_of, project):
    with tenant_scope(alpha.id):
        partner = Partnership.objects.get(organization__name="Aarhus Pumps")
        stranger = make_partnership()
    member, address = client_of(alpha), at(alpha, project, "objectives/new/?side=ours")
    sent = {"side": "ours", "title": "Two theses", "status": "open"}
    with nothing_changes():
        assert member.post(address, {**sent, "partnership": stranger.pk}).status_code == 422
    assert member.post(address, {**sent, "partnership": partner.pk}).status_code == 302
    with tenant_scope(alpha.id):
        row = Objective.objects.get(title="Two theses")
        assert (row.project, row.partnership) == (project, partner)
    back = f"{alpha.prefix}/projects/{project.pk}/?tab=aims"
    edit = f"{alpha.prefix}/objectives/{row.pk}/edit/"
    answer = member.post(f"{edit}?next={back}", {**form_of(member, edit), "status": "met"})
    assert (answer.status_code, answer["Location"]) == (302, back)


def test_interactions_are_logged_from_a_project_with_its_partners(alpha, client_of, project):
    member = client_of(alpha)
    assert f"/log/?partner={partner_of(alpha, project)}" in member.get(at(alpha, project)).content.decode()
    with tenant_scope(alpha.id):
        other = make_partnership(make_organization(name="Vejle Valves"))
        ProjectParticipant.objects.create(project=project, organization=other.organization)
    page = member.get(at(alpha, project)).content.decode()
    assert f"/log/?partner={other.pk}" in page
    assert "/log/?partner=" not in client_of(alpha, Role.VIEWER).get(at(alpha, project)).content.decode()


def partner_of(alpha, project) -> int:
    with tenant_scope(alpha.id):
        return Partnership.objects.get(organization__project_participations__project=project).pk


def test_who_may_not_write_is_offered_nothing(alpha, client_of, project):
    viewer = client_of(alpha, Role.VIEWER)
    for tab in TABS:
        page = viewer.get(at(alpha, project, f"?tab={tab}")).content.decode()
        for word in ("/edit/", "/new/", "/complete/", "/accept/", "/close/", "/light/", "/participants/", "/inline/"):
            assert f"{word}" not in page.partition("<main")[2], (tab, word)
    with nothing_changes():
        for stem in FORMS:
            assert viewer.post(at(alpha, project, f"{stem}/new/"), FORMS[stem]).status_code == 403
        assert client_of(alpha, Role.RESEARCHER).post(at(alpha, project, "light/"), {"light": "red"}).status_code == 403


def test_another_offices_project_is_absent(alpha, beta, client_of, project):
    member = client_of(beta)
    for tail in ("", "edit/", "participants/", "milestones/new/"):
        assert member.get(f"{beta.prefix}/projects/{project.pk}/{tail}").status_code == 404
    with tenant_scope(alpha.id):
        milestone = make_milestone(project)
        issue = make_project_issue(project)
        assert ProjectPerson.objects.count() == 3
    for stem, row in (("milestones", milestone), ("project-issues", issue)):
        assert member.get(f"{beta.prefix}/{stem}/{row.pk}/edit/").status_code == 404


def test_partners_of_a_project_are_looked_up_however_many_the_office_has(alpha, client_of):
    """A control without a lookup draws nothing to choose from beyond 300."""
    page = client_of(alpha).get(f"{alpha.prefix}/projects/new/").content.decode()
    picker = page[page.index('data-src="/t/alpha/ui/lookup/organizations/"') :]
    assert 'name="organizations"' in picker[: picker.index("</cw-combo>")]
    assert "multiple" in picker[: picker.index("</select>")]


def test_projects_of_one_title_are_told_apart_by_their_partners(alpha, client_of, project):
    options = client_of(alpha).get(f"{alpha.prefix}/ui/lookup/funding-projects/?q=enzymes").content.decode()
    assert "Enzymes at scale" in options
    assert "Aarhus Pumps · Active" in options
