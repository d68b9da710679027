"""What the addresses of reports are about, on the stage."""

from reporting.models import ReportDelivery, Target
from tests.cast import Office
from tests.factories.reports import make_report, make_schedule, numbers


def add_reports(word: str, office: Office, number: int) -> dict[str, object]:
    """A target, one for each year, a saved report that is sent, and the codes of a question and of a dashboard."""
    report = make_report(office.user("administrator"), name=f"{word} {next(numbers)}", description=word)
    schedule = make_schedule(office.user("administrator"), office.user("viewer"), report=report)
    ReportDelivery.objects.create(
        schedule=schedule, member=office.user("viewer"), slot="2026-11-23", outcome="broken", problem=word
    )
    target, _new = Target.objects.get_or_create(
        measure="health.at_risk", fiscal_year=2000 + number, defaults={"value": 10}
    )
    return {
        "targets": target.pk,
        "reports": report.pk,
        "report-schedules": schedule.pk,
        "insight-files": "health",
        "insight-filters": "director",
    }
