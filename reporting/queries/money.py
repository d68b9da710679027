"""What money came, from where: what the ledger of money holds, else the awards of projects; never both added."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actions import visible
from core.actor import Actor
from core.templatetags.ui import money_short
from partnerships.choices_delivery import FundingMeasure, FundingSource
from partnerships.models import FundingEntry, Partnership, Project, ProjectParticipant
from partnerships.queries.funding import visible_funding
from partnerships.queries.projects import visible_projects
from reporting.queries.scopes import Scope, narrowed, of_partners, of_projects, period_words, records, within, year_of
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row

MONEY = DecimalField(max_digits=20, decimal_places=2)
AWARDS = "award"
NOTHING = Decimal(0)
# What is told of money, the first that is recorded: what came, what was promised, what projects were awarded.
MEASURES = (FundingMeasure.RECEIVED.value, FundingMeasure.COMMITTED.value, AWARDS)
MEASURE_WORDS = {
    FundingMeasure.RECEIVED.value: gettext_lazy("money received"),
    FundingMeasure.COMMITTED.value: gettext_lazy("money committed"),
    AWARDS: gettext_lazy("awards of projects"),
}


def entries(actor: Actor, scope: Scope) -> QuerySet[FundingEntry]:
    """The ledger's entries of the scope; none where the actor may not see money."""
    if not actor.may("partnerships.view_funding"):
        return FundingEntry.objects.none()
    rows = visible_funding(actor).select_related(None).order_by()
    return narrowed(rows, scope, channel="channel", domain="domain")


def our_award() -> Coalesce:
    """Our own award in a project, where it is recorded; else the whole award."""
    own = ProjectParticipant.objects.filter(project=OuterRef("pk"), organization__is_own=True)
    return Coalesce(Subquery(own.values("award")[:1]), F("award"), output_field=MONEY)


def awarded(actor: Actor, scope: Scope) -> QuerySet[Project]:
    """The projects of the scope, with ``ours``: our award in the office's currency; None where it is not known."""
    rows = visible_projects(actor).prefetch_related(None).order_by()
    return of_projects(rows, scope).annotate(ours=our_award())


def measured(found: object) -> str:
    """Which of the measures is told, of those that something was found for."""
    return next((measure for measure in MEASURES if measure in found), MEASURES[-1])


@visible("reporting.view_insights")
def money_by_source(actor: Actor, scope: Scope) -> Answer:
    """What came in each fiscal year from which source, in the office's currency; one statement."""
    years = scope.years(10)
    sums = _sums(actor, scope, years)
    measure = measured(sums)
    by_year = sums.get(measure, {})
    sources = [code for code in (*FundingSource.values, AWARDS) if any(code in each for each in by_year.values())]
    sources = sources or [AWARDS if measure == AWARDS else FundingSource.INDUSTRY.value]
    labels = {**dict(FundingSource.choices), AWARDS: _("Awards of projects that began")}

    def address(first: int, last: int, source: str = "") -> str:
        if measure == AWARDS:
            return records(scope, "projects", years=(first, last), awarded="true")
        return records(scope, "funding", years=(first, last), measure=measure, source=source)

    def line(code: str, label: str, first: int, last: int) -> Row:
        values = [
            sum((by_year.get(year, {}).get(source, NOTHING) for year in range(first, last + 1)), NOTHING)
            for source in sources
        ]
        cells = [
            Cell(value, address(first, last, source) if value else "")
            for source, value in zip(sources, values, strict=True)
        ]
        total = sum(values, NOTHING)
        return Row(code, label, (*cells, Cell(total, address(first, last) if total else "")))

    rows = tuple(line(str(year), str(year), year, year) for year in range(years[0], years[1] + 1))
    totals = line("", _("All"), *years)
    last, before = rows[-1].cells[-1].value, rows[-2].cells[-1].value if len(rows) > 1 else None
    return Answer(
        finding=_finding(totals, rows, sources, labels, measure, scope, years),
        subject=_("Fiscal year"),
        columns=(
            *(Column(source, str(labels[source]), Kind.MONEY) for source in sources),
            Column("all", _("All"), Kind.MONEY, drawn=False),
        ),
        rows=rows,
        totals=totals,
        as_of=timezone.now(),
        source=source_words(actor, measure),
        currency=scope.currency,
        period=period_words(years),
        figures=(
            Figure(
                "year", _("Fiscal year %(year)d so far") % {"year": years[1]} if years[1] == scope.this_year
                else _("Fiscal year %(year)d") % {"year": years[1]},
                last, Kind.MONEY, before, str(years[1] - 1), url=address(years[1], years[1]),
            ),
        ),
        notes=_notes(actor, scope, measure, years),
    )  # fmt: skip


