"""What the addresses of reports are about, on the stage."""

from reporting.models import Target


def add_reports(number: int) -> dict[str, object]:
    """A target, and the codes of a question and of a page of questions."""
    target = Target.objects.create(measure="health.at_risk", fiscal_year=2000 + number, value=10)
    return {"targets": target.pk, "insight-files": "health", "insight-filters": "director"}
