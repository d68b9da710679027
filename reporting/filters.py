"""What reports are filtered by, and the records behind their numbers: the same names mean the same everywhere."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind, RenewalProgress
from organizations.filters import CountryFilter, actor_of
from partnerships.choices import (
    Band,
    Channel,
    LeadSource,
    LedgerDirection,
    ObjectiveStatus,
    PartnershipStatus,
    Side,
    Stage,
    StageMeaning,
    Tier,
)
from partnerships.choices_delivery import FundingMeasure, FundingSource, OutputKind, ResearchDomain
from partnerships.choices_talent import ProgramKind, TalentEventKind
from partnerships.filters import YES_NO, MemberFilter, units_of_request
from partnerships.models import OpportunityMove, Partnership, ProjectParticipant
from reporting.queries.channels import running
from reporting.queries.outcomes import BINDING
from reporting.queries.paper import ending, timed
from reporting.queries.people import BEGUN
from reporting.queries.scopes import (
    NAMES,
    Scope,
    narrowed,
    of_partners,
    of_projects,
    projects_of,
    scope_of,
    within,
    working_in,
)

FIRST, LAST = 1900, 2200
REVERSED = _("The last year lies before the first. Choose the same year or a later one.")


class YearFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class ScopeForm(forms.Form):
    """The years of a filter, checked together."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if problem := years_reversed(given.get("first_year"), given.get("last_year")):
            self.add_error("last_year", problem)
        return given


def years_reversed(first: int | None, last: int | None) -> str:
    """What is wrong with years of which the last lies before the first; empty where nothing is."""
    return str(REVERSED) if first and last and last < first else ""


class ScopeFilter(django_filters.FilterSet):
    """The filters that every report has; the page of a report has these alone."""

    unit = django_filters.ModelChoiceFilter(
        queryset=units_of_request,
        label=_("Lead unit of the partner"),
        empty_label="–",
        error_messages={"invalid_choice": _("This unit is closed, or there is none. Choose another.")},
    )
    sector = django_filters.CharFilter(label=_("Sector code begins with"), max_length=12)
    country = CountryFilter(label=_("Country"))
    owner = MemberFilter(label=_("Owner of the partner"))
    first_year = YearFilter(label=_("Fiscal year from"), min_value=FIRST, max_value=LAST)
    last_year = YearFilter(label=_("Fiscal year until"), min_value=FIRST, max_value=LAST)
    tier = django_filters.MultipleChoiceFilter(choices=Tier, label=_("Tier"))
    channel = django_filters.MultipleChoiceFilter(choices=Channel, label=_("Channel"))
    domain = django_filters.MultipleChoiceFilter(choices=ResearchDomain, label=_("Domain"))

    def get_form_class(self) -> type[forms.Form]:
        """A form that takes no period that ends before it begins."""
        return type("ScopeForm", (ScopeForm, super().get_form_class()), {})

    @property
    def problems(self) -> list[str]:
        """What of the filter does not hold, each with the name of its field."""
        form = self.form
        return [f"{form.fields[name].label}: {' '.join(errors)}" for name, errors in form.errors.items()]

    def scope(self, office=None) -> Scope:
        """The scope that the valid parts of the filter make."""
        self.form.is_valid()
        given = getattr(self.form, "cleaned_data", {})
        return scope_of(actor_of(self.request), {name: given.get(name) for name in NAMES}, office)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.narrow(queryset, self.scope(), self.form.cleaned_data)

    def narrow(self, rows: QuerySet, scope: Scope, given: Mapping[str, Any]) -> QuerySet:
        """The rows of the scope that the further filters of the kind leave."""
        return rows


def years_of(scope: Scope) -> tuple[int, int] | None:
    """The fiscal years, where any are asked for."""
    return scope.years(1) if scope.first_year or scope.last_year else None


def chosen(rows: QuerySet, condition: Q, value: str) -> QuerySet:
    """Those of which the condition holds (true), or does not (false); all without a value."""
    return rows if not value else rows.filter(condition) if value == "true" else rows.exclude(condition)


