"""Health explained, imagined and doubted over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.actions.health import recompute_health
from partnerships.actions.health_objections import object_to_health
from partnerships.models import HealthObjection
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, make_token, nothing_changes
from tests.factories.organizations import make_contact
from tests.factories.partnerships import make_interaction, make_partnership, make_project


def make_objection(author) -> HealthObjection:
    return HealthObjection.objects.create(
        partnership=make_partnership(), band="insufficient", text="They call us daily.", written_by=author
    )


class TestObjections(ApiContract):
    resource = Resource(
        prefix="health-objections",
        view="partnerships.view_partnerships",
        create="partnerships.object_to_health",
        make=make_objection,
        payload=lambda: {"partnership": make_partnership().pk, "text": "They call us daily."},
        references={"partnership": (make_partnership, lambda pk: {"partnership": pk, "text": "No."})},
        queries={"list": 2, "detail": 1, "create": 5},
    )


def computed_partnership(office, **fields):
    started = timezone.localdate() - timedelta(days=700)
    row = make_partnership(stage_declared="support", started_on=started, owner=office.user("officer"), **fields)
    contact = make_contact(row.organization, decides=True, name="Dora Decides")
    for days in (1, 3, 6, 9, 12, 16, 20, 60):
        side = {"direction": "I" if days % 2 else "O", "contacts": (contact,)}
        make_interaction(row, days_ago=days, members=(office.user("officer"), office.user("manager")), **side)
    for channel in ("RES", "REC", "LIC"):
        make_project(row, channel=channel)
    recompute_health(actor=office.actor("manager"), partnership_ids=[row.pk])
    return row, contact


def test_the_explanation_adds_up_and_names_cures(in_alpha):
    row, _contact = computed_partnership(in_alpha)
    found = Api(in_alpha, "viewer").get(f"partnerships/{row.pk}/health/").json()["explanation"]
    raw = round(sum(line["got"] for line in found["points"]), 1)
    assert round(raw + found["held"], 1) == found["score"] == 64.0
    assert [cap["code"] for cap in found["caps"]] == ["K2"]
    assert found["caps"][0]["fact"] == "Only one person on their side is in touch"
    assert "meeting" in found["caps"][0]["cure"]
    assert found["what_would_help"][0]["code"] == "meeting_new"
    assert found["what_would_help"][0]["gain"] > 0.05
    assert "Dora" not in str(found)


def test_a_past_day_is_explained_and_one_to_come_refused(in_alpha):
    row, _contact = computed_partnership(in_alpha)
    api, path = Api(in_alpha, "manager"), f"partnerships/{row.pk}/health/"
    day = (timezone.localdate() - timedelta(days=10)).isoformat()
    assert api.get(path, {"as_of": day}).json()["explanation"]["as_of"] == day
    for bad in ((timezone.localdate() + timedelta(days=2)).isoformat(), "1999-01-01", "soon"):
        assert "as_of" in error_of(api.get(path, {"as_of": bad}), 400)["fields"]
    assert "when" in error_of(api.get(path, {"when": day}), 400)["fields"]


def test_what_if_answers_what_logging_brings_and_writes_nothing(in_alpha):
    row, contact = computed_partnership(in_alpha)
    api = Api(in_alpha, token=make_token(in_alpha, "manager", can_write=False))
    path = f"partnerships/{row.pk}/health/what-if/"
    with nothing_changes():
        answer = api.post(path, {"records": [{"type": "interaction", "kind": "call", "contact": contact.pk}]})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["before"]["score"], found["before"]["caps"]) == (64.0, ["K2"])
    make_interaction(row, kind="call", contacts=(contact,), members=(in_alpha.user("officer"),))
    recompute_health(actor=in_alpha.actor("manager"), partnership_ids=[row.pk])
    health = Api(in_alpha, "manager").get(f"partnerships/{row.pk}/health/").json()
    assert found["after"]["score"] == pytest.approx(health["score"], abs=1e-9)
    assert {each["code"] for each in found["dimensions"]} >= {"recency", "depth"}


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"type": "interaction"}, "records.0.kind"),
        ({"type": "interaction", "kind": "call", "contact": 999999999}, "records.0.contact"),
        ({"type": "interaction", "kind": "call", "occurred_on": "2999-01-01"}, "records.0.occurred_on"),
        ({"type": "evaluation", "score": 9}, "records.0.score"),
        ({"type": "project"}, "records.0.channel"),
    ],
)
def test_a_record_that_cannot_be_imagined_is_refused_by_its_field(in_alpha, record, field):
    row, _contact = computed_partnership(in_alpha)
    answer = Api(in_alpha, "manager").post(f"partnerships/{row.pk}/health/what-if/", {"records": [record]})
    assert field in error_of(answer, 400)["fields"]


def test_snapshots_are_narrowed_by_day(in_alpha):
    row, _contact = computed_partnership(in_alpha)
    api, path = Api(in_alpha, "viewer"), f"partnerships/{row.pk}/health-snapshots/"
    today = timezone.localdate()
    tomorrow = (today + timedelta(days=2)).isoformat()
    assert api.get(path, {"after": (today - timedelta(days=2)).isoformat()}).json()["count"] == 1
    assert api.get(path, {"after": tomorrow}).json()["count"] == 0
    assert api.get(path, {"before": tomorrow, "config_version": "1"}).json()["count"] == 1
    error_of(api.get(path, {"later": tomorrow}), 400)


def test_an_answer_closes_an_objection(in_alpha):
    row, _contact = computed_partnership(in_alpha)
    objection = object_to_health(actor=in_alpha.actor("officer"), partnership=row, text="Wrong.")
    path = f"health-objections/{objection.pk}/answer-objection/"
    with nothing_changes():
        error_of(Api(in_alpha, "officer").post(path, {"answer": "No."}), 403)
    answered = Api(in_alpha, "manager").post(path, {"answer": "Looked into."}).json()
    assert (answered["answer"], answered["answered_by"]["id"]) == ("Looked into.", in_alpha.user("manager").pk)
    with nothing_changes():
        error_of(Api(in_alpha, "manager").post(path, {"answer": "Again."}), 409)
    assert Api(in_alpha, "viewer").get("health-objections/", {"open": "true"}).json()["count"] == 0
