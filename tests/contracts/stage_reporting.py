"""What the addresses of reports are about, on the stage."""

from reporting.models import Target


def add_reports(number: int) -> dict[str, object]:
    """A target, one for each year, and the codes of a question and of a page of questions."""
    target, _new = Target.objects.get_or_create(
        measure="health.at_risk", fiscal_year=2000 + number, defaults={"value": 10}
    )
    return {"targets": target.pk, "insight-files": "health", "insight-filters": "director"}
