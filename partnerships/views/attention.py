"""What of partnerships waits for somebody, as lines and figures of Today; apps above register theirs."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from core.attention import (
    Line,
    Scope,
    Source,
    Step,
    Tile,
    TileSource,
    as_rows,
    register_attention,
    register_tile,
)
from core.templatetags.ui import money_short
from organizations.queries.clearances import open_clearances_for
from partnerships.choices import Band, PartnershipStatus
from partnerships.models import FollowUp, HealthAlert, Partnership
from partnerships.queries.followups import open_followups
from partnerships.queries.health_alerts import open_alerts
from partnerships.queries.opportunities import aged, pipeline_totals, visible_opportunities
from partnerships.queries.partnerships import (
    SILENT_DAYS,
    PortfolioTotals,
    needing_attention,
    portfolio_totals,
)
from partnerships.views.health_alerts import told

MOST_ALERTS, MOST_REASONS = 60, 3
SPARE = 8  # beyond what is shown, for lines that were put off
MOST_COMING = 100


def coming_followups(actor: Actor, scope: Scope) -> list[FollowUp]:
    """The actor's open follow-ups that are overdue or due within a week, in order; asked for once per page."""
    if not actor.may("partnerships.view_followups"):
        return []
    last = scope.today + timedelta(days=7)
    rows = open_followups(actor, today=scope.today, assignee_id=actor.user_id).filter(due_on__lte=last)
    return scope.once("followups", lambda: list(rows.order_by("due_on", "pk")[:MOST_COMING]))


def followup_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """What the actor promised and is due."""
    due = [row for row in coming_followups(actor, scope) if row.due_on <= scope.today]
    return (_followup_line(actor, row, scope.today) for row in due[: scope.most])


def _followup_line(actor: Actor, row: FollowUp, today: date) -> Line:
    late = (today - row.due_on).days
    words = ngettext("Overdue by %d day", "Overdue by %d days", late) % late if late else _("Due today")
    return Line(
        key=f"followup-{row.pk}",
        subject=row.title,
        url=row.get_absolute_url(),
        reason=words,
        due=row.due_on,
        icon="checklist",
        detail=row.partnership.organization.name,
        step=_step(actor, "partnerships.complete_followup", _("Done"), "followup_complete", row.pk, kind="post"),
        snooze_url=reverse("partnerships:followup_snooze", args=[row.pk]),
    )


def clearance_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Colleagues who wait for an answer whether they may contact somebody."""
    return (
        Line(
            key=f"clearance-{row.pk}",
            subject=row.subject,
            url=(url := reverse("organizations:contact", args=[row.number])),
            reason=_("%s asks to contact them") % row.note,
            icon="user-check",
            detail=row.detail,
            step=Step(_("Decide"), url),
        )
        for row in scope.found["clearances"]
    )


def _asked_clearances(actor: Actor, scope: Scope) -> list[QuerySet]:
    what = {"subject": "contact__name", "detail": "purpose", "note": "requested_by__name", "number": "contact_id"}
    return [as_rows(open_clearances_for(actor), scope.most, day="requested_at", **what)]


def alert_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Alerts of health, a line for each partner: the actor's, or the office's where nobody's portfolio is meant."""
    rows = open_alerts(actor, today=scope.today)
    if scope.owner_id is not None:
        rows = rows.filter(routed_to_id=scope.owner_id)
    found: dict[int, list[HealthAlert]] = {}
    for row in told(rows[:MOST_ALERTS], onward=reverse("partnerships:today")):
        found.setdefault(row.partnership_id, []).append(row)
    scope.known["alerted"] = found.keys()
    return (_alert_line(actor, alerts) for alerts in islice(found.values(), scope.most + SPARE))


def _alert_line(actor: Actor, alerts: list[HealthAlert]) -> Line:
    """What is open about one partner. A single alert is put off for everybody, several from one's own page alone."""
    first, more = alerts[0], len(alerts) - MOST_REASONS
    reasons = [row.words for row in alerts[:MOST_REASONS]]
    if more > 0:
        reasons.append(ngettext("%(n)d more alert", "%(n)d more alerts", more) % {"n": more})
    alone = len(alerts) == 1
    may_snooze = alone and actor.may("partnerships.snooze_health_alert")
    explained = f"{reverse('partnerships:health_explanation', args=[first.partnership_id])}#alerts"
    return Line(
        key=f"alert-{first.pk}" if alone else f"alerts-{first.partnership_id}",
        subject=first.partnership.organization.name,
        url=first.get_absolute_url() if alone else explained,
        reason=". ".join(reasons),
        icon=first.icon,
        step=Step(_("Plan"), first.plan, "dialog") if actor.may("partnerships.add_followup") else None,
        snooze_url=reverse("partnerships:health_alert_snooze", args=[first.pk]) if may_snooze else "",
    )


