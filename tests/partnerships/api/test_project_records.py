"""People, outputs and benefits of projects over HTTP."""

from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.projects import (
    make_project_benefit,
    make_project_output,
    make_project_person,
)
from tests.partnerships.api.test_delivery import PROJECTS, in_project
from tests.partnerships.api.test_governance import officer


class TestProjectPeople(ApiContract):
    resource = Resource(
        prefix="project-people",
        view="partnerships.view_project_people",
        create="partnerships.add_project_person",
        edit="partnerships.edit_project_person",
        delete="partnerships.delete_project_person",
        make=lambda author: make_project_person(),
        payload=in_project(name="Rosa Iversen", role="embedded", days_per_month="4.5", started_on="2026-02-01"),
        patch={"role": "researcher", "ended_on": "2026-12-31"},
        references={
            **PROJECTS,
            "member": (officer, lambda pk: {"member": pk}),
            "contact": (make_contact, lambda pk: {"contact": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


class TestProjectOutputs(ApiContract):
    resource = Resource(
        prefix="project-outputs",
        view="partnerships.view_project_outputs",
        create="partnerships.add_project_output",
        edit="partnerships.edit_project_output",
        delete="partnerships.delete_project_output",
        make=lambda author: make_project_output(doi="10.1000/182"),
        payload=in_project(
            kind="publication", title="Enzymes that last", doi="10.1000/abc.7", produced_on="2026-05-04"
        ),
        patch={"reference": "Vol. 7", "doi": "10.1000/abc.8"},
        duplicate=lambda row: {"project": row.project_id, "kind": "publication", "title": "B", "doi": row.doi},
        references=PROJECTS,
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


class TestProjectBenefits(ApiContract):
    resource = Resource(
        prefix="project-benefits",
        view="partnerships.view_project_benefits",
        create="partnerships.add_project_benefit",
        edit="partnerships.edit_project_benefit",
        delete="partnerships.delete_project_benefit",
        make=lambda author: make_project_benefit(),
        payload=in_project(side="theirs", kind="revenue", description="Of licenses", share="40.00"),
        patch={"description": "Of licenses in Europe"},
        references={**PROJECTS, "organization": (make_organization, lambda pk: {"organization": pk})},
        queries={"list": 2, "detail": 1, "create": 4, "update": 5},
    )


def test_a_doi_is_kept_in_one_form(in_alpha):
    api, row = Api(in_alpha, "researcher"), make_project_output()
    changed = api.patch(f"project-outputs/{row.pk}/", {"doi": "https://doi.org/10.1000/ABC"}).json()
    assert changed["doi"] == "10.1000/abc"
    with nothing_changes():
        assert "doi" in error_of(api.patch(f"project-outputs/{row.pk}/", {"doi": "10.1000"}), 400)["fields"]
