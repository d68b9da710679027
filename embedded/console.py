"""Progress for whoever waits, on standard error: standard output belongs to a command's answer."""

import os
import sys
import time
from typing import NoReturn

STARTED_VARIABLE = "CAUSEWAY_DEV_STARTED"
_started = float(os.environ.setdefault(STARTED_VARIABLE, str(time.time())))
_quiet = False


class DevError(Exception):
    """Something the reader of the message can put right; shown without a traceback."""


def be_quiet_unless_watched() -> None:
    """Drop `step` lines when no terminal is there to read them, for commands whose output scripts read."""
    global _quiet
    _quiet = not sys.stderr.isatty()


def step(text: str) -> None:
    """One line of ordinary progress, with the seconds since the command began."""
    if not _quiet:
        say(text)


def say(text: str) -> None:
    """The same, but shown to everyone: rare things, and things that take long."""
    print(f"[{time.time() - _started:6.1f} s] {text}", file=sys.stderr, flush=True)


def die(error: DevError) -> NoReturn:
    print(f"dev.py: {error}", file=sys.stderr, flush=True)
    sys.exit(1)
