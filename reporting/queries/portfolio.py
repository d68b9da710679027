"""Reviewing the portfolio: stage by health with what it brought, objectives, give and get, and risks."""

from collections import Counter, defaultdict
from decimal import Decimal

from django.db.models import CharField, Count, F, Q, Sum, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import visible
from core.actor import Actor
from core.templatetags.ui import money_short
from organizations.choices import RiskKind
from organizations.models import RiskFlag
from partnerships.choices import Band, LedgerDirection, ObjectiveStatus, PartnershipStatus, Side, Stage
from partnerships.choices_delivery import IssueTopic, Severity
from partnerships.models import LedgerEntry, Objective, Partnership, ProjectIssue
from reporting.queries.health import active_partners
from reporting.queries.money import AWARDS, MEASURE_WORDS, MONEY, NOTHING, source_words, value_by_partner_group
from reporting.queries.scopes import (
    Scope,
    narrowed,
    of_partners,
    of_projects,
    partners,
    period_words,
    records,
    working_in,
)
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row

LINES = 15
FLAG, ISSUE = "flag", "issue"


@visible("reporting.view_insights")
def stage_by_health(actor: Actor, scope: Scope) -> Answer:
    """Active partners by declared stage and health, and what each stage brought. Two statements, or three."""
    groups = active_partners(actor, scope).values_list("stage_declared", "health__band").annotate(number=Count("pk"))
    counts = Counter({(stage, band): number for stage, band, number in groups})
    measure, _sums, brought = value_by_partner_group(actor, scope, "stage_declared")

    def line(code: str, label: str) -> Row:
        stages = [code] if code else Stage.values
        link = {"stage": code} if code else {}
        numbers = [sum(counts[stage, band] for stage in stages) for band in Band.values]
        cells = [
            Cell(number, partners(scope, band=band, **link) if number else "")
            for band, number in zip(Band.values, numbers, strict=True)
        ]
        everyone, value = sum(numbers), brought.get(code or None, NOTHING)
        cells.append(Cell(everyone, partners(scope, **link) if everyone else ""))
        years = scope.years(10) if scope.first_year or scope.last_year else None
        cells.append(Cell(value, _behind(scope, measure, years, stage=code) if value else ""))
        return Row(code, label, tuple(cells), partners(scope, **link))

    totals = line("", _("All"))
    risky, everyone = totals.cells[Band.values.index(Band.AT_RISK)].value, totals.cells[-2].value
    words = {
        "risky": risky, "all": everyone, "value": money_short(totals.cells[-1].value, scope.currency),
        "what": str(MEASURE_WORDS[measure]),
    }  # fmt: skip
    notes = [Note(_("A project with partners in several stages counts in each of them, and once in all."))]
    if measure != AWARDS:
        notes = [
            Note(
                _("Money that names no partner is left out"),
                records(scope, "funding", measure=measure, without_partner="true"),
            )
        ]
    return Answer(
        finding=_("%(risky)d of %(all)d partners are at risk; together all stand for %(value)s of %(what)s") % words
        if everyone
        else _("No active partner is in this selection"),
        subject=_("Stage"),
        columns=(
            *(Column(band, str(label)) for band, label in Band.choices),
            Column("all", _("All"), drawn=False),
            Column("value", str(MEASURE_WORDS[measure]).capitalize(), Kind.MONEY, drawn=False),
        ),
        rows=tuple(line(code, str(label)) for code, label in Stage.choices),
        totals=totals,
        as_of=timezone.now(),
        source=_("Active partners by declared stage. Value:") + " " + source_words(actor, measure),
        currency=scope.currency,
        period=period_words(scope.years(10)) if scope.first_year or scope.last_year else "",
        figures=(Figure("partners", _("Active partners"), everyone, url=partners(scope)),),
        notes=tuple(notes),
    )


def _behind(scope: Scope, measure: str, years: tuple[int, int] | None, **more: object) -> str:
    if measure == AWARDS:
        return records(scope, "projects", years=years, awarded="true", with_partner="true", **more)
    return records(scope, "funding", years=years, measure=measure, with_partner="true", **more)


