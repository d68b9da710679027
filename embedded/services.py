"""The services of one purpose (demo, test or bench), and how commands share them.

All that belongs to them lies in one directory. A keeper process (`embedded.keeper`) runs them for as long as
some command holds the lock `users`: commands come and go, and however the last one ends, even by kill -9, the
keeper then stops the services in order and ends as well.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from embedded import ports
from embedded.binaries import find_postgres, find_valkey
from embedded.console import DevError, say, step
from embedded.locks import FileLock
from embedded.lodging import find_lodging
from embedded.paths import ROLES_SQL, ROOT, VAR
from embedded.postgres import DATABASE, SUPERUSER, PostgresCluster
from embedded.processes import tail
from embedded.valkey import ValkeyServer

KEEPER_PATIENCE = 120.0  # seconds for services to come up, a first initdb on a busy machine included
_COMMON_POSTGRES = {"max_connections": "100", "timezone": "UTC", "log_timezone": "UTC"}
_THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_LARGER = {"shared_buffers": "256MB", "random_page_cost": "1.1", "effective_cache_size": "1GB"}
_LASTING_VALKEY = {"appendonly": "yes", "appendfsync": "everysec"}


@dataclass(frozen=True)
class Profile:
    """How durable and how large: the server settings of one purpose."""

    name: str
    postgres: dict[str, str]
    valkey: dict[str, str]


DEMO = Profile("demo", {**_COMMON_POSTGRES}, _LASTING_VALKEY)
TEST = Profile("test", {**_COMMON_POSTGRES, **_THROW_AWAY}, {"appendonly": "no"})
BENCH = Profile("bench", {**_COMMON_POSTGRES, **_LARGER}, _LASTING_VALKEY)
PROFILES = {profile.name: profile for profile in (DEMO, TEST, BENCH)}


@dataclass(frozen=True)
class Credentials:
    """The passwords and keys of one purpose, made once and kept in a file that only its owner can read."""

    superuser_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    migrate_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    app_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    backup_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    valkey_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @classmethod
    def load(cls, path: Path) -> "Credentials":
        """What the file says; what it lacks is made and added."""
        known = json.loads(path.read_text()) if path.exists() else {}
        made = cls(**known)
        if made.__dict__ == known:
            return made
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made.__dict__, file, indent=1)
        unfinished.rename(path)
        return made


@dataclass(frozen=True)
class Services:
    """PostgreSQL and Valkey for one purpose, with everything about them in `directory`."""

    directory: Path
    profile: Profile

    @property
    def users(self) -> FileLock:
        return FileLock(self.directory / "users.lock")

    @property
    def keeper(self) -> FileLock:
        return FileLock(self.directory / "keeper.lock")

    @property
    def logs(self) -> Path:
        return self.directory / "logs"

    @property
    def running(self) -> Path:
        """There exactly while the services accept connections; says on which ports."""
        return self.directory / "running.json"

    @property
    def credentials(self) -> Credentials:
        return Credentials.load(self.directory / "secrets")

    def postgres(self) -> PostgresCluster:
        """The cluster of this directory, not started; for the keeper."""
        lodging = find_lodging(find_postgres(), self.directory)
        return PostgresCluster(
            lodging, self.logs / "postgres.log", self.profile.postgres, self.credentials.superuser_password
        )

    def valkey(self) -> ValkeyServer:
        """The server of this directory, not started; for the keeper."""
        return ValkeyServer(
            find_valkey(),
            self.directory / "valkey",
            self.logs / "valkey.log",
            self.profile.valkey,
            self.credentials.valkey_password,
        )

    def are_kept(self) -> bool:
        """Whether a keeper runs them. When it ends, on purpose or not, they end with it."""
        return self.keeper.is_held_alone()

    def hold(self) -> FileLock:
        """Have the services run for as long as the returned lock is held, starting them when nobody has.

        Returns when they accept connections.
        """
        held = self.users
        held.shared()
        with FileLock(self.directory / "start.lock"):
            deadline = time.monotonic() + KEEPER_PATIENCE
            while not (self.are_kept() and self.running.exists()):
                if not self.are_kept():
                    self._start_keeper()
                if time.monotonic() > deadline:
                    raise DevError(f"the services did not come up; see {self.logs}")
                time.sleep(0.05)
        return held

    def let_go(self, held: FileLock) -> None:
        """Give up the lock from `hold`; returns when the services have stopped or others use them."""
        held.release()
        deadline = time.monotonic() + 30
        notice = time.monotonic() + 2  # by then a keeper that has no users left has begun to stop
        while self.are_kept() and time.monotonic() < deadline:
            if self.running.exists() and time.monotonic() > notice:
                return
            time.sleep(0.05)

    def environment(self) -> dict[str, str]:
        """How Django reaches the running services, in the variables that production uses as well."""
        running = json.loads(self.running.read_text())
        secret = self.credentials
        server = f"{ports.ADDRESS}:{running['postgres_port']}"
        return {
            "DATABASE_URL": f"postgres://causeway_app:{secret.app_password}@{server}/{DATABASE}",
            "DATABASE_ADMIN_URL": f"postgres://causeway_migrate:{secret.migrate_password}@{server}/{DATABASE}",
            "REDIS_URL": f"redis://:{secret.valkey_password}@{ports.ADDRESS}:{running['valkey_port']}/0",
            "SECRET_KEY": secret.secret_key,
            "DATA_DIR": str(self.directory / "files"),
            "STATIC_ROOT": str(self.directory / "static"),
            "PATH": os.pathsep.join([running["postgres_bindir"], os.environ.get("PATH", os.defpath)]),
        }

    def superuser_url(self) -> str:
        """For tests and benchmarks alone, which create databases and read the catalogue."""
        running = json.loads(self.running.read_text())
        password = self.credentials.superuser_password
        return f"postgres://{SUPERUSER}:{password}@{ports.ADDRESS}:{running['postgres_port']}/{SUPERUSER}"

    def remembered_ports(self) -> dict[str, int]:
        """The ports of the last start, preferred at the next one so that bookmarks keep working."""
        try:
            return json.loads((self.directory / "ports.json").read_text())
        except (OSError, ValueError):
            return {}

    def remember_ports(self, **chosen: int) -> None:
        path = self.directory / "ports.json"
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(self.remembered_ports() | chosen))
        unfinished.rename(path)

    def _start_keeper(self) -> None:
        new = not (self.directory / "ports.json").exists()
        (say if new else step)("creating the database cluster" if new else "starting PostgreSQL and Valkey")
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.running.unlink(missing_ok=True)  # of a keeper that was killed
        log = self.logs / "keeper.log"
        with log.open("wb") as output:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "embedded.keeper", self.profile.name, str(self.directory)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self.running.exists():
            if keeper.poll() is not None:
                raise DevError(f"the embedded services did not start:\n{tail(log)}")
            time.sleep(0.02)


def demo_services() -> Services:
    """The services of the demonstration, shared by `demo` and `manage`."""
    return Services(VAR / "demo", DEMO)


def bench_services() -> Services:
    return Services(VAR / "bench", BENCH)


def reserve_test_services() -> tuple[Services, FileLock]:
    """Services that no other test run uses, and the lock that keeps it so.

    Test runs of one checkout at the same time each get their own cluster (var/test/1, var/test/2 …); later
    runs use the lowest free one again.
    """
    number = 1
    while True:
        services = Services(VAR / "test" / str(number), TEST)
        reserved = FileLock(services.directory / "reserved.lock")
        if reserved.try_exclusive():
            return services, reserved
        number += 1


def roles_sql() -> str:
    return ROLES_SQL.read_text()
