"""What is in the pipeline, from push and from pull, and how fast it moves."""

from collections import defaultdict
from decimal import Decimal
from statistics import median

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import visible
from core.actor import Actor
from core.templatetags.ui import money_short
from partnerships.choices import Channel, LeadSource, StageMeaning
from partnerships.models import Opportunity, OpportunityMove
from partnerships.queries.opportunities import WEIGHTED, visible_opportunities
from partnerships.queries.stages import visible_stages
from partnerships.rules.opportunities import CENT
from reporting.queries.money import MONEY
from reporting.queries.scopes import Scope, narrowed, period_words, records, within
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row

DAY = 86_400
SOURCES = (LeadSource.PULL.value, LeadSource.PUSH.value)
MOVED_YEARS = 2


def opportunities(actor: Actor, scope: Scope) -> QuerySet[Opportunity]:
    """The opportunities of the scope, without the columns that lists load."""
    rows = visible_opportunities(actor).select_related(None).order_by()
    return narrowed(rows, scope, channel="channel")


def moves(actor: Actor, scope: Scope, years: tuple[int, int]) -> QuerySet[OpportunityMove]:
    """The moves of the years, of the scope's opportunities."""
    rows = narrowed(
        OpportunityMove.objects.all(), scope, partner="opportunity__partnership", channel="opportunity__channel"
    )
    return rows.filter(within(scope, "moved_at", *years, is_moment=True))


@visible("reporting.view_insights")
def pipeline(actor: Actor, scope: Scope) -> Answer:
    """Each stage: what stands there from push and pull, what it is worth, what reached it, and how long it took.

    ``reached`` counts opportunities that came there in the period; the days are the median of the stays that ended in
    it. Three statements.
    """
    actor.require("partnerships.view_opportunities")
    years = scope.years(MOVED_YEARS)
    standing: dict[tuple[int, str], tuple[int, Decimal, Decimal, int]] = {}
    groups = opportunities(actor, scope).values_list("stage_id", "lead_source", "currency").annotate(
        number=Count("pk"), valued=Count("value"),
        total=Sum("value", output_field=MONEY), expected=Sum(WEIGHTED, output_field=MONEY),
    )  # fmt: skip
    unvalued = foreign = 0
    stages = list(visible_stages(actor).order_by("position", "pk"))
    open_stages = {stage.pk for stage in stages if stage.meaning == StageMeaning.OPEN}
    for stage, source, currency, number, valued, value, weighted in groups:
        own = currency == scope.currency
        had = standing.get((stage, source), (0, Decimal(0), Decimal(0), 0))
        standing[stage, source] = (
            had[0] + number,
            had[1] + (value or 0 if own else 0),
            had[2] + (weighted or 0 if own else 0),
            had[3] + valued,
        )
        if stage in open_stages:
            unvalued += number - valued
            foreign += valued if not own else 0
    reached, stayed = _moved(actor, scope, years)

    def line(stage) -> Row:
        here = [standing.get((stage.pk, source), (0, Decimal(0), Decimal(0), 0)) for source in SOURCES]
        is_open = not stage.is_closed
        link = {"stage": stage.pk}
        cells = [
            Cell(own[0], records(scope, "opportunities", source=source, **link) if own[0] else "")
            if is_open else Cell()
            for source, own in zip(SOURCES, here, strict=True)
        ]  # fmt: skip
        standing_link = ""
        if is_open and sum(own[0] for own in here):
            standing_link = records(scope, "opportunities", **link)
        value, weighted = (sum((own[place] for own in here), Decimal(0)).quantize(CENT) for place in (1, 2))
        cells += [Cell(value, standing_link), Cell(weighted, standing_link)] if is_open else [Cell(), Cell()]
        for source in SOURCES:
            number = len(reached[stage.pk, source])
            came = records(scope, "opportunities", years=years, reached=stage.pk, source=source) if number else ""
            cells.append(Cell(number, came))
        days = stayed.get(stage.pk)
        left = records(scope, "opportunities", years=years, left=stage.pk) if days else ""
        cells.append(Cell(round(median(days) / DAY, 1) if days else None, left))
        return Row(str(stage.pk), stage.name, tuple(cells))

    shown = [stage for stage in stages if stage.archived_at is None or any(key[0] == stage.pk for key in standing)]
    rows = tuple(line(stage) for stage in shown)
    now = [standing[key] for key in standing if key[0] in open_stages]
    worth, weighted = (sum((each[place] for each in now), Decimal(0)).quantize(CENT) for place in (1, 2))
    return Answer(
        finding=_finding(scope, shown, standing, open_stages, worth, weighted),
        subject=_("Stage"),
        columns=(
            Column("pull", _("Pull, standing there"), drawn=False),
            Column("push", _("Push, standing there"), drawn=False),
            Column("value", _("Value"), Kind.MONEY, drawn=False),
            Column("weighted", _("Weighted value"), Kind.MONEY, drawn=False),
            Column("reached_pull", _("Pull, came there")),
            Column("reached_push", _("Push, came there")),
            Column("days", _("Median days of a stay"), Kind.DAYS, drawn=False),
        ),
        rows=rows,
        as_of=timezone.now(),
        source=_("Opportunities as they stand today. Who came there, and how long it took, from their moves."),
        currency=scope.currency,
        period=period_words(years),
        figures=(
            Figure("open", _("Open opportunities"), sum(each[0] for each in now),
                   url=records(scope, "opportunities", meaning=StageMeaning.OPEN.value)),
            Figure("weighted", _("Weighted value"), weighted, Kind.MONEY,
                   url=records(scope, "opportunities", meaning=StageMeaning.OPEN.value)),
        ),
        notes=_notes(scope, unvalued, foreign),
    )  # fmt: skip


