"""Add agreements to the two demonstration offices, unless they have some."""

import random

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from agreements.management.demo.compliance import tell_compliance
from agreements.management.demo.past import tell_past
from agreements.management.demo.story import CASES, deal, tell_agreements
from agreements.models import Agreement
from core.tenancy.scope import AuditContext, audit_context, tenant_scope
from partnerships.management.demo.names import OFFICES
from partnerships.models import Partnership
from tenants.actions.jobs import enqueue
from tenants.models import Membership, Tenant


class Command(BaseCommand):
    help = "Add invented agreements to the demonstration offices (load_demo makes those). A second run changes nothing."

    def handle(self, *args, **options):
        for office in OFFICES:
            tenant = Tenant.objects.filter(slug=office["slug"]).first()
            if tenant is not None:
                self._load(tenant, office)

    @transaction.atomic
    def _load(self, tenant: Tenant, office: dict) -> None:
        reason = AuditContext(action="load_demo_agreements", reason="Demonstration data")
        with tenant_scope(tenant.pk), audit_context(reason):
            partners = list(Partnership.objects.select_related("organization").order_by("pk"))
            if Agreement.objects.exists() or not partners:
                return
            members = list(Membership.objects.filter(tenant=tenant).select_related("user").order_by("pk"))
            enough = len(partners) >= len(CASES)
            dealt = deal(partners, timezone.localdate()) if enough else []
            tell_past(office, members, partners, {(each.pk, case.kind) for case, each in dealt})
            if enough:
                tell_agreements(office, members, partners)
                chance = random.Random(f"{office['slug']} compliance")
                tell_compliance(members, timezone.localdate(), chance)
            enqueue("partnerships.recompute_all_health", key="demo")
