"""Reading money: entries, and what they add up to measure by measure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from core.actions import visible
from core.actor import Actor
from partnerships.choices_delivery import FundingMeasure
from partnerships.models import FundingEntry, Partnership, Project
from partnerships.rules.funding import MeasureSums, fiscal_year
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Books:
    """How the office keeps its books: its currency, and the month in which its fiscal year begins."""

    currency: str
    start_month: int

    def year_of(self, day: date) -> int:
        return fiscal_year(day, self.start_month)


def books_of(actor: Actor) -> Books:
    """The books of the actor's office, in one statement."""
    row = Tenant.objects.values_list("currency", "fiscal_year_start").get(pk=actor.tenant_id)
    return Books(*row)


@visible("partnerships.view_funding")
def visible_funding(actor: Actor) -> QuerySet[FundingEntry]:
    """The office's entries, latest day first, with project, partner and scheme."""
    rows = FundingEntry.objects.select_related("project__unit", "partnership__organization", "scheme")
    return rows.order_by("-booked_on", "-pk")


@visible("partnerships.view_funding")
def funding_of(actor: Actor, partnership: Partnership) -> QuerySet[FundingEntry]:
    """The money of one partner."""
    return visible_funding(actor).filter(partnership=partnership)


@visible("partnerships.view_funding")
def funding_for(actor: Actor, project: Project) -> QuerySet[FundingEntry]:
    """The money of one project, whoever it comes from."""
    return visible_funding(actor).filter(project=project)


def of_unit(pk: int | None) -> Q:
    """The money of a unit (None: of none): that of its projects, else that of partners of which it has the lead."""
    lead = Q(project__unit_id=None, partnership__unit_id=pk)
    return lead if pk is None else lead | Q(project__unit_id=pk)


def overdue_invoices(today: date, *, days: int = 0) -> Q:
    """Invoices that are not paid although they were due more than some days ago."""
    return Q(measure=FundingMeasure.INVOICED, paid_on=None, due_on__lt=today - timedelta(days=days))


def lock_funding_entry(pk: int) -> FundingEntry:
    """The row with its project and partner, locked and read anew; call inside an action."""
    rows = FundingEntry.objects.select_for_update(of=("self",))
    return rows.select_related("project", "partnership", "scheme").get(pk=pk)


def measure_sums(rows: QuerySet[FundingEntry]) -> MeasureSums:
    """What the given entries add up to in the office's currency, each measure for itself, in one statement."""
    groups = rows.select_related(None).order_by().values_list("measure").annotate(total=Sum("base_amount"))
    return MeasureSums(**dict(groups))