def _moved(actor: Actor, scope: Scope, years: tuple[int, int]):
    """(stage, source) → the opportunities that came there, and stage → the seconds of the stays that ended."""
    reached: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    stayed: defaultdict[int, list[int]] = defaultdict(list)
    found = moves(actor, scope, years).values_list(
        "opportunity_id", "opportunity__lead_source", "from_stage_id", "to_stage_id", "seconds_before"
    )
    for pk, source, before, stage, seconds in found:
        reached[stage, source].add(pk)
        if before is not None and seconds is not None:
            stayed[before].append(seconds)
    return reached, stayed


def _finding(scope: Scope, stages, standing, open_stages, worth: Decimal, weighted: Decimal) -> str:
    counts = {source: sum(standing[key][0] for key in standing if key[0] in open_stages and key[1] == source)
              for source in SOURCES}  # fmt: skip
    number = sum(counts.values())
    if not number:
        return _("No opportunity is open")
    fullest = max(
        (stage for stage in stages if stage.pk in open_stages),
        key=lambda stage: sum(standing.get((stage.pk, source), (0,))[0] for source in SOURCES),
    )
    words = ngettext("%(n)d opportunity is open", "%(n)d opportunities are open", number)
    return (words + _(", %(pull)d from pull and %(push)d from push, worth %(worth)s; most stand in %(stage)s")) % {
        "n": number, "pull": counts[SOURCES[0]], "push": counts[SOURCES[1]],
        "worth": money_short(worth, scope.currency), "stage": fullest.name,
    }  # fmt: skip


def _notes(scope: Scope, unvalued: int, foreign: int) -> tuple[Note, ...]:
    notes = []
    if unvalued:
        words = ngettext("%(n)d open opportunity has no value", "%(n)d open opportunities have no value", unvalued)
        address = records(scope, "opportunities", meaning=StageMeaning.OPEN.value, valued="false")
        notes.append(Note(words % {"n": unvalued}, address, unvalued))
    if foreign:
        words = ngettext(
            "%(n)d is valued in another currency and not added",
            "%(n)d are valued in other currencies and not added",
            foreign,
        )
        notes.append(Note(words % {"n": foreign}, count=foreign))
    return tuple(notes)


@visible("reporting.view_insights")
def channel_outcomes(actor: Actor, scope: Scope) -> Answer:
    """Where opportunities of each channel ended up, or stand; each counts once. One statement."""
    actor.require("partnerships.view_opportunities")
    rows = opportunities(actor, scope)
    years = None
    if scope.first_year or scope.last_year:
        years = scope.years(10)
        rows = rows.filter(within(scope, "created_at", *years, is_moment=True))
    counts = {
        (channel, meaning): number
        for channel, meaning, number in rows.values_list("channel", "stage__meaning").annotate(number=Count("pk"))
    }
    order = sorted(
        {channel for channel, _meaning in counts},
        key=lambda code: (-sum(counts.get((code, each), 0) for each in StageMeaning.values), code),
    )

    def line(code: str, label: str) -> Row:
        link = {"channel": code} if code else {}
        numbers = [
            sum(counts.get((each, meaning), 0) for each in ([code] if code else order))
            for meaning in StageMeaning.values
        ]
        cells = [
            Cell(
                n, records(scope, "opportunities", meaning=meaning, begun="true" if years else "", **link) if n else ""
            )
            for meaning, n in zip(StageMeaning.values, numbers, strict=True)
        ]
        total = sum(numbers)
        every = records(scope, "opportunities", begun="true" if years else "", **link) if total else ""
        return Row(code, label, (*cells, Cell(total, every)))

    totals = line("", _("All"))
    won, lost = (totals.cells[list(StageMeaning.values).index(each)].value for each in ("won", "lost"))
    labels = dict(Channel.choices)
    return Answer(
        finding=_("Of %(all)d opportunities %(won)d were won and %(lost)d lost") % {
            "all": totals.cells[-1].value, "won": won, "lost": lost,
        } if totals.cells[-1].value else _("No opportunity is in this selection"),
        subject=_("Channel"),
        columns=(
            *(Column(meaning, str(label)) for meaning, label in StageMeaning.choices),
            Column("all", _("All"), drawn=False),
        ),
        rows=tuple(line(code, str(labels[code])) for code in order),
        totals=totals,
        as_of=timezone.now(),
        source=_("Opportunities by channel and where they stand; those begun in the period, where one is chosen."),
        currency=scope.currency,
        period=period_words(years) if years else "",
        figures=(
            Figure("won_share", _("Won, of those decided"), round(100 * won / (won + lost), 1) if won + lost else None,
                   Kind.PERCENT, url=records(scope, "opportunities", meaning=["won", "lost"])),
        ),
    )  # fmt: skip
