"""The demonstration's screenings and conflicts of interest keep the rules that actions hold."""

import random
from datetime import timedelta

from django.utils import timezone

from agreements.management.demo.compliance import HITS, INTERESTS, tell_compliance
from agreements.models import ConflictPlan, Screening
from tenants.models import Membership
from tests.factories.agreements import make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


def test_most_are_screened_hits_say_why_and_plans_are_approved_by_somebody_else(in_alpha):
    partners = [make_partnership(make_organization()) for _each in range(12)]
    for partner in partners[:4]:
        make_executed(partner)
    members = list(Membership.objects.filter(tenant=in_alpha.tenant).order_by("pk"))
    tell_compliance(partners, members, random.Random("test"))
    rows, today = list(Screening.objects.all()), timezone.localdate()
    assert len(HITS) < len(rows) <= len(partners)
    assert sorted(row.result for row in rows if row.note) == sorted(result for result, _note in HITS)
    assert all(today - timedelta(days=366) < row.screened_on < today < row.valid_until for row in rows)
    plans = list(ConflictPlan.objects.all())
    assert [plan.approved_by_id is not None for plan in plans] == [approved for _interest, _plan, approved in INTERESTS]
    assert not [plan for plan in plans if plan.approved_by_id == plan.member_id]
