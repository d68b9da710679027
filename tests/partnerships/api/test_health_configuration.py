"""The settings of health over the API."""

import pytest

from partnerships.models import HealthConfiguration
from partnerships.queries.health_configuration import health_config
from partnerships.rules.health import DEFAULT_CONFIG, config_to_dict, settings_of
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.partnerships import make_partnership


def make_version(author) -> HealthConfiguration:
    version = HealthConfiguration.objects.count() + 2
    settings = {**config_to_dict(DEFAULT_CONFIG), "version": version, "day_cap": 2.0 + version}
    return HealthConfiguration.objects.create(version=version, settings=settings, note="Why", published_by=author)


def body(*, seen: int | None = None, **changes) -> dict:
    current = health_config()
    settings = {**settings_of(current), "day_cap": current.day_cap + 1, **changes}
    return {"settings": settings, "note": "Days count more.", "seen": seen or current.version}


class TestHealthConfigurations(ApiContract):
    resource = Resource(
        prefix="health/config",
        view="partnerships.view_health_configuration",
        create="partnerships.configure_health",
        make=make_version,
        payload=body,
        queries={"list": 2, "detail": 1, "create": 4},
    )


def test_publishing_puts_a_version_in_force(in_alpha):
    api = Api(in_alpha, "manager")
    first = api.get("health/config/in-force/").json()
    assert (first["version"], first["published_at"], first["settings"]["day_cap"]) == (1, None, 2.0)
    made = api.post("health/config/", {"settings": {**first["settings"], "day_cap": 3.0}, "note": "Why", "seen": 1})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert Api(in_alpha, "officer").get("health/config/in-force/").json()["settings"]["day_cap"] == 3.0


def test_a_stale_or_impossible_version_is_refused(in_alpha):
    api = Api(in_alpha, "manager")
    assert api.post("health/config/", body()).status_code == 201
    with nothing_changes():
        assert error_of(api.post("health/config/", body(seen=1)), 409)["code"] == "stale"
        wrong = body(weights={**settings_of(DEFAULT_CONFIG)["weights"], "recency": 0.5})
        assert "weights" in error_of(api.post("health/config/", wrong), 400)["fields"]


def test_a_preview_stores_nothing(in_alpha):
    make_partnership()
    api = Api(in_alpha, "manager")
    with nothing_changes():
        shown = api.post("health/config/preview/", {"settings": body()["settings"]})
    assert shown.status_code == 200
    assert shown.json()["changes"] == [{"path": "day_cap", "before": 2.0, "after": 3.0}]
    assert shown.json()["bands"]["insufficient"] == [1, 1]
    assert "settings" in error_of(api.post("health/config/preview/", {}), 400)["fields"]
    assert "more" in error_of(api.post("health/config/preview/", {**body(), "more": 1}), 400)["fields"]


@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_a_preview_is_for_those_who_may_publish(in_alpha, role):
    assert Api(in_alpha, role).post("health/config/preview/", {"settings": {}}).status_code == 403
