"""The demonstration's projects, balance and learners: believable, distinct for each partner, and within the rules."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from organizations.choices import RiskKind
from organizations.models import RiskFlag
from partnerships.choices import Channel, Side
from partnerships.choices_delivery import OutputKind
from partnerships.management.demo.aims import GOTTEN, WANTED, WORK, topic_of
from partnerships.management.demo.balance import tell_balance
from partnerships.management.demo.names import CITIES, OFFICES, PROJECTS, TOPICS
from partnerships.management.demo.projects import tell_projects
from partnerships.management.demo.talent import tell_talent
from partnerships.models import (
    LedgerEntry,
    Objective,
    Partnership,
    Project,
    ProjectBenefit,
    ProjectIssue,
    ProjectOutput,
    ProjectParticipant,
    Student,
    TalentEvent,
)
from tenants.models import Membership
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


@pytest.fixture
def partners(in_alpha) -> list[Partnership]:
    """Six partners with a project of each channel that the stories tell of."""
    started = timezone.localdate() - timedelta(days=500)
    made = [make_partnership(make_organization()) for _number in range(6)]
    for number, (code, pattern) in enumerate(PROJECTS.items()):
        for partnership in made[:3]:
            topic = TOPICS["materials"][number % 2]  # so that some topics come back
            title = pattern.format(topic=topic)
            row = Project.objects.create(
                title=title[:1].upper() + title[1:], channel=code, started_on=started, status="active"
            )
            ProjectParticipant.objects.create(project=row, organization=partnership.organization)
    return made


@pytest.fixture
def staff(in_alpha) -> list[Membership]:
    return list(Membership.objects.filter(tenant=in_alpha.tenant).order_by("pk"))


def test_partners_want_and_get_different_things(partners, staff):
    tell_projects(partners, staff, timezone.now(), random.Random("test"))
    for partnership in partners:
        wanted = Counter(Objective.objects.filter(partnership=partnership).values_list("side", "title"))
        assert not [title for title, number in wanted.items() if number > 1]
    agreed = Counter(ProjectBenefit.objects.values_list("project__participants__organization", "side", "description"))
    assert max(agreed.values()) == 1
    assert set(Objective.objects.values_list("side", flat=True)) == set(Side.values)
    assert not Objective.objects.filter(title__contains="{").exists()


def test_outputs_have_days_on_which_the_project_ran_and_some_are_start_ups(partners, staff):
    tell_projects(partners, staff, timezone.now(), random.Random("test"))
    for row in ProjectOutput.objects.select_related("project"):
        assert row.project.started_on <= row.produced_on <= timezone.localdate(), row
    startups = ProjectOutput.objects.filter(kind=OutputKind.STARTUP)
    assert startups.count() == 2
    assert {row.project.channel for row in startups} == {Channel.STARTUPS}


def test_nothing_hinders_a_project_or_comes_out_of_it_before_it_could(partners, staff):
    today = timezone.localdate()
    Project.objects.update(started_on=today - timedelta(days=20))
    tell_projects(partners, staff, timezone.now(), random.Random("test"))
    early = ProjectIssue.objects.filter(raised_on__lt=F("project__started_on"), project__isnull=False)
    assert ProjectIssue.objects.exists()
    assert not early.exists()
    assert not ProjectOutput.objects.exclude(kind=OutputKind.STARTUP).filter(
        project__started_on__gt=today - timedelta(days=200)
    )
    assert not Objective.objects.filter(status="met", due_on__lt=F("project__started_on")).exists()


def test_some_partners_give_and_get_and_a_few_are_worried_about(partners, staff):
    tell_balance(partners, staff, "EUR", timezone.now(), random.Random("test"))
    assert set(LedgerEntry.objects.values_list("direction", flat=True)) == {"give", "get"}
    for partnership in partners:
        told = LedgerEntry.objects.filter(partnership=partnership).values_list("description", flat=True)
        assert len(told) == len(set(told))
    assert set(RiskFlag.objects.filter(cleared_on=None).values_list("kind", flat=True)) <= set(RiskKind.values)
    assert RiskFlag.objects.count() == 3


def test_people_learn_with_partners(partners, staff):
    tell_talent(partners, staff, "EUR", timezone.now(), random.Random("test"))
    assert Student.objects.values("name").distinct().count() == Student.objects.count()
    kinds = set(TalentEvent.objects.values_list("kind", flat=True))
    assert kinds & {"capstone_team", "internship", "coop", "industrial_phd"}


def test_each_town_has_its_region_and_each_channel_its_aims():
    towns = {city for office in OFFICES for _name, _kind, _sector, city, _theme in office["partners"]}
    assert all(CITIES[town][1] for town in towns)
    assert set(WORK) == set(Channel)
    assert set(WANTED) == set(GOTTEN) == set(WORK.values())


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Thin films – joint research", "thin films"),
        ("Course module on open data", "open data"),
        ("Option on a grid storage patent", "grid storage"),
        ("Incubation of a spin-out", "incubation of a spin-out"),
    ],
)
def test_a_title_tells_its_topic(title, topic):
    assert topic_of(title) == topic
