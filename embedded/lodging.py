"""As whom PostgreSQL runs and where its files lie, when the one who calls is root.

PostgreSQL refuses to run as root, so it runs as `nobody`. When `nobody` cannot reach the checkout (one in
/root), the programs are copied and the data kept under /var/tmp; the checkout's own permissions stay.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from embedded.binaries import PostgresPrograms
from embedded.console import DevError
from embedded.processes import Account, as_account

ELSEWHERE = Path("/var/tmp")  # noqa: S108 - what is made there is checked to be root's alone


@dataclass(frozen=True)
class Lodging:
    """Programs that the account can run and a directory that it can reach; account None means oneself."""

    programs: PostgresPrograms
    directory: Path
    account: Account | None


def find_lodging(programs: PostgresPrograms, directory: Path, *, elsewhere: Path = ELSEWHERE) -> Lodging:
    """Where a cluster that belongs to `directory` lives; the same answer at every start.

    The directory exists afterwards. Its name under `elsewhere` derives from `directory`, and one that is not
    root's alone is refused, since anyone can write to /var/tmp.
    """
    if os.geteuid() != 0:
        _make_passable(directory)
        return Lodging(programs, directory, None)
    account = _nobody()
    _make_passable(directory)
    reachable = _can_enter(directory, account)
    runnable = _can_run(programs, account)
    if reachable and runnable:
        return Lodging(programs, directory, account)
    base = elsewhere / f"causeway-{hashlib.sha256(os.fsencode(directory.resolve())).hexdigest()[:12]}"
    _own_safely(base)
    return Lodging(
        programs if runnable else _copy_programs(programs, base),
        directory if reachable else base,
        account,
    )


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise DevError("PostgreSQL refuses to run as root, and there is no account `nobody`") from None
    return Account(entry.pw_uid, entry.pw_gid)


def _make_passable(directory: Path) -> None:
    """Others may pass through to a directory whose name they know, but not list it."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711)


def _can_enter(directory: Path, account: Account) -> bool:
    return subprocess.run(["test", "-x", directory], cwd="/", check=False, **as_account(account)).returncode == 0


def _can_run(programs: PostgresPrograms, account: Account) -> bool:
    try:
        attempt = subprocess.run(
            [programs.bindir / "postgres", "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            **as_account(account),
        )
    except OSError:
        return False
    return attempt.returncode == 0


def _own_safely(base: Path) -> None:
    base.mkdir(mode=0o755, exist_ok=True)
    status = base.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise DevError(f"{base} is not a directory that only root can change: remove it and start again")


def _copy_programs(programs: PostgresPrograms, base: Path) -> PostgresPrograms:
    """Copy the bundle once per version, complete or not at all, readable for everyone."""
    if not programs.bundle:
        raise DevError(f"the account `nobody` cannot run {programs.bindir}/postgres")
    target = base / f"postgresql-{programs.version}"
    if not target.is_dir():
        unfinished = base / f"{target.name}.{os.getpid()}"
        for part in programs.bundle:
            shutil.copytree(part, unfinished / part.name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in [unfinished, *unfinished.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        try:
            unfinished.rename(target)
        except OSError:  # another start was quicker
            shutil.rmtree(unfinished)
    moved = target / programs.bindir.relative_to(programs.bundle[0].parent)
    return replace(programs, bindir=moved, bundle=())
