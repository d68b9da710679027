"""A real browser on a real server: gunicorn on the test's own database, a Celery worker, Debian's Chromium.

Skipped, and counted as such, where there is no Chromium or Playwright.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from core.tenancy.scope import tenant_transaction
from partnerships.models import Partnership
from tests import databases
from tests.cast import session_key
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership, make_project
from tests.workers import Worker

# Playwright's synchronous interface keeps an event loop in this thread; Django must not mistake it for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ROOT = Path(__file__).resolve().parents[2]
CANDIDATES = (os.environ.get("CAUSEWAY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(str(item.fspath)).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A running browser."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = next((found for name in CANDIDATES if name and (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def static_root(tmp_path_factory) -> str:
    """A folder with every static file, as the demonstration and the image have it."""
    if not (ROOT / "static" / "dist" / "app.js").exists():
        pytest.skip("the front end is not built (npm cannot be reached)")
    folder = str(tmp_path_factory.mktemp("static"))
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "STATIC_ROOT": folder}, check=True)
    return folder


@dataclass
class Server:
    """Gunicorn, once somebody wants it: all tests of this process see its database of the same name, made anew."""

    static_root: str
    address: str = ""
    process: subprocess.Popen | None = None

    def start(self, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "DATABASE_URL": databases.url_for("DATABASE_URL", database),
            "REDIS_URL": settings.CELERY_BROKER_URL,
            "STATIC_ROOT": self.static_root,
        }
        for name in ("DATABASE_ADMIN_URL", "DATABASE_SUPERUSER_URL"):
            environment.pop(name, None)
        options = ["-b", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning"]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        self.address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2)  # noqa: S310 - our own server
                return
            except OSError:
                assert self.process.poll() is None, "the server refused to start"
                assert time.monotonic() < until, "the server did not come up"
                time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)


@pytest.fixture(scope="session")
def gunicorn(static_root) -> Iterator[Server]:
    server = Server(static_root)
    yield server
    server.stop()


@pytest.fixture
def server(chromium, gunicorn, committed) -> Iterator[str]:
    """The address of gunicorn serving the test's own database; at the end no page is left that asks for more."""
    if gunicorn.process is None or gunicorn.process.poll() is not None:
        gunicorn.start(committed)
    yield gunicorn.address
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def worker(committed) -> Iterator[Worker]:
    running = Worker(committed)
    yield running
    running.stop()


@pytest.fixture
def partner(committed, alpha) -> Partnership:
    """One partner with some history, among a few others."""
    with tenant_transaction(alpha.id):
        for number in range(3):
            make_partnership(make_organization(name=f"Other {number} Ltd"))
        partnership = make_partnership(
            make_organization(name="Nordlys Vindkraft A/S", city="Aarhus"),
            owner=alpha.user("manager"),
            started_on=timezone.localdate() - timedelta(days=400),
        )
        contact = make_contact(partnership.organization, name="Lena Brandt", decides=True)
        for days in (40, 80, 120):
            make_interaction(partnership, days_ago=days, contacts=(contact,), members=(alpha.user("manager"),))
        make_project(partnership, title="Grid storage – joint research", award="250000")
        return partnership


def open_page(chromium, server: str, *, role: str | None = "manager", **context):
    """A page in a fresh browser context, signed in as alpha's member; it notes what goes wrong in ``page.faults``."""
    page = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **context}).new_page()
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text) if _is_fault(message) else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "response",
        lambda answer: (
            page.faults.append(f"{answer.status} {answer.url}")
            if answer.status >= 400 and answer.status not in (409, 422)
            else None
        ),
    )
    if role is not None:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(f"{role}@alpha.example"), "url": server}
        page.context.add_cookies([cookie])
        page.goto(f"{server}/t/alpha/")
    return page


def _is_fault(message) -> bool:
    """Errors on the console, but for two that tell of nothing wrong.

    The browser's own note that a form was answered with 422 or 409, and htmx's that a request was given up for a newer
    one (what fails otherwise is told by another line of htmx's).
    """
    expected = ("status of 409", "status of 422", "htmx:afterRequest, ", "htmx:sendAbort, ")
    return message.type == "error" and not any(words in message.text for words in expected)
