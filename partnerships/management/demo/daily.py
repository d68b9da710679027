"""The demonstration's daily work: who carries a partnership, what was promised, looked back at, rated and noticed."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from organizations.models import Contact
from partnerships.choices import PartnerEventKind, RaterSide, RatingScale, TeamRole, Tier
from partnerships.management.demo.names import TOPICS
from partnerships.models import Evaluation, FollowUp, Interaction, PartnerEvent, Partnership, Review, TeamMember
from partnerships.rules.tiers import next_review
from tenants.choices import Role
from tenants.models import Membership

PROMISES = [
    "Send {who} the template for {topic}",
    "Name two groups that work on {topic}",
    "Answer the question of {who} on cost",
    "Book the laboratory for the visit of {who}",
    "Ask {who} for figures on {topic}",
    "Invite {who} to the advisory day",
    "Send the draft statement of work on {topic}",
    "Find a supervisor for the thesis on {topic}",
]
# When a promise is due, in days from today, and whether it was kept.
DUE = [(-9, False), (-2, False), (0, False), (1, False), (3, False), (6, False), (12, False), (25, False), (-20, True)]
LESSONS = [
    (
        "Short calls every second week; both sides knew where {topic} stood.",
        "The contract took five months, and the doctoral student had to wait.",
        "Start the contract before the position is announced.",
    ),
    (
        "Their engineers sat in our laboratory for a month.",
        "Nobody had said who decides about publication of {topic}.",
        "One page on decisions at the kick-off, signed by both.",
    ),
    (
        "Students found the subjects of {topic} good, and two were hired.",
        "All contact went through one person, who left in spring.",
        "A deputy on both sides, named in the agreement.",
    ),
    (
        "The board of {name} saw results of {topic} twice a year.",
        "Results came in a report that nobody read.",
        "A demonstration on site instead of the final report.",
    ),
]
EVENTS = [
    (PartnerEventKind.LEADERSHIP, "A new head of research, who comes from a competitor."),
    (PartnerEventKind.REORGANIZATION, "Research and product development become one division."),
    (PartnerEventKind.STRATEGY, "Half of new products shall be circular in five years."),
    (PartnerEventKind.RELOCATION, "A second site opens an hour from the campus."),
    (PartnerEventKind.FINANCE, "Investment is cut by a fifth for the coming year."),
    (PartnerEventKind.MERGER, "Bought by a group that works with another university."),
]
RATINGS = [
    (5, "They keep dates, and call when they cannot."),
    (4, "Good people; the paperwork is slow."),
    (4, "What we learn is worth more than the money."),
    (3, "Useful, but the subject drifted."),
    (2, "We waited four months for the data."),
]
LOOKED_AFTER = (Tier.STRATEGIC, Tier.KEY)
DAYS_A_MONTH = {Tier.STRATEGIC: "1.50", Tier.KEY: "0.75", Tier.DEVELOPING: "0.50"}
DIRECTOR_PROMISES, EVENTS_TOLD = 5, 8


def tell_daily(
    partnerships: Sequence[Partnership],
    themes: Mapping[int, str],
    members: Sequence[Membership],
    now: datetime,
    chance: random.Random,
) -> None:
    """Write it over the partners given; ``themes`` by primary key. The scope must be open."""
    director = next(each for each in members if each.role == Role.ADMINISTRATOR)
    investigators = [each.user_id for each in members if each.role == Role.RESEARCHER]
    today = now.date()
    people = _people(partnerships)
    for partnership in partnerships:
        topics = TOPICS[themes[partnership.pk]]
        if partnership.tier in LOOKED_AFTER:
            _sponsors(partnership, people[partnership.pk], director, investigators, chance)
            _reviews(partnership, topics, today, chance)
            _ratings(partnership, people[partnership.pk], today, chance)
    TeamMember.objects.bulk_update(_efforts(), ["days_per_month"])
    _promises(partnerships, themes, people, director, today, chance)
    told = zip(chance.sample(list(partnerships), k=min(EVENTS_TOLD, len(partnerships))), EVENTS * 2, strict=False)
    PartnerEvent.objects.bulk_create(
        PartnerEvent(partnership=each, kind=kind, description=words, occurred_on=_past(each, today, 20, 500, chance))
        for each, (kind, words) in told
    )


def _people(partnerships: Sequence[Partnership]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    for each in partnerships:
        here = Contact.objects.filter(affiliations__organization=each.organization_id)
        found[each.pk] = list(here.order_by("-affiliations__is_decision_maker", "pk"))
    return found


def _past(partnership: Partnership, today: date, least: int, most: int, chance: random.Random) -> date:
    """A day of the partnership, some days back."""
    return max(today - timedelta(days=chance.randint(least, most)), partnership.started_on)


def _efforts() -> list[TeamMember]:
    rows = list(TeamMember.objects.filter(role=TeamRole.OWNER).select_related("partnership"))
    for row in rows:
        row.days_per_month = Decimal(DAYS_A_MONTH.get(row.partnership.tier, "0.25"))
    return rows


def _sponsors(
    partnership: Partnership,
    people: list[Contact],
    director: Membership,
    investigators: Sequence[int],
    chance: random.Random,
) -> None:
    """A sponsor and an investigator on our side, on theirs who decides; where they have more people, a champion too."""
    since = partnership.started_on + timedelta(days=chance.randint(0, 30))
    sides = [(TeamRole.EXECUTIVE_SPONSOR, {"member_id": director.user_id})]
    if investigators:
        sides.append((TeamRole.PRINCIPAL_INVESTIGATOR, {"member_id": chance.choice(investigators)}))
    if people and partnership.tier == Tier.STRATEGIC:
        sides.append((TeamRole.EXECUTIVE_SPONSOR, {"contact": people[0]}))
    if len(people) > 1:
        sides.append((TeamRole.CHAMPION, {"contact": people[-1]}))
    for role, who in sides:
        TeamMember.objects.create(partnership=partnership, role=role, started_on=since, **who)


def _reviews(partnership: Partnership, topics: Sequence[str], today: date, chance: random.Random) -> None:
    """Two of three were looked back at within the last year and a half; when the next is due follows from the tier."""
    held = None
    if chance.random() < 2 / 3:
        held = _past(partnership, today, 25, 540, chance)
        words = {"topic": chance.choice(topics), "name": partnership.organization.name}
        worked, did_not, changes = (each.format(**words) for each in chance.choice(LESSONS))
        Review.objects.create(
            partnership=partnership,
            held_on=held,
            held_by_id=partnership.owner_id,
            with_partner=chance.random() < 0.7,
            worked=worked,
            did_not_work=did_not,
            changes=changes,
        )
    due = next_review(partnership.tier, last_review=held, started_on=partnership.started_on, today=today)
    Partnership.objects.filter(pk=partnership.pk).update(next_review_on=due)


def _ratings(partnership: Partnership, people: list[Contact], today: date, chance: random.Random) -> None:
    if not people or chance.random() < 0.4:
        return
    score, comment = chance.choice(RATINGS)
    Evaluation.objects.create(
        partnership=partnership,
        rater_side=RaterSide.PARTNER,
        contact=chance.choice(people),
        scale=RatingScale.FIVE,
        score=score,
        comment=comment,
        rated_on=_past(partnership, today, 15, 400, chance),
    )


def _promises(
    partnerships: Sequence[Partnership],
    themes: Mapping[int, str],
    people: Mapping[int, list[Contact]],
    director: Membership,
    today: date,
    chance: random.Random,
) -> None:
    """Each from what was said last: some overdue, some for this week, some kept; a few are the director's own."""
    lively = [each for each in partnerships if each.owner_id is not None and people[each.pk]]
    chosen = chance.sample(lively, k=len(lively) * 2 // 3)
    rows = []
    for number, partnership in enumerate(chosen):
        last = Interaction.objects.filter(partnership=partnership).order_by("-occurred_at").first()
        who = director.user_id if number < DIRECTOR_PROMISES else partnership.owner_id
        days, kept = DUE[number % len(DUE)]
        words = {
            "who": chance.choice(people[partnership.pk]).name,
            "topic": chance.choice(TOPICS[themes[partnership.pk]]),
        }
        row = FollowUp(
            partnership=partnership,
            interaction=last,
            title=PROMISES[number % len(PROMISES)].format(**words),
            due_on=today + timedelta(days=days),
            assignee_id=who,
            added_by_id=partnership.owner_id,
        )
        if kept and last is not None:
            row.done_at, row.done_by_id = last.occurred_at + timedelta(days=1), who
        rows.append(row)
    FollowUp.objects.bulk_create(rows)
