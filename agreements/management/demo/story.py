"""The demonstration's agreements: some in every state, with their moves, answers, money, papers and obligations."""

import io
import random
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from agreements.actions.clauses import recheck
from agreements.actions.documents import add_document
from agreements.actions.obligations import complete_obligation, plan_obligations
from agreements.actions.references import next_reference
from agreements.choices import PartyRole
from agreements.management.demo import texts
from agreements.models import (
    Agreement,
    AgreementEvent,
    AgreementProject,
    ClauseAnswer,
    DelegatedSigner,
    Document,
    Grant,
    IpAsset,
    MoneyLine,
    Obligation,
    Party,
    Signatory,
)
from agreements.rules.clauses import questions_for
from agreements.rules.kinds import KINDS
from agreements.rules.workflow import MOVES
from core.actor import Actor
from organizations.models import Affiliation, Organization
from partnerships.models import Partnership, Project
from tenants.models import Membership

WAY = (
    "complete_request",
    "start_drafting",
    "send_to_partner",
    "log_redline",
    "request_approval",
    "route_for_signature",
)
PLACE = {MOVES[code].to_workflow: number for number, code in enumerate(WAY, start=1)}


@dataclass(frozen=True, slots=True)
class Case:
    """One agreement of the story. ``ends_in``: days until its last day, None without one; ``contested``: a rule fires.

    ``under``, ``amends``, ``renews``: the place in the story of the agreement that it hangs on.
    """

    kind: str
    state: str = "closed"
    status: str = "executed"
    ago: int = 30
    ends_in: int | None = 400
    value: int | None = None
    contested: bool = False
    level: str = "internal"
    by_itself: bool = False
    under: int | None = None
    amends: int | None = None
    renews: int | None = None


TO_SIGN = timedelta(days=100)

# ``ago``: working for so many days, or executed so many days ago.
CASES = (
    Case("master", ago=700, ends_in=120, value=None),
    Case("work_order", ago=420, ends_in=200, value=180_000, under=0),
    Case("work_order", "redline", "negotiation", 34, 500, 95_000, True, under=0),
    Case("master", "drafting", "draft", 12, 1_200, None, renews=0),
    Case("research", ago=300, ends_in=430, value=240_000),
    Case("research", "signing", "signature", 41, 700, 150_000, amends=4),
    Case("research", ago=500, ends_in=60, value=310_000),
    Case("collaboration", ago=650, ends_in=-45, value=90_000),
    Case("license", ago=380, ends_in=1_500, value=60_000),
    Case("option", ago=90, ends_in=80, value=15_000),
    Case("nda", ago=200, ends_in=900),
    Case("nda", ago=40, ends_in=1_000),
    Case("nda", ago=900, ends_in=18),
    Case("nda", "signing", "signature", 9, 1_000),
    Case("service", ago=150, ends_in=215, value=25_000, by_itself=True),
    Case("data", ago=120, ends_in=None),
    Case("gift", ago=260, ends_in=None, value=500_000, level="confidential"),
    Case("research", "intake", "draft", 4, 700, 120_000),
    Case("collaboration", "intake", "draft", 9, 900, None, True),
    Case("research", "triaged", "draft", 6, 800, 80_000),
    Case("material", "drafting", "draft", 15, 365),
    Case("research", "with_partner", "negotiation", 23, 760, 200_000, True),
    Case("nda", "with_partner", "negotiation", 8, 1_000),
    Case("license", "with_partner", "negotiation", 52, 2_000, 45_000, True, "partner_shared"),
    Case("collaboration", "redline", "negotiation", 61, 1_100, 410_000, True),
    Case("consultancy", "approval", "negotiation", 19, 120, 18_000),
    Case("data", "signing", "signature", 27, 730),
    Case("research", "on_hold", "negotiation", 70, 700, 130_000, True),
    Case("research", "closed", "terminated", 400, 200, 70_000),
    Case("mou", "closed", "withdrawn", 60, None),
)


def deal(partners: Sequence[Partnership], today: date) -> list[tuple[Case, Partnership]]:
    """Every case with a partner of its own, one old enough where there is one, unless it hangs on another agreement."""
    free, dealt = list(partners), []
    for case in CASES:
        above = next((place for place in (case.under, case.amends, case.renews) if place is not None), None)
        if above is not None:
            dealt.append((case, dealt[above][1]))
            continue
        latest = today - timedelta(days=case.ago) - TO_SIGN
        old = (each for each in free if each.started_on is not None and each.started_on < latest)
        partner = next(old, free[0])
        free.remove(partner)
        dealt.append((case, partner))
    return dealt


