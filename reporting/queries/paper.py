"""Agreements: how long they take and in whose court, and which of them end soon."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.choices import AgreementKind, Court, RenewalProgress
from agreements.models import Agreement
from agreements.queries.agreements import in_force, readable
from agreements.queries.turnaround import COURTS
from agreements.rules.clock import Duration, Moved, Reading, read_clock, turnaround
from core.actions import visible
from core.actor import Actor
from core.templatetags.ui import money_short
from reporting.queries.scopes import Scope, narrowed, period_words, records, within
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row

TURNAROUND_YEARS = 2
RENEWAL_DAYS = 180
LINES = 25


def agreements(actor: Actor, scope: Scope) -> QuerySet[Agreement]:
    """The agreements of the scope that the actor may read, without what lists load."""
    actor.require("agreements.view_agreements")
    return narrowed(Agreement.objects.filter(readable(actor)), scope)


def timed(scope: Scope, years: tuple[int, int]) -> Q:
    """Those whose request was complete in the years; amendments are quicker work and left out."""
    return Q(amends=None) & within(scope, "complete_on", *years)


def ending(scope: Scope, days: int = RENEWAL_DAYS) -> Q:
    """In force, ending within so many days, and meant to be renewed; amendments end with what they amend."""
    soon = Q(expires_on__range=(scope.today, scope.today + timedelta(days=days)))
    return in_force(scope.today) & soon & Q(amends=None, renewal_intended=True)


@visible("reporting.view_insights")
def turnaround_by_court(actor: Actor, scope: Scope) -> Answer:
    """Working days from complete request to execution by kind, and in whose court they passed; one statement.

    Median with those still open as having taken at least so long; means over those that are executed.
    """
    actor.require("agreements.view_turnaround")
    years = scope.years(TURNAROUND_YEARS)
    cases, before = _cases(actor, scope, years), scope.before(TURNAROUND_YEARS)
    readings: defaultdict[str, list[Reading]] = defaultdict(list)
    durations: defaultdict[str, list[Duration]] = defaultdict(list)
    earlier: list[Duration] = []
    for kind, complete_on, executed_on, ended_on, moved in cases:
        reading = read_clock(moved, complete_on, executed_on or ended_on, scope.today)
        duration = Duration(reading.total, executed_on is not None)
        if scope.year_of(complete_on) < years[0]:
            earlier.append(duration)
            continue
        durations[kind].append(duration)
        if executed_on is not None:
            readings[kind].append(reading)

    def line(code: str, label: str, lasted: list[Duration], read: list[Reading]) -> Row:
        group, link = turnaround(lasted), {"kind": code, "timed": "true"}
        done = records(scope, "agreements", years=years, finished="true", **link) if group.finished else ""
        running = records(scope, "agreements", years=years, finished="false", **link) if group.open else ""
        means = [_mean([each.by_court.get(court, 0) for each in read]) for court in COURTS]
        means.append(_mean([each.hold for each in read]))
        return Row(code, label, (
            Cell(group.finished, done), Cell(group.open, running), Cell(group.median, done),
            Cell(_mean([each.total for each in read]), done), *(Cell(mean, done if mean else "") for mean in means),
        ))  # fmt: skip

    kinds = [(code, str(label)) for code, label in AgreementKind.choices if code in durations]
    rows = tuple(line(code, label, durations[code], readings[code]) for code, label in kinds)
    totals = line("", _("All"), list(chain(*durations.values())), list(chain(*readings.values())))
    return Answer(
        finding=_finding(totals),
        subject=_("Kind"),
        columns=(
            Column("finished", _("Executed"), drawn=False),
            Column("open", _("Still open"), drawn=False),
            Column("median", _("Median, working days"), Kind.DAYS, drawn=False),
            Column("mean", _("Mean"), Kind.DAYS, drawn=False),
            *(Column(court, _("Mean: %s") % Court(court).label, Kind.DAYS) for court in COURTS),
            Column("hold", _("Mean: on hold"), Kind.DAYS),
        ),
        rows=rows,
        totals=totals,
        as_of=timezone.now(),
        source=_("Agreements that you may read, whose request was complete in the period. Amendments are left out."),
        currency=scope.currency,
        period=period_words(years),
        figures=(
            Figure("median", _("Median, working days"), totals.cells[2].value, Kind.DAYS,
                   turnaround(earlier).median, period_words(before), url=totals.cells[0].url),
        ),
    )  # fmt: skip


def _mean(values: list[int]) -> float | None:
    return round(sum(values) / len(values), 1) if values else None


def _cases(actor: Actor, scope: Scope, years: tuple[int, int]) -> list[tuple]:
    """Kind, dates and moves of each agreement of the years and of as many before; one statement."""
    first = scope.before(TURNAROUND_YEARS)[0]
    rows = agreements(actor, scope).filter(timed(scope, (first, years[1])), complete_on__isnull=False)
    found: dict[int, tuple] = {}
    zone = timezone.get_current_timezone()
    for pk, *facts, at, workflow, court in rows.order_by("pk", "events__at", "events__pk").values_list(
        "pk", "kind", "complete_on", "executed_on", "ended_on", "events__at", "events__to_workflow", "events__court"
    ):
        case = found.setdefault(pk, (*facts, []))
        if at is not None:
            case[-1].append(Moved(at.astimezone(zone).date(), workflow, court))
    return list(found.values())


def _finding(totals: Row) -> str:
    finished, _open, median, _all, *courts, _held = (cell.value for cell in totals.cells)
    if not finished:
        return _("No agreement was executed of those requested in this period")
    words = ngettext(
        "%(n)d agreement took a median of %(days)s working days",
        "%(n)d agreements took a median of %(days)s working days",
        finished,
    )  # fmt: skip
    if median is None:
        words = ngettext(
            "%(n)d agreement is executed, too few of those requested to tell a median",
            "%(n)d agreements are executed, too few of those requested to tell a median",
            finished,
        )
    numbers = {"n": finished, "days": median}
    days, court = max(zip(courts, COURTS, strict=True))
    if days:
        words += _("; most of the time, %(mean)s days, lay with: %(court)s")
        numbers |= {"mean": f"{days:g}", "court": Court(court).label}
    return words % numbers


@visible("reporting.view_insights")
def renewals(actor: Actor, scope: Scope) -> Answer:
    """Agreements in force that end within 180 days and are meant to be renewed, the first to end first."""
    rows = list(
        agreements(actor, scope)
        .filter(ending(scope))
        .select_related("partnership__organization", "owner")
        .order_by("expires_on", "pk")
    )
    idle = sum(row.renewal_progress == RenewalProgress.NONE for row in rows)
    worth = sum((row.value for row in rows if row.value is not None and row.currency == scope.currency), Decimal(0))
    every = records(scope, "agreements", ending=RENEWAL_DAYS)

    def line(row: Agreement) -> Row:
        own = row.value if row.currency == scope.currency else None
        return Row(str(row.pk), f"{row.reference} {row.title}", (
            Cell(row.partnership.organization.name if row.partnership else None),
            Cell(row.expires_on), Cell((row.expires_on - scope.today).days), Cell(own),
            Cell(str(RenewalProgress(row.renewal_progress).label)), Cell(row.owner.name if row.owner else None),
        ), row.get_absolute_url())  # fmt: skip

    words = ngettext(
        "%(n)d agreement ends within %(days)d days", "%(n)d agreements end within %(days)d days", len(rows)
    ) + _("; the renewal of %(idle)d has not begun; together they are worth %(worth)s")
    nothing = _("No agreement that is meant to be renewed ends within %(days)d days")
    numbers = {
        "n": len(rows), "days": RENEWAL_DAYS, "idle": idle, "worth": money_short(worth, scope.currency),
    }  # fmt: skip
    return Answer(
        finding=(words if rows else nothing) % numbers,
        subject=_("Agreement"),
        columns=(
            Column("partner", _("Partner"), Kind.TEXT), Column("ends", _("Ends on"), Kind.DATE),
            Column("days", _("Days left"), Kind.DAYS), Column("value", _("Value"), Kind.MONEY),
            Column("renewal", _("Renewal"), Kind.TEXT), Column("owner", _("Handled by"), Kind.TEXT),
        ),
        rows=tuple(line(row) for row in rows[:LINES]),
        totals=Row("", _("All"), (
            Cell(None), Cell(None), Cell(None), Cell(worth, every if rows else ""), Cell(None), Cell(None),
        ), every if rows else ""),
        as_of=timezone.now(),
        source=_("Agreements in force that you may read. Values in other currencies are not added."),
        currency=scope.currency,
        figures=(
            Figure("ending", _("End within %(days)d days") % {"days": RENEWAL_DAYS}, len(rows), url=every),
            Figure("idle", _("Renewal not begun"), idle,
                   url=records(scope, "agreements", ending=RENEWAL_DAYS, renewal=RenewalProgress.NONE.value)),
        ),
        notes=_undated(scope),
        more=every if len(rows) > LINES else "",
    )  # fmt: skip


def _undated(scope: Scope) -> tuple[Note, ...]:
    return (Note(_("Agreements without a last day run until they are ended, and never end here"),
                 records(scope, "agreements", undated="true")),)  # fmt: skip
