"""The demonstration's talent: programs, positions with candidates on both sides' lists, placements and events."""

import random
from datetime import date, timedelta
from decimal import Decimal

from organizations.choices import PrivacyBasis
from organizations.models import Affiliation, Contact
from partnerships.choices_talent import (
    CandidateStatus,
    Decision,
    EvaluatorSide,
    PlacementStatus,
    PositionStatus,
    ProgramKind,
    ReturnOffer,
    TalentEventKind,
    WorkPlace,
)
from partnerships.models import (
    Candidacy,
    Partnership,
    Placement,
    PlacementApproval,
    PlacementEvaluation,
    Position,
    Student,
    TalentEvent,
    TalentProgram,
)
from tenants.models import Membership

STUDENTS, PARTNERS, POSITIONS, LEARNING = 160, 14, 16, 18
# What for, its title, the fewest days since, and how many people.
LEARNED = [
    (TalentEventKind.CAPSTONE_TEAM, "Capstone team", 60, (4, 12)),
    (TalentEventKind.INTERNSHIP, "Summer interns", 500, (2, 9)),
    (TalentEventKind.COOP, "Co-op students", 800, (2, 6)),
    (TalentEventKind.INDUSTRIAL_PHD, "Industrial doctorate", 200, (1, 2)),
]
PROGRAMS = [
    ("Summer internships", ProgramKind.INTERNSHIP, ["coordinator", "site_supervisor"]),
    ("Co-op year", ProgramKind.COOP, ["coordinator", "department", "site_supervisor"]),
    ("Engineering capstone", ProgramKind.CAPSTONE, ["coordinator"]),
    ("Joint doctorates", ProgramKind.JOINT_PHD, ["department", "dean"]),
]
FIRST = [
    "Amara",
    "Bao",
    "Chiara",
    "Dmitri",
    "Elif",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kamala",
    "Liam",
    "Mei",
    "Noor",
    "Oskar",
    "Priya",
]
LAST = [
    "Adeyemi",
    "Bianchi",
    "Castro",
    "Dahl",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ivanova",
    "Jensen",
    "Kim",
    "Lopez",
    "Moreau",
    "Nowak",
    "Okafor",
]
FIELDS = ["Computer science", "Mechanical engineering", "Chemistry", "Physics", "Business", "Biotechnology"]
TITLES = ["Data pipelines", "Test benches", "Process control", "Embedded software", "Market study", "Materials lab"]
LEFT = [ReturnOffer.ACCEPTED, ReturnOffer.ACCEPTED, ReturnOffer.DECLINED, ReturnOffer.NONE, ReturnOffer.NOT_ELIGIBLE]
RUNNING = [PlacementStatus.IN_PROGRESS, PlacementStatus.CHECKED]


def tell_talent(partnerships: list[Partnership], staff: list[Membership], currency: str, now, chance: random.Random):
    """Write talent over the partners given; the scope must be open."""
    today = now.date()
    programs = _programs(staff)
    students = _students(today, chance)
    partners = chance.sample(partnerships, k=min(len(partnerships), PARTNERS))
    positions = _positions(programs, partners, currency, today, chance)
    _candidates(positions, students, chance)
    _placements(programs, partners, students, currency, today, chance)
    _events(partners, today, chance)
    _learners(partnerships, today, chance)


def _programs(staff: list[Membership]) -> list[TalentProgram]:
    coordinator = staff[0].user_id
    return TalentProgram.objects.bulk_create(
        TalentProgram(name=name, kind=kind, approvers=approvers, coordinator_id=coordinator)
        for name, kind, approvers in PROGRAMS
    )


def _students(today: date, chance: random.Random) -> list[Student]:
    rows = []
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    for number, name in enumerate(chance.sample(names, k=STUDENTS)):
        rows.append(
            Student(
                name=name,
                email=f"{name.lower().replace(' ', '.')}.{number}@students.example",
                number=f"S{10_000 + number}",
                field_of_study=chance.choice(FIELDS),
                degree=chance.choice(["BSc", "MSc", "PhD"]),
                graduates_on=date(today.year + chance.randint(0, 2), 6, 30),
                basis=PrivacyBasis.CONTRACT,
            )
        )
    return Student.objects.bulk_create(rows)


