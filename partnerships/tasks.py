"""Background work on partnerships."""

from core.actor import Actor
from core.jobs import tenant_task
from partnerships.actions.health import BATCH
from partnerships.actions.health import recompute_health as recompute
from partnerships.queries.health_basis import partnership_ids_of_office
from tenants.actions.jobs import enqueue_each


@tenant_task("partnerships.recompute_health")
def recompute_health(*, actor: Actor, partnership_ids: list[int]) -> None:
    """Health of the partnerships a write has touched."""
    recompute(actor=actor, partnership_ids=partnership_ids)


@tenant_task("partnerships.recompute_all_health")
def recompute_all_health(*, actor: Actor) -> None:
    """Health of the whole office from all its records: after an import."""
    _in_batches(ageing=False)


@tenant_task("partnerships.age_all_health")
def age_all_health(*, actor: Actor) -> None:
    """Health of the whole office a day later: nightly, since decay changes every score."""
    _in_batches(ageing=True)


@tenant_task("partnerships.recompute_health_batch")
def recompute_health_batch(*, actor: Actor, partnership_ids: list[int], ageing: bool) -> None:
    """One batch of either: a transaction of its own, so that workers share an office and a killed one loses little."""
    recompute(actor=actor, partnership_ids=partnership_ids, named=False, ageing=ageing)


def _in_batches(*, ageing: bool) -> None:
    ids = partnership_ids_of_office()
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    enqueue_each(
        "partnerships.recompute_health_batch",
        {
            f"{'age' if ageing else 'read'}-{batch[0]}": {"partnership_ids": batch, "ageing": ageing}
            for batch in batches
        },
    )
