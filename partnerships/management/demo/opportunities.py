"""The demonstration's pipeline: opportunities in every stage with the moves that brought them there."""

import random
from datetime import timedelta
from decimal import Decimal

from partnerships.choices import Channel, LeadSource, LossReason, StageMeaning
from partnerships.management.demo import names
from partnerships.models import Opportunity, OpportunityMove, OpportunityStage, Partnership
from tenants.models import Membership

# How many stand in each stage, in the order of the pipeline; the last three are on hold, won, lost.
SHARES = [7, 6, 6, 5, 3, 2, 5, 4]
CHANNELS = [Channel.RESEARCH, Channel.JOINT_LAB, Channel.LICENSING, Channel.INTERNSHIPS, Channel.WORKFORCE_TRAINING]
STEPS = [
    "Send the draft scope",
    "Call {who} about the budget",
    "Meet the investigator",
    "Ask legal about the IP terms",
    "Agree the start date",
    "Visit their site",
    "Answer their questions",
]
LESSONS = {
    LossReason.IP_TERMS: "They wanted to own all results. Offer the option model earlier.",
    LossReason.TIMING: "Their budget year had closed. Ask again in autumn.",
    LossReason.NO_BUDGET: "The project was cut after a reorganization.",
    LossReason.CAPACITY: "The group had nobody free before summer.",
}


def tell_opportunities(
    partnerships: list[Partnership], staff: list[Membership], currency: str, now, chance: random.Random
) -> None:
    """Write a pipeline over the partners given; the scope must be open and the stages there."""
    stages = list(OpportunityStage.objects.order_by("position", "pk"))
    open_stages = [stage for stage in stages if stage.meaning == StageMeaning.OPEN]
    partners = chance.sample(partnerships, k=min(len(partnerships), sum(SHARES)))
    wanted = [stage for stage, share in zip(stages, SHARES, strict=True) for _each in range(share)]
    rows, ways = [], []
    for partnership, stage in zip(partners, wanted, strict=False):
        way = _way(stage, open_stages, chance)
        rows.append(_opportunity(partnership, stage, way[-1][1], staff, currency, now, chance))
        ways.append(way)
    moves = []
    for row, way in zip(Opportunity.objects.bulk_create(rows), ways, strict=True):
        before = None
        for stage, days_ago in way:
            before = _move(row, before, stage, days_ago, now)
            moves.append(before)
    OpportunityMove.objects.bulk_create(moves)


def _way(stage: OpportunityStage, open_stages: list[OpportunityStage], chance: random.Random) -> list[tuple]:
    """The stages it came through, each with how many days ago it came there."""
    reached = open_stages.index(stage) if stage in open_stages else chance.randint(1, len(open_stages) - 1)
    way = open_stages[: reached + 1] if stage in open_stages else [*open_stages[: reached + 1], stage]
    days_ago, arrivals = chance.randint(1, 70), []
    for each in reversed(way):
        arrivals.append((each, days_ago))
        days_ago += chance.randint(6, 45)
    return arrivals[::-1]


def _opportunity(partnership, stage, days_ago, staff, currency, now, chance) -> Opportunity:
    closed, lost = stage.is_closed, stage.meaning == StageMeaning.LOST
    reason = chance.choice(list(LESSONS)) if lost else ""
    channel = chance.choice(CHANNELS)
    topic = chance.choice(chance.choice(list(names.TOPICS.values())))
    title = names.PROJECTS[channel].format(topic=topic)
    step = chance.choice(STEPS).format(who="the project lead") if not closed and chance.random() < 0.85 else ""
    since = now - timedelta(days=days_ago, minutes=chance.randint(0, 600))
    return Opportunity(
        partnership=partnership,
        title=title[0].upper() + title[1:],
        channel=channel,
        lead_source=chance.choice(list(LeadSource)),
        stage=stage,
        stage_since=since,
        value=Decimal(chance.randint(2, 60) * 12_500) if chance.random() < 0.9 else None,
        currency="USD" if chance.random() < 0.08 else currency,
        probability=chance.choice([30, 60, 80]) if not closed and chance.random() < 0.2 else None,
        expected_close_on=None if closed else (now + timedelta(days=chance.randint(20, 240))).date(),
        next_step=step,
        next_step_on=(now + timedelta(days=chance.randint(-9, 30))).date() if step else None,
        owner_id=chance.choice(staff).user_id if chance.random() < 0.93 else None,
        loss_reason=reason,
        loss_note=LESSONS.get(reason, ""),
        closed_at=since if closed else None,
    )


def _move(
    row: Opportunity, before: OpportunityMove | None, stage: OpportunityStage, days_ago: int, now
) -> OpportunityMove:
    moment = row.stage_since if stage.pk == row.stage_id else now - timedelta(days=days_ago)
    return OpportunityMove(
        opportunity=row,
        from_stage=before.to_stage if before else None,
        to_stage=stage,
        moved_at=moment,
        moved_by_id=row.owner_id,
        seconds_before=int((moment - before.moved_at).total_seconds()) if before else None,
    )
