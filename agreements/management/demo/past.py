"""The demonstration's agreements of earlier years, in force or over.

They come in lines: one kind of agreement with one partner, each renewing the one before, until one was not renewed or
runs today. Chance decides on every end, and the more contact there was until half a year before, by what the stage of
the partner asks for, the more it favors a renewal: much like life, neither always nor never. So there is something to
hold the health score against. They have dates, parties, signatures, clauses, money and moves, but no papers.
"""

import math
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from agreements.actions.clauses import recheck
from agreements.choices import PartyRole, RenewalProgress
from agreements.management.demo import texts
from agreements.management.demo.story import WAY as TO_SIGNATURE
from agreements.management.demo.story import delegate
from agreements.models import Agreement, AgreementEvent, ClauseAnswer, MoneyLine, Party, Signatory
from agreements.rules.clauses import questions_for
from agreements.rules.kinds import KINDS
from agreements.rules.workflow import MOVES
from organizations.models import Affiliation, Organization
from partnerships.models import Interaction, Participant, Partnership, ProjectParticipant
from partnerships.queries.health_configuration import health_config
from partnerships.rules.touches import TOUCH_WEIGHTS
from tenants.models import Membership

WAY = (*TO_SIGNATURE, "execute")
# Months of a term, how often the kind is dealt, and what one of them is worth, from and to in thousands.
TERMS: dict[str, tuple[int, int, tuple[int, int] | None]] = {
    "service": (12, 5, (8, 60)),
    "research": (12, 4, (40, 220)),
    "capstone": (12, 3, (5, 15)),
    "placement": (12, 4, (6, 30)),
    "consultancy": (6, 3, (4, 25)),
    "data": (12, 3, None),
    "material": (12, 3, None),
    "nda": (18, 3, None),
    "consortium": (12, 2, (10, 25)),
    "embedded": (12, 2, (30, 80)),
}
# Days for a step of ours and for the partner's answer.
ORDINARY = ((1, 6), (8, 30))
PACE = {"nda": ((1, 2), (2, 9)), **dict.fromkeys(["research", "consortium", "embedded"], ((4, 12), (25, 60)))}
ROLES = {"data": PartyRole.PROVIDER, "material": PartyRole.PROVIDER, "nda": PartyRole.PARTNER}
LINES = {"strategic": 5, "sponsorship": 4, "support": 4, "involvement": 3, "awareness": 1}
SETTLED, AHEAD = timedelta(days=91), timedelta(days=200)  # nothing of this ends in between: that is told elsewhere
FORESEEN = timedelta(days=180)
RECORDED, WARM = timedelta(days=3 * 365), timedelta(days=120)  # since when there is contact to go by
YEAR, TO_SIGN = timedelta(days=365), timedelta(days=130)
HALF_LIFE = 90
RAISES = (100, 100, 105, 110, 125)  # percent
LIKELY, STEEPNESS = 0.58, 11.0


@dataclass(slots=True)
class Link:
    """One agreement of a line, before it is written."""

    partnership: Partnership
    kind: str
    title: str
    starts_on: date
    expires_on: date
    executed_on: date
    value: int | None
    before: "Link | None" = None
    renewed: bool = False
    gaps: list[int] = field(default_factory=list)
    row: Agreement | None = None

    @property
    def requested_on(self) -> date:
        return self.executed_on - timedelta(days=sum(self.gaps) + 4)


