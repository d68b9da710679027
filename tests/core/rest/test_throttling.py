"""A fair share of requests, counted exactly."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from core.rest.access import PerActorThrottle
from tests.api_kit import Api, error_of, make_token


@pytest.fixture
def limit(settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"actor": "5/hour"}}
    if time.time() % 3600 > 3590:
        time.sleep(11)  # not across the turn of a window


def test_too_many_requests_are_told_when_to_come_back(alpha, beta, limit):
    api = Api(alpha, "officer")
    assert [api.get("members/").status_code for _ in range(5)] == [200] * 5
    late = api.get("members/")
    assert error_of(late, 429)["code"] == "throttled"
    assert 1 <= int(late["Retry-After"]) <= 3600
    assert Api(alpha, "officer", token="").get("members/").status_code == 429
    assert Api(alpha, token=make_token(alpha, "officer")).get("members/").status_code == 429, "one share per member"
    assert Api(alpha, "manager").get("members/").status_code == 200
    assert Api(beta, "officer").get("members/").status_code == 200


def test_a_burst_is_counted_exactly(alpha, limit):
    request = SimpleNamespace(_request=SimpleNamespace(actor=alpha.actor("viewer")))

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _n: PerActorThrottle().allow_request(request, None), range(64)))
    assert passed.count(True) == 5


def test_everybody_passes_when_the_cache_is_away(alpha, limit, monkeypatch, caplog):
    monkeypatch.setattr(type(cache._connections[cache._alias]), "incr", lambda *_: 1 / 0, raising=False)
    assert all(Api(alpha, "officer").get("members/").status_code == 200 for _ in range(7))
    assert "Nobody is throttled" in caplog.text
