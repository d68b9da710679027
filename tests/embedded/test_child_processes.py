"""Locks, ports and children: what the commands rely on when a process is killed."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from embedded import ports
from embedded.commands import spread
from embedded.locks import FileLock
from embedded.paths import ROOT
from embedded.processes import PidFile, spawn, started_at, stop, tail

PATIENCE = 10.0


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def run_python(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


HOLD_A_LOCK = """
import sys, time
from pathlib import Path
from embedded.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.try_exclusive()
print("held", flush=True)
time.sleep(60)
"""

HOLD_ACROSS_EXEC = """
import os, sys
from pathlib import Path
from embedded.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.shared()
lock.keep_across_exec()
os.execv(sys.executable, [sys.executable, "-c", "import time; print('held', flush=True); time.sleep(60)"])
"""

SPAWN_A_CHILD = """
import os, signal, sys, time
from pathlib import Path
from embedded.processes import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], log=Path(sys.argv[1]), env=os.environ,
              cwd=Path("/"), death_signal=signal.SIGTERM)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_lock_excludes_others_until_released(tmp_path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.try_exclusive()
    assert not second.try_exclusive()
    assert second.is_held_alone()
    first.release()
    assert not second.is_held_alone()
    assert second.try_exclusive()


def test_shared_holders_keep_an_exclusive_one_out(tmp_path):
    first, second, alone = (FileLock(tmp_path / "lock") for _ in range(3))
    first.shared()
    second.shared()
    first.release()
    assert not alone.try_exclusive()
    second.release()
    assert alone.try_exclusive()


@pytest.mark.parametrize("program", [HOLD_A_LOCK, HOLD_ACROSS_EXEC], ids=["plain", "across exec"])
def test_a_lock_goes_with_a_killed_process(tmp_path, program):
    lock = FileLock(tmp_path / "lock")
    holder = run_python(program, lock.path)
    assert holder.stdout.readline() == "held\n"
    assert not lock.try_exclusive()
    holder.kill()
    holder.communicate()
    assert lock.try_exclusive()


def test_a_taken_port_is_left_to_its_owner():
    with socket.create_server((ports.ADDRESS, 0)) as other:
        taken = other.getsockname()[1]
        assert not ports.is_free(taken)
        chosen = ports.choose([taken])
        assert chosen != taken
        assert ports.is_free(chosen)


def test_the_first_free_port_of_the_preferred_ones_is_chosen():
    with socket.create_server((ports.ADDRESS, 0)) as other:
        free = ports.choose()
        assert ports.choose([other.getsockname()[1], free]) == free


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux alone passes on a parent's end")
def test_a_child_ends_with_its_killed_parent(tmp_path):
    parent = run_python(SPAWN_A_CHILD, tmp_path / "log")
    child = int(parent.stdout.readline())
    assert started_at(child)
    parent.kill()
    parent.communicate()
    wait_until(lambda: started_at(child) is None)


def test_a_child_that_does_not_listen_is_killed(tmp_path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\n"
    child = start_child(tmp_path, f"{deaf}time.sleep(60)")
    wait_until(lambda: "deaf" in tail(tmp_path / "log"))
    stop(child, with_signal=signal.SIGTERM, patience=0.2)
    assert child.returncode == -signal.SIGKILL


def test_a_recorded_leftover_is_stopped_at_the_next_start(tmp_path):
    child = start_child(tmp_path, "import time; time.sleep(60)")
    record = PidFile(tmp_path / "pids.json")
    record.write([child.pid])
    assert record.stop_leftovers() == [child.pid]
    assert child.wait(PATIENCE) == -signal.SIGKILL
    assert record.stop_leftovers() == []


def test_a_process_that_got_a_recorded_pid_later_is_left_alone(tmp_path):
    child = start_child(tmp_path, "import time; time.sleep(60)")
    path = tmp_path / "pids.json"
    path.write_text(f'{{"{child.pid}": "another time"}}')
    assert PidFile(path).stop_leftovers() == []
    assert child.poll() is None
    stop(child, with_signal=signal.SIGTERM, patience=PATIENCE)


def start_child(directory, code):
    return spawn(
        [sys.executable, "-c", code],
        log=directory / "log",
        env=os.environ,
        cwd=directory,
        death_signal=signal.SIGKILL,
    )


@pytest.mark.parametrize(
    ("arguments", "spreads"),
    [
        ([], True),
        (["tests/core", "-q"], True),
        (["-n", "2"], False),
        (["-n0"], False),
        (["--numprocesses=1"], False),
        (["tests/core/test_actor.py::test_name"], False),
        (["-k", "name"], False),
        (["--pdb"], False),
    ],
)
def test_tests_are_spread_unless_the_caller_chose(arguments, spreads):
    assert bool(spread(arguments)) is spreads
