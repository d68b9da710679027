"""What agreements, IP and start-ups brought, from what the records hold."""

from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind
from agreements.models import Agreement, Grant, IpAsset
from agreements.queries.agreements import readable
from agreements.queries.assets import readable_asset
from core.actions import visible
from core.actor import Actor
from core.templatetags.ui import money_short
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingMeasure, OutputKind
from partnerships.models import ProjectOutput
from reporting.queries.money import MONEY, entries
from reporting.queries.scopes import Scope, narrowed, of_projects, period_words, records, within
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row
from tenants.models import Tenant

BINDING = ("executed", "amended", "terminated")
LICENSES = (AgreementKind.LICENSE.value, AgreementKind.OPTION.value)


@dataclass(frozen=True, slots=True)
class Thing:
    """One line of the table: its rows by year, and how the records list names them."""

    code: str
    label: str
    rows: QuerySet
    day: str
    kind: str
    more: dict


def outputs(actor: Actor, scope: Scope) -> QuerySet[ProjectOutput]:
    """What came out of the scope's projects."""
    actor.require("partnerships.view_project_outputs")
    return of_projects(ProjectOutput.objects.all(), scope, "project")


def executed(actor: Actor, scope: Scope) -> QuerySet[Agreement]:
    """The scope's agreements that bind or bound somebody, as far as the actor may read them; no amendments."""
    actor.require("agreements.view_agreements")
    rows = Agreement.objects.filter(readable(actor), status__in=BINDING, amends=None)
    return narrowed(rows, scope)


def grants(actor: Actor, scope: Scope) -> QuerySet[Grant]:
    """The rights that the scope's executed agreements grant."""
    actor.require("agreements.view_grants")
    return Grant.objects.filter(agreement__in=executed(actor, scope).order_by().values("pk"))


def assets(actor: Actor, scope: Scope) -> QuerySet[IpAsset]:
    """The institution's IP that the actor may read. It is no partner's: the scope's filters do not narrow it."""
    actor.require("agreements.view_ip_assets")
    return IpAsset.objects.filter(readable_asset(actor))


def _things(actor: Actor, scope: Scope) -> list[Thing]:
    things = [
        Thing("agreements", _("Agreements executed"), executed(actor, scope), "executed_on", "agreements",
              {"bound": "true"}),
        Thing("licenses", _("Licenses and options executed"), executed(actor, scope).filter(kind__in=LICENSES),
              "executed_on", "agreements", {"bound": "true", "kind": list(LICENSES)}),
    ]  # fmt: skip
    if actor.may("agreements.view_grants"):
        things.append(
            Thing("grants", _("Rights granted"), grants(actor, scope), "agreement__executed_on", "grants", {})
        )
    if actor.may("agreements.view_ip_assets") and not (scope.is_narrow or scope.channel or scope.domain):
        things.append(Thing("assets", _("IP recorded"), assets(actor, scope), "created_at", "assets", {}))
    if actor.may("partnerships.view_project_outputs"):
        things += [
            Thing(kind.value, _("Outputs: %s") % kind.label, outputs(actor, scope).filter(kind=kind), "produced_on",
                  "outputs", {"kind": kind.value})
            for kind in (OutputKind.INVENTION, OutputKind.STARTUP, OutputKind.SOFTWARE, OutputKind.PUBLICATION)
        ]  # fmt: skip
    return things


@visible("reporting.view_insights")
def outcomes(actor: Actor, scope: Scope) -> Answer:
    """Counts of this period beside those of the one before, and what licensing brought; one statement."""
    years, before = scope.years(1), scope.before(1)
    things = _things(actor, scope)
    asked = {
        f"{thing.code}_{name}": _number(
            thing.rows.filter(within(scope, thing.day, *span, is_moment=thing.code == "assets"))
        )
        for thing in things
        for name, span in (("now", years), ("then", before))
    }
    money = entries(actor, scope).filter(measure=FundingMeasure.RECEIVED, channel=Channel.LICENSING)
    sees_money = actor.may("partnerships.view_funding")
    if sees_money:
        for name, span in (("now", years), ("then", before)):
            asked[f"income_{name}"] = _sum(money.filter(fiscal_year__range=span))
    undated = {}
    if actor.may("partnerships.view_project_outputs"):
        undated = {"undated_outputs": _number(outputs(actor, scope).filter(produced_on=None))}
    found = Tenant.objects.filter(pk=actor.tenant_id).values(**asked, **undated).get()

    def line(thing: Thing) -> Row:
        cells = []
        for name, span in (("now", years), ("then", before)):
            number = found[f"{thing.code}_{name}"]
            cells.append(Cell(number, records(scope, thing.kind, years=span, **thing.more) if number else ""))
        return Row(thing.code, thing.label, tuple(cells))

    figures = [
        Figure(code, label, found[f"{code}_now"], before=found[f"{code}_then"], before_label=period_words(before),
               url=records(scope, kind, years=years, **more))
        for code, label, kind, more in (
            ("agreements", _("Agreements executed"), "agreements", {"bound": "true"}),
            ("startup", _("Start-ups"), "outputs", {"kind": OutputKind.STARTUP.value}),
        )
        if f"{code}_now" in found
    ]  # fmt: skip
    if sees_money:
        figures.append(
            Figure("income", _("Received through licensing"), found["income_now"] or 0, Kind.MONEY,
                   found["income_then"] or 0, period_words(before),
                   url=records(scope, "funding", years=years, measure="received", channel=Channel.LICENSING.value))
        )  # fmt: skip
    notes = []
    if number := found.get("undated_outputs"):
        notes.append(Note(_("Outputs without a day are in no year"), records(scope, "outputs", undated="true"), number))
    return Answer(
        finding=_finding(scope, found, years, sees_money),
        subject=_("What"),
        columns=(Column("now", period_words(years)), Column("then", period_words(before))),
        rows=tuple(map(line, things)),
        as_of=timezone.now(),
        source=_("Agreements and IP that you may read, and outputs recorded with projects."),
        currency=scope.currency,
        period=period_words(years),
        figures=tuple(figures),
        notes=tuple(notes),
    )


def _finding(scope: Scope, found: dict, years: tuple[int, int], sees_money: bool) -> str:
    numbers = {
        "agreements": found["agreements_now"], "licenses": found["licenses_now"],
        "startups": found.get("startup_now") or 0, "period": period_words(years),
    }  # fmt: skip
    words = _("In %(period)s: agreements executed %(agreements)d, licenses or options %(licenses)d of them")
    if "startup_now" in found:
        words += _(", start-ups %(startups)d")
    if sees_money and found["income_now"]:
        words += _("; licensing brought %(income)s")
        numbers["income"] = money_short(found["income_now"], scope.currency)
    return words % numbers


def _number(rows: QuerySet) -> Subquery:
    counted = rows.order_by().annotate(number=Func(F("pk"), function="count")).values("number")
    return Subquery(counted, output_field=IntegerField())


def _sum(rows: QuerySet) -> Subquery:
    added = rows.order_by().annotate(number=Func(F("base_amount"), function="sum")).values("number")
    return Subquery(added, output_field=MONEY)
