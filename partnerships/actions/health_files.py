"""Taking a score with its records out of the office as a file, on the record."""

import tempfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.exports import IN_MEMORY, Note, Written, write_csv
from partnerships.choices import DIMENSION_LABELS
from partnerships.models import Partnership
from partnerships.queries.health_explanation import Explanation, explain_health
from partnerships.registry import evidence_readers
from tenants.actions.exports import Exported
from tenants.models import Export, Tenant

CSV = "text/csv; charset=utf-8"


@action("partnerships.export_health")
def export_health(*, actor: Actor, partnership: Partnership, as_of: date, today: date) -> Exported:
    """One partner's score as CSV: its dimensions with their points, and the records behind each as the actor sees them.

    What is taken is recorded, as with lists.
    """
    office = Tenant.objects.get(pk=actor.tenant_id)
    explanation = explain_health(actor, partnership, as_of=as_of, today=today, time_zone=office.time_zone)
    rows = [*_dimensions(explanation), *_evidence(actor, explanation)]
    name = partnership.organization.name
    title = _("Health of %(partner)s as of %(day)s") % {"partner": name, "day": date_format(as_of, "j M Y")}
    note = Note(title, "", office.name, actor.name, timezone.localtime())
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    write_csv(target, _heads(), iter(rows), note)
    target.seek(0)
    Export.objects.create(
        member_id=actor.user_id,
        list_code="health",
        query=f"partner={partnership.pk}&as_of={as_of.isoformat()}",
        file_format="csv",
        rows=len(rows),
        request_id=actor.request_id,
    )
    return Exported(
        Written(target, len(rows), CSV), f"health-{slugify(name) or partnership.pk}-{as_of.isoformat()}.csv"
    )


def _heads() -> list[str]:
    return [
        *(_("Dimension"), _("Record"), _("Part"), _("Day"), _("Contribution"), _("Computed as")),
        *(_("Got"), _("Lost"), _("Possible"), _("Weight"), _("Score"), _("Coverage")),
    ]


def _dimensions(explanation: Explanation) -> Iterator[list[Any]]:
    """A line for each dimension, and what caps take; where too little is known there are no points."""
    table, known = explanation.table, explanation.knows_enough
    for line in table.lines:
        points = [line.got, line.lost, line.possible] if known and line.state == "scored" else [None] * 3
        measures = (
            [line.weight, line.score, line.coverage] if line.state != "not_applicable" else [line.weight, None, None]
        )
        yield [str(DIMENSION_LABELS[line.code]), *[None] * 5, *points, *measures]
    if known:
        yield [_("Caps"), *[None] * 5, table.held, *[None] * 5]
        yield [_("Score"), *[None] * 5, table.score, table.possible - table.score, table.possible, *[None] * 3]


def _evidence(actor: Actor, explanation: Explanation) -> Iterator[list[Any]]:
    readers = evidence_readers()
    for line in explanation.table.lines:
        if line.code not in readers:
            continue
        read = readers[line.code](actor, explanation.partnership, explanation.as_of, explanation.config)
        for row in read:
            label = str(DIMENSION_LABELS[line.code])
            yield [label, row.text, row.group, row.when, row.contribution, row.note, *[None] * 6]
