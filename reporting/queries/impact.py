"""What the region got: start-ups, jobs, people trained and small enterprises served, each with its evidence."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import visible
from core.actor import Actor
from partnerships.choices_delivery import OutputKind
from partnerships.choices_talent import TalentEventKind
from partnerships.models import ProjectParticipant
from reporting.queries.outcomes import outputs
from reporting.queries.people import counted_table, events
from reporting.queries.scopes import Scope, of_projects, period_words, records, within, year_of
from reporting.rules.answers import Answer, Cell, Column, Figure, Note, Row

YEARS = 5
TRAINED = (
    TalentEventKind.INDUSTRIAL_PHD.value, TalentEventKind.CAPSTONE_TEAM.value, TalentEventKind.INTERNSHIP.value,
    TalentEventKind.COOP.value,
)  # fmt: skip


def _years(scope: Scope, years: tuple[int, int]) -> tuple[Column, ...]:
    return (*(Column(str(year), str(year)) for year in range(years[0], years[1] + 1)),
            Column("all", _("All"), drawn=False))  # fmt: skip


def _counts(groups: Iterable[tuple[str, int, int]]) -> Counter[tuple[str, int]]:
    counts: Counter[tuple[str, int]] = Counter()
    for region, year, number in groups:
        counts[region or "", year] += number
    return counts


def _answer(scope: Scope, years: tuple[int, int], finding: str, rows, totals, *, source: str, code: str, label: str,
            notes: tuple[Note, ...] = (), subject: str = "") -> Answer:  # fmt: skip
    told = totals or (rows[-1] if rows else None)
    total = told.cells[-1].value if told else 0
    return Answer(
        finding=finding, subject=subject or _("Region"), columns=_years(scope, years), rows=rows, totals=totals,
        as_of=timezone.now(), source=source, currency=scope.currency, period=period_words(years),
        figures=(Figure(code, label, total),), notes=notes,
    )  # fmt: skip


def _regions(counts: Counter[tuple[str, int]]) -> list[str]:
    sums: Counter[str] = Counter()
    for (region, _year), number in counts.items():
        sums[region] += number
    return sorted(sums, key=lambda region: (region == "", -sums[region], region))


def _named(region: str) -> str:
    return region or _("Region not known")


@visible("reporting.view_insights")
def startups(actor: Actor, scope: Scope) -> Answer:
    """Start-ups that came out of projects, by fiscal year; each with its reference or address."""
    years = scope.years(YEARS)
    rows = outputs(actor, scope).filter(kind=OutputKind.STARTUP)
    dated = rows.filter(within(scope, "produced_on", *years)).order_by()
    groups = dated.annotate(year=year_of(scope, "produced_on")).values_list("year").annotate(number=Count("pk"))
    counts = Counter(dict(groups))
    span = range(years[0], years[1] + 1)

    def cell(first: int, last: int) -> Cell:
        number = sum(counts[year] for year in range(first, last + 1))
        link = records(scope, "outputs", years=(first, last), kind=OutputKind.STARTUP.value) if number else ""
        return Cell(number, link)

    line = Row("startup", _("Start-ups"), (*(cell(year, year) for year in span), cell(*years)))
    return _answer(
        scope, years,
        ngettext(
            "%(n)d start-up came out of projects in %(period)s", "%(n)d start-ups came out of projects in %(period)s",
            line.cells[-1].value,
        ) % {"n": line.cells[-1].value, "period": period_words(years)},
        (line,), None, source=_("Outputs of projects that are start-ups, by day."), code="startups",
        label=_("Start-ups"), subject=_("What"),
        notes=(Note(_("Start-ups without a day are in no year"),
                    records(scope, "outputs", kind=OutputKind.STARTUP.value, undated="true")),),
    )  # fmt: skip


def _people(actor: Actor, scope: Scope, years: tuple[int, int], kinds: tuple[str, ...]) -> tuple:
    found = (
        events(actor, scope)
        .filter(within(scope, "occurred_on", *years), kind__in=kinds)
        .order_by()
        .annotate(year=year_of(scope, "occurred_on"), region=F("partnership__organization__region"))
        .values_list("region", "year")
        .annotate(number=Sum("people"))
    )
    counts = _counts(found)
    order, span = _regions(counts), range(years[0], years[1] + 1)

    def link(line: int | None, column: int | None) -> str:
        if not actor.may("partnerships.view_talent_events"):
            return ""
        during = years if column is None else (years[0] + column, years[0] + column)
        region = "" if line is None else order[line]
        if line is not None and not region:
            return ""
        return records(scope, "talent", years=during, kind=list(kinds), region=region)

    lines = [[counts[region, year] for year in span] for region in order]
    return counted_table([(region, _named(region)) for region in order], lines, link)


def _people_finding(totals: Row | None, some: str, few: str, none: str, years: tuple[int, int]) -> str:
    number = {"period": period_words(years)}
    if totals is None:
        return none % number
    total = totals.cells[-1].value
    return few % number if total is None else some % {**number, "n": total}


@visible("reporting.view_insights")
def jobs(actor: Actor, scope: Scope) -> Answer:
    """People hired by partners, by the partner's region and fiscal year; small counts are not told."""
    years = scope.years(YEARS)
    rows, totals = _people(actor, scope, years, (TalentEventKind.HIRE.value,))
    finding = _people_finding(
        totals, _("Partners hired %(n)d people in %(period)s"),
        _("Partners hired fewer than five people in %(period)s"),
        _("No hire is recorded in %(period)s"), years,
    )  # fmt: skip
    return _answer(scope, years, finding, rows, totals, source=_("Hires recorded as talent events."), code="jobs",
                   label=_("People hired"))  # fmt: skip