@visible("reporting.view_insights")
def objectives(actor: Actor, scope: Scope) -> Answer:
    """Objectives of either side by where they stand, and with how many partners both sides had one met."""
    actor.require("partnerships.view_objectives")
    rows = narrowed(Objective.objects.filter(partnership__status=PartnershipStatus.ACTIVE), scope)
    groups = rows.order_by().values_list("partnership_id", "side", "status").annotate(number=Count("pk"))
    counts: Counter[tuple[str, str]] = Counter()
    met: defaultdict[int, set[str]] = defaultdict(set)
    sides: defaultdict[int, set[str]] = defaultdict(set)
    for partner, side, status, number in groups:
        counts[side, status] += number
        both = {Side.OURS.value, Side.THEIRS.value} if side == Side.SHARED else {side}
        sides[partner] |= both
        if status == ObjectiveStatus.MET:
            met[partner] |= both
    on_both = sum(len(each) == 2 for each in met.values())
    one_sided = sum(len(each) == 1 for each in sides.values())

    def line(code: str, label: str) -> Row:
        link = {"side": code} if code else {}
        numbers = [
            sum(counts[side, status] for side in ([code] if code else Side.values)) for status in ObjectiveStatus.values
        ]
        cells = [
            Cell(number, records(scope, "objectives", status=status, **link) if number else "")
            for status, number in zip(ObjectiveStatus.values, numbers, strict=True)
        ]
        total = sum(numbers)
        return Row(code, label, (*cells, Cell(total, records(scope, "objectives", **link) if total else "")))

    words = ngettext(
        "With %(both)d of %(n)d partner both sides have an objective met",
        "With %(both)d of %(n)d partners both sides have an objective met", len(sides),
    ) + _("; with %(single)d only one side has any")  # fmt: skip
    return Answer(
        finding=words % {"both": on_both, "n": len(sides), "single": one_sided} if sides
        else _("No objective is written down with any of these partners"),
        subject=_("Whose"),
        columns=(
            *(Column(status, str(label)) for status, label in ObjectiveStatus.choices),
            Column("all", _("All"), drawn=False),
        ),
        rows=tuple(line(code, str(label)) for code, label in Side.choices),
        totals=line("", _("All")),
        as_of=timezone.now(),
        source=_("Objectives with active partners. One of both sides counts for each."),
        currency=scope.currency,
        figures=(
            Figure("met_both", _("Met on both sides"), on_both),
            Figure("one_sided", _("Only one side has any"), one_sided),
        ),
    )  # fmt: skip


@visible("reporting.view_insights")
def give_get(actor: Actor, scope: Scope) -> Answer:
    """What was given to partners and got from them outside contracts, those most out of balance first."""
    actor.require("partnerships.view_ledger")
    rows = narrowed(LedgerEntry.objects.filter(partnership__status=PartnershipStatus.ACTIVE), scope)
    years = None
    if scope.first_year or scope.last_year:
        years = scope.years(1)
        start, end = scope.days(*years)
        rows = rows.filter(occurred_on__range=(start, end))
    groups = (
        rows.order_by()
        .values_list("partnership_id", "partnership__organization__name", "direction")
        .annotate(number=Count("pk"), total=Sum("value", filter=Q(currency=scope.currency), output_field=MONEY))
    )
    names: dict[int, str] = {}
    found: defaultdict[int, dict[str, tuple[int, Decimal]]] = defaultdict(dict)
    for partner, name, direction, number, total in groups:
        names[partner] = name
        found[partner][direction] = (number, total or NOTHING)
    sides = (LedgerDirection.GIVE.value, LedgerDirection.GET.value)

    def line(code: str, label: str, given: dict[str, tuple[int, Decimal]], url: str = "") -> Row:
        link = {"partner": code} if code else {}
        counts = [given.get(side, (0, NOTHING)) for side in sides]
        links = [
            records(scope, "ledger", years=years, direction=side, **link) if each[0] else ""
            for side, each in zip(sides, counts, strict=True)
        ]
        return Row(code, label, (
            *(Cell(each[0], address) for each, address in zip(counts, links, strict=True)),
            *(Cell(each[1], address) for each, address in zip(counts, links, strict=True)),
        ), url)  # fmt: skip

    def imbalance(pk: int) -> tuple:
        gave, got = (found[pk].get(side, (0, NOTHING))[0] for side in sides)
        return -abs(gave - got), names[pk]

    sums = {
        side: (
            sum(each.get(side, (0, NOTHING))[0] for each in found.values()),
            sum((each.get(side, (0, NOTHING))[1] for each in found.values()), NOTHING),
        )
        for side in sides
    }
    order = sorted(found, key=imbalance)
    return Answer(
        finding=_("We gave %(gave)d times and got %(got)d times, with %(n)d partners") % {
            "gave": sums["give"][0], "got": sums["get"][0], "n": len(found),
        },
        subject=_("Partner"),
        columns=(
            Column("gave", _("We gave")), Column("got", _("We got")),
            Column("gave_value", _("Value given"), Kind.MONEY, drawn=False),
            Column("got_value", _("Value got"), Kind.MONEY, drawn=False),
        ),
        rows=tuple(line(str(pk), names[pk], found[pk], _partner(pk)) for pk in order[:LINES]),
        totals=line("", _("All"), sums),
        as_of=timezone.now(),
        source=_("The ledger of give and get, without contracts. Values in other currencies are not added."),
        currency=scope.currency,
        period=period_words(years) if years else "",
        more=records(scope, "ledger", years=years) if len(order) > LINES else "",
    )  # fmt: skip


