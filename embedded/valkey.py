"""One Valkey server on 127.0.0.1: broker of the workers and cache."""

import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from embedded import ports
from embedded.console import DevError
from embedded.processes import spawn, stop, tail

START_PATIENCE = 30.0
STOP_PATIENCE = 10.0
PORT_ATTEMPTS = 3


@dataclass
class ValkeyServer:
    """A server whose data lie in `directory`."""

    program: Path
    directory: Path
    log: Path
    settings: Mapping[str, str]
    password: str
    port: int = field(default=0, init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, *, preferred_port: int | None) -> None:
        """Start it and return when it answers; it listens on the preferred port when that is free."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if preferred_port:
            self._stop_leftover(preferred_port)
        preferred = [preferred_port] if preferred_port else []
        for _attempt in range(PORT_ATTEMPTS):
            self.port = ports.choose(preferred)
            if self._start_on(self.port):
                return
            if ports.is_free(self.port):
                break
            preferred = []  # someone took the port between the choice and the start
        raise DevError(f"Valkey did not start; the end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        """End it cleanly: the append-only file is complete."""
        if self.process is not None:
            stop(self.process, with_signal=signal.SIGTERM, patience=STOP_PATIENCE)
            self.process = None

    def _start_on(self, port: int) -> bool:
        self.process = spawn(
            [self.program, self._write_configuration(port)],
            log=self.log,
            env={"LC_ALL": "C", "TZ": "UTC"},
            cwd=self.directory,
            death_signal=signal.SIGTERM,
        )
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self._client(port).ping():
                    return True
            except redis.RedisError:  # not listening yet, or still reading its file
                time.sleep(0.02)
        self.stop()
        return False

    def _write_configuration(self, port: int) -> Path:
        """In a file rather than on the command line, which is public and would show the password."""
        settings = {
            "bind": ports.ADDRESS,
            "port": str(port),
            "requirepass": self.password,
            "dir": f'"{self.directory}"',
            "maxmemory-policy": "noeviction",
            "save": '""',
            **self.settings,
        }
        path = self.directory / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        return path

    def _stop_leftover(self, port: int) -> None:
        """Stop the server that a killed keeper left on this port, if it is the one of this directory."""
        client = self._client(port)
        try:
            if client.config_get("dir").get("dir") != str(self.directory):
                return
            client.shutdown()
        except redis.RedisError:  # nobody there, or not ours: then the password does not fit
            return
        deadline = time.monotonic() + STOP_PATIENCE
        while not ports.is_free(port) and time.monotonic() < deadline:
            time.sleep(0.05)

    def _client(self, port: int) -> redis.Redis:
        return redis.Redis(
            host=ports.ADDRESS,
            port=port,
            password=self.password,
            decode_responses=True,
            socket_timeout=2,
            retry=Retry(NoBackoff(), retries=0),  # by default it tries for seconds
        )
