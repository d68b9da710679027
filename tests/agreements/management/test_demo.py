"""The demonstration's agreements hold together: some in every state, and nothing that the rules would refuse."""

import random
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from agreements.choices import WorkflowState
from agreements.management.demo.compliance import tell_compliance
from agreements.management.demo.story import CASES, tell_agreements
from agreements.models import AgreementEvent, ConflictPlan, Obligation, Screening
from agreements.queries.compliance import compliance_blocks
from agreements.rules.workflow import MOVES, is_allowed
from tenants.models import Membership
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership

OFFICE = {"slug": "alpha", "name": "Alpha", "country": "DK", "currency": "EUR", "time_zone": "Europe/Copenhagen"}


def test_the_story_has_every_state_and_obeys_the_rules(in_alpha):
    partners = [make_partnership(make_organization(), summary="Main theme: energy.") for _each in CASES]
    members = list(Membership.objects.filter(tenant=in_alpha.tenant).select_related("user").order_by("pk"))
    made = tell_agreements(OFFICE, members, partners)
    assert {row.workflow for row in made} == set(WorkflowState.values)
    for row in made:
        events = list(AgreementEvent.objects.filter(agreement=row).order_by("at", "pk"))
        assert all(event.at <= timezone.now() for event in events)
        for event in events:
            leads = [code for code in MOVES if is_allowed(code, event.from_workflow, event.from_status)]
            assert any(MOVES[code].to_workflow == event.to_workflow for code in leads), (row, event.from_workflow)
        assert all(earlier.to_workflow == later.from_workflow for earlier, later in pairwise(events))
        assert not events or (events[-1].to_workflow, events[-1].to_status) == (row.workflow, row.status)
        lines = [line.amount for line in row.money.all()]
        assert not lines or sum(lines, Decimal(0)) == row.value
        assert row.clarity is not None
    signing = [row for row in made if row.workflow == "signing"]
    assert any(row.blocking == 0 for row in signing)
    assert any(row.blocking for row in made if row.workflow in ("redline", "with_partner"))
    owed = Obligation.objects.filter(agreement__in=made)
    today = timezone.localdate()
    assert owed.filter(done_on__isnull=False).exists()
    assert owed.filter(done_on=None, due_on__gte=today).exists()


def test_whoever_signed_was_screened_and_a_hit_holds_up_what_is_not_signed(in_alpha):
    partners = [make_partnership(make_organization(), summary="Main theme: energy.") for _each in CASES]
    members = list(Membership.objects.filter(tenant=in_alpha.tenant).select_related("user").order_by("pk"))
    made = tell_agreements(OFFICE, members, partners)
    tell_compliance(members, timezone.localdate(), random.Random("alpha"))
    bound = [row for row in made if row.executed_on is not None and row.status in ("executed", "amended")]
    assert not any(compliance_blocks(row) for row in bound)
    assert {found.code for row in made for found in compliance_blocks(row)} == {"screening_open", "screening_hit"}
    known = Screening.objects.filter(organization__in=[row.partnership.organization_id for row in bound])
    assert known.values("organization").distinct().count() >= len({row.partnership_id for row in bound}) * 0.8
    assert not Screening.objects.filter(screened_on__gt=timezone.localdate()).exists()
    assert ConflictPlan.objects.filter(approved_on__isnull=False).exists()
    waiting = ConflictPlan.objects.get(approved_on=None)
    assert waiting.agreement.blocking > 0