def yes_no(label: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(choices=YES_NO, label=label)


class OpportunityRecords(ScopeFilter):
    """The period is that of ``reached``, ``left`` or ``begun``; without any of them it narrows nothing."""

    stage = django_filters.NumberFilter(label=_("Stage's number"))
    source = django_filters.ChoiceFilter(choices=LeadSource, label=_("Push or pull"))
    meaning = django_filters.MultipleChoiceFilter(choices=StageMeaning, label=_("Meaning of the stage"))
    reached = django_filters.NumberFilter(label=_("Came to the stage with the number"))
    left = django_filters.NumberFilter(label=_("Left the stage with the number"))
    begun = yes_no(_("Begun in the period"))
    valued = yes_no(_("Has a value"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows, scope, channel="channel")
        if given.get("stage"):
            rows = rows.filter(stage_id=given["stage"])
        if given.get("source"):
            rows = rows.filter(lead_source=given["source"])
        if given.get("meaning"):
            rows = rows.filter(stage__meaning__in=given["meaning"])
        for name, field in (("reached", "to_stage_id"), ("left", "from_stage_id")):
            if given.get(name):
                moves = OpportunityMove.objects.filter(opportunity=OuterRef("pk"), **{field: given[name]})
                if years := years_of(scope):
                    moves = moves.filter(within(scope, "moved_at", *years, is_moment=True))
                rows = rows.filter(Exists(moves))
        if given.get("begun") and (years := years_of(scope)):
            rows = chosen(rows, within(scope, "created_at", *years, is_moment=True), given["begun"])
        return chosen(rows, Q(value__isnull=False), given.get("valued"))


class AgreementRecords(ScopeFilter):
    """The period is that of execution for ``bound``, of the complete request for ``timed``."""

    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind, label=_("Kind"))
    renewal = django_filters.MultipleChoiceFilter(choices=RenewalProgress, label=_("Renewal"))
    bound = yes_no(_("Executed in the period"))
    timed = yes_no(_("Request complete in the period"))
    finished = yes_no(_("Executed"))
    ending = django_filters.NumberFilter(label=_("Ends within days"), min_value=1, max_value=3660)
    undated = yes_no(_("In force without a last day"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows, scope)
        if given.get("kind"):
            rows = rows.filter(kind__in=given["kind"])
        if given.get("renewal"):
            rows = rows.filter(renewal_progress__in=given["renewal"])
        years = years_of(scope)
        if given.get("bound") == "true":
            rows = rows.filter(status__in=BINDING, amends=None)
            rows = rows.filter(within(scope, "executed_on", *years)) if years else rows
        if given.get("timed") == "true":
            rows = rows.filter(timed(scope, years)) if years else rows.filter(amends=None, complete_on__isnull=False)
        rows = chosen(rows, Q(executed_on__isnull=False), given.get("finished"))
        if given.get("ending"):
            rows = rows.filter(ending(scope, int(given["ending"])))
        standing = Q(status__in=("executed", "amended"), expires_on=None, amends=None)
        return chosen(rows, standing, given.get("undated"))


class ProjectRecords(ScopeFilter):
    """The period is that of the start, or with ``running`` any day of the project."""

    partner = django_filters.NumberFilter(label=_("Partner's number"))
    stage = django_filters.MultipleChoiceFilter(choices=Stage, label=_("Stage of a partner"))
    band = django_filters.MultipleChoiceFilter(choices=Band, label=_("Health of a partner"))
    awarded = yes_no(_("Has an award in the office's currency"))
    running = yes_no(_("Ran in the period"))
    with_partner = yes_no(_("With an active partner"))

    def narrow(self, rows, scope, given):
        rows = of_projects(rows, scope)
        if years := years_of(scope):
            is_running = given.get("running") == "true"
            rows = rows.filter(running(scope, years) if is_running else within(scope, "started_on", *years))
        if given.get("partner"):
            rows = rows.filter(pk__in=projects_of(Partnership.objects.filter(pk=given["partner"])))
        partners = Partnership.objects.filter(of_partners(scope), status=PartnershipStatus.ACTIVE)
        if given.get("stage"):
            partners = partners.filter(stage_declared__in=given["stage"])
        if given.get("band"):
            partners = partners.filter(health__band__in=given["band"])
        if given.get("with_partner") == "true" or given.get("stage") or given.get("band"):
            rows = rows.filter(pk__in=projects_of(partners))
        return chosen(rows, Q(ours__isnull=False, currency=scope.currency), given.get("awarded"))


class FundingRecords(ScopeFilter):
    measure = django_filters.MultipleChoiceFilter(choices=FundingMeasure, label=_("What happened"))
    source = django_filters.MultipleChoiceFilter(choices=FundingSource, label=_("Source"))
    stage = django_filters.MultipleChoiceFilter(choices=Stage, label=_("Stage of the partner"))
    band = django_filters.MultipleChoiceFilter(choices=Band, label=_("Health of the partner"))
    partner = django_filters.NumberFilter(label=_("Partner's number"))
    with_partner = yes_no(_("Of an active partner"))
    without_partner = yes_no(_("Names no partner"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows, scope, channel="channel", domain="domain")
        fields = {
            "measure": "measure__in",
            "source": "source__in",
            "stage": "partnership__stage_declared__in",
            "band": "partnership__health__band__in",
            "partner": "partnership_id",
        }
        rows = rows.filter(**{field: given[name] for name, field in fields.items() if given.get(name)})
        if years := years_of(scope):
            rows = rows.filter(fiscal_year__range=years)
        rows = chosen(rows, Q(partnership__status=PartnershipStatus.ACTIVE), given.get("with_partner"))
        return chosen(rows, Q(partnership=None), given.get("without_partner"))


class TalentRecords(ScopeFilter):
    kind = django_filters.MultipleChoiceFilter(choices=TalentEventKind, label=_("Kind"))
    region = django_filters.CharFilter(label=_("Region of the partner"), max_length=120)
    partner = django_filters.NumberFilter(label=_("Partner's number"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows, scope)
        fields = {"kind": "kind__in", "region": "partnership__organization__region", "partner": "partnership_id"}
        rows = rows.filter(**{field: given[name] for name, field in fields.items() if given.get(name)})
        return rows.filter(within(scope, "occurred_on", *years)) if (years := years_of(scope)) else rows


class PlacementRecords(ScopeFilter):
    program_kind = django_filters.MultipleChoiceFilter(choices=ProgramKind, label=_("Kind of program"))
    partner = django_filters.NumberFilter(label=_("Partner's number"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows.filter(status__in=BEGUN), scope)
        fields = {"program_kind": "program__kind__in", "partner": "partnership_id"}
        rows = rows.filter(**{field: given[name] for name, field in fields.items() if given.get(name)})
        return rows.filter(within(scope, "starts_on", *years)) if (years := years_of(scope)) else rows


class OutputRecords(ScopeFilter):
    kind = django_filters.MultipleChoiceFilter(choices=OutputKind, label=_("Kind"))
    partner = django_filters.NumberFilter(label=_("Partner's number"))
    undated = yes_no(_("Without a day"))

    def narrow(self, rows, scope, given):
        rows = of_projects(rows, scope, "project")
        if given.get("kind"):
            rows = rows.filter(kind__in=given["kind"])
        if given.get("partner"):
            rows = rows.filter(project_id__in=projects_of(Partnership.objects.filter(pk=given["partner"])))
        rows = chosen(rows, Q(produced_on=None), given.get("undated"))
        if given.get("undated") == "true":
            return rows
        return rows.filter(within(scope, "produced_on", *years)) if (years := years_of(scope)) else rows


class GrantRecords(ScopeFilter):
    partner = django_filters.NumberFilter(label=_("Partner's number"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows, scope, partner="agreement__partnership")
        rows = rows.filter(agreement__status__in=BINDING, agreement__amends=None)
        if given.get("partner"):
            rows = rows.filter(agreement__partnership_id=given["partner"])
        years = years_of(scope)
        return rows.filter(within(scope, "agreement__executed_on", *years)) if years else rows


class AssetRecords(ScopeFilter):
    def narrow(self, rows, scope, given):
        years = years_of(scope)
        return rows.filter(within(scope, "created_at", *years, is_moment=True)) if years else rows


class ObjectiveRecords(ScopeFilter):
    side = django_filters.MultipleChoiceFilter(choices=Side, label=_("Whose"))
    status = django_filters.MultipleChoiceFilter(choices=ObjectiveStatus, label=_("Status"))
    partner = django_filters.NumberFilter(label=_("Partner's number"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows.filter(partnership__status=PartnershipStatus.ACTIVE), scope)
        fields = {"side": "side__in", "status": "status__in", "partner": "partnership_id"}
        return rows.filter(**{field: given[name] for name, field in fields.items() if given.get(name)})


class LedgerRecords(ScopeFilter):
    direction = django_filters.MultipleChoiceFilter(choices=LedgerDirection, label=_("Direction"))
    partner = django_filters.NumberFilter(label=_("Partner's number"))

    def narrow(self, rows, scope, given):
        rows = narrowed(rows.filter(partnership__status=PartnershipStatus.ACTIVE), scope)
        fields = {"direction": "direction__in", "partner": "partnership_id"}
        rows = rows.filter(**{field: given[name] for name, field in fields.items() if given.get(name)})
        return rows.filter(within(scope, "occurred_on", *years)) if (years := years_of(scope)) else rows


class FlagRecords(ScopeFilter):
    def narrow(self, rows, scope, given):
        mine = Partnership.objects.filter(of_partners(scope), working_in(scope), status=PartnershipStatus.ACTIVE)
        return rows.filter(organization__in=mine.values("organization_id"))


class IssueRecords(ScopeFilter):
    def narrow(self, rows, scope, given):
        return of_projects(rows, scope, "project")


class EnterpriseRecords(ScopeFilter):
    """Small and medium-sized enterprises in a project that began in the period."""

    region = django_filters.CharFilter(label=_("Region"), max_length=120)

    def narrow(self, rows, scope, given):
        served = of_projects(ProjectParticipant.objects.all(), scope, "project")
        if years := years_of(scope):
            served = served.filter(within(scope, "project__started_on", *years))
        rows = rows.filter(pk__in=served.values("organization_id"))
        return rows.filter(region=given["region"]) if given.get("region") else rows
