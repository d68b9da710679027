"""healthz: is this process able to serve?"""

import pytest

from tenants.views import status
from tests.contracts.urls import browser


def test_all_is_well(db):
    answer = browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True})
    assert "no-store" in answer["Cache-Control"]


def test_it_needs_no_session_and_gives_none(db):
    assert not browser().get("/healthz").cookies


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_is_only_read(db, method):
    assert browser().generic(method, "/healthz").status_code == 405


def test_what_is_away_is_named_without_details(db, monkeypatch):
    def away(*args, **kwargs):
        raise OSError("redis://:password@10.0.0.7 refused")

    monkeypatch.setattr(status.cache, "set", away, raising=False)
    answer = browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "cache": False})
    assert b"10.0.0.7" not in answer.content


def test_a_cache_that_forgets_is_away(db, monkeypatch):
    monkeypatch.setattr(status.cache, "get", lambda key: None, raising=False)
    assert browser().get("/healthz").status_code == 503


def test_a_database_that_is_away_is_named(db, monkeypatch):
    class Away:
        def cursor(self):
            raise OSError("connection refused at 10.0.0.8")

    monkeypatch.setattr(status, "connection", Away())
    answer = browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "cache": True})
