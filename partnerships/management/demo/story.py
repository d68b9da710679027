"""How the demonstration's partnerships went: six kinds of history, told by a seeded chance.

The same seed and the same day give the same story. Days are counted back from today, so the demonstration is never
out of date. Nothing is written here; ``load_demo`` writes what this tells.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from partnerships.management.demo import names

DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class Course:
    """A kind of history. ``pace`` is touches a month over time, from first to last day of the relationship."""

    name: str
    stage: str
    tier: str
    people: tuple[int, int]
    channels: tuple[int, int]
    pace: tuple[float, float]
    silent_days: int = 0
    age: tuple[int, int] = (DAYS, DAYS + 600)
    inbound: float = 0.45


COURSES = [
    (Course("flagship", "strategic", "strategic", (5, 7), (5, 6), (2.6, 3.0)), 5),
    (Course("steady", "sponsorship", "key", (3, 5), (3, 5), (1.8, 1.9)), 12),
    (Course("growing", "support", "developing", (3, 4), (3, 4), (0.6, 2.0), age=(400, 900)), 10),
    (Course("fading", "sponsorship", "key", (2, 4), (2, 3), (2.2, 0.4), silent_days=75), 8),
    (Course("single-threaded", "support", "developing", (1, 1), (2, 3), (1.2, 1.3)), 7),
    (Course("lapsed", "involvement", "transactional", (1, 3), (1, 1), (0.8, 0.2), silent_days=210), 7),
    (Course("occasional", "involvement", "transactional", (1, 2), (1, 2), (0.5, 0.5), silent_days=10), 7),
    (Course("new", "awareness", "prospect", (1, 2), (0, 1), (0.9, 0.9), age=(15, 80)), 4),
]

KINDS = ["meeting", "call", "email_two_way", "email_one_way", "site_visit", "event", "note"]
KIND_WEIGHTS = [34, 20, 24, 6, 7, 6, 3]


@dataclass(slots=True)
class Touch:
    days_ago: int
    minute: int
    kind: str
    inbound: bool
    note: str
    people: list[int]
    members: list[int]
    confidential: bool


@dataclass(slots=True)
class Work:
    title: str
    channel: str
    size: str
    started_days_ago: int
    ended_days_ago: int | None
    award: Decimal | None


@dataclass(slots=True)
class Story:
    """One partner: the course it took, who is there, what happened, what is done together."""

    course: Course
    age_days: int
    people: list[tuple[str, str, bool]]
    touches: list[Touch] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)


def courses(count: int, chance: random.Random) -> list[Course]:
    """One course per partner, in the proportions above, shuffled."""
    total = sum(share for _course, share in COURSES)
    dealt = [course for course, share in COURSES for _each in range(round(share * count / total))]
    while len(dealt) < count:
        dealt.append(chance.choices([course for course, _share in COURSES], [share for _course, share in COURSES])[0])
    chance.shuffle(dealt)
    return dealt[:count]


def tell(course: Course, theme: str, member_count: int, used_names: set[str], chance: random.Random) -> Story:
    """The story of one partner. ``used_names`` keeps people's names apart within an office."""
    age = chance.randint(*course.age)
    people = []
    for place in range(chance.randint(*course.people)):
        title, decides = chance.choice(names.TITLES)
        people.append((_new_name(used_names, chance), title, decides or (place == 0 and course.tier == "strategic")))
    story = Story(course, age, people)
    topics = names.TOPICS[theme]
    team = chance.sample(range(member_count), k=min(member_count, 3 if course.people[1] > 2 else 1))
    day = float(min(age, DAYS))
    while day > course.silent_days:
        share = 1 - day / max(1, min(age, DAYS))
        pace = course.pace[0] + (course.pace[1] - course.pace[0]) * share
        story.touches.append(_touch(int(day), course, people, team, topics, chance))
        day -= chance.expovariate(pace / 30.4375)
    channels = chance.sample(sorted(names.PROJECTS), k=chance.randint(*course.channels))
    for channel in channels:
        for _repeat in range(chance.choice([1, 1, 2]) if course.tier in ("strategic", "key") else 1):
            story.works.append(_work(channel, course, age, topics, chance))
    return story


def _new_name(used: set[str], chance: random.Random) -> str:
    while True:
        name = f"{chance.choice(names.GIVEN)} {chance.choice(names.FAMILY)}"
        if name not in used:
            used.add(name)
            return name


def _touch(days_ago, course, people, team, topics, chance) -> Touch:
    kind = chance.choices(KINDS, KIND_WEIGHTS)[0]
    if course.name == "flagship" and chance.random() < 0.04:
        kind = "executive_visit"
    size = min(len(people), 1 + (kind in ("meeting", "site_visit", "executive_visit") and chance.random() < 0.5))
    present = sorted(chance.sample(range(len(people)), k=size)) if kind != "note" else []
    who = people[present[0]][0] if present else people[0][0]
    note = chance.choice(names.NOTES[kind]).format(who=who, topic=chance.choice(topics))
    members = sorted(chance.sample(team, k=min(len(team), 1 + (chance.random() < 0.35))))
    inbound = kind not in ("note", "email_one_way") and chance.random() < course.inbound
    return Touch(
        days_ago,
        chance.randint(8 * 60, 17 * 60),
        kind,
        inbound,
        note,
        present,
        members,
        chance.random() < 0.05,
    )


def _work(channel, course, age, topics, chance) -> Work:
    started = chance.randint(20, max(30, min(age, DAYS) - 10))
    length = chance.choice([120, 365, 730, 1095])
    ended = started - length if started > length else None
    if course.name in ("fading", "lapsed") and ended is None:
        ended = chance.randint(10, min(started, 200))
    funded = channel in ("RES", "LAB", "CON", "GRD", "FAC", "CPD", "PHI", "LIC")
    scale = {"strategic": 40, "key": 18, "developing": 6}.get(course.tier, 2)
    award = Decimal(chance.randint(2, scale) * 12_500) if funded else None
    size = "major" if award and award >= 200_000 else "small" if channel in ("CAP", "REC", "CUR") else "standard"
    title = names.PROJECTS[channel].format(topic=chance.choice(topics))
    return Work(title[0].upper() + title[1:], channel, size, started, ended, award)


def moment(now, touch: Touch):
    """When a touch happened, in the office's own working hours."""
    day = (now - timedelta(days=touch.days_ago)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(day + timedelta(minutes=touch.minute), now)
