"""The process that runs the services of one directory while somebody uses them.

    python -m embedded.keeper PROFILE DIRECTORY

Started by `Services.hold`. It ends when no command holds the lock `users` any more, when it is told to
(SIGTERM), or when a server ends on its own; in each case it first stops what still runs.
"""

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

from embedded.console import DevError
from embedded.locks import FileLock
from embedded.postgres import PostgresCluster
from embedded.services import PROFILES, Services, roles_sql
from embedded.valkey import ValkeyServer

LOOK_EVERY = 0.2


class Keeper:
    """Starts, watches and stops the servers of one directory."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.postgres: PostgresCluster | None = None
        self.valkey: ValkeyServer | None = None
        self.told_to_stop = False

    def run(self) -> int:
        """Keep the services until nobody uses them; 0 when that is why it ended."""
        signal.signal(signal.SIGTERM, self._note_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        alone = self.services.keeper
        alone.exclusive()  # nobody else keeps them; at most somebody looks, for a moment, whether one does
        users = self.services.users
        try:
            self._start()
            return self._watch(users)
        except DevError as error:
            print(error, flush=True)
            return 1
        finally:
            self._stop()
            alone.release()
            users.release()

    def _start(self) -> None:
        remembered = self.services.remembered_ports()
        credentials = self.services.credentials
        self.postgres = self.services.postgres()
        self.postgres.create()
        self.valkey = self.services.valkey()
        self.valkey.start(preferred_port=remembered.get("valkey"))
        self.postgres.start(preferred_port=remembered.get("postgres"))
        self.services.remember_ports(postgres=self.postgres.port, valkey=self.valkey.port)
        self.postgres.prepare(
            roles_sql(),
            {
                "app_password": credentials.app_password,
                "migrate_password": credentials.migrate_password,
                "backup_password": credentials.backup_password,
            },
        )
        self._announce()

    def _announce(self) -> None:
        running = self.services.running
        unfinished = running.with_name(f"{running.name}.{os.getpid()}")
        unfinished.write_text(
            json.dumps(
                {
                    "keeper": os.getpid(),
                    "postgres_port": self.postgres.port,
                    "postgres_pid": self.postgres.process.pid,
                    "postgres_bindir": str(self.postgres.lodging.programs.bindir),
                    "postgres_data": str(self.postgres.data),
                    "valkey_port": self.valkey.port,
                    "valkey_pid": self.valkey.process.pid,
                }
            )
        )
        unfinished.rename(running)

    def _watch(self, users: FileLock) -> int:
        """Once `users` can be had alone it stays held to the end, so that newcomers wait for the stop."""
        while not self.told_to_stop and not users.try_exclusive():
            for name, server in (("PostgreSQL", self.postgres), ("Valkey", self.valkey)):
                if server.process.poll() is not None:
                    code = server.process.returncode
                    raise DevError(f"{name} ended on its own (code {code}); see {server.log}")
            time.sleep(LOOK_EVERY)
        return 0

    def _stop(self) -> None:
        with contextlib.suppress(OSError):
            self.services.running.unlink(missing_ok=True)
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()

    def _note_stop(self, *_: object) -> None:
        self.told_to_stop = True


if __name__ == "__main__":
    profile, directory = sys.argv[1:]
    sys.exit(Keeper(Services(Path(directory), PROFILES[profile])).run())
