"""Child processes that end with the process that started them."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LOG_LIMIT = 5 * 1024 * 1024
_PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The system account that a child runs as."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    death_signal: signal.Signals,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C in the terminal does not reach it), writing to `log`.

    On Linux the kernel sends it `death_signal` when this process ends, even by kill -9. Call it from the main
    thread: the kernel watches the thread that started the child.
    """
    parent = os.getpid()

    def end_with_parent() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    with open_log(log) as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=end_with_parent if _libc else None,
            **as_account(account),
        )


def as_account(account: Account | None) -> dict[str, object]:
    """The arguments with which subprocess runs a child as this account."""
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def stop(process: subprocess.Popen[bytes], *, with_signal: signal.Signals, patience: float) -> None:
    """Ask a child from `spawn` to end; after `patience` seconds kill it and what it started."""
    if process.poll() is not None:
        return
    process.send_signal(with_signal)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def open_log(log: Path) -> IO[bytes]:
    """A log opened for appending; one that has grown large is put aside as `<name>.old` first."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".old"))
    return log.open("ab")


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log, indented for a message; empty when there is no log."""
    if not log.exists():
        return ""
    text = log.read_bytes()[-16_384:].decode(errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def started_at(pid: int) -> str | None:
    """When a process started, in a form that only tells processes apart; None when there is none."""
    if _PROC.exists():
        try:
            return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
        except OSError:
            return None
    return _ask_ps(pid, "lstart=") or None


def command_line(pid: int) -> str:
    """The command line of a process; empty when it is gone."""
    if _PROC.exists():
        try:
            return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return _ask_ps(pid, "command=")


def _ask_ps(pid: int, column: str) -> str:
    """For systems without /proc; with /proc, the program ps may be missing."""
    command = ["ps", "-ww", "-o", column, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


class PidFile:
    """Which children run, for the next start to stop what a kill -9 left behind where the kernel does not.

    A process counts as left behind only when pid and start time agree, so a reused pid is never touched.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, pids: Sequence[int]) -> None:
        self._path.write_text(json.dumps({str(pid): started_at(pid) for pid in pids}))

    def clear(self) -> None:
        self._path.unlink(missing_ok=True)

    def stop_leftovers(self) -> list[int]:
        """Kill the recorded processes that still run, with their groups; returns their pids."""
        recorded: dict[str, str | None] = {}
        with contextlib.suppress(OSError, ValueError):
            recorded = json.loads(self._path.read_text())
        stopped = [int(pid) for pid, started in recorded.items() if started and started_at(int(pid)) == started]
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self.clear()
        return stopped