class Chronicle:
    """Writes the earlier years of one office; the scope must be open."""

    def __init__(self, office: dict, members: Sequence[Membership], now: datetime, chance: random.Random):
        self.office, self.chance, self.today = office, chance, now.date()
        self.zone = ZoneInfo(office["time_zone"])
        self.staff = [each for each in members if each.role in ("manager", "officer")]
        self.researchers = [each for each in members if each.role == "researcher"]
        self.director = next(each for each in members if each.role == "administrator")
        self.managers = [each for each in members if each.role in ("manager", "administrator")]
        self.own, _made = Organization.objects.get_or_create(
            is_own=True, defaults={"name": office["name"], "kind": "university", "country": office["country"]}
        )
        self.config = health_config()

    def tell(self, partners: Iterable[Partnership], taken: Collection[tuple[int, str]]) -> list[Agreement]:
        """Lines over the partners given; ``taken`` names pairs of partnership and kind that are told elsewhere."""
        delegate(self.managers, self.office["currency"], self.today)
        past = _past(self.zone, self.today)
        links: list[Link] = []
        for partnership in partners:
            free = [kind for kind in TERMS if (partnership.pk, kind) not in taken]
            for kind in self._deal(free, LINES[partnership.stage_declared]):
                links += self._line(partnership, kind, past[partnership.pk])
        self._write(links)
        return [link.row for link in links if link.row is not None]

    def _deal(self, kinds: list[str], number: int) -> list[str]:
        dealt: list[str] = []
        while kinds and len(dealt) < number:
            kind = self.chance.choices(kinds, [TERMS[each][1] for each in kinds])[0]
            kinds = [each for each in kinds if each != kind]
            dealt.append(kind)
        return dealt

    def _line(self, partnership: Partnership, kind: str, past: "Past") -> list[Link]:
        """From its first to its last agreement; none where the partnership is too young to have seen an end."""
        months, _share, worth = TERMS[kind]
        known_from = max(partnership.started_on, self.today - RECORDED) + WARM
        ends = _quarter_ends(known_from + FORESEEN, self.today - SETTLED)
        first = partnership.started_on + TO_SIGN
        began = [each for each in ends if _months_before(each, months) > first]
        if not began:
            return []
        end = self.chance.choice(began)
        value = None if worth is None else self.chance.randint(*worth) * 1000
        start = _months_before(end, months) + timedelta(days=1)
        title = self._title(partnership, kind)
        link = Link(partnership, kind, title, start, end, start - timedelta(days=self.chance.randint(1, 12)), value)
        line = [link]
        while link.expires_on <= self.today - SETTLED and self._goes_on(link, past):
            link.renewed = True
            line.append(link := self._next(link, months))
        ours, theirs = PACE.get(kind, ORDINARY)
        for each in line:
            each.gaps = [self.chance.randint(*(theirs if code == "send_to_partner" else ours)) for code in WAY[:-1]]
        return line

    def _goes_on(self, link: Link, past: "Past") -> bool:
        known_on = link.expires_on - FORESEEN
        targets = self.config.targets_for(link.partnership.stage_declared)
        mass = sum(
            weight * 2 ** (-(known_on - day).days / HALF_LIFE) for day, weight in past.touches if day <= known_on
        )
        fresh = 1 - 4 ** (-mass / targets.recency_mass(HALF_LIFE))
        people = {person for day, person in past.people if known_on - YEAR < day <= known_on}
        recent = {channel for channel, first, last in past.works if first <= known_on < last + YEAR}
        warmth = (
            0.4 * fresh
            + 0.3 * min(1.0, len(people) / targets.external_ties)
            + 0.3 * min(1.0, len(recent) / targets.channels)
        )
        return self.chance.random() < 1 / (1 + math.exp(-STEEPNESS * (warmth - LIKELY)))

    def _next(self, link: Link, months: int) -> Link:
        """What renews it: a little later than it should now and then, for a little more, or for longer."""
        executed_on = link.expires_on + timedelta(days=self.chance.choice([-40, -24, -15, -9, -6, -2, 4, 11, 25]))
        start = max(executed_on, link.expires_on + timedelta(days=1))
        end = _months_after(link.expires_on, months)
        while self.today - SETTLED < end < self.today + AHEAD:
            end = _months_after(end, self.chance.choice([12, 24]))
        value = None if link.value is None else round(link.value * self.chance.choice(RAISES) // 100, -2)
        return Link(link.partnership, link.kind, link.title, start, end, executed_on, value, link)

    def _title(self, partnership: Partnership, kind: str) -> str:
        theme = partnership.summary.removeprefix("Main theme: ").rstrip(".")
        return texts.TITLES[kind].format(theme=theme, partner=partnership.organization.name)

    def _write(self, links: list[Link]) -> None:
        numbers: defaultdict[int, int] = defaultdict(int)
        references: dict[int, str] = {}
        for link in sorted(links, key=lambda each: each.requested_on):
            year = link.requested_on.year
            numbers[year] += 1
            references[id(link)] = f"AGR-{year}-{numbers[year]:04}"
        waiting = links
        while waiting:  # first those that renew nothing, then those that renew them, and so on
            ready = [link for link in waiting if link.before is None or link.before.row is not None]
            rows = Agreement.objects.bulk_create(self._row(link, references[id(link)]) for link in ready)
            for link, row in zip(ready, rows, strict=True):
                link.row = row
            waiting = [link for link in waiting if link.row is None]
        self._sides(links)
        AgreementEvent.objects.bulk_create(event for link in links for event in self._events(link))
        MoneyLine.objects.bulk_create(line for link in links for line in _money(link))
        ClauseAnswer.objects.bulk_create(answer for link in links for answer in _answers(link))
        recheck([link.row.pk for link in links])

    def _row(self, link: Link, reference: str) -> Agreement:
        owner = link.partnership.owner_id
        research = KINDS[link.kind].research and self.researchers
        return Agreement(
            reference=reference,
            title=link.title,
            kind=link.kind,
            status="executed",
            workflow="closed",
            court="nobody",
            redline_round=1,
            renews=None if link.before is None else link.before.row,
            partnership=link.partnership,
            owner_id=owner if owner is not None else self.chance.choice(self.staff).user_id,
            principal_investigator_id=self.chance.choice(self.researchers).user_id if research else None,
            value=link.value,
            currency=self.office["currency"],
            governing_law="Denmark" if self.office["country"] == "DK" else "State of Illinois",
            requested_on=link.requested_on,
            complete_on=link.requested_on + timedelta(days=4),
            executed_on=link.executed_on,
            effective_on=link.starts_on,
            expires_on=link.expires_on,
            notice_days=60,
            renewal_progress=RenewalProgress.AWAITING_SIGNATURE if link.renewed else RenewalProgress.NONE,
            summary=link.partnership.summary,
        )

    def _sides(self, links: list[Link]) -> None:
        theirs = Party.objects.bulk_create(
            Party(
                agreement=link.row,
                organization=link.partnership.organization,
                role=ROLES.get(link.kind, PartyRole.SPONSOR),
                is_primary=True,
            )
            for link in links
        )
        ours = Party.objects.bulk_create(
            Party(agreement=link.row, organization=self.own, role=PartyRole.UNIVERSITY) for link in links
        )
        people: dict[int, Affiliation] = {}
        for each in Affiliation.objects.select_related("contact").order_by("-is_decision_maker", "pk"):
            people.setdefault(each.organization_id, each)
        signed = []
        for link, their, our in zip(links, theirs, ours, strict=True):
            person = people.get(link.partnership.organization_id)
            name, title = (person.contact.name, person.title) if person else ("Managing director", "")
            common = {"agreement": link.row, "signed_on": link.executed_on}
            signed.append(Signatory(party=their, name=name, job_title=title, **common))
            director = {"name": self.director.user.name, "job_title": self.director.job_title}
            signed.append(Signatory(party=our, member_id=self.director.user_id, **director, **common))
        Signatory.objects.bulk_create(signed)

    def _events(self, link: Link) -> Iterable[AgreementEvent]:
        day, was = link.requested_on + timedelta(days=4), ("draft", "intake")
        for code, gap in zip(WAY, [*link.gaps, 0], strict=True):
            move = MOVES[code]
            now = (move.to_status or was[0], move.to_workflow or was[1])
            at = datetime.combine(day, time(9), self.zone) + timedelta(minutes=self.chance.randint(0, 480))
            yield AgreementEvent(
                agreement=link.row,
                at=at,
                from_status=was[0],
                from_workflow=was[1],
                to_status=now[0],
                to_workflow=now[1],
                court=move.court,
                redline_round=int(code in WAY[3:]),
                note=texts.NOTES.get(now[1], ""),
                made_by_id=link.row.owner_id,
            )
            was, day = now, day + timedelta(days=gap)


@dataclass(slots=True)
class Past:
    """What went on with one partner: contact by day and weight, whom of theirs it was with, work by channel."""

    touches: list[tuple[date, float]] = field(default_factory=list)
    people: list[tuple[date, int]] = field(default_factory=list)
    works: list[tuple[str, date, date]] = field(default_factory=list)


def _past(zone: ZoneInfo, today: date) -> defaultdict[int, Past]:
    """By partnership."""
    found: defaultdict[int, Past] = defaultdict(Past)
    for partnership, at, kind in Interaction.objects.order_by("pk").values_list(
        "partnership_id", "occurred_at", "kind"
    ):
        found[partnership].touches.append((at.astimezone(zone).date(), TOUCH_WEIGHTS[kind]))
    met = Participant.objects.filter(contact__isnull=False).order_by("pk")
    for partnership, at, person in met.values_list(
        "interaction__partnership_id", "interaction__occurred_at", "contact"
    ):
        found[partnership].people.append((at.astimezone(zone).date(), person))
    partnerships = dict(Partnership.objects.values_list("organization_id", "pk"))
    works = ProjectParticipant.objects.filter(project__started_on__isnull=False).order_by("pk")
    columns = ("organization_id", "project__channel", "project__started_on", "project__ended_on")
    for organization, channel, first, last in works.values_list(*columns):
        if organization in partnerships:
            found[partnerships[organization]].works.append((channel, first, last or today))
    return found


def _money(link: Link) -> Iterable[MoneyLine]:
    """Half with the beginning, half in the middle."""
    if link.value is not None:
        half = (Decimal(link.value) / 2).quantize(Decimal("0.01"))
        middle = link.starts_on + (link.expires_on - link.starts_on) / 2
        for due_on in (link.starts_on + timedelta(days=30), middle):
            yield MoneyLine(agreement=link.row, amount=half, due_on=due_on)


def _answers(link: Link) -> Iterable[ClauseAnswer]:
    """Nothing is left to be wished for: what was, was settled before it was signed."""
    for question in questions_for(link.kind):
        value = texts.CLEAR.get(question.code)
        if value is not None and not question.code.startswith("royalty_"):
            place = texts.PLACES.get(question.code, "")
            yield ClauseAnswer(agreement=link.row, code=question.code, value=value, clause_number=place)


def _quarter_ends(first: date, last: date) -> list[date]:
    ends, day = [], date(first.year, 3, 31)
    while day <= last:
        if day >= first:
            ends.append(day)
        day = _months_after(day, 3)
    return ends


def _months_after(day: date, months: int) -> date:
    """The last day of a month, so many months after that of another."""
    count = day.year * 12 + day.month + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


def _months_before(day: date, months: int) -> date:
    return _months_after(day, -months)


def tell_past(
    office: dict, members: Sequence[Membership], partners: Sequence[Partnership], taken: Collection[tuple[int, str]]
) -> list[Agreement]:
    """Write the earlier years of an office, before any other agreement; a scope must be open, and a transaction."""
    now = timezone.now().astimezone(ZoneInfo(office["time_zone"]))
    return Chronicle(office, members, now, random.Random(f"{office['slug']} past")).tell(partners, taken)
