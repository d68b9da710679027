"""Interactions over HTTP, and who may read the confidential ones."""

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import Interaction, Participant
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_opportunity, make_partnership
from tests.partnerships.api.test_partnerships import somebody


class TestInteractions(ApiContract):
    resource = Resource(
        prefix="interactions",
        view="partnerships.view_interactions",
        create="partnerships.log_interaction",
        edit="partnerships.edit_interaction",
        delete="partnerships.delete_interaction",
        make=lambda author: make_interaction(
            make_partnership(), contacts=(make_contact(),), members=(author,), logged_by=author
        ),
        payload=lambda: {
            "partnership": make_partnership().pk,
            "kind": "site_visit",
            "direction": "I",
            "occurred_at": "2026-05-04T11:30:00+02:00",
            "note": "They showed the pilot plant.",
            "contacts": [make_contact(make_organization()).pk, make_contact().pk],
        },
        patch={"note": "They showed both plants.", "kind": "meeting"},
        references={
            "partnership": (make_partnership, lambda pk: {"partnership": pk}),
            "contacts": (make_contact, lambda pk: {"contacts": [pk]}),
            "members": (somebody, lambda pk: {"members": [pk]}),
            "opportunity": (make_opportunity, lambda pk: {"opportunity": pk}),
        },
        queries={"list": 3, "detail": 2, "create": 7, "update": 6},
    )


def test_participants_of_both_sides_have_names(in_alpha):
    api, officer = Api(in_alpha, "manager"), in_alpha.user("officer")
    partnership, ada, bob = make_partnership(), make_contact(name="Ada"), make_contact(name="Bob")
    body = {"partnership": partnership.pk, "contacts": [bob.pk, ada.pk, bob.pk], "members": [officer.pk]}
    made = api.post("interactions/", body).json()
    assert sorted(each["name"] for each in made["contacts"]) == ["Ada", "Bob"]
    assert made["members"] == [{"id": officer.pk, "name": officer.name}]
    assert made["partnership"] == {"id": partnership.pk, "name": partnership.organization.name}
    assert made["logged_by"]["id"] == in_alpha.user("manager").pk
    assert made["source"] == "api"
    path = f"interactions/{made['id']}/"
    changed = api.patch(path, {"contacts": [ada.pk], "version": 1}).json()
    assert changed["contacts"] == [{"id": ada.pk, "name": "Ada"}]
    assert changed["members"] == made["members"]
    assert changed["version"] == 2
    error_of(api.patch(path, {"contacts": [], "version": 1}), 409)
    alone = api.post("interactions/", {"partnership": partnership.pk, "note": "Called."}).json()
    assert [each["id"] for each in alone["members"]] == [in_alpha.user("manager").pk]
    nobody = api.post("interactions/", {"partnership": partnership.pk, "note": "Heard.", "members": []}).json()
    assert nobody["members"] == []


def test_somebody_who_left_can_still_have_taken_part(in_alpha):
    membership = in_alpha.memberships["researcher"]
    membership.ended_at = timezone.now()
    membership.save()
    body = {"partnership": make_partnership().pk, "note": "Then.", "members": [membership.user_id]}
    assert Api(in_alpha, "manager").post("interactions/", body).status_code == 201


def test_moments_are_written_with_an_offset_and_read_in_utc(in_alpha):
    api, partnership = Api(in_alpha, "officer"), make_partnership()
    body = {"partnership": partnership.pk, "note": "x"}
    made = api.post("interactions/", {**body, "occurred_at": "2026-05-04T11:30:00+02:00"}).json()
    assert made["occurred_at"] == "2026-05-04T09:30:00Z"
    for wrong in (
        "2026-05-04T11:30:00",
        "2026-05-04",
        "yesterday",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1899-12-31T00:00:00Z",
        "2200-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        20260504,
        None,
    ):
        with nothing_changes():
            assert "occurred_at" in error_of(api.post("interactions/", {**body, "occurred_at": wrong}), 400)["fields"]


