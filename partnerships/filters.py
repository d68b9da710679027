"""What lists of partnerships, interactions and projects can be filtered by: pages, API and exports share these."""

from datetime import timedelta
from functools import cache

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.choices import OrganizationKind
from organizations.filters import CountryFilter, actor_of, colleagues_of_request, tags_of_request
from organizations.models import OrganizationAlias, OrganizationSector, OrganizationTag, RiskFlag
from partnerships.choices import (
    AlertRule,
    AlertStanding,
    Band,
    Channel,
    HandoverStatus,
    InteractionKind,
    LeadSource,
    LedgerDirection,
    LedgerKind,
    ObjectiveStatus,
    PartnerEventKind,
    PartnershipStatus,
    ProjectStatus,
    RaterSide,
    Side,
    Stage,
    StageMeaning,
    TeamRole,
    Tier,
)
from partnerships.choices_delivery import Light, ProjectForm, ResearchDomain
from partnerships.models import (
    Evaluation,
    FollowUp,
    Handover,
    HealthAlert,
    HealthObjection,
    HealthSnapshot,
    Interaction,
    LedgerEntry,
    Objective,
    Opportunity,
    OpportunityStage,
    PartnerEvent,
    Partnership,
    Project,
    ProjectParticipant,
    Review,
    TeamMember,
)
from partnerships.queries.governance import review_overdue
from partnerships.queries.opportunities import aged, step_overdue
from partnerships.queries.partnerships import IS_PLACED, needs_attention, silent_for
from partnerships.queries.past_health import NOT_SCORED, was
from partnerships.queries.projects import with_critical_issue, with_overdue_milestones
from partnerships.queries.stages import visible_stages
from partnerships.queries.ties import SINGLE_THREADED
from tenants.models import Unit
from tenants.queries.units import open_units

YES_NO = [("true", _("Yes")), ("false", _("No"))]
ME, NOBODY = "me", "none"


class MemberFilter(django_filters.CharFilter):
    """A colleague by id, ``me`` for who asks, ``none`` for nobody; a page offers the colleagues who work here."""

    field_class = forms.ChoiceField

    @property
    def field(self):
        if not hasattr(self, "_field"):
            request = self.parent.request

            @cache
            def choices():
                return [("", "–"), (ME, _("Me")), (NOBODY, _("Nobody")), *_named_colleagues(request)]

            errors = {"invalid_choice": _("Choose somebody who works here.")}
            self._field = forms.ChoiceField(label=self.label, required=False, choices=choices, error_messages=errors)
        return self._field

    def filter(self, queryset, value):
        if not value:
            return queryset
        wanted = {ME: actor_of(self.parent.request).user_id, NOBODY: None}.get(value, value)
        lookup = f"{self.field_name}__isnull" if wanted is None else self.field_name
        return queryset.filter(**{lookup: True if wanted is None else wanted})


def _named_colleagues(request) -> list[tuple[str, str]]:
    """Who works here, read once for all filters of a page."""
    if not hasattr(request, "named_colleagues"):
        request.named_colleagues = [(str(user.pk), user.name) for user in colleagues_of_request(request)]
    return request.named_colleagues


def units_of_request(request):
    """The choices of a filter by unit; none while the API's description is made."""
    actor = actor_of(request)
    return open_units(actor) if actor else Unit.objects.none()


class PartnershipFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"))
    band = django_filters.MultipleChoiceFilter(field_name="health__band", choices=Band, label=_("Health"))
    stage = django_filters.MultipleChoiceFilter(field_name="stage_declared", choices=Stage, label=_("Stage"))
    tier = django_filters.MultipleChoiceFilter(choices=Tier, label=_("Tier"))
    status = django_filters.MultipleChoiceFilter(choices=PartnershipStatus, label=_("Status"))
    kind = django_filters.MultipleChoiceFilter(
        field_name="organization__kind", choices=OrganizationKind, label=_("Kind of organization")
    )
    country = CountryFilter(field_name="organization__country", label=_("Country"))
    sme = django_filters.ChoiceFilter(method="is_small", choices=YES_NO, label=_("Small or medium-sized"))
    sector = django_filters.CharFilter(method="in_sector", label=_("Sector code begins with"))
    tag = django_filters.ModelMultipleChoiceFilter(method="tagged", queryset=tags_of_request, label=_("Tag"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Lead unit"))
    owner = MemberFilter(field_name="owner_id", label=_("Owner"))
    silent = django_filters.NumberFilter(method="silent_for", label=_("Silent for days"), min_value=1, max_value=36500)
    changed = django_filters.NumberFilter(
        method="changed_in", label=_("Health changed in days"), min_value=1, max_value=36500
    )
    organization = django_filters.NumberFilter(field_name="organization_id", label=_("Organization"))
    single_threaded = django_filters.ChoiceFilter(
        method="is_single_threaded", choices=YES_NO, label=_("Hangs on one person")
    )
    review_overdue = django_filters.ChoiceFilter(method="is_review_overdue", choices=YES_NO, label=_("Review overdue"))
    attention = django_filters.ChoiceFilter(method="needs_attention", choices=YES_NO, label=_("Needs attention"))
    risk_flag = django_filters.ChoiceFilter(method="has_risk_flag", choices=YES_NO, label=_("Open risk flag"))
    channel = django_filters.MultipleChoiceFilter(
        method="works_in_channel", choices=Channel, label=_("Channel of a project")
    )
    domain = django_filters.MultipleChoiceFilter(
        method="works_in_domain", choices=ResearchDomain, label=_("Domain of a project")
    )
    was = django_filters.MultipleChoiceFilter(
        method="had_band",
        choices=[*Band.choices, (NOT_SCORED, _("No comparable score then"))],
        label=_("Health 90 days ago"),
    )
    city = django_filters.CharFilter(field_name="organization__city", lookup_expr="iexact", label=_("Town"))
    placed = django_filters.ChoiceFilter(method="has_place", choices=YES_NO, label=_("Place on the map is known"))

    class Meta:
        model = Partnership
        fields = ["q", "band", "stage", "tier", "status", "kind", "country", "sector", "tag", "unit", "owner", "silent"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        actor = actor_of(self.request)
        if actor is not None and not actor.may("organizations.view_risk_flags"):
            del self.filters["risk_flag"]

    def search(self, queryset, name, value):
        key = value.strip().lower()
        aliased = OrganizationAlias.objects.filter(name_key__contains=key).values("organization_id")
        return queryset.filter(Q(organization__name_key__contains=key) | Q(organization_id__in=aliased))

    def silent_for(self, queryset, name, value):
        return queryset.filter(silent_for(int(value)))

    def in_sector(self, queryset, name, value):
        code = value.strip().upper()
        further = OrganizationSector.objects.filter(code__startswith=code).values("organization_id")
        return queryset.filter(Q(organization__sector_code__istartswith=code) | Q(organization_id__in=further))

    def tagged(self, queryset, name, value: list[int]):
        for tag in value:
            holders = OrganizationTag.objects.filter(tag=tag).values("organization_id")
            queryset = queryset.filter(organization_id__in=holders)
        return queryset

    def needs_attention(self, queryset, name, value):
        return _narrowed(queryset, needs_attention(timezone.localdate()), value)

    def has_risk_flag(self, queryset, name, value):
        flagged = RiskFlag.objects.filter(cleared_on=None).values("organization_id")
        return _narrowed(queryset, Q(organization_id__in=flagged), value)

    def works_in_channel(self, queryset, name, value: list[str]):
        return _working(queryset, Q(project__channel__in=value)) if value else queryset

    def works_in_domain(self, queryset, name, value: list[str]):
        return _working(queryset, Q(project__domain__in=value)) if value else queryset

    def is_small(self, queryset, name, value: str):
        """Known to be so, or known not to be."""
        return queryset.filter(organization__sme=value == "true") if value else queryset

    def had_band(self, queryset, name, value: list[str]):
        return was(queryset, value) if value else queryset

    def has_place(self, queryset, name, value):
        return _narrowed(queryset, IS_PLACED, value)

    def is_single_threaded(self, queryset, name, value):
        return _narrowed(queryset, SINGLE_THREADED, value)

    def is_review_overdue(self, queryset, name, value):
        return _narrowed(queryset, review_overdue(timezone.localdate()), value)

    def changed_in(self, queryset, name, value):
        return queryset.filter(health__changed_at__gte=timezone.now() - timedelta(days=int(value)))


def _working(queryset, condition: Q):
    """Partners that take part in a project of which the condition holds."""
    return queryset.filter(organization_id__in=ProjectParticipant.objects.filter(condition).values("organization_id"))


class LessonFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    tier = django_filters.MultipleChoiceFilter(field_name="partnership__tier", choices=Tier, label=_("Tier"))
    with_partner = django_filters.BooleanFilter(label=_("Held together with the partner"))
    after = django_filters.DateFilter(field_name="held_on", lookup_expr="gte", label=_("From"))
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner's number"))

    class Meta:
        model = Review
        fields = ["q", "tier", "with_partner", "after", "partnership"]

    def search(self, queryset, name, value):
        key = value.strip()
        said = Q(worked__icontains=key) | Q(did_not_work__icontains=key) | Q(changes__icontains=key)
        return queryset.filter(said | Q(partnership__organization__name_key__contains=key.lower()))


class InteractionFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    kind = django_filters.MultipleChoiceFilter(choices=InteractionKind, label=_("Type"))
    after = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte", label=_("From"))
    before = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt", label=_("Before"))
    contact = django_filters.NumberFilter(field_name="participants__contact_id", label=_("Person"))

    class Meta:
        model = Interaction
        fields = ["partnership", "kind", "direction", "after", "before", "contact"]


class ProjectFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Title"))
    status = django_filters.MultipleChoiceFilter(choices=ProjectStatus, label=_("Status"))
    channel = django_filters.MultipleChoiceFilter(choices=Channel, label=_("Channel"))
    form = django_filters.MultipleChoiceFilter(choices=ProjectForm, label=_("Form"))
    domain = django_filters.MultipleChoiceFilter(choices=ResearchDomain, label=_("Domain"))
    light = django_filters.MultipleChoiceFilter(choices=Light, label=_("How it goes"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Unit"))
    lead = MemberFilter(field_name="lead_id", label=_("Principal investigator"))
    overdue = django_filters.ChoiceFilter(method="is_overdue", choices=YES_NO, label=_("Milestone overdue"))
    critical = django_filters.ChoiceFilter(method="is_critical", choices=YES_NO, label=_("Critical issue open"))
    organization = django_filters.NumberFilter(method="with_organization", label=_("Organization's number"))

    class Meta:
        model = Project
        fields = [
            *("q", "status", "channel", "form", "domain", "light", "unit", "lead"),
            *("overdue", "critical", "organization"),
        ]

    def search(self, queryset, name, value):
        return queryset.filter(Q(title__icontains=value) | Q(acronym__icontains=value) | Q(summary__icontains=value))

    def is_overdue(self, queryset, name, value):
        return _narrowed(queryset, with_overdue_milestones(timezone.localdate()), value)

    def is_critical(self, queryset, name, value):
        return _narrowed(queryset, with_critical_issue(), value)

    def with_organization(self, queryset, name, value):
        inside = ProjectParticipant.objects.filter(organization_id=value)
        return queryset.filter(pk__in=inside.values("project_id"))


def stages_of_request(request):
    """The choices of a stage filter; none while the API's description is made."""
    actor = actor_of(request)
    return visible_stages(actor) if actor else OpportunityStage.objects.none()


class OpportunityFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Title or partner"))
    owner = MemberFilter(field_name="owner_id", label=_("Owner"))
    stage = django_filters.ModelMultipleChoiceFilter(queryset=stages_of_request, label=_("Stage"))
    meaning = django_filters.MultipleChoiceFilter(
        field_name="stage__meaning", choices=StageMeaning, label=_("Meaning of the stage")
    )
    channel = django_filters.MultipleChoiceFilter(choices=Channel, label=_("Channel"))
    source = django_filters.ChoiceFilter(field_name="lead_source", choices=LeadSource, label=_("Push or pull"))
    aged = django_filters.ChoiceFilter(method="is_aged", choices=YES_NO, label=_("Longer in its stage than expected"))
    overdue = django_filters.ChoiceFilter(method="is_overdue", choices=YES_NO, label=_("Next step overdue"))
    value_from = django_filters.NumberFilter(field_name="value", lookup_expr="gte", label=_("Value from"), min_value=0)
    value_to = django_filters.NumberFilter(field_name="value", lookup_expr="lte", label=_("Value to"), min_value=0)
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner's number"))

    class Meta:
        model = Opportunity
        fields = ["q", "owner", "stage", "meaning", "channel", "source", "aged", "overdue", "partnership"]

    def search(self, queryset, name, value):
        key = value.strip()
        return queryset.filter(Q(title__icontains=key) | Q(partnership__organization__name_key__contains=key.lower()))

    def is_aged(self, queryset, name, value):
        return _narrowed(queryset, aged(timezone.now()), value)

    def is_overdue(self, queryset, name, value):
        return _narrowed(queryset, step_overdue(timezone.localdate()), value)


def _narrowed(queryset, condition, value):
    return queryset.filter(condition) if value == "true" else queryset.exclude(condition)


DUE_SOON = timedelta(days=7)


class FollowUpFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("What to do"))
    state = django_filters.ChoiceFilter(
        method="in_state", choices=[("open", _("Open")), ("done", _("Done"))], label=_("State")
    )
    assignee = MemberFilter(field_name="assignee_id", label=_("Who"))
    due = django_filters.ChoiceFilter(
        method="due_in",
        choices=[("overdue", _("Overdue")), ("week", _("Within a week")), ("none", _("No date"))],
        label=_("Due"),
    )
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner's number"))

    class Meta:
        model = FollowUp
        fields = ["q", "state", "assignee", "due", "partnership"]

    def in_state(self, queryset, name, value):
        return queryset.filter(done_at__isnull=value == "open")

    def due_in(self, queryset, name, value):
        today = timezone.localdate()
        if value == "overdue":
            return queryset.filter(done_at=None, due_on__lt=today)
        if value == "week":
            return queryset.filter(due_on__range=(today, today + DUE_SOON))
        return queryset.filter(due_on=None)


class TeamFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    member = django_filters.NumberFilter(field_name="member_id", label=_("Colleague"))
    contact = django_filters.NumberFilter(field_name="contact_id", label=_("Person"))
    role = django_filters.MultipleChoiceFilter(choices=TeamRole, label=_("Role"))
    present = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", label=_("Without an end"))

    class Meta:
        model = TeamMember
        fields = ["partnership", "member", "contact", "role", "present"]


class ObjectiveFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    side = django_filters.MultipleChoiceFilter(choices=Side, label=_("Side"))
    status = django_filters.MultipleChoiceFilter(choices=ObjectiveStatus, label=_("Status"))
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt", label=_("Due before"))

    class Meta:
        model = Objective
        fields = ["partnership", "project", "side", "status", "due_before"]


class LedgerFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    direction = django_filters.ChoiceFilter(choices=LedgerDirection, label=_("Direction"))
    kind = django_filters.MultipleChoiceFilter(choices=LedgerKind, label=_("Kind"))
    after = django_filters.DateFilter(field_name="occurred_on", lookup_expr="gte", label=_("From"))

    class Meta:
        model = LedgerEntry
        fields = ["partnership", "direction", "kind", "after"]


class PartnerEventFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    kind = django_filters.MultipleChoiceFilter(choices=PartnerEventKind, label=_("Kind"))
    after = django_filters.DateFilter(field_name="occurred_on", lookup_expr="gte", label=_("From"))

    class Meta:
        model = PartnerEvent
        fields = ["partnership", "kind", "after"]


class EvaluationFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    project = django_filters.NumberFilter(field_name="project_id", label=_("Project"))
    rater_side = django_filters.MultipleChoiceFilter(choices=RaterSide, label=_("Who rates"))
    after = django_filters.DateFilter(field_name="rated_on", lookup_expr="gte", label=_("From"))

    class Meta:
        model = Evaluation
        fields = ["partnership", "project", "rater_side", "after"]


class HandoverFilter(django_filters.FilterSet):
    member = django_filters.NumberFilter(field_name="member_id", label=_("Who leaves"))
    status = django_filters.MultipleChoiceFilter(choices=HandoverStatus, label=_("Status"))

    class Meta:
        model = Handover
        fields = ["member", "status"]


class SnapshotFilter(django_filters.FilterSet):
    after = django_filters.DateFilter(field_name="as_of", lookup_expr="gte", label=_("From"))
    before = django_filters.DateFilter(field_name="as_of", lookup_expr="lt", label=_("Before"))
    config_version = django_filters.NumberFilter(label=_("Settings version"))

    class Meta:
        model = HealthSnapshot
        fields = ["after", "before", "config_version"]


class ObjectionFilter(django_filters.FilterSet):
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    open = django_filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull", label=_("Open"))

    class Meta:
        model = HealthObjection
        fields = ["partnership", "open"]


class AlertFilter(django_filters.FilterSet):
    STATES = {state.name.lower(): state for state in AlertStanding}

    state = django_filters.MultipleChoiceFilter(
        method="in_state", choices=[(name, state.label) for name, state in STATES.items()], label=_("State")
    )
    rule = django_filters.MultipleChoiceFilter(choices=AlertRule, label=_("What"))
    routed_to = MemberFilter(field_name="routed_to_id", label=_("For"))
    owner = MemberFilter(field_name="partnership__owner_id", label=_("Owner"))
    band = django_filters.MultipleChoiceFilter(field_name="partnership__health__band", choices=Band, label=_("Health"))
    after = django_filters.DateFilter(field_name="raised_on", lookup_expr="gte", label=_("From"))
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner's number"))

    class Meta:
        model = HealthAlert
        fields = ["state", "rule", "routed_to", "owner", "band", "after", "partnership"]

    def in_state(self, queryset, name, value):
        return queryset.filter(standing__in=[self.STATES[each] for each in value])
