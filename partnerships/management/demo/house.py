"""The demonstration's institution: its faculties and departments, who belongs where, and what it can offer."""

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from organizations.choices import CapabilityKind, Horizon
from organizations.models import Capability, CapabilityTopic
from partnerships.management.demo.names import TOPICS
from partnerships.models import Capacity
from tenants.choices import Role, UnitKind, ViewVisibility
from tenants.models import Membership, SavedView, Unit, UnitMember

OFFICE = "Industry Engagement Office"
# Name, kind, what it belongs to, and the themes of partners that it looks after.
UNITS = [
    ("Faculty of Engineering", UnitKind.FACULTY, "", ()),
    ("Faculty of Science and Health", UnitKind.FACULTY, "", ()),
    ("Mechanical Engineering", UnitKind.DEPARTMENT, "Faculty of Engineering", ("robotics", "mobility")),
    ("Energy Systems", UnitKind.DEPARTMENT, "Faculty of Engineering", ("energy",)),
    ("Computer Science", UnitKind.DEPARTMENT, "Faculty of Engineering", ("data",)),
    ("Center for Coasts and Ships", UnitKind.CENTER, "Faculty of Engineering", ("maritime",)),
    ("Materials Science", UnitKind.DEPARTMENT, "Faculty of Science and Health", ("materials",)),
    ("Food and Biotechnology", UnitKind.DEPARTMENT, "Faculty of Science and Health", ("food",)),
    ("Health Sciences", UnitKind.DEPARTMENT, "Faculty of Science and Health", ("health",)),
    ("Test Laboratories", UnitKind.FACILITY, "", ()),
    (OFFICE, UnitKind.OFFICE, "", ()),
]
# What one department of each theme offers: kind, title, technology readiness, how far away, in words.
OFFERS = {
    CapabilityKind.EXPERTISE: ("Expertise in {topic}", None, Horizon.NEAR, "Three groups, eleven doctoral students."),
    CapabilityKind.TECHNOLOGY: (
        "A method for {topic}",
        4,
        Horizon.MIDDLE,
        "Shown in the laboratory with two partners.",
    ),
    CapabilityKind.EQUIPMENT: (
        "Test bench for {topic}",
        7,
        Horizon.NEAR,
        "Open to partners by the day, with an operator.",
    ),
    CapabilityKind.EDUCATION: (
        "Two-day course on {topic}",
        None,
        Horizon.NEAR,
        "For engineers on the job; twice a year.",
    ),
}
VIEWS = [
    ("partners", "Key partners to watch", "band=watch&tier=key"),
    ("partners", "Silent for 90 days", "silent=90&status=active"),
    ("followups", "What the office owes", "state=open"),
]
DAYS_A_MONTH = {Role.ADMINISTRATOR: 4, Role.MANAGER: 12, Role.OFFICER: 16}


def tell_units(members: Sequence[Membership]) -> dict[str, Unit]:
    """Make the units, put the staff into the office and researchers into a department; answers the unit of each theme.

    The scope must be open.
    """
    made: dict[str, Unit] = {}
    for name, kind, parent, _themes in UNITS:
        made[name] = Unit.objects.create(name=name, kind=kind, parent=made.get(parent))
    at_work = {theme: made[name] for name, _kind, _parent, themes in UNITS for theme in themes}
    places = {each: made[OFFICE] for each in members if each.role in DAYS_A_MONTH}
    places |= {each: at_work[_theme_of(each)] for each in members if each.role == Role.RESEARCHER}
    UnitMember.objects.bulk_create(UnitMember(unit=unit, member_id=each.user_id) for each, unit in places.items())
    Capacity.objects.bulk_create(
        Capacity(member_id=each.user_id, days_per_month=Decimal(DAYS_A_MONTH[each.role]))
        for each in members
        if each.role in DAYS_A_MONTH
    )
    return at_work


def tell_views(members: Sequence[Membership]) -> None:
    """What the director shares with the office as views of its lists; the scope must be open."""
    director = next(each for each in members if each.role == Role.ADMINISTRATOR)
    SavedView.objects.bulk_create(
        SavedView(list_code=code, name=name, query=query, visibility=ViewVisibility.OFFICE, owner_id=director.user_id)
        for code, name, query in VIEWS
    )


def _theme_of(researcher: Membership) -> str:
    """What somebody does research on, by the title."""
    return next((theme for theme in TOPICS if theme in researcher.job_title.lower()), "robotics")


def tell_offers(units: Mapping[str, Unit], members: Sequence[Membership], chance: random.Random) -> None:
    """Write down what the departments offer: two things for each theme, on different topics; the scope must be open."""
    researchers = [each for each in members if each.role == Role.RESEARCHER]
    experts = {units[_theme_of(each)]: each.user_id for each in researchers}
    for theme, unit in units.items():
        topics = chance.sample(TOPICS[theme], k=2)
        for kind, topic in zip(chance.sample(sorted(OFFERS), k=2), topics, strict=True):
            title, readiness, horizon, words = OFFERS[kind]
            row = Capability.objects.create(
                unit=unit,
                lead_id=experts.get(unit) or chance.choice(researchers).user_id,
                kind=kind,
                title=title.format(topic=topic),
                text=words,
                public_summary=words,
                trl=readiness,
                horizon=horizon,
            )
            CapabilityTopic.objects.create(capability=row, code=topic.lower())
