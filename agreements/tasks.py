"""Background work on agreements."""

from agreements.actions import reminders
from agreements.actions.clauses import recheck as check_anew
from core.actor import Actor
from core.jobs import MAIL_ATTEMPTS, tenant_task


@tenant_task("agreements.recheck")
def recheck(*, actor: Actor, agreement_ids: list[int]) -> None:
    """The checklist of the agreements a write has touched."""
    check_anew(agreement_ids)


@tenant_task("agreements.plan_reminders")
def plan_reminders(*, actor: Actor) -> None:
    """Whom to remind of what: nightly, before people come in."""
    reminders.plan_reminders(actor=actor)


@tenant_task(reminders.OF_OBLIGATIONS, attempts=MAIL_ATTEMPTS)
def mail_obligations(*, actor: Actor, member_id: int, steps: list[list[int]]) -> None:
    """One mail to one colleague about what falls due."""
    reminders.mail_obligations(actor=actor, member_id=member_id, steps=[(pk, step) for pk, step in steps])


@tenant_task(reminders.OF_AGREEMENT, attempts=MAIL_ATTEMPTS)
def mail_ending(*, actor: Actor, agreement_id: int) -> None:
    """One mail to whoever handles an agreement that ends."""
    reminders.mail_ending(actor=actor, agreement_id=agreement_id)
