"""One PostgreSQL cluster: created once, started on 127.0.0.1, given the database and the roles, stopped."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from embedded import ports
from embedded.console import DevError
from embedded.lodging import Lodging
from embedded.processes import as_account, command_line, spawn, stop, tail

SUPERUSER = "postgres"
DATABASE = "causeway"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
START_PATIENCE = 60.0  # seconds; recovery after a crash may take long
STOP_PATIENCE = 15.0
PORT_ATTEMPTS = 3


@dataclass
class PostgresCluster:
    """A cluster in `lodging.directory`, named after the major version: another one cannot open its files."""

    lodging: Lodging
    log: Path
    settings: Mapping[str, str]
    superuser_password: str
    port: int = field(default=0, init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        return self.lodging.directory / f"pg{self.lodging.programs.major}"

    def create(self) -> None:
        """Make the files of an empty cluster unless they are there; a killed attempt leaves no half one."""
        if (self.data / "PG_VERSION").exists():
            return
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._hand_over(unfinished)
        with self._password_file() as password_file:
            result = subprocess.run(
                [
                    self.lodging.programs.bindir / "initdb",
                    "--pgdata", unfinished,
                    "--username", SUPERUSER,
                    "--pwfile", password_file,
                    "--auth", "scram-sha-256",
                    "--encoding", "UTF8",
                    "--locale", "C",
                    "--locale-provider", "builtin",
                    "--builtin-locale", "C.UTF-8",
                    "--no-sync",
                ],
                capture_output=True,
                text=True,
                cwd="/",
                env=_environment(),
                check=False,
                **as_account(self.lodging.account),
            )  # fmt: skip
        if result.returncode != 0:
            raise DevError(f"initdb failed:\n{result.stdout}{result.stderr}")
        unfinished.rename(self.data)

    def start(self, *, preferred_port: int | None) -> None:
        """Start the server and return when it accepts connections; `port` then says where.

        It listens on the preferred port when that is free.
        """
        self._clear_stale_pid()
        preferred = [preferred_port] if preferred_port else []
        for _attempt in range(PORT_ATTEMPTS):
            self.port = ports.choose(preferred)
            if self._start_on(self.port):
                return
            if ports.is_free(self.port):
                break
            preferred = []  # someone took the port between the choice and the start
        raise DevError(f"PostgreSQL did not start; the end of {self.log}:\n{tail(self.log)}")

    def prepare(self, roles_sql: str, passwords: Mapping[str, str]) -> None:
        """Give the cluster the database, the extensions and the roles; harmless when it has them.

        `passwords` are the variables that `roles_sql` expects. They go through standard input, since command
        lines are public.
        """
        script = [
            *(f"create extension if not exists {name} schema public;" for name in EXTENSIONS),
            f"\\set database {DATABASE}",
            "select format('create database %I', :'database')",
            "where not exists (select from pg_database where datname = :'database') \\gexec",
            rf"\connect {DATABASE}",
            *(f"\\set {variable} '{password}'" for variable, password in passwords.items()),
            roles_sql,
            *(f"create extension if not exists {name} schema public;" for name in EXTENSIONS),
        ]
        environment = _environment() | {
            "PGHOST": ports.ADDRESS,
            "PGPORT": str(self.port),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.superuser_password,
            "PGDATABASE": "template1",  # so that databases which tests create have the extensions
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        result = subprocess.run(
            [self.lodging.programs.bindir / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"],
            input="\n".join(script),
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        if result.returncode != 0:
            raise DevError(f"the database roles could not be created:\n{result.stderr}")

    def stop(self) -> None:
        """End it cleanly: sessions are broken off, committed data are on disk."""
        if self.process is not None:
            stop(self.process, with_signal=signal.SIGINT, patience=STOP_PATIENCE)
            self.process = None

    def _start_on(self, port: int) -> bool:
        options = {
            "port": str(port),
            "listen_addresses": ports.ADDRESS,
            "unix_socket_directories": "",
            **self.settings,
        }
        self.process = spawn(
            [
                self.lodging.programs.bindir / "postgres",
                "-D", self.data,
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self.log,
            env=_environment(),
            cwd=Path("/"),
            death_signal=signal.SIGINT,
            account=self.lodging.account,
        )  # fmt: skip
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._is_ready(self.process.pid):
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _is_ready(self, pid: int) -> bool:
        """What pg_ctl looks at: the first line of postmaster.pid is the pid, the eighth the state."""
        lines = self._pid_file_lines()
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _clear_stale_pid(self) -> None:
        """Stop a server that a killed keeper left, and forget a pid that is another program's by now."""
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().isdigit():
            return
        pid = int(lines[0])
        if str(self.data) in command_line(pid):
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + STOP_PATIENCE
            while str(self.data) in command_line(pid) and time.monotonic() < deadline:
                time.sleep(0.05)
        if str(self.data) not in command_line(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _hand_over(self, path: Path) -> None:
        account = self.lodging.account
        if account is not None:
            os.chown(path, account.uid, account.gid)

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path]:
        """The superuser's password in a file for initdb alone."""
        path = self.lodging.directory / f".initdb-{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(self.superuser_password)
            self._hand_over(path)
            yield path
        finally:
            path.unlink()


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PGPORT, PGDATA or a locale there must not change what is started here."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
