"""How healthy the portfolio is, and what moved."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import visible
from core.actor import Actor
from core.templatetags.ui import written_date
from partnerships.choices import Band, PartnershipStatus, Tier
from partnerships.queries.governance import review_overdue
from partnerships.queries.partnerships import SILENT_DAYS, silent_for, visible_partnerships
from partnerships.queries.past_health import BEFORE_DAYS, NOT_SCORED, band_before, settings_changed
from partnerships.queries.ties import SINGLE_THREADED
from reporting.queries.scopes import Scope, narrowed, partners
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row

ORDER = (Band.AT_RISK, Band.WATCH, Band.HEALTHY)


def active_partners(actor: Actor, scope: Scope):
    """The active partners of the scope, without the columns that lists load."""
    rows = visible_partnerships(actor).filter(status=PartnershipStatus.ACTIVE).select_related(None).order_by()
    return narrowed(rows, scope, partner="")


@visible("reporting.view_insights")
def portfolio_health(actor: Actor, scope: Scope) -> Answer:
    """Active partners by their health today and 90 days ago; one statement.

    Where the settings changed since then, nothing is compared: scores of two versions say nothing together.
    """
    groups = (
        active_partners(actor, scope)
        .annotate(was=band_before(BEFORE_DAYS), changed=settings_changed())
        .values_list("was", "health__band", "changed")
        .annotate(number=Count("pk"), oldest=Min("health__computed_at"))
    )
    counts: Counter[tuple[str, str]] = Counter()
    oldest = changed = None
    for was, band, published, number, computed in groups:
        counts[was or NOT_SCORED, band] += number
        changed = published
        oldest = min(filter(None, (oldest, computed)), default=None)
    now, then = Counter(), Counter()
    for (was, band), number in counts.items():
        now[band] += number
        then[was] += number
    everything = sum(counts.values())
    changed = changed if changed and changed > timezone.now() - timedelta(days=BEFORE_DAYS) else None

    def line(code: str, label: str, **more) -> Row:
        numbers = [counts[code, band] if code else now[band] for band in Band.values]
        total = then[code] if code else everything
        cells = [
            Cell(n, partners(scope, band=band, **more) if n else "")
            for band, n in zip(Band.values, numbers, strict=True)
        ]
        return Row(code, label, (*cells, Cell(total, partners(scope, **more) if total else "")))

    labels = {**dict(Band.choices), NOT_SCORED: _("No comparable score then")}
    worse = sum(counts[was, band] for was in ORDER for band in ORDER if ORDER.index(band) < ORDER.index(was))
    better = sum(counts[was, band] for was in ORDER for band in ORDER if ORDER.index(band) > ORDER.index(was))
    return Answer(
        finding=_finding(everything, now[Band.AT_RISK], None if changed else (then[Band.AT_RISK], worse, better)),
        subject=_("Health %(days)d days ago") % {"days": BEFORE_DAYS},
        columns=(
            *(Column(band, _("Now: %s") % label) for band, label in Band.choices),
            Column("all", _("All then"), drawn=False),
        ),
        rows=tuple(line(code, str(labels[code]), was=code) for code in (*Band.values, NOT_SCORED) if then[code]),
        totals=line("", _("All now")),
        as_of=timezone.now(),
        source=_("Active partners, by their score today and the last one %(days)d days ago.") % {"days": BEFORE_DAYS},
        currency=scope.currency,
        figures=(
            Figure(
                "at_risk", _("At risk"), now[Band.AT_RISK], before=None if changed else then[Band.AT_RISK],
                before_label=_("%(days)d days ago") % {"days": BEFORE_DAYS},
                url=partners(scope, band=Band.AT_RISK.value),
            ),
            Figure(
                "healthy_share", _("Healthy, of those scored"), _share(now), Kind.PERCENT, before=_share(then),
                before_label=_("%(days)d days ago") % {"days": BEFORE_DAYS},
                url=partners(scope, band=Band.HEALTHY.value),
            ),
        ),
        notes=_notes(scope, now[Band.INSUFFICIENT], oldest, changed),
    )  # fmt: skip


def _share(bands: Counter[str]) -> float | None:
    scored = sum(bands[band] for band in ORDER)
    return round(100 * bands[Band.HEALTHY] / scored, 1) if scored else None


def _finding(everything: int, risky: int, moved: tuple[int, int, int] | None) -> str:
    """``moved``: how many were at risk before, are worse and are better; None where nothing may be compared."""
    if not everything:
        return _("No active partner is in this selection")
    words = ngettext("%(n)d of %(all)d partner is at risk", "%(n)d of %(all)d partners are at risk", everything)
    numbers = {"n": risky, "all": everything, "days": BEFORE_DAYS}
    if moved is not None:
        numbers |= zip(("before", "worse", "better"), moved, strict=True)
        if risky != numbers["before"]:
            words += _(", %(before)d were %(days)d days ago")
        words += _("; %(worse)d got worse and %(better)d better")
    return words % numbers


def _notes(scope: Scope, unmeasured: int, oldest: datetime | None, changed: datetime | None) -> tuple[Note, ...]:
    notes = []
    if changed:
        words = _("The settings of health changed on %s: scores from before are not compared with those of now")
        notes.append(Note(words % written_date(timezone.localtime(changed))))
    if unmeasured:
        words = ngettext(
            "%(n)d partner has too few records for a score",
            "%(n)d partners have too few records for a score",
            unmeasured,
        )
        notes.append(Note(words % {"n": unmeasured}, partners(scope, band=Band.INSUFFICIENT.value), unmeasured))
    if oldest:
        notes.append(Note(_("The oldest score was computed on %s") % written_date(timezone.localtime(oldest))))
    return tuple(notes)


@visible("reporting.view_insights")
def tiers(actor: Actor, scope: Scope) -> Answer:
    """Active partners by tier, and how many of each are silent, hang on one person or wait for a review."""
    groups = (
        active_partners(actor, scope)
        .values_list("tier")
        .annotate(
            number=Count("pk"),
            silent=Count("pk", filter=silent_for(SILENT_DAYS)),
            single=Count("pk", filter=SINGLE_THREADED),
            late=Count("pk", filter=review_overdue(scope.today)),
        )
    )
    found = {tier: tuple(numbers) for tier, *numbers in groups}
    sums = tuple(map(sum, zip(*found.values(), strict=True))) if found else (0, 0, 0, 0)
    more = (
        {},
        {"silent": SILENT_DAYS},
        {"single_threaded": "true"},
        {"review_overdue": "true"},
    )

    def line(code: str, label: str, numbers: tuple[int, ...]) -> Row:
        given = {"tier": code} if code else {}
        links = [partners(scope, **given, **each) if number else "" for number, each in zip(numbers, more, strict=True)]
        return Row(code, label, tuple(map(Cell, numbers, links)), links[0])

    words = {"silent": sums[1], "single": sums[2], "late": sums[3], "days": SILENT_DAYS, "all": sums[0]}
    return Answer(
        finding=_(
            "Of %(all)d partners, %(silent)d are silent for over %(days)d days and %(single)d hang on one person"
        ) % words,
        subject=_("Tier"),
        columns=(
            Column("partners", _("Partners"), drawn=False),
            Column("silent", _("Silent for over %(days)d days") % {"days": SILENT_DAYS}),
            Column("single", _("Hanging on one person")),
            Column("late", _("Review overdue")),
        ),
        rows=tuple(line(code, str(label), found[code]) for code, label in Tier.choices if code in found),
        totals=line("", _("All"), sums),
        as_of=timezone.now(),
        source=_("Active partners. One person carries more than 70 % of the contact on a side."),
        currency=scope.currency,
        figures=(
            Figure("silent", _("Silent"), sums[1], url=partners(scope, silent=SILENT_DAYS)),
            Figure("single", _("Hanging on one person"), sums[2], url=partners(scope, single_threaded="true")),
        ),
    )  # fmt: skip
