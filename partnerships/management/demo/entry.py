"""Which day the rows of the demonstration are about: when somebody would have entered them (``date_office``)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Min, Model

from organizations.models import Affiliation, Clearance, Contact, Organization, RiskFlag
from partnerships.models import (
    Evaluation,
    FundingEntry,
    FundingScheme,
    Interaction,
    LedgerEntry,
    Opportunity,
    OpportunityMove,
    Participant,
    PartnerEvent,
    Partnership,
    Placement,
    PlacementEvaluation,
    Position,
    Project,
    ProjectIssue,
    ProjectOutput,
    ProjectPerson,
    Review,
    Student,
    TalentEvent,
    TeamMember,
)
from tenants.management.demo.entry import About

BEFORE_OPENING = timedelta(days=30)


def opening_day() -> date:
    """Some weeks before the first partnership began; the scope must be open."""
    return Partnership.objects.aggregate(first=Min("started_on"))["first"] - BEFORE_OPENING


def _organizations() -> dict[int, date]:
    return dict(Partnership.objects.values_list("organization_id", "started_on"))


def _contacts() -> dict[int, datetime]:
    """Nobody writes down a person before meeting them."""
    met = Participant.objects.filter(contact__isnull=False).order_by().values("contact_id")
    return dict(met.annotate(first=Min("interaction__occurred_at")).values_list("contact_id", "first"))


def _affiliations() -> dict[int, datetime | None]:
    met = _contacts()
    return {pk: met.get(contact) for pk, contact in Affiliation.objects.values_list("pk", "contact_id")}


def _opportunities() -> dict[int, datetime]:
    moves = OpportunityMove.objects.order_by().values("opportunity_id")
    return dict(moves.annotate(first=Min("moved_at")).values_list("opportunity_id", "first"))


def _schemes() -> dict[int, date | None]:
    """A call is announced some months before its deadline."""
    return _before(FundingScheme, "deadline_on", 130)


def _students() -> dict[int, date]:
    """When they first came into question for a place."""
    placed = Placement.objects.order_by().values("student_id").annotate(first=Min("starts_on"))
    return {pk: first - timedelta(days=90) for pk, first in placed.values_list("student_id", "first")}


def _before(model: type[Model], column: str, days: int) -> dict[int, date | None]:
    rows = model.objects.values_list("pk", column)
    return {pk: None if day is None else day - timedelta(days=days) for pk, day in rows}


ABOUT: Mapping[type[Model], About] = {
    Affiliation: _affiliations,
    Clearance: "requested_at",
    Contact: _contacts,
    Evaluation: "rated_on",
    FundingEntry: "booked_on",
    FundingScheme: _schemes,
    Interaction: "occurred_at",
    LedgerEntry: "occurred_on",
    Opportunity: _opportunities,
    Organization: _organizations,
    PartnerEvent: "occurred_on",
    Partnership: "started_on",
    Placement: lambda: _before(Placement, "starts_on", 45),
    PlacementEvaluation: "answered_at",
    Position: lambda: _before(Position, "starts_on", 240),
    Project: "started_on",
    ProjectIssue: "raised_on",
    ProjectOutput: "produced_on",
    ProjectPerson: "started_on",
    Review: "held_on",
    RiskFlag: "raised_on",
    Student: _students,
    TalentEvent: "occurred_on",
    TeamMember: "started_on",
}
