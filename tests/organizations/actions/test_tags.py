"""Keeping the office's tags in order: rename, join, drop, and the way back."""

import pytest

from core.errors import ActionRefused, PermissionRefused, StaleEdit
from organizations.actions.profiles import tag_organization
from organizations.actions.tags import delete_tag, edit_tag
from organizations.models import Organization, Tag
from organizations.queries.profiles import tags_with_counts
from tenants.choices import Role
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization


@pytest.fixture
def tagged(in_alpha) -> tuple[Tag, Tag, Organization, Organization]:
    """Two tags; the first organization has both, the second has the first alone."""
    both, one = make_organization(name="Both"), make_organization(name="One")
    first = tag_organization(actor=in_alpha.actor(), organization=both, name="Batery").tag
    tag_organization(actor=in_alpha.actor(), organization=one, name="Batery")
    second = tag_organization(actor=in_alpha.actor(), organization=both, name="Battery").tag
    return first, second, both, one


def words(organization: Organization) -> list[str]:
    return sorted(organization.tagged.values_list("tag__name", flat=True))


def test_a_tag_gets_another_word(in_alpha, tagged):
    first, _second, both, one = tagged
    edit_tag(actor=in_alpha.actor(), tag=first, name=" Cell   makers ", seen=first.version)
    assert words(one) == ["Cell makers"]
    assert words(both) == ["Battery", "Cell makers"]


def test_a_word_that_is_a_tag_already_is_refused(in_alpha, tagged):
    first, second, _both, _one = tagged
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        edit_tag(actor=in_alpha.actor(), tag=first, name="BATTERY", seen=first.version)
    assert (refused.value.code, refused.value.field) == ("tag_exists", "name")
    assert refused.value.details == {"tag": second.pk}


def test_two_tags_become_one_and_the_organizations_know(in_alpha, tagged):
    first, second, both, one = tagged
    before = {row.pk: Organization.objects.get(pk=row.pk).version for row in (both, one)}
    assert edit_tag(actor=in_alpha.actor(), tag=first, name="battery", join=True, seen=first.version) == second
    assert (words(both), words(one)) == (["Battery"], ["Battery"])
    assert [(row.name, row.held) for row in tags_with_counts(in_alpha.actor())] == [("Battery", 2)]
    for row in (both, one):
        row.refresh_from_db()
        assert row.version == before[row.pk] + 1


def test_a_tag_that_somebody_changed_meanwhile_is_neither_renamed_nor_joined(in_alpha, tagged):
    first = tagged[0]
    edit_tag(actor=in_alpha.actor(), tag=first, name="Cells", seen=first.version)
    for name in ("Packs", "Battery"):
        with nothing_changes(), pytest.raises(StaleEdit):
            edit_tag(actor=in_alpha.actor(), tag=first, name=name, join=True, seen=first.version)


def test_a_dropped_tag_is_nowhere(in_alpha, tagged):
    first, _second, both, one = tagged
    delete_tag(actor=in_alpha.actor(), tag=first)
    assert (words(both), words(one)) == (["Battery"], [])
    assert not Tag.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.RESEARCHER, Role.VIEWER])
def test_only_managers_keep_the_tags(in_alpha, tagged, role):
    actor = in_alpha.actor(role)
    with nothing_changes():
        for refused in (
            lambda: edit_tag(actor=actor, tag=tagged[0], name="X"),
            lambda: delete_tag(actor=actor, tag=tagged[0]),
        ):
            with pytest.raises(PermissionRefused):
                refused()


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_a_tag_has_a_word(in_alpha, tagged, name):
    with nothing_changes(), pytest.raises(ActionRefused):
        edit_tag(actor=in_alpha.actor(), tag=tagged[0], name=name)
