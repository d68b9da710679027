"""Taking reports out of the office as files, on the record."""

import tempfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, Court
from agreements.queries.clause_report import STANDINGS, clause_report
from agreements.queries.turnaround import COURTS, turnaround_report
from agreements.wording import QUESTIONS, RULES, SEVERITIES
from core.actions import action
from core.actor import Actor
from core.exports import IN_MEMORY, Note, Written, write_csv
from tenants.actions.exports import Exported
from tenants.models import Export, Tenant, Unit

CSV = "text/csv; charset=utf-8"


@action("agreements.export_turnaround")
def export_turnaround(
    *, actor: Actor, kind: str = "", after: date | None = None, before: date | None = None, unit: Unit | None = None
) -> Exported:
    """The report on turnaround as CSV, one line for each kind."""
    rows = [
        [line.label, line.finished, line.open, line.median, line.p80, line.mean]
        + [line.by_court[court] for court in COURTS]
        + [line.hold]
        for line in turnaround_report(actor, kind=kind, after=after, before=before, unit=unit and unit.pk)
    ]
    heads = [_("Kind"), _("Finished"), _("Not finished"), _("Median"), _("80 % within"), _("Mean")]
    heads += [str(Court(court).label) for court in COURTS]
    heads.append(_("On hold"))
    chosen = {"kind": kind, "after": after, "before": before, "unit": unit and unit.pk}
    words = [*_shared_words(kind, unit), *([f"≥ {after}"] if after else []), *([f"≤ {before}"] if before else [])]
    return _write(actor, "turnaround", _("Turnaround in working days"), heads, rows, chosen, words)


@action("agreements.export_clauses")
def export_clauses(*, actor: Actor, kind: str = "", unit: Unit | None = None, standing: str = "") -> Exported:
    """The report on clauses as CSV: a line for each question and each rule of each kind of agreement."""
    report = clause_report(actor, kind=kind, unit=unit and unit.pk, standing=standing)
    rows: list[list[Any]] = []
    for each in report.rules:
        words = RULES[each.rule.code]
        told = [_("Rule"), each.rule.code, str(words.title), str(SEVERITIES[each.rule.severity])]
        for code in report.kinds:
            counts = [found.get(code, 0) for found in (each.applies, each.fires, each.aside)]
            if any(counts):
                rows.append([*told, str(AgreementKind(code).label), *counts])
    for each in report.questions:
        told = [_("Question"), each.question.code, str(QUESTIONS[each.question.code]), ""]
        for code, number in each.asked.items():
            rows.append([*told, str(AgreementKind(code).label), number, each.answered.get(code, 0), None])
    heads = [_("What"), _("Code"), _("In words"), _("Severity"), _("Kind"), _("Of agreements"), _("Fires or answered")]
    heads.append(_("Set aside"))
    words = [*_shared_words(kind, unit), *([str(STANDINGS[standing])] if standing else [])]
    chosen = {"kind": kind, "unit": unit and unit.pk, "standing": standing}
    return _write(actor, "clause-report", _("What agreements say"), heads, rows, chosen, words)


def _shared_words(kind: str, unit: Unit | None) -> list[str]:
    return [*([str(AgreementKind(kind).label)] if kind else []), *([unit.name] if unit else [])]


def _write(
    actor: Actor,
    code: str,
    title: str,
    heads: list[str],
    rows: Sequence[Sequence[Any]],
    chosen: dict[str, Any],
    words: list[str],
) -> Exported:
    office, now = Tenant.objects.get(pk=actor.tenant_id), timezone.localtime()
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    plain = ([str(value) if not isinstance(value, int | None) else value for value in row] for row in rows)
    write_csv(target, heads, plain, Note(title, "; ".join(words), office.name, actor.name, now))
    target.seek(0)
    Export.objects.create(
        member_id=actor.user_id,
        list_code=code,
        query=urlencode({name: value for name, value in chosen.items() if value}),
        file_format="csv",
        rows=len(rows),
        request_id=actor.request_id,
    )
    return Exported(Written(target, len(rows), CSV), f"{code}-{slugify(office.slug)}-{now:%Y-%m-%d}.csv")
