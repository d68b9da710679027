"""Advisory file locks: the kernel drops them with the last process that holds them, however it ended."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """A lock on a file, held by this process until `release` or until it is gone.

    Child processes do not inherit it, except across an exec after `keep_across_exec`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def shared(self) -> None:
        """Wait until nobody holds it exclusively, and hold it together with others."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def exclusive(self) -> None:
        """Wait until nobody else holds it, and hold it alone."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        """Hold it alone if that is possible at once."""
        return self._try(fcntl.LOCK_EX)

    def is_held_alone(self) -> bool:
        """Whether somebody else holds it exclusively. For a lock that this object does not hold itself."""
        passed = self._try(fcntl.LOCK_SH)
        self.release()
        return not passed

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def keep_across_exec(self) -> None:
        """Let the program that replaces this process hold the lock for as long as it runs."""
        os.set_inheritable(self._open(), True)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._open(), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def _open(self) -> int:
        if self._descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._descriptor

    def __enter__(self) -> "FileLock":
        self.exclusive()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