def test_a_moment_that_is_none_is_refused_in_a_filter_too(in_alpha):
    api = Api(in_alpha, "officer")
    make_interaction(make_partnership())
    for moment in ("9999-12-31T23:59:59.999999-23:59", "x", "2026-13-01", "\u0000"):
        error_of(api.get("interactions/", {"after": moment}), 400)
    assert (
        api.get("interactions/", {"after": "2020-01-01T00:00:00Z", "before": "2100-01-01T00:00Z"}).json()["count"] == 1
    )
    assert api.get("interactions/", {"before": "2020-01-01T00:00:00Z"}).json()["count"] == 0


def test_only_the_author_or_a_manager_corrects(in_alpha):
    row = make_interaction(make_partnership(), logged_by=in_alpha.user("researcher"))
    with nothing_changes():
        error = error_of(Api(in_alpha, "officer").patch(f"interactions/{row.pk}/", {"note": "x"}), 409)
    assert error["code"] == "not_yours"
    for role in ("researcher", "manager"):
        assert Api(in_alpha, role).patch(f"interactions/{row.pk}/", {"note": role}).status_code == 200


@pytest.mark.parametrize("level", ["confidential", "restricted"])
class TestConfidential:
    """An officer who took part or wrote it sees it, another does not, a manager does."""

    @pytest.fixture
    def secret(self, in_alpha, level) -> Interaction:
        self.contact = make_contact(name="Whistle Blower")
        self.partnership = make_partnership()
        make_interaction(self.partnership, note="Open", logged_by=in_alpha.user("manager"))
        return make_interaction(
            self.partnership,
            note="A secret word",
            confidentiality=level,
            contacts=(self.contact,),
            members=(in_alpha.user("officer"),),
            logged_by=in_alpha.user("manager"),
        )

    def test_those_who_took_part_and_managers_see_it(self, alpha, secret):
        for role in ("officer", "manager", "administrator"):
            api = Api(alpha, role)
            assert api.get(f"interactions/{secret.pk}/").json()["note"] == "A secret word"
            assert api.get("interactions/").json()["count"] == 2
            assert api.get("interactions/", {"contact": str(self.contact.pk)}).json()["count"] == 1

    def test_others_find_no_trace(self, alpha, secret):
        api = Api(alpha, "researcher")
        missing = error_of(api.get("interactions/999999999/"), 404)
        assert error_of(api.get(f"interactions/{secret.pk}/"), 404) == missing
        with nothing_changes():
            error_of(api.patch(f"interactions/{secret.pk}/", {"note": "x"}), 404)
            stale = api.patch(f"interactions/{secret.pk}/", {"note": "x", "version": 9}, If_Match='"9"')
            error_of(stale, 404)
        listed = api.get("interactions/")
        assert listed.json()["count"] == 1
        assert b"secret word" not in listed.content
        queries = (
            {"contact": str(self.contact.pk)},
            {"kind": "meeting", "contact": str(self.contact.pk)},
            {"partnership": str(self.partnership.pk), "contact": str(self.contact.pk)},
        )
        for query in queries:
            answer = api.get("interactions/", query).json()
            assert (answer["count"], answer["results"]) == (0, []), query
        for sign in ("", "-"):
            page = api.get("interactions/", {"ordering": f"{sign}created_at", "page_size": "1"})
            assert b"secret word" not in page.content

    def test_the_author_sees_it_without_having_taken_part(self, alpha, secret):
        with tenant_scope(alpha.id):
            Interaction.objects.filter(pk=secret.pk).update(logged_by=alpha.user("researcher"))
            Participant.objects.filter(interaction=secret).delete()
        assert Api(alpha, "researcher").get(f"interactions/{secret.pk}/").status_code == 200
        error_of(Api(alpha, "officer").get(f"interactions/{secret.pk}/"), 404)


def test_a_correction_that_shuts_out_its_author_is_answered(in_alpha):
    api = Api(in_alpha, "officer")
    body = {"partnership": make_partnership().pk, "note": "x", "confidentiality": "restricted", "members": []}
    made = api.post("interactions/", body)
    assert made.status_code == 201, "its author may read it"
    assert api.get(f"interactions/{made.json()['id']}/").status_code == 200
