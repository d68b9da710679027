"""What benchmarks are made of: figures with the floor measured in the same run, databases of their own, clocks.

A benchmark is a module ``bench_<name>.py`` here whose docstring says what is measured and against which floor, with
a function ``measure()`` that yields figures. The runner finds it by its name.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests import databases

MIGRATED = "causeway"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value and the same for the floor; ``ratio`` is how many times the floor's effort it takes.

    ``rate``: more is better, as in rows per second; otherwise less is better, as in seconds.
    """

    name: str
    value: float
    floor: float
    unit: str
    rate: bool = False

    @property
    def ratio(self) -> float:
        return self.floor / self.value if self.rate else self.value / self.floor


@dataclass(slots=True)
class Best:
    """The shortest of several rounds, in seconds: on a shared machine the least disturbed one."""

    seconds: float = float("inf")

    def of(self, work: Callable[[], object]) -> object:
        """Do the work once, and keep its time if it is the shortest yet; answers what the work answers."""
        gc.collect()
        start = time.perf_counter()
        answer = work()
        self.seconds = min(self.seconds, time.perf_counter() - start)
        return answer


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """A fresh copy of the migrated database, in use by Django until the end; its name, for the superuser."""
    databases.use_database("postgres")
    databases.clone(MIGRATED, name)
    databases.use_database(name)
    try:
        yield name
    finally:
        databases.use_database(MIGRATED)
        databases.drop(name)