def _sums(actor: Actor, scope: Scope, years: tuple[int, int]) -> dict[str, dict[int, dict[str, Decimal]]]:
    """measure → year → source → sum."""
    booked = (
        entries(actor, scope)
        .filter(measure__in=MEASURES[:2], fiscal_year__range=years)
        .values_list("measure", "source", "fiscal_year")
        .annotate(total=Sum("base_amount", output_field=MONEY))
    )
    projects = (
        awarded(actor, scope)
        .filter(within(scope, "started_on", *years), currency=scope.currency, ours__isnull=False)
        .annotate(kind=Value(AWARDS), from_what=Value(AWARDS), year=year_of(scope, "started_on"))
        .values_list("kind", "from_what", "year")
        .annotate(total=Sum("ours", output_field=MONEY))
    )
    found: dict[str, dict[int, dict[str, Decimal]]] = {}
    for measure, source, year, total in booked.union(projects, all=True):
        found.setdefault(measure, {}).setdefault(year, {})[source] = total
    return found


def source_words(actor: Actor, measure: str) -> str:
    """Which records were counted, and why these."""
    if measure == AWARDS:
        if not actor.may("partnerships.view_funding"):
            return _("Our awards in projects. What was received is not told to your role.")
        return _("Our awards in projects: the ledger of money holds nothing received or committed here.")
    if measure == FundingMeasure.COMMITTED:
        return _("Money committed, from the ledger of money: it holds nothing received here.")
    return _("Money received, from the ledger of money. Committed, spent and in kind are other accounts.")


def _finding(totals: Row, rows, sources, labels, measure: str, scope: Scope, years: tuple[int, int]) -> str:
    total = totals.cells[-1].value
    if not total:
        return _("No money is recorded in fiscal years %(period)s") % {"period": period_words(years)}
    numbers = {
        "total": money_short(total, scope.currency),
        "what": str(MEASURE_WORDS[measure]),
        "period": period_words(years),
    }
    if len(sources) == 1:
        best = max(rows, key=lambda row: row.cells[-1].value)
        return _("%(total)s of %(what)s in fiscal years %(period)s, most in %(year)s") % {**numbers, "year": best.label}
    amount, source = max(zip((cell.value for cell in totals.cells[:-1]), sources, strict=True))
    return _("%(total)s of %(what)s in fiscal years %(period)s; %(share)d %% from: %(source)s") % {
        **numbers, "share": round(100 * amount / total), "source": labels[source],
    }  # fmt: skip


def _notes(actor: Actor, scope: Scope, measure: str, years: tuple[int, int]) -> tuple[Note, ...]:
    if measure != AWARDS:
        return ()
    return (Note(_("Projects without an award, or in another currency, are not counted"),
                 records(scope, "projects", years=years, awarded="false")),)  # fmt: skip


def value_by_partner_group(actor: Actor, scope: Scope, *fields: str) -> tuple[str, dict[tuple, Decimal], dict]:
    """What partners brought, by fields of theirs: the measure, sums by group, and sums by the first field alone.

    A project counts once for each group, and once for each value of the first field, with however many partners.
    One statement where the ledger has entries, else two.
    """
    paths = [f"partnership__{name}" for name in fields]
    booked = entries(actor, scope).filter(measure__in=MEASURES[:2], partnership__status="active")
    if scope.first_year or scope.last_year:
        booked = booked.filter(fiscal_year__range=scope.years(10))
    sums: dict[str, dict[tuple, Decimal]] = {}
    for measure, *key, total in booked.values_list("measure", *paths).annotate(total=Sum("base_amount")):
        sums.setdefault(measure, {})[tuple(key)] = total
    measure = measured(sums)
    if measure != AWARDS:
        return measure, sums[measure], _first_alone(sums[measure])
    return AWARDS, *_awards_by(actor, scope, fields)


def _first_alone(sums: dict[tuple, Decimal]) -> dict:
    found: defaultdict = defaultdict(Decimal)
    for key, total in sums.items():
        found[key[0]] += total
        found[None] += total
    return dict(found)


def _awards_by(actor: Actor, scope: Scope, fields: tuple[str, ...]) -> tuple[dict[tuple, Decimal], dict]:
    projects = awarded(actor, scope).filter(currency=scope.currency, ours__isnull=False)
    if scope.first_year or scope.last_year:
        projects = projects.filter(within(scope, "started_on", *scope.years(10)))
    at = "participants__organization__partnerships"
    pairs = projects.filter(**{f"{at}__in": Partnership.objects.filter(of_partners(scope), status="active")})
    amounts: dict[int, Decimal] = {}
    groups: dict[tuple, set[int]] = defaultdict(set)
    alone: dict = defaultdict(set)
    for project, ours, *key in pairs.values_list("pk", "ours", *(f"{at}__{name}" for name in fields)).distinct():
        amounts[project] = ours
        groups[tuple(key)].add(project)
        alone[key[0]].add(project)
        alone[None].add(project)
    return (
        {key: sum((amounts[pk] for pk in pks), NOTHING) for key, pks in groups.items()},
        {key: sum((amounts[pk] for pk in pks), NOTHING) for key, pks in alone.items()},
    )
