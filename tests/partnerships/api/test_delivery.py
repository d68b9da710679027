"""Milestones, risks and issues over HTTP."""

from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.partnerships import make_project
from tests.factories.projects import make_joint_project, make_milestone, make_project_issue
from tests.partnerships.api.test_governance import officer

PROJECTS = {"project": (make_project, lambda pk: {"project": pk})}
OWNER = {"owner": (officer, lambda pk: {"owner": pk})}


def in_project(**body):
    return lambda: {"project": make_joint_project().pk, **body}


class TestMilestones(ApiContract):
    resource = Resource(
        prefix="milestones",
        view="partnerships.view_milestones",
        create="partnerships.add_milestone",
        edit="partnerships.edit_milestone",
        delete="partnerships.delete_milestone",
        make=lambda author: make_milestone(),
        payload=in_project(kind="deliverable", side="theirs", title="Samples", due_on="2027-03-31", weight="2.0"),
        patch={"title": "Samples of both enzymes", "weight": "1.5"},
        references={**PROJECTS, **OWNER},
        queries={"list": 2, "detail": 1, "create": 5, "update": 6},
    )


class TestProjectIssues(ApiContract):
    resource = Resource(
        prefix="project-issues",
        view="partnerships.view_project_issues",
        create="partnerships.add_project_issue",
        edit="partnerships.edit_project_issue",
        delete="partnerships.delete_project_issue",
        make=lambda author: make_project_issue(),
        payload=in_project(
            kind="risk",
            topic="technical",
            title="The enzyme does not last",
            severity="high",
            likelihood=3,
            response="Two variants in parallel",
            raised_on="2026-05-04",
        ),
        patch={"severity": "critical", "kind": "issue"},
        references={**PROJECTS, **OWNER},
        queries={"list": 2, "detail": 1, "create": 5, "update": 6},
    )


def test_a_milestone_is_done_with_proof_and_accepted_by_the_other_side(in_alpha):
    api, row = Api(in_alpha, "officer"), make_milestone()
    with nothing_changes():
        error_of(api.post(f"milestones/{row.pk}/complete/", {}), 400)
        error_of(api.post(f"milestones/{row.pk}/accept/", {"accepted_by": "Dr. Holm"}), 409)
        error_of(api.patch(f"milestones/{row.pk}/", {"side": "shared"}), 400)
        error_of(api.patch(f"milestones/{row.pk}/", {"done_on": "2026-01-01"}), 400)
    done = api.post(f"milestones/{row.pk}/complete/", {"evidence": "https://example.org/report"}).json()
    assert (done["evidence"], done["days_late"], done["accepted_on"]) == ("https://example.org/report", 0, None)
    with nothing_changes():
        assert "accepted_by" in error_of(api.post(f"milestones/{row.pk}/accept/", {}), 400)["fields"]
    accepted = api.post(f"milestones/{row.pk}/accept/", {"accepted_by": "Dr. Holm"}).json()
    assert (accepted["accepted_by"], accepted["version"]) == ("Dr. Holm", 3)


def test_an_issue_is_closed_and_opened_again(in_alpha):
    api, row = Api(in_alpha, "researcher"), make_project_issue(likelihood=5, severity="high")
    with nothing_changes():
        error_of(api.post(f"project-issues/{row.pk}/close/", {}), 400)
        error_of(api.post(f"project-issues/{row.pk}/reopen/", {}), 409)
    closed = api.post(f"project-issues/{row.pk}/close/", {"resolution": "A second supplier"}).json()
    assert (closed["resolution"], closed["exposure"]) == ("A second supplier", 15)
    again = api.post(f"project-issues/{row.pk}/reopen/", {}).json()
    assert (again["resolution"], again["closed_on"]) == ("", None)


def test_what_is_open_or_overdue_can_be_asked_for(in_alpha):
    api, row = Api(in_alpha, "viewer"), make_milestone(due_on="2026-01-01")
    make_milestone(row.project, due_on="2099-01-01")
    make_milestone(row.project, due_on="2026-01-01", done_on="2026-02-01", evidence="x")
    for query, number in (({"overdue": "true"}, 1), ({"overdue": "false"}, 2), ({"open": "true"}, 2)):
        assert len(api.get("milestones/", query).json()["results"]) == number
    assert error_of(api.get("project-issues/"), 403)["details"] == {"needs": "partnerships.view_project_issues"}
