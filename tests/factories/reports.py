"""Saved reports for tests; the scope must be open."""

from itertools import count

from reporting.models import ReportDefinition, ReportRecipient, ReportSchedule
from tenants.models import User

numbers = count(1)


def make_report(owner: User, **fields) -> ReportDefinition:
    """A report that the office sees, on partners by tier unless said otherwise."""
    given = {
        "name": f"Report {next(numbers)}",
        "subject": "partners",
        "query": "subject=partners&rows=tier",
        "visibility": "office",
        **fields,
    }
    return ReportDefinition.objects.create(owner=owner, **given)


def make_schedule(owner: User, *recipients: User, report: ReportDefinition | None = None, **fields) -> ReportSchedule:
    """A report of the owner's that goes to the recipients, or to the owner, on Mondays as CSV."""
    given = {"cadence": "weekly", "weekday": 1, "file_format": "csv", **fields}
    schedule = ReportSchedule.objects.create(report=report or make_report(owner), set_by=owner, **given)
    for member in recipients or (owner,):
        ReportRecipient.objects.create(report=schedule.report, schedule=schedule, member=member)
    return schedule
