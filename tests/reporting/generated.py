"""An office full of records, drawn from a seed: for tests that compute every number of a report in another way."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from agreements.choices import AgreementKind, Court
from agreements.models import Agreement, AgreementEvent, Grant, IpAsset
from organizations.models import Organization, RiskFlag
from partnerships.choices import (
    Band,
    Channel,
    LeadSource,
    LedgerDirection,
    ObjectiveStatus,
    Side,
    Stage,
    Tier,
)
from partnerships.choices_delivery import FundingSource, OutputKind, ResearchDomain, Severity
from partnerships.choices_talent import PlacementStatus, ProgramKind, TalentEventKind
from partnerships.models import (
    FundingEntry,
    HealthSnapshot,
    LedgerEntry,
    Objective,
    Opportunity,
    OpportunityMove,
    OpportunityStage,
    Partnership,
    PartnershipHealth,
    Placement,
    Project,
    ProjectIssue,
    ProjectOutput,
    ProjectParticipant,
    Student,
    TalentEvent,
    TalentProgram,
)
from partnerships.rules.funding import fiscal_year
from tests.cast import Office

PARTNERS = 24
COUNTRIES = ["DK", "DE", "SE", ""]
CITIES = ["Aarhus", "Odense", "Malmö", ""]
REGIONS = ["Midtjylland", "Skåne", ""]


def fill(office: Office, *, seed: int = 1, start_month: int = 1) -> None:
    """Fill the open scope. Amounts are in euros but for a few; days lie within six years before today."""
    chance = random.Random(seed)
    today = timezone.localdate()
    people = [office.user(role) for role in ("administrator", "manager", "officer")]

    def day(years: float = 6) -> date:
        return today - timedelta(days=chance.randrange(int(365 * years)))

    def moment(years: float = 3) -> datetime:
        return timezone.now() - timedelta(days=chance.randrange(1, int(365 * years)), hours=chance.randrange(24))

    def money() -> Decimal:
        return Decimal(chance.randrange(100_00, 90_000_00)) / 100

    own = Organization.objects.create(name="Our own university", is_own=True)
    partners = []
    for number in range(PARTNERS):
        placed = chance.random() < 0.7
        organization = Organization.objects.create(
            name=f"Generated {number:02} A/S", country=chance.choice(COUNTRIES), city=chance.choice(CITIES),
            region=chance.choice(REGIONS), sme=chance.choice([True, False, None]),
            sector_scheme="nace", sector_code=chance.choice(["26.11", "26.20", "10.01"]),
            latitude=Decimal("56.1") + number if placed else None, longitude=Decimal("10.2") if placed else None,
            geo_precision="city" if placed else "",
        )  # fmt: skip
        partner = Partnership.objects.create(
            organization=organization, stage_declared=chance.choice(Stage.values), tier=chance.choice(Tier.values),
            status="active" if number % 8 else "dormant", owner=chance.choice([*people, None]),
            started_on=day(), next_review_on=chance.choice([day(1), today + timedelta(days=30), None]),
        )  # fmt: skip
        bands = [chance.choice(Band.values) for _each in range(2)]
        for ago, band in ((120, bands[0]), (5, bands[1])):
            if ago == 120 and chance.random() < 0.3:
                continue
            made = timezone.now() - timedelta(days=ago)
            HealthSnapshot.objects.create(
                partnership=partner, as_of=made.date(), computed_at=made, config_version=1, raw=50, score=50,
                confidence=0.8, band=band, dimensions={}, caps=[], inputs={}, inputs_hash="x" * 64,
            )  # fmt: skip
        PartnershipHealth.objects.create(
            partnership=partner, band=bands[1], score=50, confidence=0.8, computed_at=timezone.now(),
            last_contact_at=chance.choice([None, moment(1)]), our_share=chance.random(), their_share=chance.random(),
        )  # fmt: skip
        partners.append(partner)
    _opportunities(chance, partners, moment, money)
    projects = _projects(chance, partners, own, day, money, today)
    _agreements(chance, partners, people, day, money, today)
    for _each in range(60):
        booked = day()
        amount = money()
        FundingEntry.objects.create(
            partnership=chance.choice([*partners, None]), project=chance.choice(projects),
            measure=chance.choice(["received", "received", "committed", "in_kind", "spent"]),
            valuation_basis="Price list",
            source=chance.choice(FundingSource.values), amount=amount, base_amount=amount, booked_on=booked,
            fiscal_year=fiscal_year(booked, start_month), channel=chance.choice(Channel.values),
            domain=chance.choice(["", *ResearchDomain.values]),
        )  # fmt: skip
    for _each in range(50):
        partner = chance.choice(partners)
        TalentEvent.objects.create(
            partnership=partner, kind=chance.choice(TalentEventKind.values), occurred_on=day(),
            people=chance.randrange(1, 9),
        )  # fmt: skip
        Objective.objects.create(
            partnership=partner, side=chance.choice(Side.values), title="An aim",
            status=chance.choice(ObjectiveStatus.values),
        )  # fmt: skip
        LedgerEntry.objects.create(
            partnership=chance.choice(partners), direction=chance.choice(LedgerDirection.values), description="A gift",
            value=chance.choice([None, money()]), occurred_on=day(), currency=chance.choice(["EUR", "EUR", "USD"]),
        )  # fmt: skip
    for number, kind in enumerate(ProgramKind.values):
        program = TalentProgram.objects.create(name=f"Program {number}", kind=kind)
        for _each in range(chance.randrange(0, 9)):
            began = day(4)
            Placement.objects.create(
                student=Student.objects.create(name="Kim Student"), partnership=chance.choice(partners),
                program=program, starts_on=began, ends_on=began + timedelta(days=60),
                status=chance.choice([s for s in PlacementStatus.values if s != "needs_review"]),
            )  # fmt: skip
    for partner in chance.sample(partners, 6):
        RiskFlag.objects.create(
            organization=partner.organization, kind=chance.choice(["dispute", "financial"]), note="Seen",
            raised_on=day(1), cleared_on=chance.choice([None, None, today]),
        )  # fmt: skip


def _opportunities(chance, partners, moment, money) -> None:
    stages = list(OpportunityStage.objects.order_by("position"))
    for number in range(60):
        partner, way = chance.choice(partners), sorted(chance.sample(range(len(stages)), chance.randrange(1, 4)))
        times = sorted(moment() for _each in way)
        at = stages[way[-1]]
        row = Opportunity.objects.create(
            partnership=partner, title=f"Opportunity {number}", channel=chance.choice(Channel.values[:4]),
            lead_source=chance.choice(LeadSource.values), stage=at, stage_since=times[-1],
            value=chance.choice([None, money()]), currency=chance.choice(["EUR", "EUR", "EUR", "USD"]),
            probability=chance.choice([None, 40]), closed_at=times[-1] if at.is_closed else None,
        )  # fmt: skip
        Opportunity.objects.filter(pk=row.pk).update(created_at=times[0])
        before = None
        for place, time in zip(way, times, strict=True):
            seconds = None if before is None else int((time - before[1]).total_seconds())
            OpportunityMove.objects.create(
                opportunity=row, from_stage=before and before[0], to_stage=stages[place], moved_at=time,
                seconds_before=seconds,
            )  # fmt: skip
            before = (stages[place], time)


def _projects(chance, partners, own, day, money, today) -> list[Project]:
    projects = []
    for number in range(50):
        began = day()
        row = Project.objects.create(
            title=f"Project {number}", channel=chance.choice(Channel.values), started_on=began,
            ended_on=chance.choice([None, began + timedelta(days=chance.randrange(30, 900))]),
            domain=chance.choice(["", *ResearchDomain.values]), award=chance.choice([None, money()]),
            currency=chance.choice(["EUR", "EUR", "EUR", "USD"]),
        )  # fmt: skip
        if chance.random() < 0.5:
            ProjectParticipant.objects.create(project=row, organization=own, award=chance.choice([None, money()]))
        for partner in chance.sample(partners, chance.randrange(0, 4)):
            ProjectParticipant.objects.create(project=row, organization=partner.organization)
        for _each in range(chance.randrange(0, 3)):
            ProjectOutput.objects.create(
                project=row, kind=chance.choice(OutputKind.values), title="A result",
                produced_on=chance.choice([None, day(4)]),
            )  # fmt: skip
        if chance.random() < 0.2:
            ProjectIssue.objects.create(
                project=row, title="Trouble", severity=chance.choice([Severity.CRITICAL, Severity.HIGH]),
                raised_on=day(1),
            )  # fmt: skip
        projects.append(row)
    return projects


def _agreements(chance, partners, people, day, money, today) -> None:
    kinds = [*AgreementKind.values[:6], "license", "option"]
    for number in range(60):
        complete = day(4)
        done = complete + timedelta(days=chance.randrange(5, 200))
        executed = done if done <= today and chance.random() < 0.8 else None
        soon = today + timedelta(days=chance.randrange(-50, 400))
        row = Agreement.objects.create(
            reference=f"G-{number}",
            title="An agreement",
            kind=chance.choice(kinds),
            partnership=chance.choice([*partners, None]),
            complete_on=complete if executed else chance.choice([complete, None]),
            executed_on=executed,
            effective_on=executed,
            status="executed" if executed else "negotiation",
            workflow="closed" if executed else "redline",
            court="nobody" if executed else "partner",
            expires_on=chance.choice([None, max(executed, soon)]) if executed else None,
            level=chance.choice(["internal", "internal", "confidential", "restricted"]),
            value=chance.choice([None, money()]),
            owner=chance.choice([*people, None]),
            renewal_intended=chance.random() < 0.8,
            renewal_progress=chance.choice(["none", "proposed"]),
        )
        at = timezone.make_aware(datetime.combine(complete, datetime.min.time())) + timedelta(hours=12)
        for step in range(chance.randrange(0, 5)):
            AgreementEvent.objects.create(
                agreement=row, to_workflow=chance.choice(["drafting", "redline", "on_hold", "approval"]),
                to_status="negotiation", court=chance.choice(Court.values[:4]), at=at + timedelta(days=7 * step),
            )  # fmt: skip
        if row.kind in ("license", "option"):
            Grant.objects.create(agreement=row)
    for number in range(8):
        IpAsset.objects.create(
            reference=f"IP-G{number}", title="An invention", level=chance.choice(["internal", "restricted"])
        )
