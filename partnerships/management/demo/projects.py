"""The demonstration's delivery: a few projects of every channel told in full, with what both sides owe and get."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from organizations.models import Affiliation, Organization
from partnerships.choices import Channel, ObjectiveStatus, ProjectRole, ProjectStatus, Side
from partnerships.choices_delivery import (
    IssueKind,
    IssueTopic,
    Light,
    MilestoneKind,
    OutputKind,
    ProjectForm,
    ProjectPersonRole,
    Severity,
)
from partnerships.management.demo.aims import GOTTEN, LONGEST, OUTPUTS, PHASES, STARTUPS, WANTED, WORK, topic_of
from partnerships.models import (
    Milestone,
    Objective,
    Partnership,
    Project,
    ProjectBenefit,
    ProjectIssue,
    ProjectOutput,
    ProjectParticipant,
    ProjectPerson,
)
from tenants.models import Membership, Unit

PER_CHANNEL = 3
FIRST_OUTPUT = timedelta(days=240)  # nothing comes out of a project sooner
FORMS = {
    Channel.RESEARCH: ProjectForm.JOINT,
    Channel.JOINT_LAB: ProjectForm.JOINT_LAB,
    Channel.CONSORTIUM: ProjectForm.MEMBERSHIP,
    Channel.LICENSING: ProjectForm.LICENSE_PROGRAM,
    Channel.STARTUPS: ProjectForm.INCUBATION,
    Channel.RECRUITMENT: ProjectForm.OTHER,
    Channel.INTERNSHIPS: ProjectForm.OTHER,
    Channel.CAPSTONE: ProjectForm.CAPSTONE,
    Channel.GRADUATE_TRAINING: ProjectForm.JOINT_TRAINING,
    Channel.CURRICULUM: ProjectForm.CURRICULUM,
    Channel.WORKFORCE_TRAINING: ProjectForm.WORKFORCE,
    Channel.CLINICAL_TRIALS: ProjectForm.CLINICAL_TRIAL,
    Channel.FACILITIES: ProjectForm.FACILITY,
    Channel.PHILANTHROPY: ProjectForm.GIFT,
}
# Channels whose projects bring a technology nearer to use.
TECHNICAL = {
    Channel.RESEARCH,
    Channel.JOINT_LAB,
    Channel.CONSORTIUM,
    Channel.LICENSING,
    Channel.STARTUPS,
    Channel.GRADUATE_TRAINING,
    Channel.CLINICAL_TRIALS,
}
MISSING = [
    (Channel.STARTUPS, "Incubation of a spin-out", 300),
    (Channel.STARTUPS, "Incubation of inspection robots", 620),
    (Channel.CLINICAL_TRIALS, "Pilot trial at the hospital", 300),
]
OWED = [
    (Side.OURS, MilestoneKind.MILESTONE, "Kick-off and work plan", "Minutes, agreed by both sides"),
    (Side.THEIRS, MilestoneKind.DELIVERABLE, "Samples and field data", "https://share.example/samples"),
    (Side.OURS, MilestoneKind.DELIVERABLE, "First results", "Interim report, version 2"),
    (Side.THEIRS, MilestoneKind.MILESTONE, "Access to the test site", "Visitor passes issued"),
    (Side.OURS, MilestoneKind.REPORT, "Yearly report", "Report sent by the project manager"),
    (Side.THEIRS, MilestoneKind.REPORT, "Comments on the report", "Their e-mail with four remarks"),
    (Side.OURS, MilestoneKind.DELIVERABLE, "Demonstrator", "https://share.example/demonstrator"),
    (Side.OURS, MilestoneKind.REPORT, "Final report", "Final report, accepted at the closing meeting"),
]
RISKS = [
    (IssueTopic.TECHNICAL, "The first design may not last", Severity.HIGH, 3, "Two variants run in parallel."),
    (IssueTopic.STAFF, "The doctoral student leaves in summer", Severity.MEDIUM, 4, "The position is advertised."),
    (IssueTopic.MONEY, "The second installment depends on their budget", Severity.HIGH, 2, ""),
    (IssueTopic.SCHEDULE, "Parts arrive late", Severity.LOW, 5, "A second supplier has quoted."),
    (IssueTopic.INTELLECTUAL_PROPERTY, "Background is not written down", Severity.MEDIUM, None, ""),
]
ISSUES = [
    (IssueTopic.SCHEDULE, "The test bench is booked until autumn", Severity.MEDIUM),
    (IssueTopic.COMPLIANCE, "Export control has not cleared the data", Severity.CRITICAL),
    (IssueTopic.DISPUTE, "They read the payment terms differently", Severity.HIGH),
]
REASONS = {
    Light.AMBER: "Two months behind since the test bench failed.",
    Light.RED: "The partner has stopped its deliveries.",
}
SUMMARY = (
    "Both sides bring what the other lacks: the university method and people, the partner data, a site and a use. "
    "The first year tests whether the idea holds, the second brings it to the partner's plant."
)


def tell_projects(partnerships: list[Partnership], staff: list[Membership], now, chance: random.Random) -> None:
    """Tell some projects of each channel in full; the scope must be open and the projects there."""
    today = now.date()
    _fill_channels(partnerships, today)
    units, own = list(Unit.objects.order_by("pk")), Organization.objects.filter(is_own=True).first()
    partner_of = {partnership.organization_id: partnership for partnership in partnerships}
    told: dict[str, int] = {}
    worked: Counter[tuple[int, str, str]] = Counter()
    for link in ProjectParticipant.objects.select_related("project").order_by("project__status", "pk"):
        project, partnership = link.project, partner_of.get(link.organization_id)
        if partnership is None or told.get(project.channel, 0) == PER_CHANNEL:
            continue
        told[project.channel] = told.get(project.channel, 0) + 1
        place = told[project.channel]
        lead = chance.choice(staff)
        _describe(project, link, lead, units, own, place, chance)
        _deliver(project, lead, today, place, chance)
        _hinder(project, staff, today, place, chance)
        work, topic = WORK[project.channel], topic_of(project.title)
        phase = PHASES[min(worked[partnership.pk, work, topic], len(PHASES) - 1)]
        worked[partnership.pk, work, topic] += 1
        _agree(project, partnership, today, place, phase.format(topic=topic), chance)
        _name_people(project, link, lead, chance)


def _fill_channels(partnerships: list[Partnership], today: date) -> None:
    """The stories tell nothing of two channels."""
    for number, (channel, title, days) in enumerate(MISSING):
        partnership = partnerships[number % len(partnerships)]
        row = Project.objects.create(title=title, channel=channel, started_on=today - timedelta(days=days))
        ProjectParticipant.objects.create(project=row, organization_id=partnership.organization_id)


def _describe(project, link, lead, units, own, place: int, chance: random.Random) -> None:
    project.form, project.summary, project.lead_id = FORMS[project.channel], SUMMARY, lead.user_id
    project.unit = chance.choice(units) if units else None
    if project.channel in TECHNICAL:
        project.trl_start = chance.randint(2, 4)
        project.trl_target = project.trl_start + chance.randint(2, 4)
        project.trl_now = min(project.trl_target, project.trl_start + chance.randint(-1, 2))
        project.trl_evidence = "Demonstrator in the laboratory, report of last spring"
    if project.status == ProjectStatus.ACTIVE:
        project.light = [Light.GREEN, Light.AMBER, Light.RED][place - 1]
        project.light_reason = REASONS.get(project.light, "")
    if project.channel == Channel.CONSORTIUM:
        project.membership_tier = chance.choice(["Core member", "Associate"])
        project.annual_fee = Decimal(chance.choice([10_000, 25_000]))
    project.save()
    link.role, link.share = ProjectRole.PARTNER, Decimal(chance.choice([30, 40, 50]))
    link.save()
    if own is not None:
        ProjectParticipant.objects.get_or_create(
            project=project, organization=own, defaults={"role": ProjectRole.COORDINATOR, "share": 100 - link.share}
        )


def _deliver(project: Project, lead: Membership, today: date, place: int, chance: random.Random) -> None:
    """What both sides owe, from the start on; the worse a project goes, the more of it is late or open."""
    started = project.started_on or today - timedelta(days=200)
    rows = []
    for number, (side, kind, title, proof) in enumerate(OWED):
        due_on = started + timedelta(days=60 + number * 75)
        if project.ended_on is not None and due_on > project.ended_on:
            break
        late = chance.choice([-6, -2, 0]) if place == 1 else chance.choice([-3, 0, 12, 35])
        done_on = due_on + timedelta(days=late)
        done = done_on <= today and not (place > 1 and number >= 5 and side == Side.OURS)
        accepted = done and number % 3 != 2
        rows.append(
            Milestone(
                project=project,
                side=side,
                kind=kind,
                title=title,
                due_on=due_on,
                owner_id=lead.user_id,
                weight=Decimal(2) if kind == MilestoneKind.DELIVERABLE else Decimal(1),
                done_on=done_on if done else None,
                evidence=proof if done else "",
                accepted_on=min(today, done_on + timedelta(days=9)) if accepted else None,
                accepted_by=("Their project lead" if side == Side.OURS else "Our project office") if accepted else "",
            )
        )
    Milestone.objects.bulk_create(rows)


def _hinder(project: Project, staff: list[Membership], today: date, place: int, chance: random.Random) -> None:
    started = min(today, project.started_on or date.min)
    rows = [
        ProjectIssue(
            project=project,
            kind=IssueKind.RISK,
            topic=topic,
            title=title,
            severity=severity,
            likelihood=likelihood,
            response=response,
            owner_id=chance.choice(staff).user_id,
            raised_on=max(started, today - timedelta(days=chance.randint(20, 200))),
        )
        for topic, title, severity, likelihood, response in chance.sample(RISKS, k=place + 1)
    ]
    for number, (topic, title, severity) in enumerate(ISSUES[: place - 1] if place < PER_CHANNEL else ISSUES):
        since = max(started, today - timedelta(days=30 + 40 * number))
        is_open = place == PER_CHANNEL and number == 1 and project.channel in (Channel.RESEARCH, Channel.JOINT_LAB)
        is_open = is_open or (severity != Severity.CRITICAL and number == 0)
        rows.append(
            ProjectIssue(
                project=project,
                topic=topic,
                title=title,
                severity=severity,
                owner_id=chance.choice(staff).user_id,
                raised_on=since,
                closed_on=None if is_open else min(today, since + timedelta(days=21)),
                resolution="" if is_open else "Agreed in a meeting of both leads.",
            )
        )
    ProjectIssue.objects.bulk_create(rows)


def _agree(project, partnership: Partnership, today: date, place: int, topic: str, chance: random.Random) -> None:
    """What both sides want and get. Of the last project of a channel the partner's side was forgotten."""
    one_sided = place == PER_CHANNEL
    work = WORK[project.channel]
    sides = [Side.OURS] if one_sided else [Side.OURS, Side.THEIRS, Side.SHARED]
    Objective.objects.bulk_create(
        _objective(project, partnership, side, wanted, topic, today, chance)
        for side in sides
        for wanted in chance.sample(WANTED[work][side], k=min(2, len(WANTED[work][side])))
    )
    ProjectBenefit.objects.bulk_create(
        ProjectBenefit(project=project, side=side, kind=kind, description=what.format(topic=topic), share=share)
        for side, kind, what, share in GOTTEN[work]
        if side in sides
    )
    made = chance.sample(OUTPUTS, k=5 - place)
    if project.started_on is not None and today - project.started_on < FIRST_OUTPUT:
        made = []
    ProjectOutput.objects.bulk_create(
        [
            ProjectOutput(
                project=project,
                kind=kind,
                title=title.format(topic=topic),
                doi=f"10.5555/demo.{project.pk}" if kind == OutputKind.PUBLICATION else "",
                produced_on=_day_within(project, today, chance),
                people=chance.randint(1, 3) if kind == OutputKind.HIRE else None,
            )
            for kind, title in made
        ]
        + _startups(project, today, place)
    )


