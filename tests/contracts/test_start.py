"""What is wrong with an installation is said in words when it starts, and it does not start."""

import os
import subprocess
import sys

import pytest

from core.checks import REQUIRED
from tests import databases

WSGI = [sys.executable, "-c", "import config.wsgi"]
CHECK = [sys.executable, "manage.py", "check", "--database", "default"]


def started(command: list[str], **changes: str) -> tuple[int, str]:
    """The exit code and the words of a process with other variables; an empty one is not set."""
    environment = {name: value for name, value in {**os.environ, **changes}.items() if value}
    done = subprocess.run(
        command, cwd=databases.ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def home(db, process_name) -> str:
    return f"test_{process_name}"


def test_a_right_installation_starts(home):
    for command in (WSGI, CHECK):
        code, words = started(command, DATABASE_URL=databases.url_for("DATABASE_URL", home))
        assert (code, "not set" in words) == (0, False), words


@pytest.mark.parametrize("command", [WSGI, CHECK], ids=["wsgi", "check"])
@pytest.mark.parametrize(
    ("variable", "reason"),
    [("DATABASE_SUPERUSER_URL", "is a superuser"), ("DATABASE_ADMIN_URL", "owns the application's tables")],
)
def test_a_role_that_row_security_does_not_bind_is_refused(home, command, variable, reason):
    code, words = started(command, DATABASE_URL=databases.url_for(variable, home))
    assert code != 0
    assert reason in words
    assert "causeway_app" in words


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named(home, name):
    code, words = started(CHECK, **{"DATABASE_URL": databases.url_for("DATABASE_URL", home), name: "", "DEBUG": ""})
    assert code != 0
    assert name in words
    assert "not set" in words or "SECRET_KEY" in words


def test_all_missing_variables_are_named_at_once(db):
    code, words = started([sys.executable, "manage.py", "check"], REDIS_URL="", ALLOWED_HOSTS="", DEBUG="")
    assert code != 0
    assert "REDIS_URL" in words
    assert "ALLOWED_HOSTS" in words


def test_a_short_secret_key_is_named(home):
    code, words = started(CHECK, DATABASE_URL=databases.url_for("DATABASE_URL", home), SECRET_KEY="short")
    assert code != 0
    assert "shorter than 32" in words


def test_a_database_that_is_away_is_named(db):
    code, words = started(CHECK, DATABASE_URL="postgres://causeway_app@127.0.0.1:9/causeway")
    assert code != 0
    assert "DATABASE_URL" in words
