"""Taking the cases of the validation out as a file, on the record."""

import tempfile
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.exports import Note, write_csv
from partnerships.choices import Band, Stage
from partnerships.queries.health_validation import validation
from tenants.choices import ExportFormat
from tenants.models import Export, Tenant

LIST_CODE = "health-validation"


@action("partnerships.export_validation")
def export_validation(*, actor: Actor) -> IO[bytes]:
    """All cases with what was known and what came of it as CSV, read from its beginning; and a record of it."""
    found = validation(actor)
    office = Tenant.objects.get(pk=actor.tenant_id)
    title = _("Does health predict? Version %s of the settings") % found.version
    note = Note(title, "", office.name, actor.name, timezone.localtime())
    names = [
        _("Partner"), _("Agreement"), _("Kind"), _("Ended"), _("Known on"), _("Stage then"), _("Score then"),
        _("Band then"), _("Days since contact"), _("Renewed"),
    ]  # fmt: skip
    bands, stages = dict(Band.choices), dict(Stage.choices)
    rows = (
        [
            case.partnership.organization.name,
            case.outcome.label,
            case.outcome.kind,
            case.outcome.ended_on,
            case.known_on,
            str(stages.get(case.known.stage, case.known.stage)),
            round(case.known.score, 4),
            str(bands[case.known.band]),
            case.known.days_silent,
            case.outcome.renewed,
        ]
        for case in found.cases
    )
    target = tempfile.TemporaryFile()  # noqa: SIM115 - whoever answers with it closes it
    write_csv(target, names, rows, note)
    target.seek(0)
    Export.objects.create(
        member_id=actor.user_id,
        list_code=LIST_CODE,
        file_format=ExportFormat.CSV,
        rows=len(found.cases),
        request_id=actor.request_id,
    )
    return target