def _positions(
    programs: list[TalentProgram], partners: list[Partnership], currency: str, today: date, chance: random.Random
) -> list[Position]:
    term, start = f"Summer {today.year + 1}", date(today.year + 1, 6, 1)
    rows = []
    for number in range(POSITIONS):
        title = TITLES[number % len(TITLES)]
        status = PositionStatus.POSTED
        if number % 8 == 6:
            status = PositionStatus.PENDING
        elif number % 8 == 7:
            status = PositionStatus.DRAFT
        rows.append(
            Position(
                program=programs[0] if number % 4 else programs[1],
                partnership=partners[number % len(partners)],
                title=f"{title}, {chance.choice(['team A', 'pilot plant', 'research group', 'head office'])}",
                description=f"{title} with a mentor of the partner; a real task with a result at the end.",
                learning_goals="To plan a piece of work, do it in a team, and present what came out.",
                status=status,
                term=term,
                starts_on=start,
                ends_on=start + timedelta(days=90),
                apply_by=start - timedelta(days=60),
                openings=chance.randint(1, 3),
                hours_per_week=chance.choice([20, 35, 40]),
                credit=Decimal(chance.choice([5, 10, 15])),
                is_paid=True,
                pay=Decimal(chance.randint(14, 24)),
                currency=currency,
                place=chance.choice(WorkPlace.values),
                needs_nda=chance.random() < 0.4,
            )
        )
    return Position.objects.bulk_create(rows)


def _candidates(positions: list[Position], students: list[Student], chance: random.Random) -> None:
    """Candidates who rank positions of one program each, and whom most partners rank."""
    posted = [row for row in positions if row.status == PositionStatus.POSTED]
    by_program: dict[int, list[Position]] = {}
    for row in posted:
        by_program.setdefault(row.program_id, []).append(row)
    rows: list[Candidacy] = []
    for student in students[:60]:
        offered = by_program[chance.choice(sorted(by_program))]
        wanted = chance.sample(offered, k=min(len(offered), chance.randint(1, 4)))
        rows += [Candidacy(position=row, student=student, student_rank=rank) for rank, row in enumerate(wanted, 1)]
    for position in posted:
        applied = [row for row in rows if row.position is position]
        chance.shuffle(applied)
        for rank, row in enumerate(applied, 1):
            if rank <= 8:
                row.partner_rank, row.status = rank, CandidateStatus.RANKED
            else:
                row.status = chance.choice([CandidateStatus.APPLIED, CandidateStatus.SHORTLISTED])
    Candidacy.objects.bulk_create(rows)


def _placements(
    programs: list[TalentProgram],
    partners: list[Partnership],
    students: list[Student],
    currency: str,
    today: date,
    chance: random.Random,
) -> None:
    supervisors = _supervisors(partners)
    rows = []
    for place, partner in enumerate(partners):
        for _number in range(max(1, 12 - place)):
            program = chance.choices(programs, [6, 3, 3, 1])[0]
            start = today - timedelta(days=chance.randint(-40, 3 * 365))
            length = 3 * 365 if program.kind == ProgramKind.JOINT_PHD else chance.choice([90, 180])
            end = start + timedelta(days=length)
            status = _status(start, end, today, chance)
            rows.append(
                Placement(
                    student=chance.choice(students),
                    partnership=partner,
                    program=program,
                    status=status,
                    starts_on=start,
                    ends_on=end,
                    ended_on=end if status == PlacementStatus.COMPLETED else None,
                    hours_per_week=35,
                    is_paid=True,
                    pay=Decimal(chance.randint(14, 24)),
                    currency=currency,
                    supervisor=supervisors.get(partner.organization_id),
                    return_offer=chance.choice(LEFT) if status == PlacementStatus.COMPLETED else ReturnOffer.NOT_ASKED,
                    review_reason="Department refused: no desk before May" if _parked(status) else "",
                    resumes_at=PlacementStatus.IN_APPROVAL if _parked(status) else "",
                )
            )
    rows = Placement.objects.bulk_create(rows)
    PlacementApproval.objects.bulk_create(each for row in rows for each in _approvals(row, today))
    PlacementEvaluation.objects.bulk_create(each for row in rows for each in _evaluations(row, today, chance))


