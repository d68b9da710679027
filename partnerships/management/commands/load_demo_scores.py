"""Compute the last year of health in the two demonstration offices, unless it is there."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.actor import Actor
from core.tenancy.scope import AuditContext, audit_context, tenant_transaction
from partnerships.actions.health import recompute_health
from partnerships.management.demo.names import OFFICES
from partnerships.models import HealthSnapshot, Partnership
from tenants.actions.jobs import enqueue
from tenants.models import Tenant

WEEKS = 52


class Command(BaseCommand):
    help = "Compute a score for each week of the last year, once all else is loaded. A second run changes nothing."

    def handle(self, *args, **options):
        for tenant in Tenant.objects.filter(slug__in=[office["slug"] for office in OFFICES]).order_by("pk"):
            reason = AuditContext(action="load_demo_scores", reason="Demonstration data")
            with tenant_transaction(tenant.pk), audit_context(reason):
                if Partnership.objects.exists() and not HealthSnapshot.objects.exists():
                    self._score(tenant)

    def _score(self, tenant: Tenant) -> None:
        actor, now = Actor.system(tenant.pk), timezone.now()
        for week in range(WEEKS, 0, -1):
            recompute_health(actor=actor, as_of=(now - timedelta(weeks=week)).date())
        enqueue("partnerships.recompute_all_health", key="demo")
