"""Fixtures of all tests. ``alpha`` and ``beta`` are the two offices; ``in_alpha`` opens alpha's scope."""

from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from core.tenancy.scope import tenant_scope
from tests import databases
from tests.cast import ALPHA, BETA, STRANGER, Office, sign_in

# Speed is measured in tests/benchmarks; here a busy machine must not fail a property.
hypothesis.settings.register_profile("causeway", deadline=None)
hypothesis.settings.load_profile("causeway")


@pytest.fixture(scope="session")
def process_name(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(scope="session")
def django_db_setup(process_name: str, django_db_blocker) -> Iterator[None]:
    """A clone of the template for this pytest process, used as the application's role."""
    with django_db_blocker.unblock():
        databases.settings_for_process(process_name)
        name = f"test_{process_name}"
        databases.clone(databases.template(), name)
        databases.use_database(name)
        cache.clear()
        yield
        databases.use_database("postgres")
        databases.drop(name)


@pytest.fixture
def committed(django_db_setup, django_db_blocker, process_name: str) -> Iterator[str]:
    """A database of the test's own in which transactions really commit; its name, for other processes."""
    name, home = f"test_{process_name}_own", connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        databases.clone(databases.template(), name)
        databases.use_database(name)
        cache.clear()
        try:
            yield name
        finally:
            databases.use_database(home)
            databases.drop(name)
            cache.clear()


def _has_database(request: pytest.FixtureRequest) -> None:
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")


@pytest.fixture
def alpha(request: pytest.FixtureRequest) -> Office:
    _has_database(request)
    return Office.load(ALPHA)


@pytest.fixture
def beta(request: pytest.FixtureRequest) -> Office:
    _has_database(request)
    return Office.load(BETA)


@pytest.fixture
def in_alpha(alpha: Office) -> Iterator[Office]:
    """Alpha with its scope open, as inside a request or a task."""
    with tenant_scope(alpha.id):
        yield alpha


@pytest.fixture
def client_of(request: pytest.FixtureRequest) -> Callable[..., Client]:
    """``client_of(office, role)``: a signed-in browser; ``client_of(None)``: the stranger's."""
    _has_database(request)

    def client_for(office: Office | None, role: str = "manager") -> Client:
        from tenants.models import User

        client = Client()
        sign_in(client, office.user(role) if office else User(email=STRANGER))
        return client

    return client_for


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing cached by one test is seen by the next."""
    yield
    if {"db", "committed"} & set(request.fixturenames):
        cache.clear()
