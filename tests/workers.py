"""Real Celery worker and beat processes on the test's own database and broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from tests import databases

ROOT = Path(__file__).resolve().parent.parent


class Worker:
    """A worker in its own process group. ``kill()`` is SIGKILL to all of it, ``stop()`` the warm way."""

    def __init__(self, database: str, *, sweep_seconds: float = 1.0, concurrency: int = 2):
        self.environment = {
            **os.environ,
            "DATABASE_URL": databases.url_for("DATABASE_URL", database),
            "REDIS_URL": settings.CELERY_BROKER_URL,
            "JOB_SWEEP_SECONDS": str(sweep_seconds),
            "JOB_LEASE_SECONDS": "2",
        }
        self.environment.pop("DATABASE_ADMIN_URL", None)
        self.environment.pop("DATABASE_SUPERUSER_URL", None)
        self.concurrency = concurrency
        self.start()

    def start(self) -> None:
        command = [
            *(sys.executable, "-m", "celery", "-A", "tests.worker_app", "worker"),
            *("-B", "--schedule", str(self.schedule)),
            *("-l", "WARNING", "-c", str(self.concurrency), "--without-gossip", "--without-mingle"),
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def schedule(self) -> Path:
        return Path(f"/tmp/causeway-test-beat-{os.getpid()}")  # noqa: S108 - a file of beat's, removed by stop()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> str:
        """Stop it and answer what it wrote to standard error."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                _out, errors = self.process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
                errors = b""
        else:
            errors = self.process.stderr.read()
        for left in self.schedule.parent.glob(f"{self.schedule.name}*"):
            left.unlink()
        return errors.decode(errors="replace")


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether the condition came true in time; asks ten times a second."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return condition()
