"""The demonstration: services, data, front end, and the three processes of the application under one roof.

A process or server that ends on its own ends the demonstration, with exit code 1 and the last lines of its
log: nothing is restarted, since a fault that hides is worse here than one that shows.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from embedded import frontend, ports
from embedded.bootstrap import DEVELOPMENT_LOCK
from embedded.console import DevError, say, step
from embedded.locks import FileLock
from embedded.paths import ROOT
from embedded.processes import PidFile, spawn, stop, tail
from embedded.services import Services

WEB_PORTS = range(8000, 8020)
READY_PATIENCE = 90.0
LOOK_EVERY = 0.2


class Stopped(BaseException):
    """Ctrl-C or SIGTERM. Not an Exception, so that nothing on the way mistakes it for a failure."""


@dataclass(frozen=True)
class Child:
    """A process of the application, and how it is asked to end."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    patience: float


class Demo:
    """One run of the demonstration on the given services, with the given settings for Django."""

    def __init__(self, services: Services, settings: Mapping[str, str]) -> None:
        self.services = services
        self.settings = dict(settings)
        self.children: list[Child] = []
        self.pids = PidFile(services.directory / "pids.json")

    def run(self) -> int:
        """Start, say READY, and stay until Ctrl-C or SIGTERM; 0 when that is what ended it."""
        alone = FileLock(self.services.directory / "demo.lock")
        if not alone.try_exclusive():
            port = self.services.remembered_ports().get("web")
            raise DevError(f"a demo of this checkout is already running: http://{ports.ADDRESS}:{port}/")
        held: FileLock | None = None
        try:
            _on_stop_signals(_raise_stopped)
            self.pids.stop_leftovers()
            held = self.services.hold()
            self.settings |= self.services.environment()
            log_ins = self._prepare()
            address = self._start_application()
            print(f"\nREADY  {address}\n\n{log_ins.strip()}\n", flush=True)
            say(f"logs are in {self.services.logs.relative_to(ROOT)}; Ctrl-C stops everything")
            self._watch()
        except Stopped:
            pass
        finally:
            _on_stop_signals(signal.SIG_IGN)
            self._stop_application()
            if held is not None:
                step("stopping Valkey and PostgreSQL")
                self.services.let_go(held)
            alone.release()
        say("stopped")
        return 0

    def _prepare(self) -> str:
        """Database, data and front end up to date; returns the log-ins to show."""
        if not frontend.build_if_changed():
            self.settings["STATIC_MANIFEST"] = "0"  # without a build there is nothing to list in a manifest
        step("migrating the database")
        self._manage("migrate", "-v", "0")
        step("loading the demonstration data")
        log_ins = self._manage("load_demo")
        self._manage("load_demo_agreements")
        self._manage("date_demo")
        self._manage("load_demo_scores")
        self._manage("load_demo_reports")
        static = Path(self.settings["STATIC_ROOT"])
        collected = static / ".collected-from"
        wanted = frontend.fingerprint([*frontend.built_files(), DEVELOPMENT_LOCK])
        if not collected.exists() or collected.read_text() != wanted:
            step("collecting static files")
            self._manage("collectstatic", "--noinput", "--clear", "-v", "0")
            static.mkdir(exist_ok=True)
            collected.write_text(wanted)
        return log_ins

    def choose_port(self) -> int:
        """Where the web server will listen, which links in mail then lead to unless the caller said otherwise."""
        remembered = self.services.remembered_ports().get("web")
        asked = os.environ.get("PORT", "")
        preferred = [int(asked)] if asked.isdigit() else [remembered] if remembered else []
        port = ports.choose([*preferred, *WEB_PORTS])
        self.services.remember_ports(web=port)
        if "SITE_ADDRESS" not in os.environ:
            self.settings["SITE_ADDRESS"] = f"http://{ports.ADDRESS}:{port}"
        return port

    def _start_application(self) -> str:
        """Web, worker and beat; returns the address once the web server answers for its health."""
        port = self.choose_port()
        python = sys.executable
        step("starting web, worker and beat")
        self._spawn(
            "web",
            [
                *(python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"{ports.ADDRESS}:{port}"),
                *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
                *("--graceful-timeout", "3", "--no-control-socket"),
            ],
            death_signal=signal.SIGTERM,
            patience=5,
        )
        self._spawn(
            "worker",
            [
                *(python, "-m", "celery", "-A", "config", "worker", "--concurrency", "2"),
                *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
            ],
            death_signal=signal.SIGKILL,  # a warm stop would wait for its tasks; jobs survive in their rows
            patience=10,
        )
        schedule = self.services.directory / "beat-schedule"
        self._spawn(
            "beat",
            [*(python, "-m", "celery", "-A", "config", "beat", "--schedule", str(schedule), "--pidfile", "")],
            death_signal=signal.SIGTERM,
            patience=5,
        )
        self.pids.write([child.process.pid for child in self.children])
        address = f"http://{ports.ADDRESS}:{port}/"
        self._await_health(f"{address}healthz")
        return address

    def _spawn(self, name: str, command: Sequence[str], *, death_signal: signal.Signals, patience: float) -> None:
        log = self.services.logs / f"{name}.log"
        settings = {name: value for name, value in self.settings.items() if name != "DATABASE_ADMIN_URL"}
        process = spawn(command, log=log, env=settings, cwd=ROOT, death_signal=death_signal)
        self.children.append(Child(name, process, log, patience))

    def _await_health(self, url: str) -> None:
        deadline = time.monotonic() + READY_PATIENCE
        problem = "no answer"
        while time.monotonic() < deadline:
            self._check_children()
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - http, to ourselves
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                problem = f"{error.code} {error.read(500).decode(errors='replace')}"
            except OSError as error:
                problem = str(error)
            time.sleep(0.1)
        log = self.services.logs / "web.log"
        raise DevError(f"{url} did not become healthy ({problem}); the end of {log}:\n{tail(log)}")

    def _watch(self) -> None:
        while True:
            self._check_children()
            if not self.services.are_kept():
                log = self.services.logs / "keeper.log"
                raise DevError(f"the embedded services ended on their own:\n{tail(log) or '    killed'}")
            time.sleep(LOOK_EVERY)

    def _check_children(self) -> None:
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise DevError(f"{child.name} ended with code {code}; the end of {child.log}:\n{tail(child.log)}")

    def _stop_application(self) -> None:
        """In order: no new requests, then the running tasks to their end, then the clock."""
        for child in self.children:
            step(f"stopping {child.name}")
            stop(child.process, with_signal=signal.SIGTERM, patience=child.patience)
        self.pids.clear()

    def _manage(self, *arguments: str) -> str:
        """Run a command of manage.py to its end; returns what it printed."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise DevError(f"manage.py {arguments[0]} failed; its message stands above\n{result.stdout}")
        return result.stdout


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _on_stop_signals(reaction: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    """How this process takes Ctrl-C, SIGTERM and the end of its terminal from now on."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, reaction)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        signal.signal(signal.SIGHUP, reaction)
