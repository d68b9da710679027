"""Background work on partnerships."""

from datetime import date

from core.actor import Actor
from core.jobs import MAIL_ATTEMPTS, tenant_task
from partnerships.actions import alert_digests, placement_links
from partnerships.actions.health import BATCH
from partnerships.actions.health import recompute_health as recompute
from partnerships.queries.health_basis import partnership_ids_of_office
from tenants.actions.jobs import enqueue_each


@tenant_task("partnerships.recompute_health", together="partnership_ids")
def recompute_health(*, actor: Actor, partnership_ids: list[int]) -> None:
    """Health of the partnerships a write has touched."""
    recompute(actor=actor, partnership_ids=partnership_ids)


@tenant_task("partnerships.recompute_all_health")
def recompute_all_health(*, actor: Actor) -> None:
    """Health of the whole office from all its records: after an import."""
    _in_batches(actor, ageing=False)


@tenant_task("partnerships.age_all_health")
def age_all_health(*, actor: Actor) -> None:
    """Health of the whole office a day later: nightly, since decay changes every score."""
    _in_batches(actor, ageing=True)


@tenant_task("partnerships.recompute_health_batch")
def recompute_health_batch(*, actor: Actor, partnership_ids: list[int], ageing: bool) -> None:
    """One batch of either: a transaction of its own, so that workers share an office and a killed one loses little."""
    recompute(actor=actor, partnership_ids=partnership_ids, named=False, ageing=ageing)


@tenant_task("partnerships.plan_alert_digests")
def plan_alert_digests(*, actor: Actor) -> None:
    """Who gets a mail about new alerts this morning, if it is morning there: hourly."""
    alert_digests.plan_alert_digests(actor=actor)


@tenant_task(alert_digests.DIGEST, attempts=MAIL_ATTEMPTS)
def mail_alert_digest(*, actor: Actor, member_id: int, day: str) -> None:
    """One mail to one colleague about the alerts that are new to them."""
    alert_digests.mail_alert_digest(actor=actor, member_id=member_id, day=date.fromisoformat(day))


@tenant_task(placement_links.MAIL_APPROVAL, attempts=MAIL_ATTEMPTS, given_up=placement_links.give_up_approval)
def mail_placement_approval(*, actor: Actor, approval_id: int) -> None:
    """The link by which somebody without an account approves a placement."""
    placement_links.mail_approval(actor=actor, approval_id=approval_id)


@tenant_task(placement_links.MAIL_EVALUATION, attempts=MAIL_ATTEMPTS, given_up=placement_links.give_up_evaluation)
def mail_placement_evaluation(*, actor: Actor, evaluation_id: int) -> None:
    """The link by which a student or a supervisor evaluates a placement."""
    placement_links.mail_evaluation(actor=actor, evaluation_id=evaluation_id)


@tenant_task("partnerships.park_placements")
def park_placements(*, actor: Actor) -> None:
    """Placements whose approver let the day pass: nightly, after that day is over everywhere in the office."""
    placement_links.park_overdue(actor=actor)


def _in_batches(actor: Actor, *, ageing: bool) -> None:
    """A job for each batch; a small office has one, and is done at once."""
    ids = partnership_ids_of_office()
    if len(ids) <= BATCH:
        recompute(actor=actor, partnership_ids=ids, named=False, ageing=ageing)
        return
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    enqueue_each(
        "partnerships.recompute_health_batch",
        {
            f"{'age' if ageing else 'read'}-{batch[0]}": {"partnership_ids": batch, "ageing": ageing}
            for batch in batches
        },
    )
