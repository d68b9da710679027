"""What the large office's dashboards count: ten years of agreements, money, opportunities, people and results.

5,000 opportunities with their moves, 6,000 agreements with theirs, 20,000 entries of money, 6,000 events of talent,
3,000 placements, 4,000 outputs, 9,000 objectives, 8,000 gifts, and a score of each partner for each of twelve months.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from agreements.choices import AgreementKind, Court
from agreements.models import Agreement, AgreementEvent, Grant
from core.tenancy.scope import tenant_scope, tenant_transaction
from organizations.models import RiskFlag
from partnerships.choices import Band, Channel, ObjectiveStatus, Side, Stage, Tier
from partnerships.choices_delivery import FundingSource, OutputKind, ResearchDomain
from partnerships.choices_talent import TalentEventKind
from partnerships.models import (
    FundingEntry,
    HealthSnapshot,
    LedgerEntry,
    Objective,
    Opportunity,
    OpportunityMove,
    OpportunityStage,
    Partnership,
    Placement,
    ProjectIssue,
    ProjectOutput,
    Student,
    TalentEvent,
    TalentProgram,
)
from tenants.models import Tenant
from tests import databases
from tests.benchmarks.large_office import _copy

YEARS = 10


def add(database: str, tenant: Tenant, *, seed: int = 12, scale: float = 1.0) -> None:
    """Add the records to the office that ``large_office.build`` made; ``scale`` multiplies them."""
    chance = random.Random(seed)
    with tenant_transaction(tenant.pk):
        partners = list(Partnership.objects.order_by("pk").values_list("pk", flat=True))
        projects = len(partners) * 4 // 3
        stages = list(OpportunityStage.objects.order_by("position").values_list("pk", flat=True))
        for pk in partners:
            Partnership.objects.filter(pk=pk).update(
                stage_declared=chance.choice(Stage.values), tier=chance.choice(Tier.values)
            )
        last = HealthSnapshot.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with tenant_scope(tenant.pk), databases.superuser(database) as cursor:
        cursor.execute("set session_replication_role = replica")
        for model, names, rows in _everything(chance, partners, projects, stages, scale):
            _copy(cursor, model, names, rows)
        _old_scores(cursor, tenant, last)
        cursor.execute("vacuum analyze")


def _old_scores(cursor, tenant: Tenant, last: int) -> None:
    """A score of each partner in each of the last twelve months."""
    cursor.execute(
        """
        insert into partnerships_healthsnapshot (tenant_id, partnership_id, as_of, computed_at, config_version, raw,
            score, confidence, band, dimensions, caps, inputs, inputs_hash)
        select tenant_id, partnership_id, current_date - 30 * m, now() - m * interval '30 days', config_version, raw,
            score, confidence, (%(bands)s)[1 + (partnership_id + m) %% 4], dimensions, caps, inputs, inputs_hash
        from partnerships_healthsnapshot cross join generate_series(1, 12) m
        where tenant_id = %(tenant)s and id <= %(last)s
        """,
        {"tenant": tenant.pk, "last": last, "bands": list(Band.values)},
    )


def _everything(
    chance: random.Random, partners: list[int], projects: int, stages: list[int], scale: float
) -> Iterator[tuple]:
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

    def many(number: int) -> range:
        return range(int(number * scale))

    def day(years: int = YEARS) -> date:
        return today.date() - timedelta(days=chance.randrange(365 * years))

    ways = [sorted(chance.sample(range(len(stages)), chance.randrange(2, 6))) for _each in many(5_000)]
    begun = [today - timedelta(days=chance.randrange(30, 365 * YEARS)) for _each in ways]
    yield (
        Opportunity,
        ("partnership_id", "title", "channel", "lead_source", "stage_id", "stage_since", "value", "created_at"),
        (
            (chance.choice(partners), f"Opportunity {number}", chance.choice(Channel.values),
             chance.choice(["push", "pull"]), stages[way[-1]], begun[number] + timedelta(days=20 * len(way)),
             chance.randrange(10_000, 900_000), begun[number])
            for number, way in enumerate(ways)
        ),
    )  # fmt: skip
    yield (
        OpportunityMove,
        ("opportunity_id", "from_stage_id", "to_stage_id", "moved_at", "seconds_before"),
        (
            (number + 1, stages[way[place - 1]] if place else None, stages[at],
             begun[number] + timedelta(days=20 * place),
             86_400 * 20 if place else None)
            for number, way in enumerate(ways)
            for place, at in enumerate(way)
        ),
    )  # fmt: skip
    signed = [day() for _each in many(6_000)]
    yield (
        Agreement,
        ("reference", "title", "kind", "status", "workflow", "court", "partnership_id", "level", "value", "complete_on",
         "executed_on", "effective_on", "expires_on"),
        (
            (f"A-{number}", f"Agreement {number}", chance.choice(AgreementKind.values), "executed", "closed", "nobody",
             chance.choice(partners), "confidential" if chance.random() < 0.1 else "internal",
             chance.randrange(10_000, 900_000), at - timedelta(days=chance.randrange(10, 150)), at, at,
             at + timedelta(days=365 * 3))
            for number, at in enumerate(signed)
        ),
    )  # fmt: skip
    yield (
        AgreementEvent,
        ("agreement_id", "to_workflow", "to_status", "court", "at"),
        (
            (number + 1, chance.choice(["drafting", "redline", "approval", "on_hold"]), "negotiation",
             chance.choice(Court.values[:4]),
             datetime(at.year, at.month, at.day, tzinfo=UTC) - timedelta(days=60 - 8 * step))
            for number, at in enumerate(signed)
            for step in range(7)
        ),
    )  # fmt: skip
    yield Grant, ("agreement_id",), ((number + 1,) for number in range(0, len(signed), 6))
    booked = [day() for _each in many(20_000)]
    yield (
        FundingEntry,
        ("partnership_id", "measure", "source", "amount", "base_amount", "booked_on", "fiscal_year", "channel",
         "domain"),
        (
            (chance.choice(partners), chance.choice(["received", "received", "committed", "invoiced"]),
             chance.choice(FundingSource.values), 1000 + number, 1000 + number, at, at.year,
             chance.choice(Channel.values), chance.choice(ResearchDomain.values))
            for number, at in enumerate(booked)
        ),
    )  # fmt: skip
    yield (
        TalentEvent,
        ("partnership_id", "kind", "occurred_on", "people"),
        ((chance.choice(partners), chance.choice(TalentEventKind.values), day(), chance.randrange(1, 9))
         for _each in many(6_000)),
    )  # fmt: skip
    yield TalentProgram, ("name", "kind"), ((f"Program {kind}", kind) for kind in ("internship", "thesis", "coop"))
    yield Student, ("name",), ((f"Student {number}",) for number in many(3_000))
    yield (
        Placement,
        ("student_id", "partnership_id", "program_id", "status", "starts_on", "ends_on"),
        ((number + 1, chance.choice(partners), chance.randrange(1, 4), "completed", at, at + timedelta(days=90))
         for number, at in enumerate(day() for _each in many(3_000))),
    )  # fmt: skip
    yield (
        ProjectOutput,
        ("project_id", "kind", "title", "produced_on"),
        ((chance.randrange(projects) + 1, chance.choice(OutputKind.values), f"Output {number}", day())
         for number in many(4_000)),
    )  # fmt: skip
    yield (
        Objective,
        ("partnership_id", "side", "title", "status"),
        ((chance.choice(partners), chance.choice(Side.values), "An aim", chance.choice(ObjectiveStatus.values))
         for _each in many(9_000)),
    )  # fmt: skip
    yield (
        LedgerEntry,
        ("partnership_id", "direction", "description", "occurred_on", "value"),
        ((chance.choice(partners), chance.choice(["give", "get"]), "A gift", day(), chance.randrange(100, 9_000))
         for _each in many(8_000)),
    )  # fmt: skip
    yield (
        RiskFlag,
        ("organization_id", "kind", "note", "raised_on"),
        ((chance.randrange(len(partners)) + 1, "dispute", "Seen", day(1)) for _each in many(60)),
    )
    yield (
        ProjectIssue,
        ("project_id", "title", "severity", "raised_on"),
        ((chance.randrange(projects) + 1, "Trouble", "critical", day(1)) for _each in many(40)),
    )
