"""Background work of reports."""

from datetime import date

from core.actor import Actor
from core.jobs import MAIL_ATTEMPTS, tenant_task
from reporting.actions import monthly_digest, report_mails


@tenant_task("reporting.plan_report_mails")
def plan_report_mails(*, actor: Actor) -> None:
    """Whose morning has come: every hour, since mornings differ by office."""
    report_mails.plan_report_mails(actor=actor)


def _give_up(*, actor: Actor, schedule_id: int, member_id: int, slot: str) -> None:
    report_mails.give_up_mail(actor=actor, schedule_id=schedule_id, member_id=member_id, slot=date.fromisoformat(slot))


@tenant_task(report_mails.MAIL, attempts=MAIL_ATTEMPTS, given_up=_give_up)
def mail_report(*, actor: Actor, schedule_id: int, member_id: int, slot: str) -> None:
    """One mail with a report to one member."""
    report_mails.mail_report(actor=actor, schedule_id=schedule_id, member_id=member_id, slot=date.fromisoformat(slot))


@tenant_task("reporting.plan_monthly_digests")
def plan_monthly_digests(*, actor: Actor) -> None:
    """Who gets the month by e-mail: every hour, since mornings differ by office."""
    monthly_digest.plan_monthly_digests(actor=actor)


@tenant_task(monthly_digest.DIGEST, attempts=MAIL_ATTEMPTS)
def mail_monthly_digest(*, actor: Actor, member_id: int, month: str) -> None:
    """One mail with the past month to one member."""
    monthly_digest.mail_monthly_digest(actor=actor, member_id=member_id, month=date.fromisoformat(month))