def delegate(managers: Sequence[Membership], currency: str, today: date) -> None:
    """Say who may sign for the office, unless it is said already; the scope must be open."""
    if not DelegatedSigner.objects.exists():
        DelegatedSigner.objects.bulk_create(
            DelegatedSigner(
                member_id=each.user_id,
                up_to=None if each.role == "administrator" else Decimal(250_000),
                currency=currency,
                starts_on=today - timedelta(days=1_600),
            )
            for each in managers
        )


class Teller:
    """Writes the story of one office; the scope must be open."""

    def __init__(self, office: dict, members: Sequence[Membership], now: datetime, chance: random.Random):
        self.office, self.now, self.today, self.chance = office, now, now.date(), chance
        self.actor = Actor.system(members[0].tenant_id)
        self.staff = [each for each in members if each.role in ("manager", "officer")]
        self.managers = [each for each in members if each.role in ("manager", "administrator")]
        self.researchers = [each for each in members if each.role == "researcher"]
        self.own, _made = Organization.objects.get_or_create(
            is_own=True, defaults={"name": office["name"], "kind": "university", "country": office["country"]}
        )
        self.made: list[Agreement] = []

    def tell(self, partners: Sequence[Partnership]) -> list[Agreement]:
        """Every case, with who may sign."""
        delegate(self.managers, self.office["currency"], self.today)
        for case, partner in deal(partners, self.today):
            self.made.append(self._agreement(case, partner))
        self._assets()
        recheck([row.pk for row in self.made])
        for row in self.made:
            row.refresh_from_db()
        return self.made

    def _agreement(self, case: Case, partner: Partnership) -> Agreement:
        days = self._days(case)
        complete = self.today - timedelta(days=days[0]) if days else None
        bound = case.status in ("executed", "amended", "terminated")
        executed = self.today - timedelta(days=case.ago) if bound else None
        requested = (complete or self.today) - timedelta(days=self.chance.randint(2, 9) if days else case.ago)
        effective = executed or self.today + timedelta(days=30)
        row = Agreement.objects.create(
            reference=next_reference(self.actor, requested.year),
            title=self._title(case, partner),
            kind=case.kind,
            status=case.status,
            workflow=case.state,
            court=MOVES[self._last(case)].court if days else "investigator",
            redline_round=2 if case.state == "redline" else 0,
            hold_reason=self.chance.choice(texts.HOLDS) if case.state == "on_hold" else "",
            parent=self._of(case.under),
            amends=self._of(case.amends),
            renews=self._of(case.renews),
            partnership=partner,
            owner_id=self.chance.choice(self.staff).user_id,
            principal_investigator_id=self._investigator(case),
            level=case.level,
            value=case.value,
            currency=self.office["currency"],
            governing_law="Denmark" if self.office["country"] == "DK" else "State of Illinois",
            requested_on=requested,
            complete_on=complete,
            executed_on=executed,
            effective_on=effective,
            expires_on=None if case.ends_in is None else self.today + timedelta(days=case.ends_in),
            ended_on=self.today - timedelta(days=20) if case.status in texts.ENDS else None,
            end_reason=texts.ENDS.get(case.status, ""),
            notice_days=90,
            renews_automatically=case.by_itself,
            renewal_progress="drafted" if case == CASES[0] else "none",
            summary=f"{partner.summary} Requested by the group of the principal investigator.",
        )
        self._parts(case, row)
        self._events(case, row, days)
        self._papers(case, row, days)
        if executed is not None and case.amends is None:
            self._obligations(row)
        return row

    def _of(self, place: int | None) -> Agreement | None:
        return None if place is None else self.made[place]

    def _investigator(self, case: Case) -> int | None:
        return self.chance.choice(self.researchers).user_id if KINDS[case.kind].research else None

    def _title(self, case: Case, partner: Partnership) -> str:
        theme = partner.summary.removeprefix("Main theme: ").rstrip(".")
        title = texts.TITLES[case.kind].format(theme=theme, partner=partner.organization.name)
        return f"Amendment: {title[0].lower()}{title[1:]}" if case.amends is not None else title

    def _last(self, case: Case) -> str:
        if case.status == "terminated":
            return "terminate"
        if case.status == "withdrawn":
            return "withdraw"
        if case.state == "on_hold":
            return "hold"
        return "execute" if case.state == "closed" else WAY[PLACE[case.state] - 1]

    def _codes(self, case: Case) -> list[str]:
        """The moves that brought it where it stands, in order."""
        if case.state == "intake":
            return []
        if case.state == "redline":
            return [*WAY[:4], "send_to_partner", "log_redline"]
        if case.state == "on_hold":
            return [*WAY[:4], "hold"]
        if case.status == "withdrawn":
            return [*WAY[:2], "withdraw"]
        if case.state != "closed":
            return [*WAY[: PLACE[case.state]]]
        ended = ["terminate"] if case.status == "terminated" else []
        return [*WAY, "execute", *ended]

    def _days(self, case: Case) -> list[int]:
        """How many days ago each move was made."""
        codes = self._codes(case)
        if not codes:
            return []
        if case.status == "withdrawn":
            return [case.ago, case.ago - 8, 20]
        if case.state == "closed":
            gaps = [self.chance.randint(2, 6) if code != "log_redline" else self.chance.randint(8, 30) for code in WAY]
            days = [case.ago + sum(gaps[place:]) for place in range(len(WAY))]
            return [*days, case.ago, *([20] if case.status == "terminated" else [])]
        steps = len(codes)
        return [round(case.ago * (steps - place) / steps) for place in range(steps)]

    def _events(self, case: Case, row: Agreement, days: Sequence[int]) -> None:
        events, was, rounds = [], ("draft", "intake"), 0
        for code, ago in zip(self._codes(case), days, strict=True):
            move = MOVES[code]
            now = (move.to_status or was[0], move.to_workflow or was[1])
            rounds += code == "log_redline"
            at = self._morning(ago) + timedelta(minutes=self.chance.randint(0, 480))
            events.append(
                AgreementEvent(
                    agreement=row,
                    at=at,
                    from_status=was[0],
                    from_workflow=was[1],
                    to_status=now[0],
                    to_workflow=now[1],
                    court=move.court or row.court,
                    redline_round=rounds,
                    note=self._note(row, code, now[1]),
                    made_by_id=row.owner_id,
                )
            )
            was = now
        AgreementEvent.objects.bulk_create(events)

    def _morning(self, ago: int) -> datetime:
        """Nine o'clock in the office, so many days ago."""
        return (self.now - timedelta(days=ago)).replace(hour=9, minute=0, second=0, microsecond=0)

    def _note(self, row: Agreement, code: str, state: str) -> str:
        if code == "hold":
            return row.hold_reason
        return row.end_reason if code in ("withdraw", "terminate") else texts.NOTES.get(state, "")

    def _parts(self, case: Case, row: Agreement) -> None:
        theirs = Party.objects.create(
            agreement=row, organization=row.partnership.organization, role=PartyRole.SPONSOR, is_primary=True
        )
        ours = Party.objects.create(agreement=row, organization=self.own, role=PartyRole.UNIVERSITY)
        answers = {question.code: texts.CLEAR.get(question.code) for question in questions_for(case.kind)}
        if case.kind != "license":
            answers |= {code: None for code in answers if code.startswith("royalty_")}
        if case.contested:
            answers |= self.chance.choice(texts.CONTESTED)
        if case.state in ("intake", "triaged"):
            answers = {code: value for code, value in answers.items() if self.chance.random() < 0.4}
        asked = {question.code for question in questions_for(case.kind)}
        ClauseAnswer.objects.bulk_create(
            ClauseAnswer(agreement=row, code=code, value=value, clause_number=texts.PLACES.get(code, ""))
            for code, value in answers.items()
            if value is not None and code in asked
        )
        if case.value is not None:
            self._money(row)
        if case.state in ("signing", "closed") and case.status != "withdrawn":
            self._signatories(case, row, theirs, ours)
        project = (
            Project.objects.filter(participants__organization=row.partnership.organization).order_by("-pk").first()
        )
        if project is not None and KINDS[case.kind].research and row.executed_on is not None:
            AgreementProject.objects.create(agreement=row, project=project)

    def _money(self, row: Agreement) -> None:
        count = self.chance.randint(2, 4)
        value = Decimal(row.value)
        part = (value / count).quantize(Decimal("0.01"))
        amounts = [part] * (count - 1)
        amounts.append(value - sum(amounts))
        MoneyLine.objects.bulk_create(
            MoneyLine(agreement=row, amount=amount, due_on=row.effective_on + timedelta(days=15 + 180 * place))
            for place, amount in enumerate(amounts)
        )

    def _signatories(self, case: Case, row: Agreement, theirs: Party, ours: Party) -> None:
        person = Affiliation.objects.filter(organization=theirs.organization).select_related("contact").first()
        boss = next(each for each in self.managers if each.role == "administrator")
        name = person.contact.name if person else "Managing director"
        Signatory.objects.create(
            agreement=row, party=theirs, name=name, job_title=person.title if person else "", signed_on=row.executed_on
        )
        Signatory.objects.create(
            agreement=row,
            party=ours,
            name=boss.user.name,
            job_title=boss.job_title,
            member_id=boss.user_id,
            signed_on=row.executed_on,
        )

    def _papers(self, case: Case, row: Agreement, days: Sequence[int]) -> None:
        if case.state in ("intake", "triaged"):
            return
        partner = row.partnership.organization.name
        theme = row.partnership.summary.removeprefix("Main theme: ").rstrip(".")
        value = "the costs" if row.value is None else f"{row.currency} {row.value:,.0f}"
        text = texts.DRAFT.format(title=row.title, theme=theme, partner=partner, value=value)
        self._paper(row, "Agreement text", "draft", text, days[1] if len(days) > 1 else 1)
        if len(days) > 3:
            for before, after in texts.REDLINE[: self.chance.randint(2, 4)]:
                text = text.replace(before, after.format(partner=partner))
            self._paper(row, "Agreement text", "redline", text, days[3])
        if row.executed_on is not None:
            settled = text.replace("a further delay of 120 days", "a further delay of 45 days")
            self._paper(row, "Agreement text", "executed", settled.replace("ten years", "five years"), case.ago)

    def _paper(self, row: Agreement, title: str, label: str, text: str, ago: int) -> None:
        file = io.BytesIO(text.encode())
        file.name, file.size = f"{row.reference.lower()}-{label}.txt", len(text.encode())
        made = add_document(actor=self.actor, agreement=row, title=title, file=file, label=label, level=row.level)
        at = self._morning(ago)
        Document.objects.filter(pk=made.pk).update(created_at=at, updated_at=at, added_by_id=row.owner_id)

    def _obligations(self, row: Agreement) -> None:
        """What follows from its terms; what fell due long ago was done, some of it late, the latest not yet."""
        plan_obligations(actor=self.actor, agreement=row)
        ended = row.ended_on is not None or (row.expires_on is not None and row.expires_on < self.today)
        kept = 0 if ended else self.chance.choice([0, 0, 14, 60])
        while True:
            due = Obligation.objects.filter(
                agreement=row, done_on=None, waived_reason="", due_on__lt=self.today - timedelta(days=kept)
            )
            found = due.order_by("due_on", "pk").first()
            if found is None:
                return
            late = timedelta(days=self.chance.choice([0, 0, 2, 9]))
            complete_obligation(
                actor=self.actor,
                obligation=found,
                evidence=self.chance.choice(texts.EVIDENCE),
                done_on=min(found.due_on + late, self.today),
            )

    def _assets(self) -> None:
        """IP with rights in it, for the license and the option."""
        by_kind = {case.kind: row for case, row in zip(CASES, self.made, strict=True) if row.executed_on is not None}
        for number, (kind, title) in enumerate(
            (("license", "Forecast software"), ("option", "Coating process")), start=1
        ):
            row = by_kind[kind]
            asset = IpAsset.objects.create(
                reference=f"IP-{row.requested_on.year}-{number:03}",
                title=title,
                kind="software" if kind == "license" else "invention",
                level="internal",
                public_summary=f"{title}: shown at the last partner day.",
                text=f"{title}, made in a project with {row.partnership.organization.name}.",
                lead_id=self.staff[0].user_id,
            )
            Grant.objects.create(
                agreement=row,
                asset=asset,
                kind=kind,
                exclusivity="exclusive" if kind == "option" else "nonexclusive",
                fields=["energy"],
                territories=["DK", "SE", "DE"],
            )


def tell_agreements(office: dict, members: Sequence[Membership], partners: Sequence[Partnership]) -> list[Agreement]:
    """Write the agreements of an office over its first partners; the scope must be open, and a transaction."""
    now = timezone.now().astimezone(zoneinfo.ZoneInfo(office["time_zone"]))
    teller = Teller(office, members, now, random.Random(f"{office['slug']} agreements"))
    return teller.tell(partners)