def _partner(pk: int) -> str:
    return reverse("reporting:scorecard", args=[pk])


@visible("reporting.view_insights")
def risks(actor: Actor, scope: Scope) -> Answer:
    """The register of risks: flags on partners that nobody cleared, and critical issues of projects that are open."""
    flagged = RiskFlag.objects.filter(cleared_on=None).order_by()
    issues = ProjectIssue.objects.filter(closed_on=None, severity=Severity.CRITICAL).order_by()
    mine = Partnership.objects.filter(of_partners(scope), working_in(scope), status=PartnershipStatus.ACTIVE)
    flagged = flagged.filter(organization__in=mine.values("organization_id"))
    issues = of_projects(issues, scope, "project")
    parts = []
    if actor.may("organizations.view_risk_flags"):
        parts.append(flagged.annotate(
            what=Value(FLAG, output_field=CharField()), who=F("organization__name"), at=F("organization_id"),
            about=Cast("kind", CharField()), words=Cast("note", CharField()),
        ).values_list("what", "pk", "who", "at", "about", "words", "raised_on"))  # fmt: skip
    if actor.may("partnerships.view_project_issues"):
        parts.append(issues.annotate(
            what=Value(ISSUE, output_field=CharField()), who=F("project__title"), at=F("project_id"),
            about=Cast("topic", CharField()), words=Cast("title", CharField()),
        ).values_list("what", "pk", "who", "at", "about", "words", "raised_on"))  # fmt: skip
    found = list(parts[0].union(*parts[1:], all=True)) if parts else []
    found.sort(key=lambda row: (row[6], row[1]), reverse=True)
    counts = Counter(row[0] for row in found)
    labels = {FLAG: _("Risk of the partner"), ISSUE: _("Critical issue of a project")}
    return Answer(
        finding=_("%(flags)d risks of partners and %(issues)d critical issues of projects are open") % {
            "flags": counts[FLAG], "issues": counts[ISSUE],
        },
        subject=_("Partner or project"),
        columns=(
            Column("kind", _("Kind"), Kind.TEXT), Column("about", _("About"), Kind.TEXT),
            Column("words", _("In words"), Kind.TEXT), Column("since", _("Since"), Kind.DATE),
        ),
        rows=tuple(
            Row(f"{what}-{pk}", who, (
                Cell(labels[what]), Cell(_about(what, about)), Cell(words), Cell(since),
            ), _at(what, at))
            for what, pk, who, at, about, words, since in found[:LINES]
        ),
        as_of=timezone.now(),
        source=_("Risks nobody has cleared, and open issues called critical, as far as you may see them."),
        currency=scope.currency,
        figures=(
            Figure("flags", labels[FLAG], counts[FLAG], url=records(scope, "flags") if counts[FLAG] else ""),
            Figure("issues", labels[ISSUE], counts[ISSUE], url=records(scope, "issues") if counts[ISSUE] else ""),
        ),
        more=records(scope, "flags") if counts[FLAG] > LINES else "",
    )  # fmt: skip


def _about(what: str, code: str) -> str:
    return str((RiskKind if what == FLAG else IssueTopic)(code).label)


def _at(what: str, pk: int) -> str:
    return reverse("organizations:organization" if what == FLAG else "partnerships:project", args=[pk])