def _parked(status: str) -> bool:
    return status == PlacementStatus.NEEDS_REVIEW


def _status(start: date, end: date, today: date, chance: random.Random) -> str:
    if end < today:
        return PlacementStatus.COMPLETED
    if start <= today:
        return chance.choice(RUNNING)
    return chance.choice(
        [PlacementStatus.REQUESTED, PlacementStatus.IN_APPROVAL, PlacementStatus.NEEDS_REVIEW, PlacementStatus.APPROVED]
    )


def _supervisors(partners: list[Partnership]) -> dict[int, Contact]:
    there = [partner.organization_id for partner in partners]
    rows = (
        Affiliation.objects.filter(organization_id__in=there, ended_on=None).select_related("contact").order_by("-pk")
    )
    return {row.organization_id: row.contact for row in rows}


def _approvals(row: Placement, today: date):
    """All have approved what goes on; what waits is waited for at the first, what is parked was refused there."""
    waiting = row.status in (PlacementStatus.REQUESTED, PlacementStatus.IN_APPROVAL)
    for order, role in enumerate(row.program.approvers, 1):
        approval = PlacementApproval(
            placement=row,
            order=order,
            role=role,
            name=f"{role.replace('_', ' ').capitalize()} of the program",
            email=f"{role}@campus.example",
        )
        if not waiting and not (_parked(row.status) and order > 1):
            approval.decision = Decision.REFUSED if _parked(row.status) else Decision.APPROVED
            approval.decided_at = _moment(row, row.starts_on - timedelta(days=20), today)
            approval.note = "No desk before May" if _parked(row.status) else ""
        elif row.status == PlacementStatus.IN_APPROVAL and order == 1:
            approval.asked_at, approval.due_on = row.created_at, today + timedelta(days=5)
        yield approval


def _evaluations(row: Placement, today: date, chance: random.Random):
    """Both sides of what is completed, one side of some that go on."""
    sides = EvaluatorSide.values if row.status == PlacementStatus.COMPLETED else []
    if row.status == PlacementStatus.CHECKED:
        sides = [EvaluatorSide.STUDENT]
    for side in sides:
        yield PlacementEvaluation(
            placement=row,
            side=side,
            rating=chance.randint(3, 5),
            meaningful_work=chance.randint(2, 5),
            development=chance.randint(3, 5),
            comment=chance.choice(["", "A real task, and somebody to ask.", "More time for the write-up next year."]),
            answered_at=_moment(row, (row.ended_on or row.starts_on) + timedelta(days=9), today),
        )


def _moment(row: Placement, day: date, today: date):
    """On that day, at the hour at which the demonstration was loaded; today for one that lies ahead."""
    return row.created_at - timedelta(days=max(0, (today - day).days))


def _events(partners: list[Partnership], today: date, chance: random.Random) -> None:
    rows = []
    for partner in partners:
        for kind, title, most in (
            (TalentEventKind.RECRUITING_EVENT, "Career fair", 80),
            (TalentEventKind.GUEST_LECTURE, "Guest lecture", 40),
            (TalentEventKind.HIRE, "", 9),
        ):
            if chance.random() < 0.7:
                day = today - timedelta(days=chance.randint(5, 700))
                people = chance.randint(1, most)
                rows.append(TalentEvent(partnership=partner, kind=kind, title=title, occurred_on=day, people=people))
    for partner in partners[:5]:
        day = today + timedelta(days=chance.randint(10, 120))
        kind = TalentEventKind.RECRUITING_EVENT
        rows.append(TalentEvent(partnership=partner, kind=kind, title="Spring career fair", occurred_on=day, people=60))
    TalentEvent.objects.bulk_create(rows)


def _learners(partnerships: list[Partnership], today: date, chance: random.Random) -> None:
    """Those who learned with partners before placements were kept one by one."""
    TalentEvent.objects.bulk_create(
        TalentEvent(
            partnership=partner,
            kind=kind,
            title=title,
            occurred_on=today - timedelta(days=chance.randint(first, first + 500)),
            people=chance.randint(*people),
        )
        for partner in chance.sample(partnerships, k=min(len(partnerships), LEARNING))
        for kind, title, first, people in chance.sample(LEARNED, k=2)
    )
