"""Taking a built report out as a file, on the record."""

from django.utils import timezone

from core.actions import action
from core.actor import Actor
from reporting.files import ReportFile, file_of
from reporting.models import ReportDefinition
from reporting.queries.kept import kept_answer, read_kept
from tenants.models import Export, Tenant

BUILT = "built-report"


@action("reporting.export_report")
def export_report(*, actor: Actor, query: str, file_format: str, report: ReportDefinition | None = None) -> ReportFile:
    """What a query of the builder answers to the actor, as a file; and a record of it.

    ``report`` is the saved one whose name the file bears. Refused: a query that does not hold, a format that there is
    not, and a PDF of too many lines.
    """
    office = Tenant.objects.get(pk=actor.tenant_id)
    kept = read_kept(actor, query, office)
    answer = kept_answer(actor, kept)
    written = file_of(
        file_format,
        kept,
        answer,
        title=report.name if report else "",
        office=office,
        author=actor.name,
        now=timezone.now(),
    )
    note_file(actor, kept.query, file_format, written.rows)
    return written


def note_file(actor: Actor, query: str, file_format: str, rows: int) -> Export:
    """Write down that a member got a report as a file, beside the files of lists."""
    return Export.objects.create(
        member_id=actor.user_id,
        list_code=BUILT,
        query=query,
        file_format=file_format,
        rows=rows,
        request_id=actor.request_id,
    )
