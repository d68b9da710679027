"""A night of health in 100 offices, against the bare aggregate scan of the same 5,000,000 interactions in SQL.

The floor adds up, as superuser and with parallel workers, one decayed number per partnership. The night is done by two
real worker processes, from the clockwork's call to the last job. ``CAUSEWAY_BENCH_SCALE=0.1`` has a tenth of it all.
"""

import os
import random
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, sleep
from zoneinfo import ZoneInfo

from django.db import connection

from core.actor import Actor
from core.tenancy.scope import tenant_transaction
from partnerships.actions.health import BATCH, local_today, recompute_health
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import HealthBasis, HealthSnapshot, Interaction, PartnershipHealth
from partnerships.queries.health_basis import partnership_ids_of_office
from tenants.actions.jobs import enqueue_each
from tenants.models import Tenant
from tenants.tasks import enqueue_for_all
from tests import databases, worker_app
from tests.benchmarks.kit import Best, Figure, own_database
from tests.benchmarks.many_offices import TENANTS, Size, build
from tests.workers import Worker

assert worker_app  # its tasks are registered in this process too

DATABASE = "bench_health"
ROUNDS = 3
TOUCHED = 1_000
FLOOR = """
    select count(*), sum(mass) from (
        select partnership_id, sum(exp(-date_part('epoch', now() - occurred_at) / 86400 * ln(2::float8) / 90)) as mass
        from partnerships_interaction group by tenant_id, partnership_id
    ) as each
"""


def measure() -> Iterator[Figure]:
    """The floor, the first computation, a night, touched partnerships; then nights with and without an older past."""
    scale = float(os.environ.get("CAUSEWAY_BENCH_SCALE", "1"))
    size = Size(tenants=max(1, round(TENANTS * scale)))
    with own_database(DATABASE):
        tenants = _timed("built", lambda: build(DATABASE, size))
        floor = _floor()
        label = f"{size.partnerships:,} partnerships"
        first = _all_read_by_workers(tenants)
        yield Figure(f"everything read anew, {label}", first.seconds, floor.seconds, "s")
        night = _night_by_workers(tenants)
        yield Figure(f"a night, {label}", night.seconds, floor.seconds, "s")
        yield Figure("the same, processor time of all processes", night.processor, floor.processor, "s")
        again = _by_workers("once more", lambda: enqueue_for_all("partnerships.age_all_health"))
        yield Figure("once more that night: every score, no snapshot", again.seconds, floor.seconds, "s")
        yield Figure("memory of a worker at its largest, of 1 GiB", night.memory / 2**20, 1024, "MiB")
        ids = random.Random(7).sample(range(1, size.partnerships + 1), min(TOUCHED, size.partnerships))
        for where, touched in (("anywhere", ids), ("of one office", range(1, size.partners + 1))):
            seconds = _touched_by_workers(tenants, size, touched)
            yield Figure(f"{len(touched):,} touched partnerships {where}", seconds, floor.seconds, "s")
        times = sorted(_database_ms(tenants, size, pk) for pk in random.Random(7).sample(ids, 40))
        yield Figure("one touched partnership, database time, median, of 20 ms", times[20], 20, "ms")
        largest = sorted(_database_ms(tenants, size, 1) for _round in range(ROUNDS))[0]
        yield Figure("the same, the one with most interactions", largest, 20, "ms")
    yield from _with_a_past(Size(tenants=max(1, round(TENANTS * scale / 10))))


def _with_a_past(size: Size) -> Iterator[Figure]:
    nights = []
    for older in (0, 10):
        with own_database(DATABASE):
            tenants = build(DATABASE, Size(size.tenants, size.partners, older))
            _all_read_by_workers(tenants)
            nights.append(_night_by_workers(tenants))
    without, past = nights
    label = f"a night, {size.partnerships:,} partnerships, ten times the older past"
    yield Figure(label, past.seconds, without.seconds, "s")
    yield Figure("the same, processor time of all processes", past.processor, without.processor, "s")


@dataclass
class Effort:
    """What something took: seconds, processor time of the database and of workers, bytes of the largest worker."""

    seconds: float = 0.0
    database: float = 0.0
    workers: float = 0.0
    memory: int = 0

    @property
    def processor(self) -> float:
        return self.database + self.workers

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s; processor {self.database:.2f} s in the database, {self.workers:.2f} s in workers"


def _processor_seconds(process: int) -> float:
    """Of a process, its present children, and its former ones."""
    ticks = 0
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for pid, ended in ((process, True), *((int(each), False) for each in children)):
        with suppress(FileNotFoundError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11 : 15 if ended else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _database_process(database: str) -> int:
    """The server's first process, the parent of all that serve a connection."""
    with databases.superuser(database) as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()[1])


def _timed(what: str, work: Callable):
    start = perf_counter()
    answer = work()
    print(f"  {what} in {perf_counter() - start:.0f} s", flush=True)
    return answer


def _floor() -> Effort:
    best, least = Best(), float("inf")
    server = _database_process(DATABASE)
    for _round in range(ROUNDS):
        before = _processor_seconds(server)
        with databases.superuser(DATABASE) as cursor:
            best.of(lambda cursor=cursor: cursor.execute(FLOOR))
        sleep(0.2)
        least = min(least, _processor_seconds(server) - before)
    effort = Effort(best.seconds, least)
    print(f"  the floor: {effort}", flush=True)
    return effort


