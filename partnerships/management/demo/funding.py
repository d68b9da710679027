"""The demonstration's money: ten years of it in several currencies, with invoices, and a catalog of schemes."""

import random
from datetime import date, timedelta
from decimal import Decimal

from partnerships.choices import Channel
from partnerships.choices_delivery import FundingMeasure, FundingSource, ResearchDomain, SchemeKind
from partnerships.models import FundingEntry, FundingScheme, Partnership, Project, ProjectParticipant
from partnerships.rules.funding import base_amount, fiscal_year

YEARS = 10
# What one unit is worth in the office's currency, in round figures; each year's rate lies within 6 % of it.
RATES = {
    "EUR": {"USD": Decimal("0.91"), "GBP": Decimal("1.16"), "SEK": Decimal("0.089")},
    "USD": {"EUR": Decimal("1.09"), "GBP": Decimal("1.27"), "CAD": Decimal("0.74")},
}
COUNCIL, REGION, EUROPE = "National Research Council", "Regional Innovation Agency", "European Union"
RECTOR = "Strategic fund of the rector"
PUBLIC = [
    (FundingSource.FEDERAL, COUNCIL),
    (FundingSource.STATE, REGION),
    (FundingSource.INTERNATIONAL, EUROPE),
    (FundingSource.FOUNDATION, "Carlsen Foundation"),
    (FundingSource.INSTITUTION, RECTOR),
]
TALENT = {Channel.RECRUITMENT, Channel.INTERNSHIPS, Channel.CAPSTONE}
GIFTS = [
    ("Test bench for six months", "Their list price"),
    ("Engineering hours", "Hours at the agreed rate"),
    ("Data set of field measurements", "Cost of measuring it anew"),
    ("Licenses for simulation software", "Their academic price list"),
]
# What differs from a grant for everybody without conditions; ``days`` to the deadline.
SCHEMES: list[dict] = [
    {"name": "Innovation voucher", "funder": REGION, "kind": SchemeKind.VOUCHER, "sme_only": True, "rate": 75},
    {"name": "Joint industrial research", "funder": COUNCIL, "channels": ["RES", "LAB"], "trl": (3, 6), "days": 24},
    {"name": "Industrial doctorate", "funder": COUNCIL, "kind": SchemeKind.FELLOWSHIP, "channels": ["GRD"], "days": 61},
    {"name": "Energy demonstration", "funder": "Energy Agency", "domains": ["energy"], "trl": (6, 8), "days": 12},
    {"name": "Pathfinder", "funder": EUROPE, "channels": ["RES"], "trl": (1, 4), "cap": 3_000_000, "days": 118},
    {"name": "Accelerator", "funder": EUROPE, "channels": ["STU"], "sme_only": True, "trl": (5, 8), "days": 46},
    {"name": "Tax credit for research", "funder": "Revenue Service", "kind": SchemeKind.TAX_INCENTIVE, "rate": 25},
    {"name": "Clinical proof of concept", "funder": "Health Fund", "channels": ["CLI"], "trl": (4, 6), "days": 33},
    {"name": "Match of industry money", "funder": RECTOR, "kind": SchemeKind.MATCH, "rate": 30, "cap": 100_000},
    {"name": "Green skills", "funder": "Ministry of Labor", "channels": ["CPD", "CUR"], "rate": 60, "days": 5},
    {"name": "First contact voucher", "funder": REGION, "kind": SchemeKind.VOUCHER, "cap": 5_000, "days": -300},
]


def tell_money(partnerships: list[Partnership], currency: str, start_month: int, now, chance: random.Random) -> None:
    """Write schemes, and ten years of money over the partners given; the scope must be open and projects there."""
    today = now.date()
    _domains(chance)
    schemes = _schemes(currency, today)
    works: dict[int, list[Project]] = {}
    for link in ProjectParticipant.objects.select_related("project").order_by("pk"):
        works.setdefault(link.organization_id, []).append(link.project)
    books = _Books(currency, start_month, today, chance)
    rows: list[FundingEntry] = []
    for partnership in partnerships:
        projects = [each for each in works.get(partnership.organization_id, []) if each.channel not in TALENT]
        for project in projects:
            rows += books.project(partnership, project, schemes)
        rows += books.earlier_years(partnership, bool(projects))
    FundingEntry.objects.bulk_create(rows)


def _domains(chance: random.Random) -> None:
    """Give two of three projects a domain."""
    projects = list(Project.objects.filter(domain="").order_by("pk"))
    for project in projects:
        if chance.random() < 0.67:
            project.domain = chance.choice(ResearchDomain.values)
    Project.objects.bulk_update(projects, ["domain"])


def _schemes(currency: str, today: date) -> list[FundingScheme]:
    rows = []
    for each in SCHEMES:
        low, high = each.get("trl", (None, None))
        days = each.get("days")
        plain = {name: value for name, value in each.items() if name not in ("trl", "days")}
        ahead = None if days is None else today + timedelta(days=days)
        over = ahead if days is not None and days < 0 else None
        plain = {"rate": 50, "cap": 250_000, "currency": currency, **plain}
        rows.append(FundingScheme(trl_from=low, trl_to=high, deadline_on=ahead, closed_on=over, **plain))
    return FundingScheme.objects.bulk_create(rows)


