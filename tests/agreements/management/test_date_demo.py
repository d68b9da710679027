"""The demonstration has a past that was known in the past, and only a demonstration gets one."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from agreements.management.commands import date_demo, load_demo_agreements
from agreements.models import Agreement, AgreementEvent, Obligation, Signatory
from core.tenancy.scope import AuditContext, audit_context, tenant_transaction
from core.urls import in_office
from organizations.models import Contact
from partnerships.management.commands import load_demo
from partnerships.management.demo.names import OFFICES
from partnerships.models import FundingEntry, Interaction, Participant, Partnership, Project
from partnerships.queries.health_validation import validation
from tenants.management.demo.entry import ACTION, REASON, may_be_dated
from tenants.models import Change, Membership, Tenant
from tenants.queries.tenants import actor_of
from tests.cast import Office
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership

NORTHFIELD, LAKESHORE = OFFICES


@pytest.fixture
def own_database(committed) -> None:
    """A database of the test's own, and the owner's connection without what guards it in other tests."""
    del connections["owner"]


def load(office: dict, monkeypatch) -> Tenant:
    for module in (load_demo, load_demo_agreements, date_demo):
        monkeypatch.setattr(module, "OFFICES", [office])
    for command in ("load_demo", "load_demo_agreements", "date_demo"):
        call_command(command)
    return Tenant.objects.get(slug=office["slug"])


def histories() -> list[tuple]:
    return list(Change.objects.order_by("pk").values_list("pk", "at", "table_name", "row_id", "kind", "action"))


def test_there_are_cases_enough_for_probabilities_and_contact_tells_something(own_database, monkeypatch):
    tenant = load(NORTHFIELD, monkeypatch)
    director = Membership.objects.get(tenant=tenant, role="administrator")
    with in_office(tenant.slug), tenant_transaction(tenant.pk):
        found = validation(actor_of(director))
    result = found.result
    assert found.unknown == 0
    assert result.enough.for_probabilities
    assert result.enough.lapses < result.enough.cases
    assert result.auc > 0.6
    assert result.interval[0] > 0.5
    assert result.probabilities is not None
    assert all(rate.cases for rate in result.rates)
    assert len(result.stages) >= 4
    assert len(result.kinds) >= 6


def test_nothing_was_known_before_it_happened_and_nobody_worked_before_the_office_opened(own_database, monkeypatch):
    tenant = load(LAKESHORE, monkeypatch)
    with tenant_transaction(tenant.pk):
        assert not Interaction.objects.filter(created_at__lt=F("occurred_at")).exists()
        assert not FundingEntry.objects.filter(created_at__date__lt=F("booked_on")).exists()
        assert not Project.objects.filter(created_at__date__lt=F("started_on")).exists()
        assert not Agreement.objects.filter(created_at__date__lt=F("requested_on")).exists()
        assert not Agreement.objects.filter(requested_on__lt=F("partnership__started_on")).exists()
        assert not AgreementEvent.objects.filter(at__gt=timezone.now()).exists()
        entered = Change.objects.filter(kind="I", row_id=OuterRef("pk")).values("at")
        present = Participant.objects.annotate(at=Subquery(entered.filter(table_name=Participant._meta.db_table)[:1]))
        assert not present.filter(at__lt=F("interaction__created_at")).exists()
        met = Participant.objects.filter(contact=OuterRef("pk")).order_by("interaction__occurred_at")
        people = Contact.objects.annotate(met=Subquery(met.values("interaction__occurred_at")[:1]))
        assert not people.filter(created_at__lt=F("met")).exists()
        done = Change.objects.filter(table_name=Obligation._meta.db_table, kind="U", row_id=OuterRef("pk")).values("at")
        early = Obligation.objects.annotate(at=Subquery(done.order_by("-pk")[:1]))
        assert not early.filter(at__date__lt=F("done_on")).exists()
        joined = dict(Membership.objects.filter(tenant=tenant).values_list("user_id", "joined_at"))
        signed = Signatory.objects.filter(member__isnull=False, signed_on__isnull=False)
        assert signed.exists()
        assert all(joined[member].date() <= day for member, day in signed.values_list("member_id", "signed_on"))
        changes = histories()
        assert all(tenant.created_at <= change[1] <= timezone.now() for change in changes)
        assert all(earlier[1] <= later[1] for earlier, later in pairwise(changes))
        assert not [change for change in changes if change[5] == ACTION]
        rows = Partnership.objects.annotate(at=Subquery(entered.filter(table_name=Partnership._meta.db_table)[:1]))
        assert all(row.at == row.created_at for row in rows)
        assert Interaction.objects.filter(created_at__lt=timezone.now() - timedelta(days=700)).count() > 100
    call_command("date_demo")
    with tenant_transaction(tenant.pk):
        assert histories() == changes


def test_an_office_in_which_somebody_works_is_left_alone(in_alpha: Office):
    Tenant.objects.filter(pk=in_alpha.id).update(created_at=timezone.now())
    with audit_context(AuditContext(action="load_demo", reason=REASON)):
        make_partnership(make_organization())
    tenant = Tenant.objects.get(pk=in_alpha.id)
    assert may_be_dated(tenant)
    with audit_context(AuditContext(user_id=in_alpha.user("manager").pk, request_id="r1")):
        make_partnership(make_organization())
    assert not may_be_dated(tenant)


def test_an_office_that_was_opened_earlier_is_left_alone(in_alpha: Office):
    with audit_context(AuditContext(action="load_demo", reason=REASON)):
        make_partnership(make_organization())
    tenant = Tenant(pk=in_alpha.id, created_at=timezone.now() - timedelta(days=2))
    assert not may_be_dated(tenant)


@pytest.mark.parametrize(("address", "owner"), [("https://office.example", True), ("http://127.0.0.1:8000", False)])
def test_elsewhere_and_without_the_owner_nothing_is_dated(db, monkeypatch, address, owner):
    monkeypatch.setattr(settings, "SITE_ADDRESS", address)
    if not owner:
        monkeypatch.delitem(settings.DATABASES, "owner")
    before = list(Tenant.objects.order_by("pk").values_list("pk", "created_at"))
    with pytest.raises(CommandError):
        call_command("date_demo")
    assert list(Tenant.objects.order_by("pk").values_list("pk", "created_at")) == before
