"""One partnership in two columns: what it is worth to the university, and to the partner."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from partnerships.choices import LedgerDirection, ObjectiveStatus, Side
from partnerships.choices_delivery import FundingMeasure
from partnerships.models import (
    LedgerEntry,
    Objective,
    Partnership,
    ProjectBenefit,
    ProjectOutput,
    TalentEvent,
)
from partnerships.queries.funding import visible_funding
from partnerships.queries.governance import visible_objectives
from partnerships.queries.projects import visible_projects
from reporting.queries.money import MONEY, our_award
from reporting.queries.outcomes import grants
from reporting.queries.people import placements
from reporting.queries.scopes import Scope, projects_of, records
from reporting.rules.answers import SMALLEST, Kind, Value


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: what, how much, and where the records are. Empty values are not known."""

    label: str
    value: Value
    kind: Kind = Kind.COUNT
    url: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ValueCard:
    """Both columns; benefits are what was agreed to come of projects, objectives what each side wants."""

    university: Sequence[Line]
    partner: Sequence[Line]
    university_objectives: Sequence[Objective]
    partner_objectives: Sequence[Objective]
    university_benefits: Sequence[ProjectBenefit]
    partner_benefits: Sequence[ProjectBenefit]


@visible("reporting.view_insights")
def value_card(actor: Actor, partnership: Partnership, scope: Scope) -> ValueCard:
    """What both sides have of a partnership, from what the actor may see; four statements at most."""
    found = Partnership.objects.filter(pk=partnership.pk).order_by().values(**_asked(actor, partnership, scope)).get()
    aims: list[Objective] = []
    if actor.may("partnerships.view_objectives"):
        aims = list(visible_objectives(actor).filter(partnership=partnership))
    agreed: list[ProjectBenefit] = []
    if actor.may("partnerships.view_project_benefits"):
        mine = projects_of(Partnership.objects.filter(pk=partnership.pk))
        rows = ProjectBenefit.objects.filter(project_id__in=mine).select_related("project", "organization")
        agreed = [
            each for each in rows.order_by("project__title", "pk")
            if each.organization_id in (None, partnership.organization_id)
        ]  # fmt: skip
    ours, theirs = (Side.OURS, Side.SHARED), (Side.THEIRS, Side.SHARED)
    our_aims, their_aims = [a for a in aims if a.side in ours], [a for a in aims if a.side in theirs]
    return ValueCard(
        university=[*_university(found, partnership, scope), *_met(our_aims, partnership, scope, "ours")],
        partner=[*_partner(actor, found, partnership, scope), *_met(their_aims, partnership, scope, "theirs")],
        university_objectives=our_aims,
        partner_objectives=their_aims,
        university_benefits=[each for each in agreed if each.side in ours],
        partner_benefits=[each for each in agreed if each.side in theirs],
    )


def _asked(actor: Actor, partnership: Partnership, scope: Scope) -> dict[str, Subquery]:
    mine = Partnership.objects.filter(pk=partnership.pk)
    joint = projects_of(mine)
    asked: dict[str, Subquery] = {}
    if actor.may("partnerships.view_projects"):
        projects = visible_projects(actor).prefetch_related(None).filter(pk__in=joint).annotate(ours=our_award())
        asked["projects"] = _of(projects, "count", "pk")
        asked["awards"] = _of(projects.filter(currency=scope.currency), "sum", "ours", MONEY)
    if actor.may("partnerships.view_funding"):
        for measure in (FundingMeasure.RECEIVED, FundingMeasure.COMMITTED, FundingMeasure.IN_KIND):
            rows = visible_funding(actor).filter(partnership=partnership, measure=measure)
            asked[measure.value] = _of(rows.select_related(None), "sum", "base_amount", MONEY)
    if actor.may("partnerships.view_ledger"):
        for side in LedgerDirection:
            rows = LedgerEntry.objects.filter(partnership=partnership, direction=side)
            asked[side.value] = _of(rows, "count", "pk")
            asked[f"{side.value}_value"] = _of(rows.filter(currency=scope.currency), "sum", "value", MONEY)
    if actor.may("partnerships.view_talent"):
        hired = TalentEvent.objects.filter(partnership=partnership, kind="hire")
        asked["hires"] = _of(hired, "sum", "people")
        asked["placed"] = _of(placements(actor, scope).filter(partnership=partnership), "count", "pk")
    if actor.may("partnerships.view_project_outputs"):
        asked["outputs"] = _of(ProjectOutput.objects.filter(project_id__in=joint), "count", "pk")
    if actor.may("agreements.view_grants"):
        asked["grants"] = _of(grants(actor, scope).filter(agreement__partnership=partnership), "count", "pk")
    return asked


