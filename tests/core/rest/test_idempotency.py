"""A create that is sent twice happens once, also when both come at the same moment or the first one fails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from core.tenancy.scope import tenant_transaction
from organizations.models import Organization
from tenants.actions.idempotency import purge_kept_answers
from tenants.models import KeptAnswer
from tests.api_kit import Api, error_of, nothing_changes


def test_a_failed_create_leaves_the_key_free(in_alpha):
    api = Api(in_alpha, "manager")
    with nothing_changes():
        error_of(api.post("organizations/", {"name": ""}, Idempotency_Key="k"), 400)
        error_of(api.post("organizations/", {"name": "A", "country": "XX"}, Idempotency_Key="k"), 400)
    assert api.post("organizations/", {"name": "A"}, Idempotency_Key="k").status_code == 201


def test_a_key_belongs_to_one_member_of_one_office(alpha, beta):
    names = set()
    for office, role in ((alpha, "manager"), (alpha, "officer"), (beta, "manager")):
        made = Api(office, role).post("organizations/", {"name": f"{office.tenant.slug} {role}"}, Idempotency_Key="k")
        assert made.status_code == 201
        names.add(made.json()["name"])
    assert len(names) == 3


def test_the_same_values_in_another_spelling_are_the_same_request(in_alpha):
    api = Api(in_alpha, "manager")
    first = api.send("POST", "organizations/", b'{"name": "A", "city": "B"}', Idempotency_Key="k")
    again = api.send("POST", "organizations/", b'{ "city":"B","name" :"\\u0041"}', Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, first.content)
    other = api.send("POST", "contacts/", b'{"name": "A", "city": "B"}', Idempotency_Key="k")
    assert error_of(other, 422)["code"] == "idempotency_key_reused"


def test_a_replay_needs_the_permission_still(alpha):
    api = Api(alpha, "officer")
    assert api.post("organizations/", {"name": "A"}, Idempotency_Key="k").status_code == 201
    alpha.change("officer", role="viewer")
    error_of(api.post("organizations/", {"name": "A"}, Idempotency_Key="k"), 403)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "ø", "a\tb"])
def test_a_key_that_is_none_is_refused(alpha, key):
    with nothing_changes():
        error_of(Api(alpha, "manager").post("organizations/", {"name": "A"}, Idempotency_Key=key), 400)


def test_answers_are_kept_for_a_day(in_alpha):
    api = Api(in_alpha, "manager")
    for key, hours in (("old", 25), ("young", 23)):
        api.post("organizations/", {"name": key}, Idempotency_Key=key)
        KeptAnswer.objects.filter(key=key).update(created_at=timezone.now() - timedelta(hours=hours))
    assert purge_kept_answers(actor=in_alpha.actor()) == 1
    assert [row.key for row in KeptAnswer.objects.all()] == ["young"]


def test_the_nightly_purge_takes_them(in_alpha):
    from core.jobs import get_task

    Api(in_alpha, "manager").post("organizations/", {"name": "A"}, Idempotency_Key="k")
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(days=2))
    get_task("tenants.purge_jobs").run(actor=in_alpha.actor())
    assert not KeptAnswer.objects.exists()


@pytest.fixture
def unlimited(settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}


def test_many_at_once_with_the_same_keys_create_each_once(committed, alpha, unlimited):
    """Eight callers send the same twelve keys at the same time; transactions really commit."""

    def send_all(_caller: int) -> list[tuple[int, bytes]]:
        try:
            api = Api(alpha, "manager")
            answers = [
                api.post("organizations/", {"name": f"Organization {number}"}, Idempotency_Key=f"key-{number}")
                for number in range(12)
            ]
            return [(answer.status_code, answer.content) for answer in answers]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        per_caller = list(pool.map(send_all, range(8)))
    for answers in zip(*per_caller, strict=True):
        assert len(set(answers)) == 1
        assert answers[0][0] == 201
    with tenant_transaction(alpha.id):
        assert Organization.objects.count() == 12
        assert KeptAnswer.objects.count() == 12


def test_edits_at_once_lose_nothing(committed, alpha, unlimited):
    """Eight editors each add ten to what they saw, retrying when told that it is stale; none is lost."""
    made = Api(alpha, "manager").post("organizations/", {"name": "A", "city": "0"}).json()
    path = f"organizations/{made['id']}/"

    def edit(_editor: int) -> int:
        api, done, refused = Api(alpha, "manager"), 0, 0
        try:
            while done < 10:
                seen = api.get(path)
                city = str(int(seen.json()["city"]) + 1)
                answer = api.patch(path, {"city": city}, If_Match=seen["ETag"])
                assert answer.status_code in (200, 412), answer.content
                done, refused = done + (answer.status_code == 200), refused + (answer.status_code == 412)
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        refused = sum(pool.map(edit, range(8)))
    last = Api(alpha, "manager").get(path).json()
    assert (last["city"], last["version"]) == ("80", 81)
    assert refused > 0, "they did meet"