def partner_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Partners that are at risk or silent, or whose review is overdue; not those that an alert has named already."""
    rows = needing_attention(actor, today=scope.today, owner_id=scope.owner_id)[: scope.most + SPARE]
    named = scope.known.get("alerted", ())
    return (_partner_line(actor, row, scope) for row in rows if row.pk not in named)


def attention_reasons(row: Partnership, today: date) -> list[str]:
    """Why an active partner needs attention, in words; nothing for one that does not, or is not active."""
    if row.status != PartnershipStatus.ACTIVE:
        return []
    last = row.health.last_contact_at
    days = (today - timezone.localtime(last).date()).days if last else None
    reasons = [_("At risk")] if row.health.band == Band.AT_RISK else []
    late = (today - row.next_review_on).days if row.next_review_on else 0
    if days is None:
        if reasons or late > 0 or row.started_on < today - timedelta(days=SILENT_DAYS):
            reasons.append(_("No real contact recorded"))
    elif days > SILENT_DAYS or reasons:
        reasons.append(ngettext("No real contact for %d day", "No real contact for %d days", days) % days)
    if late > 0:
        reasons.append(ngettext("Review overdue by %d day", "Review overdue by %d days", late) % late)
    return reasons


def _partner_line(actor: Actor, row: Partnership, scope: Scope) -> Line:
    reasons = attention_reasons(row, scope.today)
    review = row.next_review_on if row.next_review_on and row.next_review_on < scope.today else None
    return Line(
        key=f"partner-{row.pk}",
        subject=row.organization.name,
        url=row.get_absolute_url(),
        reason=". ".join(reasons),
        due=review,
        icon="alert-triangle" if row.health.band == Band.AT_RISK else "clock",
        detail=_owner(actor, row),
        step=_log_step(actor, row.pk),
    )


def _owner(actor: Actor, row: Partnership) -> str:
    if row.owner_id is None:
        return _("nobody owns it")
    return "" if row.owner_id == actor.user_id else row.owner.name


def opportunity_lines(actor: Actor, scope: Scope) -> Iterable[Line]:
    """Opportunities that stand still for longer than the office expects."""
    for row in scope.found["opportunities"]:
        url = reverse("partnerships:opportunity", args=[row.pk])
        yield Line(
            key=f"opportunity-{row.pk}",
            subject=row.subject,
            url=url,
            reason=_("Longer in %s than expected") % row.note,
            icon="target-arrow",
            detail=row.detail,
            step=Step(_("Open"), url),
        )


def _aged_opportunities(actor: Actor, scope: Scope) -> list[QuerySet]:
    rows = visible_opportunities(actor).filter(aged(timezone.now()))
    if scope.owner_id is not None:
        rows = rows.filter(owner_id=scope.owner_id)
    what = {"subject": "title", "detail": "partnership__organization__name", "note": "stage__name"}
    return [as_rows(rows, scope.most, day="stage_since", **what)]


def _step(actor: Actor, code: str, label: str, name: str, pk: int, *, kind: str) -> Step | None:
    return Step(label, reverse(f"partnerships:{name}", args=[pk]), kind) if actor.may(code) else None


def _log_step(actor: Actor, pk: int) -> Step | None:
    if not actor.may("partnerships.log_interaction"):
        return None
    return Step(_("Log"), f"{reverse('partnerships:log')}?partner={pk}", "dialog")


# Figures


def portfolio(actor: Actor, scope: Scope) -> PortfolioTotals:
    """The totals of the portfolio that Today is about, asked for once per page."""
    return scope.once("portfolio", lambda: portfolio_totals(actor)[0])


def partners_tile(actor: Actor, scope: Scope) -> Tile:
    totals = portfolio(actor, scope)
    changed = ngettext("%d moved this week", "%d moved this week", totals.changed) % totals.changed
    risk = ngettext("%d at risk", "%d at risk", totals.at_risk) % totals.at_risk
    label = _("Your partners") if scope.owner_id else _("Partners")
    return Tile(label, str(totals.partners), f"{risk} · {changed}", _partners(scope))


def silent_tile(actor: Actor, scope: Scope) -> Tile:
    totals = portfolio(actor, scope)
    note = ngettext("of %d partner", "of %d partners", totals.partners) % totals.partners
    kind = "watch" if totals.silent else ""
    return Tile(_("Silent for 90 days"), str(totals.silent), note, _partners(scope, silent="90"), kind=kind)


def opportunities_tile(actor: Actor, scope: Scope) -> Tile:
    totals = pipeline_totals(actor, scope.owner_id)
    note = _("%s weighted") % money_short(totals.weighted, totals.currency)
    owner = {"owner": "me"} if scope.owner_id else {}
    url = f"{reverse('partnerships:opportunities')}?{urlencode({'meaning': 'open', **owner})}"
    label = _("Your open opportunities") if scope.owner_id else _("Open opportunities")
    return Tile(label, str(totals.count), note, url)


def followups_tile(actor: Actor, scope: Scope) -> Tile:
    rows = coming_followups(actor, scope)
    late = sum(row.due_on < scope.today for row in rows)
    note = ngettext("%d overdue", "%d overdue", late) % late
    url = f"{reverse('partnerships:followups')}?state=open&assignee=me"
    return Tile(_("Your follow-ups this week"), str(len(rows)), note, url, kind="risk" if late else "")


def _partners(scope: Scope, **filters: str) -> str:
    owner = {"owner": str(scope.owner_id)} if scope.owner_id else {}
    return f"{reverse('partnerships:partners')}?{urlencode({'status': 'active', **owner, **filters})}"


register_attention(Source("followups", "partnerships.view_followups", followup_lines, order=10))
register_attention(
    Source("clearances", "organizations.view_clearances", clearance_lines, order=20, rows=_asked_clearances)
)
register_attention(Source("alerts", "partnerships.view_health_alerts", alert_lines, order=25))
register_attention(Source("partners", "partnerships.view_partnerships", partner_lines, order=30))
register_attention(
    Source("opportunities", "partnerships.view_opportunities", opportunity_lines, order=40, rows=_aged_opportunities)
)
register_tile(TileSource("partners", "partnerships.view_partnerships", partners_tile, order=10))
register_tile(TileSource("silent", "partnerships.view_partnerships", silent_tile, order=20))
register_tile(TileSource("opportunities", "partnerships.view_opportunities", opportunities_tile, order=30))
register_tile(TileSource("followups", "partnerships.view_followups", followups_tile, order=40))
