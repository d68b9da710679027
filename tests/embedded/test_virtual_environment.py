"""What is installed is remembered until the lock, the Python version or the place changes."""

import sys

import pytest

import dev
from embedded.bootstrap import Environment
from embedded.console import DevError


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements-dev.lock"
    path.write_text("django==5.2 --hash=sha256:00\n")
    return path


@pytest.fixture
def environment(tmp_path):
    """One that looks made here and by this Python, with nothing in it."""
    environment = Environment(tmp_path / ".venv")
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    version = ".".join(map(str, sys.version_info[:3]))
    (environment.path / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    return environment


def test_a_remembered_lock_needs_no_installation(environment, lock):
    assert not environment.has(lock)
    environment.remember(lock)
    assert environment.has(lock)


def test_a_changed_lock_is_installed_anew(environment, lock):
    environment.remember(lock)
    lock.write_text("django==5.2.1 --hash=sha256:11\n")
    assert not environment.has(lock)


def test_a_moved_environment_is_installed_anew(environment, lock, tmp_path):
    environment.remember(lock)
    moved = Environment(environment.path.rename(tmp_path / "elsewhere"))
    assert not moved.has(lock)


def test_another_python_version_installs_anew(environment, lock, monkeypatch):
    environment.remember(lock)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert not environment.has(lock)


def test_locks_are_remembered_side_by_side(environment, lock, tmp_path):
    other = tmp_path / "requirements-node.lock"
    other.write_text("nodejs==24 --hash=sha256:22\n")
    environment.remember(lock)
    environment.remember(other)
    assert environment.has(lock)
    assert environment.has(other)


def test_without_a_python_inside_nothing_counts_as_installed(environment, lock):
    environment.remember(lock)
    environment.python.unlink()
    assert not environment.has(lock)


def test_the_environment_of_another_python_is_made_anew(environment, lock, monkeypatch):
    made = []
    monkeypatch.setattr(environment, "_create", lambda: made.append(True))
    monkeypatch.setattr(environment, "_pip", lambda: [sys.executable, "-c", ""])
    environment.install(lock, purpose="nothing")
    assert made == []
    (environment.path / "pyvenv.cfg").write_text("version = 3.2.0\n")
    environment.install(lock, purpose="nothing")
    assert made == [True]


def test_a_failed_installation_is_not_remembered(environment, lock, monkeypatch):
    monkeypatch.setattr(environment, "_pip", lambda: [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(DevError, match=r"requirements-dev\.lock"):
        environment.install(lock, purpose="nothing")
    assert not environment.has(lock)


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 15, 0)])
def test_another_python_is_told_which_one_is_needed(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    assert "needs Python 3.11 to 3.14, and this is {}.{}.".format(*version) in dev.main(["demo"])