@visible("reporting.view_insights")
def trained(actor: Actor, scope: Scope) -> Answer:
    """People in internships, co-ops, team projects and doctorates with partners, by region and fiscal year."""
    years = scope.years(YEARS)
    rows, totals = _people(actor, scope, years, TRAINED)
    finding = _people_finding(
        totals, _("%(n)d people learned with partners in %(period)s"),
        _("Fewer than five people learned with partners in %(period)s"),
        _("Nobody is recorded as having learned with a partner in %(period)s"), years,
    )  # fmt: skip
    return _answer(scope, years, finding, rows, totals, code="trained", label=_("People trained"),
                   source=_("Internships, co-ops, capstone teams and industrial PhDs, as talent events."))  # fmt: skip


@visible("reporting.view_insights")
def small_enterprises(actor: Actor, scope: Scope) -> Answer:
    """Small and medium-sized enterprises in a project that began in the year, by their region; each once a year."""
    years = scope.years(YEARS)
    actor.require("partnerships.view_projects")
    taking = ProjectParticipant.objects.filter(
        within(scope, "project__started_on", *years), organization__sme=True, organization__is_own=False
    )
    pairs = (
        of_projects(taking, scope, "project")
        .annotate(year=year_of(scope, "project__started_on"))
        .values_list("organization_id", "organization__region", "year")
        .distinct()
    )
    served = set(pairs)
    counts = _counts((region, year, 1) for _pk, region, year in served)
    order, span = _regions(counts), range(years[0], years[1] + 1)
    once = len({pk for pk, _region, _year in served})

    def line(region: str | None) -> Row:
        wanted = order if region is None else [region]
        link = {} if region is None else {"region": region}

        def cell(first: int, last: int) -> Cell:
            number = len({pk for pk, of, year in served if (of or "") in wanted and first <= year <= last})
            told = number and (region is None or region)
            return Cell(number, records(scope, "enterprises", years=(first, last), **link) if told else "")

        label = _("All") if region is None else _named(region)
        return Row(region or "", label, (*(cell(year, year) for year in span), cell(*years)))

    rows, totals = tuple(map(line, order)), line(None)
    return _answer(
        scope, years,
        ngettext(
            "%(n)d small or medium-sized enterprise was served in %(period)s",
            "%(n)d small or medium-sized enterprises were served in %(period)s", once,
        ) % {"n": once, "period": period_words(years)},
        rows, totals, code="smes", label=_("Enterprises served"),
        source=_("Enterprises known to be small or medium-sized, in projects that began in the year. "
                 "One that was served in several years counts once in all."),
        notes=(Note(_("Whether an organization is small is not known of all; those count as none")),),
    )  # fmt: skip
