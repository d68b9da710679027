"""What a built report can count, and by what: closed lists, since each has to lead back to its records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from agreements.choices import AgreementKind, Court, LegalStatus, RenewalProgress, WorkflowState
from agreements.queries.agreements import visible_agreements
from core.actor import Actor
from core.choices import country_name
from organizations.choices import OrganizationKind
from partnerships.choices import (
    Band,
    Channel,
    Direction,
    InteractionKind,
    LeadSource,
    PartnershipStatus,
    ProjectStatus,
    Stage,
    StageMeaning,
    Tier,
)
from partnerships.choices_delivery import Light, ProjectForm, ResearchDomain
from partnerships.choices_talent import ProgramKind
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import WEIGHTED, visible_opportunities
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.placements import visible_placements
from reporting.queries.behind import projects_behind
from reporting.queries.people import BEGUN
from reporting.queries.scopes import Scope, narrowed, of_partners, of_projects, within, working_in, year_of

COUNT = "count"
MISSING = "-"  # no code of a closed list, so it can stand for none


@dataclass(frozen=True, slots=True)
class Dimension:
    """What records are told apart by. ``path`` leads to it; of a closed list, ``choices`` has the order and the words.

    ``spoken`` words a code of another list. ``named``: where the words are of something that is a record itself.
    ``year``: the fiscal year of a day, or of a moment. Only what has few values (a closed list, years) can stand in
    columns.
    """

    label: str
    path: str
    choices: Sequence[tuple[str, Any]] = ()
    named: str = ""
    year: str = ""
    is_text: bool = True
    spoken: Callable[[str], str] = str

    @property
    def is_closed(self) -> bool:
        """Whether it may stand in columns."""
        return bool(self.choices or self.year)

    def expression(self, scope: Scope) -> Any:
        """What the database computes; null where it is not recorded."""
        if self.year:
            return year_of(scope, self.path, is_moment=self.year == "moment")
        if self.named or not self.is_text:
            return F(self.path)
        return NullIf(F(self.path), Value(""), output_field=CharField())

    def words(self) -> Any:
        """Where its words are read, for what is a record itself; else None."""
        return F(self.named) if self.named else None

    def only(self, rows: QuerySet, scope: Scope, value: str) -> QuerySet:
        """The rows that have this value, as it stands in an address; none for one that it cannot have."""
        rows = rows.alias(only_by=self.expression(scope))
        if value == MISSING:
            return rows.filter(only_by__isnull=True)
        if self.year or self.named:
            return rows.filter(only_by=int(value)) if value.isdecimal() and len(value) < 19 else rows.none()
        return rows.filter(only_by=value)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that a report may add up: ``expression`` in the record's ``currency``; null where it is not known."""

    label: str
    expression: Any
    missing: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted. ``reads`` is what its actor may see, ``narrow`` keeps those of a scope, ``day`` dates them.

    ``counted`` says a number of them in words. ``people``: each is a person, so small counts are not told.
    """

    label: str
    reads: Callable[[Actor], QuerySet]
    narrow: Callable[[QuerySet, Scope], QuerySet]
    day: str
    counted: Any
    source: str
    dimensions: Mapping[str, Dimension]
    amounts: Mapping[str, Amount]
    is_moment: bool = False
    people: bool = False
    day_may_be_missing: bool = False
    also: Sequence[str] = ()

    def may_be_read(self, actor: Actor) -> bool:
        """Whether the actor holds everything that counting it needs."""
        return all(actor.may(code) for code in (self.reads.code, *self.also))

    def within_scope(self, rows: QuerySet, scope: Scope) -> QuerySet:
        """The rows of the scope and, where it names years, of these by ``day``."""
        rows = self.narrow(rows, scope)
        if scope.first_year or scope.last_year:
            rows = rows.filter(within(scope, self.day, *scope.years(1), is_moment=self.is_moment))
        return rows


def of_partner(path: str) -> dict[str, Dimension]:
    """What the partner at ``path`` is known by."""
    at = f"{path}__" if path else ""
    return {
        "tier": Dimension(_("Tier of the partner"), f"{at}tier", Tier.choices),
        "partner_stage": Dimension(_("Stage of the partner"), f"{at}stage_declared", Stage.choices),
        "band": Dimension(_("Health of the partner"), f"{at}health__band", Band.choices),
        "partner_kind": Dimension(_("Kind of organization"), f"{at}organization__kind", OrganizationKind.choices),
        "country": Dimension(_("Country"), f"{at}organization__country", spoken=country_name),
        "partner_unit": Dimension(_("Lead unit"), f"{at}unit_id", named=f"{at}unit__name"),
        "partner_owner": Dimension(_("Owner of the partner"), f"{at}owner_id", named=f"{at}owner__name"),
    }


def year(label: str, path: str, *, is_moment: bool = False) -> Dimension:
    return Dimension(label, path, year="moment" if is_moment else "day")


def partner(path: str = "partnership") -> dict[str, Dimension]:
    return {"partner": Dimension(_("Partner"), f"{path}_id", named=f"{path}__organization__name"), **of_partner(path)}


def value_of(label: str, expression: Any) -> Amount:
    return Amount(label, expression, _("The value is not recorded"))


SUBJECTS: dict[str, Subject] = {
    "partners": Subject(
        label=_("Partners"),
        reads=visible_partnerships,
        narrow=lambda rows, scope: rows.filter(of_partners(scope), working_in(scope), status=PartnershipStatus.ACTIVE),
        day="started_on",
        counted=ngettext_lazy("%(n)d partner", "%(n)d partners", "n"),
        source=_("Active partners; the year is that in which the partnership began."),
        dimensions={**of_partner(""), "year": year(_("Fiscal year of the beginning"), "started_on")},
        amounts={},
    ),
    "projects": Subject(
        label=_("Projects"),
        reads=projects_behind,
        narrow=of_projects,
        day="started_on",
        day_may_be_missing=True,
        counted=ngettext_lazy("%(n)d project", "%(n)d projects", "n"),
        source=_("Projects with any partner of the selection; the year is that of the start."),
        dimensions={
            "channel": Dimension(_("Channel"), "channel", Channel.choices),
            "status": Dimension(_("Status"), "status", ProjectStatus.choices),
            "domain": Dimension(_("Domain"), "domain", ResearchDomain.choices),
            "form": Dimension(_("Form"), "form", ProjectForm.choices),
            "light": Dimension(_("How it goes"), "light", Light.choices),
            "unit": Dimension(_("Unit"), "unit_id", named="unit__name"),
            "lead": Dimension(_("Principal investigator"), "lead_id", named="lead__name"),
            "year": year(_("Fiscal year of the start"), "started_on"),
            "end_year": year(_("Fiscal year of the end"), "ended_on"),
        },
        amounts={"award": Amount(_("Our award, else the whole"), F("ours"), _("The award is not recorded"))},
    ),
    "agreements": Subject(
        label=_("Agreements"),
        reads=visible_agreements,
        narrow=narrowed,
        day="requested_on",
        counted=ngettext_lazy("%(n)d agreement", "%(n)d agreements", "n"),
        source=_("Agreements that you may read, amendments included; the year is that of the request."),
        dimensions={
            "kind": Dimension(_("Kind"), "kind", AgreementKind.choices),
            "status": Dimension(_("Status in law"), "status", LegalStatus.choices),
            "workflow": Dimension(_("Where it stands"), "workflow", WorkflowState.choices),
            "court": Dimension(_("In whose court"), "court", Court.choices),
            "renewal": Dimension(_("Renewal"), "renewal_progress", RenewalProgress.choices),
            "unit": Dimension(_("Unit"), "unit_id", named="unit__name"),
            "owner": Dimension(_("Handled by"), "owner_id", named="owner__name"),
            "year": year(_("Fiscal year of the request"), "requested_on"),
            "executed_year": year(_("Fiscal year of execution"), "executed_on"),
            "end_year": year(_("Fiscal year of the last day"), "expires_on"),
            **partner(),
        },
        amounts={"value": value_of(_("Value"), F("value"))},
    ),
    "opportunities": Subject(
        label=_("Opportunities"),
        reads=visible_opportunities,
        narrow=lambda rows, scope: narrowed(rows, scope, channel="channel"),
        day="created_at",
        is_moment=True,
        counted=ngettext_lazy("%(n)d opportunity", "%(n)d opportunities", "n"),
        source=_("Opportunities, closed ones included; the year is that in which they were written down."),
        dimensions={
            "stage": Dimension(_("Stage"), "stage_id", named="stage__name"),
            "meaning": Dimension(_("Open, won or lost"), "stage__meaning", StageMeaning.choices),
            "channel": Dimension(_("Channel"), "channel", Channel.choices),
            "source": Dimension(_("Push or pull"), "lead_source", LeadSource.choices),
            "unit": Dimension(_("Unit"), "unit_id", named="unit__name"),
            "owner": Dimension(_("Owner"), "owner_id", named="owner__name"),
            "year": year(_("Fiscal year of the beginning"), "created_at", is_moment=True),
            "closed_year": year(_("Fiscal year of the decision"), "closed_at", is_moment=True),
            "decision_year": year(_("Fiscal year of the expected decision"), "expected_close_on"),
            **partner(),
        },
        amounts={
            "value": value_of(_("Value"), F("value")),
            "weighted": value_of(_("Weighted value"), WEIGHTED),
        },
    ),
    "interactions": Subject(
        label=_("Interactions"),
        reads=visible_interactions,
        narrow=lambda rows, scope: narrowed(rows, scope, channel="channel"),
        day="occurred_at",
        is_moment=True,
        counted=ngettext_lazy("%(n)d interaction", "%(n)d interactions", "n"),
        source=_("Interactions that you may read; the year is that in which they took place."),
        dimensions={
            "kind": Dimension(_("Type"), "kind", InteractionKind.choices),
            "direction": Dimension(_("Initiative"), "direction", Direction.choices),
            "channel": Dimension(_("Channel"), "channel", Channel.choices),
            "author": Dimension(_("Logged by"), "logged_by_id", named="logged_by__name"),
            "year": year(_("Fiscal year"), "occurred_at", is_moment=True),
            **partner(),
        },
        amounts={},
    ),
    "placements": Subject(
        label=_("Placements"),
        reads=visible_placements,
        narrow=lambda rows, scope: narrowed(rows.filter(status__in=BEGUN), scope),
        day="starts_on",
        counted=ngettext_lazy("%(n)d placement", "%(n)d placements", "n"),
        source=_("Placements that have begun, one student each; the year is that of the start."),
        dimensions={
            "program_kind": Dimension(_("Kind of program"), "program__kind", ProgramKind.choices),
            "program": Dimension(_("Program"), "program_id", named="program__name"),
            "year": year(_("Fiscal year of the start"), "starts_on"),
            **partner(),
        },
        amounts={},
        people=True,
        also=("partnerships.view_talent",),
    ),
}


def subjects_of(actor: Actor) -> dict[str, Subject]:
    """What the actor may count, by code."""
    return {code: subject for code, subject in SUBJECTS.items() if subject.may_be_read(actor)}