def _of(rows: QuerySet, function: str, field: str, kind=None) -> Subquery:
    figure = rows.order_by().annotate(figure=Func(F(field), function=function)).values("figure")
    return Subquery(figure, output_field=kind or IntegerField())


def _money(found: dict, name: str, label: str, url: str) -> list[Line]:
    if name not in found:
        return []
    return [Line(label, found[name] or 0, Kind.MONEY, url if found[name] else "")]


def _count(found: dict, name: str, label: str, url: str) -> list[Line]:
    return [Line(label, found[name] or 0, Kind.COUNT, url if found[name] else "")] if name in found else []


def _people(found: dict, name: str, label: str, url: str) -> list[Line]:
    if name not in found:
        return []
    number = found[name] or 0
    if 0 < number < SMALLEST:
        return [Line(label, None, hidden=True)]
    return [Line(label, number, Kind.COUNT, url if number else "")]


def _university(found: dict, partnership: Partnership, scope: Scope) -> list[Line]:
    pk = partnership.pk

    def money(measure: str) -> str:
        return records(scope, "funding", measure=measure, partner=pk)

    return [
        *_money(found, "received", _("Money received"), money("received")),
        *_money(found, "committed", _("Money committed"), money("committed")),
        *_money(found, "in_kind", _("Given in kind"), money("in_kind")),
        *_count(found, "projects", _("Projects together"), records(scope, "projects", partner=pk)),
        *_money(found, "awards", _("Awards of these projects"), records(scope, "projects", partner=pk, awarded="true")),
        *_count(found, "get", _("Got outside contracts"), records(scope, "ledger", partner=pk, direction="get")),
        *_money(found, "get_value", _("Its estimated value"), records(scope, "ledger", partner=pk, direction="get")),
    ]


def _partner(actor: Actor, found: dict, partnership: Partnership, scope: Scope) -> list[Line]:
    pk = partnership.pk
    hires = records(scope, "talent", kind="hire", partner=pk) if actor.may("partnerships.view_talent_events") else ""
    placed = records(scope, "placements", partner=pk) if actor.may("partnerships.view_placements") else ""
    return [
        *_people(found, "hires", _("People hired"), hires),
        *_people(found, "placed", _("Students placed"), placed),
        *_count(found, "outputs", _("Results of projects together"), records(scope, "outputs", partner=pk)),
        *_count(found, "grants", _("Rights granted"), records(scope, "grants", partner=pk)),
        *_count(found, "give", _("Given outside contracts"), records(scope, "ledger", partner=pk, direction="give")),
        *_money(found, "give_value", _("Its estimated value"), records(scope, "ledger", partner=pk, direction="give")),
    ]


def _met(aims: Sequence[Objective], partnership: Partnership, scope: Scope, side: str) -> list[Line]:
    if not aims:
        return []
    met = sum(each.status == ObjectiveStatus.MET for each in aims)
    link = records(scope, "objectives", partner=partnership.pk, side=[side, "shared"], status="met") if met else ""
    return [Line(_("Objectives met, of %(n)d") % {"n": len(aims)}, met, Kind.COUNT, link)]
