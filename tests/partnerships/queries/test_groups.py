"""Figures of a whole group, and the tree that they are taken of."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.models import Organization
from organizations.queries import groups
from organizations.queries.groups import group_of
from partnerships.models import FollowUp, PartnershipHealth
from partnerships.queries.groups import group_figures
from tenants.choices import Role
from tests.api_kit import counted
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_interaction, make_partnership, make_project


@pytest.fixture
def group(in_alpha) -> dict[str, Organization]:
    """Top with two daughters, one of which has a daughter; and somebody who does not belong to it."""
    top = make_organization(name="Top", city="Bern")
    right = make_organization(name="Right", parent=top)
    left = make_organization(name="Left", parent=top)
    leaf = make_organization(name="Leaf", parent=left)
    return {"top": top, "right": right, "left": left, "leaf": leaf, "other": make_organization(name="Other")}


def test_every_member_sees_the_same_tree(in_alpha, group):
    expected = [("Top", 1), ("Left", 2), ("Leaf", 3), ("Right", 2)]
    for name in ("top", "right", "left", "leaf"):
        found = group_of(in_alpha.actor(), group[name])
        assert [(member.name, member.level) for member in found.members] == expected
        assert (found.top.pk, found.top.city, found.total, found.more) == (group["top"].pk, "Bern", 4, 0)
    assert group_of(in_alpha.actor(), group["other"]) is None


def test_a_large_group_is_cut_and_counted(in_alpha, group, monkeypatch):
    monkeypatch.setattr(groups, "MOST_SHOWN", 3)
    found = group_of(in_alpha.actor(), group["leaf"])
    assert (len(found.members), found.total, found.more) == (3, 4, 1)


def test_the_figures_are_those_of_the_whole_group(in_alpha, group):
    at = timezone.now() - timedelta(days=9)
    for number, name in enumerate(("top", "leaf", "other")):
        partnership = make_partnership(group[name])
        contacted = PartnershipHealth.objects.filter(partnership=partnership)
        contacted.update(last_contact_at=at - timedelta(days=number) if name != "other" else timezone.now())
        FollowUp.objects.create(partnership=partnership, title="To do")
        FollowUp.objects.create(partnership=partnership, title="Done", done_at=at)
    partnerships = {row.organization_id: row for row in group["top"].partnerships.model.objects.all()}
    make_project(partnerships[group["top"].pk], partnerships[group["leaf"].pk], award=Decimal(100))
    make_project(partnerships[group["leaf"].pk], award=Decimal("0.50"), currency="USD")
    make_project(partnerships[group["leaf"].pk], started_on=date(2020, 1, 1))
    make_project(partnerships[group["other"].pk], award=Decimal(7))
    with counted() as statements:
        figures = group_figures(in_alpha.actor(), group["right"])
    assert len(statements) == 2
    assert (figures.organizations, figures.partners, figures.last_contact_at) == (4, 2, at)
    assert (figures.projects, figures.projects_without_award, figures.open_followups) == (3, 1, 2)
    assert figures.awards == (("EUR", Decimal(100)), ("USD", Decimal("0.50")))


def test_one_that_stands_alone_has_its_own_figures(in_alpha, group):
    figures = group_figures(in_alpha.actor(), group["other"])
    assert (figures.organizations, figures.partners, figures.projects, figures.awards) == (1, 0, 0, ())
    assert figures.last_contact_at is None


def test_follow_ups_of_what_one_may_not_read_are_not_counted(in_alpha, group):
    partnership = make_partnership(group["leaf"])
    secret = make_interaction(partnership, confidentiality="restricted")
    FollowUp.objects.create(partnership=partnership, title="Secret", interaction=secret)
    assert group_figures(in_alpha.actor(Role.ADMINISTRATOR), group["top"]).open_followups == 1
    assert group_figures(in_alpha.actor(Role.OFFICER), group["top"]).open_followups == 0
    assert group_figures(in_alpha.actor(Role.VIEWER), group["top"]).open_followups is None
