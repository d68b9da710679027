"""One thing of an organization at a time: names, identifiers, sectors, tags, practices, risks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from organizations.actions import profiles
from organizations.actions.organizations import create_organization, edit_organization
from organizations.models import Organization, RiskFlag, Tag, WorkingPractices
from organizations.queries.organizations import visible_organizations
from tenants.choices import Role
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization, make_risk_flag

LEI = "5493001KJTIIGC8Y1R12"


@pytest.fixture
def works(in_alpha) -> Organization:
    return make_organization(name="Cog Works")


def refused(attempt, error=ActionRefused) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def version(row: Organization) -> int:
    return Organization.objects.get(pk=row.pk).version


def test_a_name_is_added_once_and_removed(in_alpha, works):
    actor = in_alpha.actor()
    alias = profiles.add_alias(actor=actor, organization=works, name="  CW ")
    assert (alias.name, version(works)) == ("CW", 2)
    for name in ("cw", "COG works"):
        problem = refused(lambda name=name: profiles.add_alias(actor=actor, organization=works, name=name))
        assert (problem.code, problem.field) == ("alias_twice", "name")
    assert refused(lambda: profiles.add_alias(actor=actor, organization=works, name=" "), InvalidInput).field == "name"
    profiles.remove_alias(actor=actor, alias=alias)
    assert (works.aliases.count(), version(works)) == (0, 3)


def test_an_identifier_is_checked_and_belongs_to_one(in_alpha, works):
    actor, other = in_alpha.actor(), make_organization(name="Other")
    identifier = profiles.add_identifier(actor=actor, organization=works, scheme="lei", value=LEI.lower())
    assert identifier.value == LEI
    wrong = lambda: profiles.add_identifier(actor=actor, organization=other, scheme="lei", value=LEI[:-1] + "3")  # noqa: E731
    assert refused(wrong, InvalidInput).field == "value"
    taken = refused(lambda: profiles.add_identifier(actor=actor, organization=other, scheme="lei", value=LEI))
    assert (taken.code, taken.field, taken.details) == ("identifier_taken", "value", {"organization": works.pk})
    assert "Cog Works" in taken.message
    profiles.remove_identifier(actor=actor, identifier=identifier)
    assert works.identifiers.count() == 0


def test_sectors_are_codes_and_stand_once(in_alpha, works):
    actor = in_alpha.actor()
    edit_organization(actor=actor, organization=works, sector_scheme="nace", sector_code="26.11")
    sector = profiles.add_sector(actor=actor, organization=works, scheme="nace", code=" 62.01 ")
    assert sector.code == "62.01"
    for code in ("62.01", "26.11"):
        attempt = lambda code=code: profiles.add_sector(actor=actor, organization=works, scheme="nace", code=code)  # noqa: E731
        assert refused(attempt).code == "sector_twice"
    wrong = lambda: profiles.add_sector(actor=actor, organization=works, scheme="nace", code="chips!")  # noqa: E731
    assert refused(wrong, InvalidInput).field == "code"
    profiles.remove_sector(actor=actor, sector=sector)
    assert works.sectors.count() == 0


def test_a_tag_is_made_once_for_all_and_goes_with_its_last_use(in_alpha, works):
    actor, other = in_alpha.actor(), make_organization()
    first = profiles.tag_organization(actor=actor, organization=works, name=" Battery   Valley ")
    second = profiles.tag_organization(actor=actor, organization=other, name="battery valley")
    assert first.tag == second.tag
    assert first.tag.name == "Battery Valley"
    twice = refused(lambda: profiles.tag_organization(actor=actor, organization=works, name="BATTERY VALLEY"))
    assert (twice.code, twice.field) == ("tagged_twice", "name")
    shown = visible_organizations(actor).get(pk=works.pk)
    assert shown.tag_names == ["Battery Valley"]
    profiles.untag_organization(actor=actor, tagged=first)
    assert Tag.objects.count() == 1
    profiles.untag_organization(actor=actor, tagged=second)
    assert Tag.objects.count() == 0


def test_tags_and_sectors_are_replaced_as_lists(in_alpha):
    actor = in_alpha.actor()
    row = create_organization(
        actor=actor, name="Cog", tags=["One", "two", "TWO"], sectors=[{"scheme": "nace", "code": "26.11"}]
    )
    shown = visible_organizations(actor).get(pk=row.pk)
    assert [name.lower() for name in shown.tag_names] == ["one", "two"]
    assert shown.further_sectors == [{"scheme": "nace", "code": "26.11"}]
    edit_organization(actor=actor, organization=row, tags=["two", "three"], sectors=[])
    shown = visible_organizations(actor).get(pk=row.pk)
    assert [name.lower() for name in shown.tag_names] == ["three", "two"]
    assert (shown.further_sectors, shown.version) == ([], 2)
    edit_organization(actor=actor, organization=row, tags=["Three", "TWO"])
    assert version(row) == 2, "the same again is no edit"


def test_practices_are_described_by_one_and_not_overwritten_unseen(in_alpha, works):
    actor = in_alpha.actor()
    profiles.edit_practices(actor=actor, organization=works, seen=0, ip_stance="open", payment_days=60)
    row = WorkingPractices.objects.get()
    assert (row.version, row.ip_stance, row.payment_days) == (1, "open", 60)
    late = refused(
        lambda: profiles.edit_practices(actor=actor, organization=works, seen=0, ip_stance="shares"), StaleEdit
    )
    assert late.details["current"] == {"ip_stance": "open"}
    profiles.edit_practices(actor=actor, organization=works, seen=1, ip_stance="shares")
    assert WorkingPractices.objects.get().version == 2


def test_a_risk_is_raised_with_words_and_cleared_with_a_reason(in_alpha, works):
    actor, manager = in_alpha.actor(Role.OFFICER), in_alpha.actor(Role.MANAGER)
    flag = profiles.raise_risk_flag(actor=actor, organization=works, kind="sanctions", note=" On the list ")
    assert (flag.note, flag.raised_by_id, flag.raised_on) == ("On the list", actor.user_id, timezone.localdate())
    assert visible_organizations(actor).get(pk=works.pk).is_at_risk is True
    refused(lambda: profiles.clear_risk_flag(actor=actor, risk_flag=flag, clearing_note="Fine"), PermissionRefused)
    empty = refused(lambda: profiles.clear_risk_flag(actor=manager, risk_flag=flag, clearing_note=" "), InvalidInput)
    assert empty.field == "clearing_note"
    profiles.clear_risk_flag(actor=manager, risk_flag=flag, clearing_note="Another company of that name")
    row = RiskFlag.objects.get()
    assert (row.cleared_on, row.cleared_by_id, row.version) == (timezone.localdate(), manager.user_id, 2)
    assert refused(lambda: profiles.clear_risk_flag(actor=manager, risk_flag=flag, clearing_note="Again")).code == (
        "cleared_already"
    )
    assert visible_organizations(actor).get(pk=works.pk).is_at_risk is False


def test_a_risk_without_words_or_of_tomorrow_is_refused(in_alpha, works):
    actor, tomorrow = in_alpha.actor(), timezone.localdate() + timedelta(days=1)
    wrong = {"note": {"note": " "}, "raised_on": {"note": "x", "raised_on": tomorrow}}
    for field, given in wrong.items():
        attempt = lambda given=given: profiles.raise_risk_flag(  # noqa: E731
            actor=actor, organization=works, kind="other", **given
        )
        assert refused(attempt, InvalidInput).field == field


def test_whoever_may_not_see_risks_does_not_see_that_there_are_any(in_alpha, works):
    make_risk_flag(works)
    assert visible_organizations(in_alpha.actor(Role.VIEWER)).get(pk=works.pk).is_at_risk is None


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.VIEWER])
def test_whoever_only_reads_changes_nothing(in_alpha, works, role):
    actor = in_alpha.actor(role)
    for attempt in (
        lambda: profiles.add_alias(actor=actor, organization=works, name="CW"),
        lambda: profiles.add_identifier(actor=actor, organization=works, scheme="lei", value=LEI),
        lambda: profiles.add_sector(actor=actor, organization=works, scheme="nace", code="26.11"),
        lambda: profiles.tag_organization(actor=actor, organization=works, name="Tag"),
        lambda: profiles.edit_practices(actor=actor, organization=works, procurement="x"),
        lambda: profiles.raise_risk_flag(actor=actor, organization=works, kind="other", note="x"),
    ):
        refused(attempt, PermissionRefused)
