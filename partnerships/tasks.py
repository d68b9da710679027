"""Background work on partnerships."""

from core.actor import Actor
from core.jobs import tenant_task
from partnerships.actions.health import recompute_health as recompute


@tenant_task("partnerships.recompute_health")
def recompute_health(*, actor: Actor, partnership_ids: list[int]) -> None:
    """Health of the partnerships a write has touched."""
    recompute(actor=actor, partnership_ids=partnership_ids)


@tenant_task("partnerships.recompute_all_health")
def recompute_all_health(*, actor: Actor) -> None:
    """Health of the whole office: nightly, since decay changes every score, and after an import."""
    recompute(actor=actor)
