"""Objectives, the value ledger, reviews, changes at partners and ratings over HTTP."""

from core.tenancy.scope import current_tenant_id
from tenants.models import User
from tests.api_contract import ApiContract, Resource
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


def on_partner(**body):
    return lambda: {"partnership": make_partnership().pk, **body}


def officer() -> User:
    return User.objects.get(memberships__tenant_id=current_tenant_id(), memberships__role="officer")


PARTNERS = {"partnership": (make_partnership, lambda pk: {"partnership": pk})}


class TestObjectives(ApiContract):
    resource = Resource(
        prefix="objectives",
        view="partnerships.view_objectives",
        create="partnerships.add_objective",
        edit="partnerships.edit_objective",
        delete="partnerships.delete_objective",
        make=lambda author: make_objective(),
        payload=on_partner(side="theirs", title="Two hires a year", metric="hires", target="2", due_on="2027-06-30"),
        patch={"status": "on_track", "result": "1"},
        references={**PARTNERS, "project": (make_project, lambda pk: {"project": pk})},
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


class TestLedger(ApiContract):
    resource = Resource(
        prefix="ledger-entries",
        view="partnerships.view_ledger",
        create="partnerships.add_ledger_entry",
        edit="partnerships.edit_ledger_entry",
        delete="partnerships.delete_ledger_entry",
        make=lambda author: make_ledger_entry(),
        payload=on_partner(
            direction="get",
            kind="equipment",
            description="Test bench for six weeks",
            occurred_on="2026-03-01",
            value="12000.00",
            currency="EUR",
            valuation_basis="Their list price",
        ),
        patch={"description": "Test bench for eight weeks"},
        references=PARTNERS,
        queries={"list": 2, "detail": 1, "create": 4, "update": 5},
    )


class TestReviews(ApiContract):
    resource = Resource(
        prefix="reviews",
        view="partnerships.view_reviews",
        create="partnerships.record_review",
        edit="partnerships.edit_review",
        delete="partnerships.delete_review",
        make=lambda author: make_review(held_by=author),
        payload=on_partner(held_on="2026-05-04", worked="Short meetings", with_partner=True),
        patch={"did_not_work": "Late invoices"},
        references={**PARTNERS, "held_by": (officer, lambda pk: {"held_by": pk})},
        queries={"list": 2, "detail": 1, "create": 5, "update": 4},
    )


class TestPartnerEvents(ApiContract):
    resource = Resource(
        prefix="partner-events",
        view="partnerships.view_partner_events",
        create="partnerships.record_partner_event",
        edit="partnerships.edit_partner_event",
        delete="partnerships.delete_partner_event",
        make=lambda author: make_partner_event(),
        payload=on_partner(kind="leadership", occurred_on="2026-05-04", description="New head of research"),
        patch={"description": "New head of research, from a competitor"},
        references=PARTNERS,
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


class TestEvaluations(ApiContract):
    resource = Resource(
        prefix="evaluations",
        view="partnerships.view_evaluations",
        create="partnerships.record_evaluation",
        edit="partnerships.edit_evaluation",
        delete="partnerships.delete_evaluation",
        make=lambda author: make_evaluation(),
        payload=on_partner(rater_side="partner", rater="Dr. Holm", scale="10", score=8, rated_on="2026-05-04"),
        patch={"comment": "Better than last year"},
        references={
            **PARTNERS,
            "project": (make_project, lambda pk: {"project": pk}),
            "contact": (make_contact, lambda pk: {"contact": pk}),
            "member": (officer, lambda pk: {"member": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 4, "update": 5},
    )
