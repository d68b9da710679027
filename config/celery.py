"""The Celery application. Messages are wake-ups: JSON, without results, harmless to lose or to repeat."""

import gc
import os
import sys

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_postrun, task_prerun, worker_process_init
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SWEEP_SECONDS = float(os.environ.get("JOB_SWEEP_SECONDS", "5"))

app = Celery("causeway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.CELERY_DB_REUSE_MAX = sys.maxsize  # otherwise Celery closes the connection after every task

app.conf.beat_schedule = {
    "sweep-jobs": {"task": "tenants.sweep_jobs", "schedule": SWEEP_SECONDS, "options": {"expires": 10}},
    "nightly-health": {
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(hour=2, minute=0),
        "args": ["partnerships.age_all_health"],
    },
    "nightly-reminders": {
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(hour=4, minute=0),
        "args": ["agreements.plan_reminders"],
    },
    "hourly-digests": {  # it is morning at another hour in every time zone
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(minute=20),
        "args": ["partnerships.plan_alert_digests"],
    },
    "hourly-monthly-digests": {
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(minute=25),
        "args": ["reporting.plan_monthly_digests"],
    },
    "hourly-reports": {
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(minute=15),
        "args": ["reporting.plan_report_mails"],
    },
    "nightly-placements": {
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(hour=3, minute=0),
        "args": ["partnerships.park_placements"],
    },
    "nightly-purge": {
        "task": "tenants.enqueue_for_all",
        "schedule": crontab(hour=3, minute=30),
        "args": ["tenants.purge_jobs"],
    },
}


@task_prerun.connect
@task_postrun.connect
def renew_connections(**_details: object) -> None:
    """A connection outlives a task as it does a request: for ``CONN_MAX_AGE`` seconds, and while it is usable."""
    close_old_connections()


@worker_process_init.connect
def spare_what_stays(**_details: object) -> None:
    """What a worker has imported stays until it ends: no collection of garbage need look at it again.

    A job makes many small things that live to its end, so it is looked through after 50,000 of them, not after 700.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
