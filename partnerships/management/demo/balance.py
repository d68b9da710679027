"""The demonstration's give and get outside contracts, and what somebody worries about in a few organizations."""

import random
from datetime import date, timedelta
from decimal import Decimal

from organizations.choices import RiskKind
from organizations.models import RiskFlag
from partnerships.choices import LedgerDirection, LedgerKind
from partnerships.models import LedgerEntry, Partnership
from tenants.models import Membership

PARTNERS = 9
GIVEN = [
    (LedgerKind.TALK, "Talk of our professor at their annual day", 2_500, "Usual fee of a speaker"),
    (LedgerKind.INTRODUCTION, "Introduction to two groups abroad", None, ""),
    (LedgerKind.EXPERTISE, "Two days of advice on their test plan", 3_200, "Day rate of the laboratory"),
    (LedgerKind.EARLY_ACCESS, "Draft of the report before it was published", None, ""),
    (LedgerKind.VISIBILITY, "Their story in the yearly magazine", None, ""),
]
GOTTEN = [
    (LedgerKind.EQUIPMENT, "Loan of a test bench over the summer", 12_000, "Rent that they would ask"),
    (LedgerKind.DATA, "Samples from three production lots", 4_000, "Price of the lots"),
    (LedgerKind.TALK, "Guest lectures in two courses", 1_800, "Usual fee of a speaker"),
    (LedgerKind.PRIZE, "Prize for the best thesis of the year", 5_000, "Amount of the prize"),
    (LedgerKind.EXPERTISE, "Their engineer in the capstone jury", None, ""),
]
RISKS = [
    (RiskKind.FINANCIAL, "Two quarters with a loss; the last invoice was paid after 60 days."),
    (RiskKind.EXPORT_CONTROL, "A new owner abroad: what leaves the laboratory needs a check first."),
    (RiskKind.REPUTATION, "In the press for a spill at their plant. Their statement is awaited."),
]


def tell_balance(partnerships: list[Partnership], staff: list[Membership], currency: str, now, chance: random.Random):
    """Write it over some of the partners given; the scope must be open."""
    today = now.date()
    LedgerEntry.objects.bulk_create(
        entry
        for partnership in chance.sample(partnerships, k=min(len(partnerships), PARTNERS))
        for entry in _entries(partnership, currency, today, chance)
    )
    worried = chance.sample(partnerships, k=min(len(partnerships), len(RISKS)))
    RiskFlag.objects.bulk_create(
        RiskFlag(
            organization_id=partnership.organization_id,
            kind=kind,
            note=note,
            raised_on=today - timedelta(days=chance.randint(15, 150)),
            raised_by_id=chance.choice(staff).user_id,
        )
        for partnership, (kind, note) in zip(worried, RISKS, strict=False)
    )


def _entries(partnership: Partnership, currency: str, today: date, chance: random.Random):
    for direction, told in ((LedgerDirection.GIVE, GIVEN), (LedgerDirection.GET, GOTTEN)):
        for kind, description, value, basis in chance.sample(told, k=chance.randint(0, 3)):
            yield LedgerEntry(
                partnership=partnership,
                direction=direction,
                kind=kind,
                description=description,
                occurred_on=today - timedelta(days=chance.randint(10, 420)),
                value=None if value is None else Decimal(value),
                currency=currency,
                valuation_basis=basis,
            )
