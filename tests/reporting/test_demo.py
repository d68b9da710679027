"""The demonstration's reports and targets: they hold, and a second run adds nothing."""

import pytest
from django.core.management import call_command

from core.tenancy.scope import tenant_transaction
from core.urls import in_office
from partnerships.management.demo.names import OFFICES
from reporting.management.commands.load_demo_reports import TARGETS
from reporting.models import ReportDefinition, Target
from reporting.queries.asking import ask
from reporting.queries.kept import read_kept
from reporting.queries.scopes import scope_of
from reporting.registry import question_of
from tenants.actions.tenants import add_member, open_tenant
from tenants.queries.tenants import actor_of

SLUG = OFFICES[0]["slug"]


@pytest.fixture
def director(db):
    """The administrator of a demonstration office without data, after two runs."""
    tenant, _made = open_tenant(slug=SLUG, name="Northfield", country="DK", currency="EUR")
    member = add_member(tenant=tenant, email="elin@northfield.example", name="Elin", role="administrator")
    call_command("load_demo_reports")
    call_command("load_demo_reports")
    return member


def test_two_reports_hold_and_one_is_shared(director):
    with in_office(SLUG), tenant_transaction(director.tenant_id):
        kept = list(ReportDefinition.objects.order_by("pk"))
        assert [report.visibility for report in kept] == ["office", "private"]
        assert {report.owner_id for report in kept} == {director.user_id}
        assert [read_kept(actor_of(director), report.query).problems for report in kept] == [(), ()]


def test_targets_stand_beside_figures_of_this_year(director):
    with in_office(SLUG), tenant_transaction(director.tenant_id):
        assert Target.objects.count() == len(TARGETS)
        actor = actor_of(director)
        for measure, value in TARGETS.items():
            code, _dot, figure = measure.partition(".")
            answer = ask(actor, question_of(code), scope_of(actor, {}))
            assert [each.target for each in answer.figures if each.code == figure] == [value]
