"""Add saved reports and targets to the two demonstration offices, unless they have some."""

from decimal import Decimal

from django.core.management.base import BaseCommand

from core.tenancy.scope import tenant_transaction
from partnerships.management.demo.names import OFFICES
from reporting.actions.reports import save_report
from reporting.actions.targets import set_target
from reporting.models import ReportDefinition, Target
from reporting.queries.scopes import scope_of
from tenants.choices import ViewVisibility
from tenants.models import Membership
from tenants.queries.tenants import actor_of

REPORTS = [
    {
        "name": "Projects by channel and year",
        "description": "What we do together, for the yearly report.",
        "query": "subject=projects&rows=channel&columns=year&chart=stacks",
        "visibility": ViewVisibility.OFFICE,
    },
    {"name": "Tiers and their health", "query": "subject=partners&rows=tier&columns=band&chart=heat"},
]
TARGETS = {"health.healthy_share": Decimal(40), "outcomes.agreements": Decimal(60)}


class Command(BaseCommand):
    help = "Add reports and targets to the demonstration offices (load_demo makes those). A second run changes nothing."

    def handle(self, *args, **options):
        directors = Membership.objects.filter(
            tenant__slug__in=[office["slug"] for office in OFFICES], role="administrator", ended_at=None
        )
        for director in directors.select_related("tenant", "user"):
            with tenant_transaction(director.tenant_id):
                self._load(director)

    def _load(self, director: Membership) -> None:
        if ReportDefinition.objects.exists() or Target.objects.exists():
            return
        actor, reason = actor_of(director), "Demonstration data"
        for report in REPORTS:
            save_report(actor=actor, reason=reason, **report)
        year = scope_of(actor, {}, director.tenant).this_year
        for measure, value in TARGETS.items():
            set_target(actor=actor, reason=reason, measure=measure, fiscal_year=year, value=value)