class _Books:
    """Makes entries as the office would have kept them."""

    def __init__(self, currency: str, start_month: int, today: date, chance: random.Random):
        self.currency, self.start_month, self.today, self.chance = currency, start_month, today, chance

    def entry(self, measure: str, amount: Decimal, day: date, *, money: str = "", **fields) -> FundingEntry:
        money = money or self.currency
        rate, rate_on = Decimal(1), None
        if money != self.currency:
            drift = 100 + random.Random(f"{money} {day.year}").randint(-6, 6)
            rate, rate_on = (RATES[self.currency][money] * drift / 100).quantize(Decimal("0.0001")), day
        return FundingEntry(
            measure=measure,
            amount=amount,
            currency=money,
            rate=rate,
            rate_on=rate_on,
            base_amount=base_amount(amount, rate),
            booked_on=day,
            fiscal_year=fiscal_year(day, self.start_month),
            **fields,
        )

    def _money(self) -> str:
        return self.chance.choice(list(RATES[self.currency])) if self.chance.random() < 0.12 else self.currency

    def project(self, partnership: Partnership, project: Project, schemes: list[FundingScheme]) -> list[FundingEntry]:
        """What was promised for a project, invoiced, paid and spent so far, with public money beside it."""
        chance, start = self.chance, project.started_on
        if start is None or start > self.today:
            return []
        award = project.award or Decimal(chance.randint(4, 60) * 5000)
        money = self._money()
        common = {"partnership": partnership, "project": project, "channel": project.channel, "domain": project.domain}
        rows = [self.entry(FundingMeasure.COMMITTED, award, start, money=money, reference=self._reference(), **common)]
        if money == self.currency:
            rows[0].overhead_base, rows[0].overhead_rate = (
                (award / Decimal("1.25")).quantize(Decimal("0.01")),
                Decimal(25),
            )
        part = (award / 4).quantize(Decimal("0.01"))
        for number in range(4):
            day = start + timedelta(days=60 + 170 * number)
            if day > self.today:
                break
            rows += self._payment(part, day, money, common)
            spent = (part * Decimal(chance.randint(70, 100)) / 100).quantize(Decimal("0.01"))
            if day + timedelta(days=80) <= self.today:
                rows.append(self.entry(FundingMeasure.SPENT, spent, day + timedelta(days=80), **common))
        if chance.random() < 0.45:
            source, funder = chance.choice(PUBLIC)
            amount = Decimal(chance.randint(5, 80) * 5000)
            scheme = chance.choice(schemes[:-1]) if chance.random() < 0.5 else None
            public = {"project": project, "channel": project.channel, "domain": project.domain}
            public |= {"source": source, "funder": funder, "scheme": scheme}
            rows.append(self.entry(FundingMeasure.COMMITTED, amount, start, **public))
            if start + timedelta(days=200) <= self.today:
                rows.append(self.entry(FundingMeasure.RECEIVED, amount / 2, start + timedelta(days=200), **public))
        if chance.random() < 0.25:
            what, basis = chance.choice(GIFTS)
            value = Decimal(chance.randint(2, 30) * 1000)
            day = start + (self.today - start) * chance.randint(10, 90) / 100
            gift = {**common, "valuation_basis": basis, "note": what, "is_cost_share": chance.random() < 0.4}
            rows.append(self.entry(FundingMeasure.IN_KIND, value, day, **gift))
        return rows

    def _payment(self, amount: Decimal, day: date, money: str, common: dict) -> list[FundingEntry]:
        """An invoice, and the money where it was paid; now and then one stays unpaid."""
        due, late = day + timedelta(days=30), self.chance.choices([0, 12, 45], [8, 2, 1])[0]
        paid: date | None = due + timedelta(days=late)
        if paid > self.today or (self.chance.random() < 0.04 and day > self.today - timedelta(days=400)):
            paid = None
        reference = self._reference("INV")
        rows = [
            self.entry(
                FundingMeasure.INVOICED,
                amount,
                day,
                money=money,
                reference=reference,
                due_on=due,
                paid_on=paid,
                **common,
            )
        ]
        if paid is not None:
            rows.append(self.entry(FundingMeasure.RECEIVED, amount, paid, money=money, reference=reference, **common))
        return rows

    def earlier_years(self, partnership: Partnership, has_projects: bool) -> list[FundingEntry]:
        """What came before the projects that are recorded: one award and one payment in some of the years."""
        chance, rows = self.chance, []
        keen = 0.55 if has_projects else 0.12
        for back in range(3, YEARS + 1):
            if chance.random() > keen * (1 - back / 16):
                continue
            day = self.today.replace(day=1) - timedelta(days=365 * back - chance.randint(0, 300))
            amount, money = Decimal(chance.randint(2, 36) * 5000), self._money()
            channel = chance.choice(
                [Channel.RESEARCH, Channel.RESEARCH, Channel.FACILITIES, Channel.WORKFORCE_TRAINING]
            )
            common = {"partnership": partnership, "channel": channel}
            common |= {"domain": chance.choice(["", *ResearchDomain.values]), "money": money}
            rows.append(self.entry(FundingMeasure.COMMITTED, amount, day, **common))
            rows.append(
                self.entry(FundingMeasure.RECEIVED, amount, day + timedelta(days=chance.randint(40, 200)), **common)
            )
            if chance.random() < 0.08:
                refund = -(amount / 10).quantize(Decimal("0.01"))
                rows.append(
                    self.entry(FundingMeasure.RECEIVED, refund, day + timedelta(days=260), note="Paid back", **common)
                )
        return rows

    def _reference(self, prefix: str = "C") -> str:
        return f"{prefix}-{self.chance.randint(10_000, 99_999)}"
