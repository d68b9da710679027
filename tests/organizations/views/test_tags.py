"""The page of tags: counts, rename with a mistake, join, drop and undo."""

import re

import pytest

from core.tenancy.scope import tenant_scope
from organizations.actions.profiles import tag_organization
from organizations.models import Tag
from tenants.choices import Role
from tests.factories.organizations import make_organization

UNDO = re.compile(r'action="([^"]*/changes/[^"]+/undo/)"')


@pytest.fixture
def tag(alpha) -> Tag:
    with tenant_scope(alpha.id):
        row = make_organization(name="Aarhus Pumps")
        tag_organization(actor=alpha.actor(), organization=row, name="Battery")
        return tag_organization(actor=alpha.actor(), organization=row, name="Batery").tag


def test_the_list_counts_and_leads_to_the_organizations(alpha, client_of, tag):
    page = client_of(alpha).get(f"{alpha.prefix}/tags/").content.decode()
    assert f"{alpha.prefix}/organizations/?tag={tag.pk}" in page
    assert "2 tags" in page


def test_a_word_in_use_says_how_to_join(alpha, client_of, tag):
    answer = client_of(alpha).post(f"{alpha.prefix}/tags/{tag.pk}/edit/", {"name": "battery", "version": 1})
    assert answer.status_code == 422
    assert "“Battery” is a tag already. Tick the box to make the two one." in answer.content.decode()


def test_joining_can_be_undone(alpha, client_of, tag):
    client = client_of(alpha)
    data = {"name": "battery", "join": "on", "version": 1}
    shown = client.post(f"{alpha.prefix}/tags/{tag.pk}/edit/", data, follow=True).content.decode()
    assert "Tag changed." in shown
    (undo,) = UNDO.findall(shown)
    client.post(undo)
    with tenant_scope(alpha.id):
        assert sorted(Tag.objects.values_list("name", "uses__organization__name")) == [
            ("Batery", "Aarhus Pumps"),
            ("Battery", "Aarhus Pumps"),
        ]


def test_dropping_can_be_undone(alpha, client_of, tag):
    client = client_of(alpha)
    shown = client.post(f"{alpha.prefix}/tags/{tag.pk}/delete/", follow=True).content.decode()
    assert "Batery deleted." in shown
    (undo,) = UNDO.findall(shown)
    client.post(undo)
    with tenant_scope(alpha.id):
        assert Tag.objects.get(name="Batery").uses.count() == 1


def test_an_officer_sees_the_tags_and_changes_none(alpha, client_of, tag):
    client = client_of(alpha, Role.OFFICER)
    assert f"/tags/{tag.pk}/edit/" not in client.get(f"{alpha.prefix}/tags/").content.decode()
    assert client.post(f"{alpha.prefix}/tags/{tag.pk}/edit/", {"name": "X", "version": 1}).status_code == 403
    assert client.post(f"{alpha.prefix}/tags/{tag.pk}/delete/").status_code == 403
    with tenant_scope(alpha.id):
        assert Tag.objects.get(pk=tag.pk).name == "Batery"
