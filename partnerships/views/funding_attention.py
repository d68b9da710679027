"""What of money waits for somebody: invoices that stay unpaid, and deadlines of schemes that fit what they work on."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.attention import Line, Scope, Source, Step, as_rows, register_attention
from core.templatetags.ui import money
from partnerships.choices import ProjectStatus
from partnerships.models import Project
from partnerships.queries.funding import overdue_invoices, visible_funding
from partnerships.queries.opportunities import visible_opportunities
from partnerships.queries.schemes import open_schemes, terms_of
from partnerships.rules.schemes import Candidate, fundable

LEAD_DAYS = 30
MOST_SCHEMES = 200
MOST_CANDIDATES = 100
NAMED = 2


def invoice_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Invoices of one's partners that are overdue, the oldest first."""
    for row in scope.found["invoices"]:
        late = (scope.today - row.day).days
        url = reverse("partnerships:funding_entry", args=[row.pk])
        yield Line(
            key=f"invoice-{row.pk}",
            subject=row.subject,
            url=url,
            reason=ngettext("Invoice overdue by %d day", "Invoice overdue by %d days", late) % late,
            due=row.day,
            icon="coin",
            detail=str(money(row.detail, row.note)),
            step=Step(_("Open"), url),
        )


def _overdue_invoices(actor: Actor, scope: Scope) -> list[QuerySet]:
    rows = visible_funding(actor).filter(overdue_invoices(scope.today), partnership__isnull=False)
    if scope.owner_id is not None:
        rows = rows.filter(partnership__owner_id=scope.owner_id)
    partner = F("partnership__organization__name")
    return [as_rows(rows, scope.most, day="due_on", subject=partner, detail="amount", note="currency")]


def deadline_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Schemes whose deadline is near and that ask for something that one's opportunities or planned projects have."""
    until = scope.today + timedelta(days=LEAD_DAYS)
    near = open_schemes(actor, today=scope.today).filter(deadline_on__lte=until)
    rows = list(near.order_by("deadline_on", "pk")[:MOST_SCHEMES])
    candidates = [
        (each.subject, Candidate(each.detail, each.note, each.number, knows_countries=False))
        for each in scope.found["schemes"]
    ]
    shown = 0
    for row in rows:
        verdicts = [(name, fundable(candidate, terms_of(row), scope.today)) for name, candidate in candidates]
        names = [name for name, verdict in verdicts if verdict.is_fundable and verdict.matched]
        if not names or shown == scope.most:
            continue
        shown += 1
        days = (row.deadline_on - scope.today).days
        words = ngettext("Deadline in %d day", "Deadline in %d days", days) % days if days else _("Deadline today")
        more = _(" and %d more") % (len(names) - NAMED) if len(names) > NAMED else ""
        yield Line(
            key=f"scheme-{row.pk}",
            subject=row.name,
            url=row.get_absolute_url(),
            reason=words,
            due=row.deadline_on,
            icon="calendar-event",
            detail=_("may pay for %s") % (", ".join(names[:NAMED]) + more),
            step=Step(_("Open"), row.get_absolute_url()),
        )


def _candidates(actor: Actor, scope: Scope) -> list[QuerySet]:
    """What one works on and could be paid for; who takes part counts as not known."""
    parts = []
    if actor.may("partnerships.view_opportunities"):
        rows = visible_opportunities(actor).filter(closed_at=None)
        if scope.owner_id is not None:
            rows = rows.filter(owner_id=scope.owner_id)
        parts.append(as_rows(rows, MOST_CANDIDATES, day="stage_since", subject="title", detail="channel"))
    if actor.may("partnerships.view_projects"):
        planned = Project.objects.filter(status=ProjectStatus.PLANNED)
        if scope.owner_id is not None:
            planned = planned.filter(lead_id=scope.owner_id)
        what = {"subject": "title", "detail": "channel", "note": "domain", "number": "trl_now"}
        parts.append(as_rows(planned, MOST_CANDIDATES, day="started_on", **what))
    return parts


register_attention(Source("invoices", "partnerships.view_funding", invoice_lines, order=25, rows=_overdue_invoices))
register_attention(Source("schemes", "partnerships.view_schemes", deadline_lines, order=60, rows=_candidates))
