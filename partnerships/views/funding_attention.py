"""What of money waits for somebody: invoices that stay unpaid, and deadlines of schemes that fit what they work on."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import CharField, SmallIntegerField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.attention import Line, Scope, Source, Step, register_attention
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
    rows = visible_funding(actor).filter(overdue_invoices(scope.today), partnership__isnull=False)
    if scope.owner_id is not None:
        rows = rows.filter(partnership__owner_id=scope.owner_id)
    for row in rows.order_by("due_on", "pk")[: scope.most]:
        late = (scope.today - row.due_on).days
        yield Line(
            key=f"invoice-{row.pk}",
            subject=row.partnership.organization.name,
            url=row.get_absolute_url(),
            reason=ngettext("Invoice overdue by %d day", "Invoice overdue by %d days", late) % late,
            due=row.due_on,
            icon="coin",
            detail=str(money(row.amount, row.currency)),
            step=Step(_("Open"), row.get_absolute_url()),
        )


def deadline_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Schemes whose deadline is near and that ask for something that one's opportunities or planned projects have."""
    until = scope.today + timedelta(days=LEAD_DAYS)
    near = open_schemes(actor, today=scope.today).filter(deadline_on__lte=until)
    rows = list(near.order_by("deadline_on", "pk")[:MOST_SCHEMES])
    candidates = _candidates(actor, scope) if rows else []
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


def _candidates(actor: Actor, scope: Scope) -> list[tuple[str, Candidate]]:
    """What one works on and could be paid for, by name, in one statement; who takes part counts as not known."""
    parts = []
    if actor.may("partnerships.view_opportunities"):
        rows = visible_opportunities(actor).select_related(None).order_by().filter(closed_at=None)
        if scope.owner_id is not None:
            rows = rows.filter(owner_id=scope.owner_id)
        unknown = (Value("", CharField()), Cast(Value(None), SmallIntegerField()))
        parts.append(rows.values_list("title", "channel", *unknown)[:MOST_CANDIDATES])
    if actor.may("partnerships.view_projects"):
        planned = Project.objects.filter(status=ProjectStatus.PLANNED).order_by()
        if scope.owner_id is not None:
            planned = planned.filter(lead_id=scope.owner_id)
        parts.append(planned.values_list("title", "channel", "domain", "trl_now")[:MOST_CANDIDATES])
    found = parts[0].union(*parts[1:], all=True) if parts else []
    return [(title, Candidate(channel, domain, trl, knows_countries=False)) for title, channel, domain, trl in found]


register_attention(Source("invoices", "partnerships.view_funding", invoice_lines, order=25))
register_attention(Source("schemes", "partnerships.view_schemes", deadline_lines, order=60))
