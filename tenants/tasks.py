"""The Celery tasks: wake-ups and clockwork. The work itself is in job rows (``tenants.actions.jobs``)."""

from celery import shared_task

from core.jobs import MAIL_ATTEMPTS, tenant_task
from core.tenancy.scope import tenant_transaction
from tenants.actions import export_mails, invitation_mails
from tenants.actions.export_writing import give_up, write_on
from tenants.actions.files import purge_files
from tenants.actions.idempotency import purge_kept_answers
from tenants.actions.jobs import (
    enqueue,
    purge_finished_jobs,
    run_due_jobs,
    tenants_with_due_jobs,
    wake_worker,
)
from tenants.actions.long_exports import WRITE, purge_exports
from tenants.queries.tenants import active_tenant_ids


@shared_task(name="tenants.run_jobs")
def run_jobs(tenant_id: int) -> None:
    """Do what is due for one tenant. A forged id finds no jobs; a wrong type is refused."""
    run_due_jobs(int(tenant_id))


@shared_task(name="tenants.sweep_jobs")
def sweep_jobs() -> None:
    """Wake a worker for each tenant with due work: what a lost message or a killed worker left behind."""
    for tenant_id in tenants_with_due_jobs():
        wake_worker(tenant_id)


@shared_task(name="tenants.enqueue_for_all")
def enqueue_for_all(name: str) -> None:
    """Want one task for every tenant, once while it waits: the shape of every periodic job."""
    for tenant_id in active_tenant_ids():
        with tenant_transaction(tenant_id):
            enqueue(name, key="periodic")


@tenant_task("tenants.purge_jobs")
def purge_jobs(*, actor) -> None:
    """Clear away what nobody will ask for any more: finished jobs, kept answers of the API, files past their days."""
    purge_finished_jobs(actor=actor)
    purge_kept_answers(actor=actor)
    purge_exports(actor=actor)
    purge_files(actor=actor)


@tenant_task(WRITE, given_up=give_up)
def write_export(*, actor, export_id: int, run: str) -> None:
    """One step of a file that is too long to wait for: the order of its rows, a slice of them, or the file."""
    write_on(actor=actor, export_id=export_id, run=run)


@tenant_task(export_mails.MAIL, attempts=MAIL_ATTEMPTS)
def mail_export(*, actor, export_id: int, run: str) -> None:
    """One mail about a file that took long, or that will not come."""
    export_mails.mail_export(actor=actor, export_id=export_id, run=run)


@tenant_task(invitation_mails.MAIL, attempts=MAIL_ATTEMPTS, given_up=invitation_mails.give_up_invitation)
def mail_invitation(*, actor, invitation_id: int) -> None:
    """The link by which an invited colleague joins the office."""
    invitation_mails.mail_invitation(actor=actor, invitation_id=invitation_id)