def _all_read_by_workers(tenants: list[int]) -> Effort:
    """Compute yesterday's health from all touches, in batches."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()

    def want() -> None:
        for tenant in tenants:
            with tenant_transaction(tenant):
                ids = partnership_ids_of_office()
                batches = {
                    str(ids[start]): {"partnership_ids": ids[start : start + BATCH], "day": yesterday}
                    for start in range(0, len(ids), BATCH)
                }
                enqueue_each("tests.health_of_a_day", batches)

    return _by_workers("everything read anew", want)


def _night_by_workers(tenants: list[int]) -> Effort:
    """A night after a day of work: who was in touch today was computed then, within seconds of the write."""
    for tenant in tenants:
        with tenant_transaction(tenant):
            office = Tenant.objects.get(pk=tenant)
            midnight = datetime.combine(local_today(office), time.min, ZoneInfo(office.time_zone))
            today = Interaction.objects.filter(occurred_at__gte=midnight).values_list("partnership_id", flat=True)
            recompute_health(actor=Actor.system(tenant), partnership_ids=sorted(set(today)))
    with databases.superuser(DATABASE) as cursor:
        cursor.execute("vacuum analyze partnerships_partnershiphealth, partnerships_healthbasis, tenants_job")
    begun = datetime.now(UTC)
    effort = _by_workers("a night", lambda: enqueue_for_all("partnerships.age_all_health"))
    kept = aged = snapshots = 0
    today = datetime.now(UTC).date()
    for tenant in tenants:
        with tenant_transaction(tenant):
            assert not PartnershipHealth.objects.exclude(computed_at__date=today).exists()
            kept += HealthBasis.objects.count()
            aged += HealthBasis.objects.filter(as_of__lt=today).count()
            snapshots += HealthSnapshot.objects.filter(computed_at__gte=begun).count()
    print(
        f"  of {kept:,} sums {aged:,} aged, {kept - aged:,} made that day; {snapshots:,} snapshots of the night",
        flush=True,
    )
    return effort


def _touched_by_workers(tenants: list[int], size: Size, partnerships: Collection[int]) -> float:
    """From the writes' call for new health to the last job, in seconds: a job for each, as writes want them."""

    def want() -> None:
        for office, ids in _by_office(size, partnerships).items():
            with tenant_transaction(tenants[office]):
                recompute_soon(ids)

    with _workers() as worker:
        return min(_effort(worker, "touched", want, every=0.02).seconds for _round in range(ROUNDS))


def _by_workers(what: str, want: Callable[[], None]) -> Effort:
    """Two worker processes do what is wanted, until the last job is done."""
    with _workers() as worker:
        return _effort(worker, what, want)


def _effort(worker: Worker, what: str, want: Callable[[], None], *, every: float = 0.1) -> Effort:
    server = _database_process(DATABASE)
    effort = Effort()
    with databases.superuser(DATABASE) as cursor:
        database, workers = _processor_seconds(server), _processor_seconds(worker.process.pid)
        start = perf_counter()
        want()
        while _unfinished(cursor):
            effort.memory = max(effort.memory, _resident(worker))
            sleep(every)
        effort.seconds = perf_counter() - start
        effort.workers = _processor_seconds(worker.process.pid) - workers
        effort.database = _processor_seconds(server) - database
    print(f"  {what}: {effort}", flush=True)
    return effort


@contextmanager
def _workers() -> Iterator[Worker]:
    worker = Worker(DATABASE, sweep_seconds=5, concurrency=2)
    try:
        while len(_children(worker)) < 2:
            sleep(0.1)
        sleep(3)
        yield worker
    finally:
        worker.stop()


def _unfinished(cursor) -> bool:
    cursor.execute("select exists (select from tenants_job where state in ('queued', 'started'))")
    return cursor.fetchone()[0]


def _children(worker: Worker) -> list[int]:
    pid = worker.process.pid
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident(worker: Worker) -> int:
    """The largest resident size, so far, of any process of the worker."""
    sizes = [0]
    for pid in _children(worker):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                sizes.append(int(line.split()[1]) * 1024)
    return max(sizes)


def _recompute(tenants: list[int], size: Size, partnerships) -> None:
    """What the jobs of touched partnerships do, in this process, one transaction per office."""
    for office, ids in _by_office(size, partnerships).items():
        with tenant_transaction(tenants[office]):
            recompute_health(actor=Actor.system(tenants[office]), partnership_ids=ids)


def _by_office(size: Size, partnerships: Iterable[int]) -> dict[int, list[int]]:
    by_office: dict[int, list[int]] = {}
    for pk in partnerships:
        by_office.setdefault((pk - 1) // size.partners, []).append(pk)
    return by_office


def _database_ms(tenants: list[int], size: Size, partnership: int) -> float:
    """How long the statements of one recomputation take, transaction included."""
    spent = 0.0

    def clock(execute, sql, parameters, many, context):
        nonlocal spent
        start = perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            spent += perf_counter() - start

    with connection.execute_wrapper(clock):
        _recompute(tenants, size, [partnership])
    return spent * 1000
