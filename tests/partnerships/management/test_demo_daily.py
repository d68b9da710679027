"""The demonstration's house, partners and daily work: every page has something to say, and it fits together."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from core.lists import list_of
from core.views_of_lists import checked_query
from organizations.models import (
    Affiliation,
    Capability,
    Clearance,
    Contact,
    Need,
    OrganizationAlias,
    OrganizationTag,
    WorkingPractices,
)
from partnerships.choices import TeamRole
from partnerships.management.demo.daily import DIRECTOR_PROMISES, tell_daily
from partnerships.management.demo.house import OFFICE, VIEWS, tell_offers, tell_units, tell_views
from partnerships.management.demo.names import TOPICS
from partnerships.management.demo.partners import tell_clearances, tell_partners
from partnerships.models import Evaluation, FollowUp, PartnerEvent, Partnership, Review, TeamMember
from tenants.models import Membership, SavedView, Unit, UnitMember
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership

TIERS = ("strategic", "key", "developing", "prospect")


@pytest.fixture
def staff(in_alpha) -> list[Membership]:
    return list(Membership.objects.filter(tenant=in_alpha.tenant).order_by("pk"))


@pytest.fixture
def partners(in_alpha) -> list[Partnership]:
    """Twelve owned partners of all tiers, each with two people and a talk last week."""
    made = []
    for number in range(12):
        started = timezone.localdate() - timedelta(days=60 + 40 * number)
        row = make_partnership(
            make_organization(name=f"Partner {number} AB"),
            tier=TIERS[number % 4],
            owner=in_alpha.user("officer"),
            started_on=started,
        )
        TeamMember.objects.create(partnership=row, member=row.owner, role=TeamRole.OWNER, started_on=started)
        people = [make_contact(row.organization, name=f"Person {number} {each}") for each in "AB"]
        make_interaction(row, days_ago=7, contacts=people)
        made.append(row)
    return made


@pytest.fixture
def themes(partners) -> dict[int, str]:
    return {row.pk: theme for row, theme in zip(partners, sorted(TOPICS) * 2, strict=False)}


def test_each_theme_has_a_unit_and_everybody_a_place(staff):
    units = tell_units(staff)
    assert units.keys() == TOPICS.keys()
    assert Unit.objects.filter(name=OFFICE).count() == 1
    placed = set(UnitMember.objects.values_list("member_id", flat=True))
    assert placed == {each.user_id for each in staff if each.role != "viewer"}


def test_the_shared_views_hold(in_alpha, staff):
    tell_views(staff)
    kept = list(SavedView.objects.all())
    assert len(kept) == len(VIEWS)
    for view in kept:
        assert checked_query(in_alpha.actor(), list_of(view.list_code), view.query) == view.query


def test_departments_offer_what_partners_of_their_theme_look_for(partners, themes, staff):
    units = tell_units(staff)
    tell_offers(units, staff, random.Random("test"))
    tell_partners(partners, themes, random.Random("test"))
    themes_of = {unit.pk: {theme for theme, each in units.items() if each == unit} for unit in units.values()}
    for row in Capability.objects.prefetch_related("topics"):
        allowed = {topic.lower() for theme in themes_of[row.unit_id] for topic in TOPICS[theme]}
        assert {each.code for each in row.topics.all()} <= allowed
    assert Capability.objects.count() == 2 * len(TOPICS)
    for need in Need.objects.prefetch_related("topics"):
        theme = themes[Partnership.objects.get(organization=need.organization_id).pk]
        assert {each.code for each in need.topics.all()} <= {topic.lower() for topic in TOPICS[theme]}
        assert need.contact.affiliations.filter(organization=need.organization_id).exists()
        assert "{" not in need.title
    assert all(model.objects.exists() for model in (Need, OrganizationTag, OrganizationAlias, WorkingPractices))


def test_who_decides_is_asked_about_first(partners, staff, in_alpha):
    for partner in partners:
        Affiliation.objects.filter(organization=partner.organization).update(is_decision_maker=True)
        Partnership.objects.filter(pk=partner.pk).update(tier="strategic", owner=in_alpha.user("manager"))
    tell_clearances(list(Partnership.objects.order_by("pk")), staff, timezone.now())
    rows = list(Clearance.objects.select_related("contact"))
    assert sorted(row.state for row in rows) == ["granted", "granted", "requested", "requested"]
    for row in rows:
        assert row.contact.permission == "ask_first"
        assert row.requested_by_id != row.contact.owner_id
        assert (row.decided_by_id == row.contact.owner_id) == (row.state == "granted")


def test_promises_are_overdue_open_and_kept_and_some_are_the_directors(partners, themes, staff, in_alpha):
    tell_daily(partners, themes, staff, timezone.now(), random.Random("test"))
    rows, today = list(FollowUp.objects.select_related("interaction")), timezone.localdate()
    assert {(row.done_at is not None, row.due_on < today) for row in rows} >= {(False, True), (False, False)}
    assert sum(row.assignee_id == in_alpha.user("administrator").pk for row in rows) == DIRECTOR_PROMISES
    for row in rows:
        assert row.interaction.partnership_id == row.partnership_id
        assert row.done_at is None or row.interaction.occurred_at < row.done_at <= timezone.now()
        assert "{" not in row.title


def test_who_matters_most_is_looked_back_at_rated_and_has_sponsors(partners, themes, staff):
    tell_daily(partners, themes, staff, timezone.now(), random.Random("test"))
    today = timezone.localdate()
    matter = {row.pk: row for row in Partnership.objects.filter(tier__in=["strategic", "key"])}
    for model, column in ((Review, "held_on"), (Evaluation, "rated_on")):
        for row in model.objects.all():
            assert matter[row.partnership_id].started_on <= getattr(row, column) <= today
    for row in Evaluation.objects.all():
        here = Contact.objects.filter(affiliations__organization=matter[row.partnership_id].organization_id)
        assert row.contact in here
    assert all(row.next_review_on for row in matter.values())
    assert Partnership.objects.exclude(pk__in=matter).filter(next_review_on__isnull=False).count() == 0
    sponsored = TeamMember.objects.filter(role=TeamRole.EXECUTIVE_SPONSOR, member__isnull=False)
    assert set(sponsored.values_list("partnership_id", flat=True)) == set(matter)
    assert not TeamMember.objects.filter(role=TeamRole.OWNER, days_per_month=None).exists()
    for event in PartnerEvent.objects.select_related("partnership"):
        assert event.partnership.started_on <= event.occurred_on <= today