def _objective(project, partnership, side: str, wanted, topic: str, today: date, chance: random.Random) -> Objective:
    title, metric, target = wanted
    status = chance.choices(
        [ObjectiveStatus.OPEN, ObjectiveStatus.ON_TRACK, ObjectiveStatus.AT_RISK, ObjectiveStatus.MET], [3, 5, 2, 3]
    )[0]
    met = status == ObjectiveStatus.MET
    due_on = today + timedelta(days=chance.randint(-200, -10) if met else chance.randint(30, 400))
    return Objective(
        partnership=partnership,
        project=project,
        side=side,
        title=title.format(topic=topic),
        metric=metric,
        target=target,
        result=target if met else "",
        due_on=max(due_on, min(today, project.started_on or due_on)),
        status=status,
    )


def _day_within(project: Project, today: date, chance: random.Random) -> date:
    """A day on which the project ran, of the last years."""
    last = min(today, project.ended_on or today)
    first = max(project.started_on or last, last - timedelta(days=LONGEST))
    return first + timedelta(days=chance.randint(min(60, (last - first).days), (last - first).days))


def _startups(project: Project, today: date, place: int) -> list[ProjectOutput]:
    if project.channel != Channel.STARTUPS or place > len(STARTUPS):
        return []
    name, days = STARTUPS[place - 1]
    return [
        ProjectOutput(
            project=project,
            kind=OutputKind.STARTUP,
            title=name,
            url=f"https://{name.split()[0].lower()}.example",
            produced_on=max(project.started_on or date.min, today - timedelta(days=days)),
        )
    ]


def _name_people(project: Project, link: ProjectParticipant, lead: Membership, chance: random.Random) -> None:
    started = project.started_on
    rows = [
        ProjectPerson(
            project=project,
            member_id=lead.user_id,
            role=ProjectPersonRole.PRINCIPAL_INVESTIGATOR,
            days_per_month=Decimal(2),
            started_on=started,
        ),
        ProjectPerson(project=project, name="Doctoral student", role=ProjectPersonRole.EMBEDDED, started_on=started),
    ]
    theirs = Affiliation.objects.filter(organization_id=link.organization_id, ended_on=None).order_by("pk").first()
    if theirs is not None:
        role = chance.choice([ProjectPersonRole.MANAGER, ProjectPersonRole.EMBEDDED])
        rows.append(ProjectPerson(project=project, contact_id=theirs.contact_id, role=role, started_on=started))
    ProjectPerson.objects.bulk_create(rows)
