"""Wanting the checklist of agreements computed anew, after writes to what it reads."""

from collections.abc import Iterable

from tenants.actions.jobs import enqueue_each


def recheck_soon(agreement_ids: Iterable[int]) -> None:
    """Want the checklist of these agreements within seconds; a burst of writes costs one computation.

    What decides whether an agreement may be signed is computed on the spot and does not wait for this.
    """
    enqueue_each("agreements.recheck", {f"agreement-{pk}": {"agreement_ids": [pk]} for pk in agreement_ids})
