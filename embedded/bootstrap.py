"""The virtual environment: made, filled from the hashed locks, and entered. Standard library only.

What is installed is remembered in the environment itself, per lock file, as a fingerprint of the lock, the
Python version and the path; while they agree nothing is run and no network is needed.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from embedded.console import DevError, say
from embedded.locks import FileLock
from embedded.paths import ROOT, VAR, VENV

DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"
BROWSER_LOCK = ROOT / "requirements-browser.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
_BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


class Environment:
    """A virtual environment and the record of the locks installed in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._record = path / "causeway-installed.json"

    @property
    def python(self) -> Path:
        return self.path / "bin" / "python"

    def fingerprint(self, lock: Path) -> str:
        """Changes with the lock, the Python version and the place: then the lock must be installed anew."""
        version = ".".join(map(str, sys.version_info[:2]))
        parts = (lock.read_bytes(), version.encode(), os.fsencode(self.path))
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def has(self, lock: Path) -> bool:
        """Whether the lock as it stands is what was installed last."""
        return self.python.exists() and self._installed().get(lock.name) == self.fingerprint(lock)

    def remember(self, lock: Path) -> None:
        self._record.write_text(json.dumps(self._installed() | {lock.name: self.fingerprint(lock)}, indent=1))

    def install(self, lock: Path, *, purpose: str) -> None:
        """Bring the environment up to the lock, making it first where there is none that fits."""
        if not self._fits():
            self._create()
        say(f"installing {purpose} ({lock.name})")
        result = subprocess.run(
            [
                *self._pip(),
                "install",
                "-qq",
                "--require-hashes",
                "--only-binary=:all:",
                "--disable-pip-version-check",
                "--requirement",
                str(lock),
            ],
            stdout=sys.stderr,
            check=False,
        )
        if result.returncode != 0:
            raise DevError(f"pip could not install {lock.name}; its message stands above")
        self.remember(lock)

    def _fits(self) -> bool:
        """Whether there is an environment of this Python, made at this path."""
        try:
            settings = dict(
                line.split(" = ", 1) for line in (self.path / "pyvenv.cfg").read_text().splitlines() if " = " in line
            )
        except OSError:
            return False
        version = settings.get("version") or settings.get("version_info", "")
        same_python = version.split(".")[:2] == [str(part) for part in sys.version_info[:2]]
        return same_python and self.python.exists() and self._was_made_here()

    def _was_made_here(self) -> bool:
        """Scripts of a moved environment still name the old path; one without scripts cannot be wrong."""
        for script in (self.path / "bin").glob("pip*"):
            return os.fsencode(self.path) in script.read_bytes()[:1024]
        return True

    def _create(self) -> None:
        say(f"creating {self.path.name}")
        command = [sys.executable, "-m", "venv", "--clear", str(self.path)]
        if importlib.util.find_spec("ensurepip") is None:
            if not _has_pip(sys.executable):
                raise DevError(
                    "this Python has neither ensurepip nor pip. On Debian and Ubuntu install the package "
                    "python3-venv, then start again"
                )
            command.insert(3, "--without-pip")
        result = subprocess.run(command, stdout=sys.stderr, check=False)
        if result.returncode != 0:
            raise DevError(
                "the virtual environment could not be made; its message stands above. On Debian and Ubuntu "
                "it needs the package python3-venv"
            )

    def _pip(self) -> list[str]:
        """The environment's own pip, else the caller's working on the environment."""
        if _has_pip(str(self.python)):
            return [str(self.python), "-m", "pip"]
        if _has_pip(sys.executable):
            return [sys.executable, "-m", "pip", "--python", str(self.python)]
        raise DevError(f"{self.path.name} has no pip, and this Python has none: remove {self.path} and start again")

    def _installed(self) -> dict[str, str]:
        try:
            return json.loads(self._record.read_text())
        except (OSError, ValueError):
            return {}


def enter(arguments: Sequence[str]) -> None:
    """Return inside an up-to-date environment; when called outside of it, start dev.py again inside."""
    environment = Environment(VENV)
    if not environment.has(DEVELOPMENT_LOCK):
        with setting_up():
            if not environment.has(DEVELOPMENT_LOCK):
                environment.install(DEVELOPMENT_LOCK, purpose="the Python packages")
    if Path(sys.prefix).resolve() != VENV.resolve():
        _start_again(environment.python, arguments)


def ensure_browser_driver() -> Path | None:
    """The system's Chromium, with Playwright installed to drive it; None where one of them is missing."""
    browser = next((path for path in map(Path, _BROWSERS) if path.exists()), None)
    if browser is None:
        return None
    environment = Environment(VENV)
    with setting_up():
        if not environment.has(BROWSER_LOCK):
            try:
                environment.install(BROWSER_LOCK, purpose="the driver for browser tests")
            except DevError as error:
                say(f"{error}: browser tests will be skipped")
                return None
    return browser


def setting_up() -> FileLock:
    """Held while something is installed or built in this checkout, so that one command does it at a time."""
    return FileLock(VAR / "setup.lock")


def uv() -> str | None:
    """The program uv, which refreshes the locks."""
    inside = VENV / "bin" / "uv"
    return str(inside) if inside.exists() else shutil.which("uv")


def _has_pip(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _start_again(python: Path, arguments: Sequence[str]) -> NoReturn:
    sys.stdout.flush()
    os.execv(python, [str(python), str(ROOT / "dev.py"), *arguments])  # noqa: S606 - no shell is wanted
