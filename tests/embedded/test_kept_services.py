"""Real servers, in a directory of their own: shared, killed, started again with their data."""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from embedded.binaries import find_postgres
from embedded.commands import site_address
from embedded.console import DevError
from embedded.locks import FileLock
from embedded.lodging import find_lodging
from embedded.paths import VAR
from embedded.ports import ADDRESS
from embedded.processes import started_at
from embedded.services import DEMO, Services
from embedded.supervisor import Demo

PATIENCE = 20.0


@pytest.fixture(scope="module")
def services():
    """Durable ones: with the settings of tests a killed server may lose what it acknowledged."""
    VAR.mkdir(exist_ok=True)
    services = Services(Path(tempfile.mkdtemp(prefix="trial-", dir=VAR)), DEMO)
    yield services
    home = services.postgres().data.parent
    for directory in {services.directory, home}:
        shutil.rmtree(directory)


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def query(services, statement, *, role="DATABASE_URL"):
    url = services.superuser_url() if role == "superuser" else services.environment()[role]
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def running(services):
    return json.loads(services.running.read_text())


def assert_all_ended(services, pids):
    wait_until(lambda: not services.are_kept())
    wait_until(lambda: all(started_at(pid) is None for pid in pids))


def server_pids(services):
    state = running(services)
    return [state["postgres_pid"], state["valkey_pid"]]


def test_the_application_gets_its_role_and_no_more(services):
    held = services.hold()
    try:
        role = "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        assert query(services, role) == [("causeway_app", False, False)]
        assert query(services, "select lower('ÉÇÃ'), unaccent('ação')") == [("éçã", "acao")]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(services, "create table loot (id int)")
        assert query(services, "select current_user", role="DATABASE_ADMIN_URL") == [("causeway_owner",)]
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(services.environment()["DATABASE_URL"].replace("causeway_app:", "causeway_app:x"))
    finally:
        services.let_go(held)


def test_passwords_can_be_read_by_their_owner_alone(services):
    held = services.hold()
    services.let_go(held)
    secret_files = [services.directory / "secrets", services.directory / "valkey" / "valkey.conf"]
    assert [path.stat().st_mode & 0o777 for path in secret_files] == [0o600, 0o600]


def test_services_run_until_the_last_user_lets_go(services):
    first = services.hold()
    pids = server_pids(services)
    second = services.hold()
    assert server_pids(services) == pids
    services.let_go(first)
    assert query(services, "select 1") == [(1,)]
    services.let_go(second)
    assert not services.running.exists()
    assert_all_ended(services, pids)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux alone passes on a parent's end")
def test_data_survive_a_killed_keeper(services):
    held = services.hold()
    query(services, "drop table if exists kept", role="superuser")
    query(services, "create table kept as select generate_series(1, 1000) as id", role="superuser")
    pids = server_pids(services)
    os.kill(running(services)["keeper"], signal.SIGKILL)
    assert_all_ended(services, pids)
    held.release()

    held = services.hold()
    try:
        assert query(services, "select count(*) from kept", role="superuser") == [(1000,)]
    finally:
        services.let_go(held)


def test_data_survive_a_killed_server_and_the_other_one_ends(services):
    held = services.hold()
    query(services, "drop table if exists kept", role="superuser")
    query(services, "create table kept as select generate_series(1, 1000) as id", role="superuser")
    cache = redis.Redis.from_url(services.environment()["REDIS_URL"])
    cache.set("kept", "yes")
    pids = server_pids(services)
    os.kill(pids[0], signal.SIGKILL)
    assert_all_ended(services, pids)
    assert "PostgreSQL ended on its own" in (services.logs / "keeper.log").read_text()
    held.release()

    held = services.hold()
    try:
        assert query(services, "select count(*) from kept", role="superuser") == [(1000,)]
        assert redis.Redis.from_url(services.environment()["REDIS_URL"]).get("kept") == b"yes"
    finally:
        services.let_go(held)


def test_a_remembered_port_that_is_taken_is_left_alone(services):
    services.let_go(services.hold())
    remembered = services.remembered_ports()["postgres"]
    with socket.create_server((ADDRESS, remembered)):
        held = services.hold()
        try:
            assert running(services)["postgres_port"] != remembered
            assert query(services, "select 1") == [(1,)]
        finally:
            services.let_go(held)


def test_links_in_mail_lead_to_the_port_that_was_found(services, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("SITE_ADDRESS", raising=False)
    demo = Demo(services, {"SITE_ADDRESS": "http://127.0.0.1:8000"})
    with socket.create_server((ADDRESS, 0)) as taken:
        services.remember_ports(web=taken.getsockname()[1])
        port = demo.choose_port()
        assert port != taken.getsockname()[1]
    assert demo.settings["SITE_ADDRESS"] == f"http://127.0.0.1:{port}"
    assert site_address(services) == f"http://127.0.0.1:{port}"


def test_the_callers_address_for_links_stands(services, monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", "https://causeway.example.org")
    demo = Demo(services, {"SITE_ADDRESS": "https://causeway.example.org"})
    demo.choose_port()
    assert demo.settings["SITE_ADDRESS"] == "https://causeway.example.org"


def test_a_second_demo_is_refused(services):
    with FileLock(services.directory / "demo.lock"), pytest.raises(DevError, match="already running"):
        Demo(services, {}).run()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for PostgreSQL")
class TestLodgingForRoot:
    @pytest.fixture
    def elsewhere(self):
        directory = Path(tempfile.mkdtemp(prefix="causeway-trial-", dir="/var/tmp"))
        directory.chmod(0o755)
        yield directory
        shutil.rmtree(directory)

    @pytest.fixture
    def private(self, tmp_path):
        """A checkout that only root can enter."""
        tmp_path.chmod(0o700)
        return tmp_path / "var"

    def test_data_leave_a_checkout_that_nobody_can_enter(self, private, elsewhere):
        lodging = find_lodging(find_postgres(), private, elsewhere=elsewhere)
        assert lodging.directory.parent == elsewhere
        assert private.parent.stat().st_mode & 0o777 == 0o700
        assert find_lodging(find_postgres(), private, elsewhere=elsewhere) == lodging

    def test_a_planted_link_is_refused(self, private, elsewhere):
        place = find_lodging(find_postgres(), private, elsewhere=elsewhere).directory
        shutil.rmtree(place)
        place.symlink_to("/etc")
        with pytest.raises(DevError, match="only root can change"):
            find_lodging(find_postgres(), private, elsewhere=elsewhere)
