"""What lists of agreements can be filtered by: pages, API and exports share these."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import (
    AgreementKind,
    AssetKind,
    Court,
    DocumentLabel,
    Exclusivity,
    GrantKind,
    LegalStatus,
    Level,
    ObligationKind,
    ObligationSide,
    RenewalProgress,
    ScreeningResult,
    WorkflowState,
)
from agreements.models import (
    Agreement,
    CalendarFeed,
    ConflictPlan,
    Document,
    Grant,
    IpAsset,
    Obligation,
    Party,
    Screening,
)
from agreements.queries.agreements import expired, in_force
from agreements.queries.clause_report import STANDINGS, answering, firing, not_answering, standing_of
from agreements.queries.compliance import ended, expiring
from agreements.queries.export_control import FLAGS, flagged
from agreements.queries.obligations import OPEN, due_soon, overdue
from agreements.queries.turnaround import timed_agreements
from agreements.wording import QUESTIONS, RULES
from partnerships.filters import YES_NO, MemberFilter, units_of_request


class AgreementFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind, label=_("Kind"))
    status = django_filters.MultipleChoiceFilter(choices=LegalStatus, label=_("Status"))
    workflow = django_filters.MultipleChoiceFilter(choices=WorkflowState, label=_("Where it stands"))
    court = django_filters.MultipleChoiceFilter(choices=Court, label=_("In whose court"))
    level = django_filters.MultipleChoiceFilter(choices=Level, label=_("Who may read it"))
    renewal = django_filters.MultipleChoiceFilter(
        field_name="renewal_progress", choices=RenewalProgress, label=_("Renewal")
    )
    partnership = django_filters.NumberFilter(field_name="partnership_id", label=_("Partner"))
    organization = django_filters.NumberFilter(method="between", label=_("Party"))
    owner = MemberFilter(field_name="owner_id", label=_("Handled by"))
    investigator = MemberFilter(field_name="principal_investigator_id", label=_("Principal investigator"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Unit"))
    expires_after = django_filters.DateFilter(field_name="expires_on", lookup_expr="gte", label=_("Expires from"))
    expires_before = django_filters.DateFilter(field_name="expires_on", lookup_expr="lte", label=_("Expires until"))
    in_force = django_filters.ChoiceFilter(method="stands", choices=YES_NO, label=_("In force"))
    expired = django_filters.ChoiceFilter(method="ran_out", choices=YES_NO, label=_("Expired"))
    blocked = django_filters.ChoiceFilter(method="is_blocked", choices=YES_NO, label=_("A rule blocks signature"))

    class Meta:
        model = Agreement
        fields = ["q", "kind", "status", "workflow", "court", "level", "partnership", "owner", "unit"]

    def search(self, queryset, name, value):
        key = value.strip()
        said = Q(reference__icontains=key) | Q(title__icontains=key) | Q(their_reference__icontains=key)
        return queryset.filter(said | Q(summary__icontains=key))

    def between(self, queryset, name, value):
        return queryset.filter(between(value))

    def stands(self, queryset, name, value):
        return _narrowed(queryset, in_force(timezone.localdate()), value)

    def ran_out(self, queryset, name, value):
        return _narrowed(queryset, expired(timezone.localdate()), value)

    def is_blocked(self, queryset, name, value):
        return _narrowed(queryset, Q(blocking__gt=0), value)


def between(organization_id: object) -> Q:
    """Agreements to which an organization is a party, each once, in however many roles."""
    return Q(pk__in=Party.objects.filter(organization_id=organization_id).values("agreement_id"))


def _narrowed(queryset, condition: Q, value: str):
    return queryset.filter(condition) if value == "true" else queryset.exclude(condition)


class ReportedFilter(django_filters.FilterSet):
    """Which agreements stand behind a figure of a report; the same conditions as the report itself."""

    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind, label=_("Kind"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Unit"))
    standing = django_filters.ChoiceFilter(choices=[*STANDINGS.items()], label=_("Which"), method="stands")
    complete_after = django_filters.DateFilter(field_name="complete_on", lookup_expr="gte", label=_("Requested from"))
    complete_before = django_filters.DateFilter(field_name="complete_on", lookup_expr="lte", label=_("Requested until"))
    timed = django_filters.ChoiceFilter(
        choices=[("finished", _("Finished")), ("open", _("Not finished"))], label=_("Turnaround"), method="is_timed"
    )
    answered = django_filters.ChoiceFilter(choices=[*QUESTIONS.items()], label=_("Answered"), method="is_answered")
    unanswered = django_filters.ChoiceFilter(
        choices=[*QUESTIONS.items()], label=_("Not answered"), method="is_unanswered"
    )
    aside = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {words.title}") for code, words in RULES.items()],
        label=_("Rule set aside"),
        method="is_aside",
    )
    # Last, because it looks at each agreement that the others leave.
    fires = django_filters.ChoiceFilter(
        choices=[(code, f"{code} {words.title}") for code, words in RULES.items()],
        label=_("Rule that fires"),
        method="does_fire",
    )

    class Meta:
        model = Agreement
        fields = ["kind", "unit", "standing", "timed", "answered", "unanswered", "aside", "fires"]

    def stands(self, queryset, name, value):
        return queryset.filter(standing_of(value, timezone.localdate()))

    def is_timed(self, queryset, name, value):
        return queryset.filter(timed_agreements(), executed_on__isnull=value == "open")

    def is_answered(self, queryset, name, value):
        return queryset.filter(answering(value))

    def is_unanswered(self, queryset, name, value):
        return queryset.filter(not_answering(value))

    def is_aside(self, queryset, name, value):
        return queryset.filter(overrides__code=value)

    def does_fire(self, queryset, name, value):
        return queryset.filter(firing(queryset, value, timezone.localdate()))


class RenewalFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    owner = MemberFilter(field_name="owner_id", label=_("Handled by"))
    intended = django_filters.ChoiceFilter(
        field_name="renewal_intended", choices=YES_NO, label=_("Meant to be renewed"), method="is_intended"
    )
    progress = django_filters.MultipleChoiceFilter(
        field_name="renewal_progress", choices=RenewalProgress, label=_("Renewal")
    )
    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind, label=_("Kind"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Unit"))
    ends_before = django_filters.DateFilter(field_name="expires_on", lookup_expr="lte", label=_("Ends until"))
    notice_before = django_filters.DateFilter(field_name="notice_on", lookup_expr="lte", label=_("Notice until"))

    class Meta:
        model = Agreement
        fields = ["q", "owner", "intended", "progress", "kind", "unit"]

    def search(self, queryset, name, value):
        key = value.strip()
        partner = Q(partnership__organization__name__icontains=key)
        return queryset.filter(Q(reference__icontains=key) | Q(title__icontains=key) | partner)

    def is_intended(self, queryset, name, value):
        return queryset.filter(renewal_intended=value == "true")


class ObligationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("What is owed"))
    agreement = django_filters.NumberFilter(
        field_name="agreement_id", label=_("Agreement's number"), widget=forms.HiddenInput
    )
    partnership = django_filters.NumberFilter(
        field_name="agreement__partnership_id", label=_("Partner's number"), widget=forms.HiddenInput
    )
    side = django_filters.ChoiceFilter(choices=ObligationSide, label=_("Who owes it"))
    kind = django_filters.MultipleChoiceFilter(choices=ObligationKind, label=_("Kind"))
    owner = MemberFilter(field_name="owner_id", label=_("Who looks after it"))
    state = django_filters.ChoiceFilter(
        method="in_state",
        choices=[
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("soon", _("Due within 30 days")),
            ("done", _("Done")),
            ("waived", _("Waived")),
        ],
        label=_("State"),
    )
    due_after = django_filters.DateFilter(field_name="due_on", lookup_expr="gte", label=_("Due from"))
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt", label=_("Due before"))

    class Meta:
        model = Obligation
        fields = ["q", "agreement", "partnership", "side", "kind", "owner", "state", "due_after", "due_before"]

    def in_state(self, queryset, name, value):
        today = timezone.localdate()
        if value == "done":
            return queryset.filter(done_on__isnull=False)
        if value == "waived":
            return queryset.exclude(waived_reason="")
        return queryset.filter({"open": OPEN, "overdue": overdue(today), "soon": due_soon(today)}[value])


class DocumentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title"))
    agreement = django_filters.NumberFilter(field_name="agreement_id", label=_("Agreement's number"))
    label = django_filters.MultipleChoiceFilter(choices=DocumentLabel, label=_("What it is"))
    level = django_filters.MultipleChoiceFilter(choices=Level, label=_("Level"))

    class Meta:
        model = Document
        fields = ["q", "agreement", "label", "level"]


class ScreeningFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        field_name="organization__name", lookup_expr="icontains", label=_("Organization's name")
    )
    organization = django_filters.NumberFilter(
        field_name="organization_id", label=_("Organization"), widget=forms.HiddenInput
    )
    result = django_filters.MultipleChoiceFilter(choices=ScreeningResult, label=_("Result"))
    due_before = django_filters.DateFilter(field_name="valid_until", lookup_expr="lt", label=_("To be repeated before"))

    class Meta:
        model = Screening
        fields = ["q", "organization", "result", "due_before"]


class ConflictPlanFilter(django_filters.FilterSet):
    agreement = django_filters.NumberFilter(
        field_name="agreement_id", label=_("Agreement's number"), widget=forms.HiddenInput
    )
    member = MemberFilter(field_name="member_id", label=_("Who has the interest"))
    approved = django_filters.ChoiceFilter(method="is_approved", choices=YES_NO, label=_("Approved"))

    class Meta:
        model = ConflictPlan
        fields = ["agreement", "member", "approved"]

    def is_approved(self, queryset, name, value):
        return queryset.filter(approved_on__isnull=value != "true")


class NdaFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Organization or title"))
    organization = django_filters.NumberFilter(method="between", label=_("Organization"), widget=forms.HiddenInput)
    state = django_filters.ChoiceFilter(
        method="in_state",
        choices=[
            ("in_force", _("In force")),
            ("expiring", _("Ends within 90 days")),
            ("ended", _("Ended")),
        ],
        label=_("State"),
    )

    class Meta:
        model = Agreement
        fields = ["q", "organization", "state"]

    def search(self, queryset, name, value):
        key = value.strip()
        party = Party.objects.filter(organization__is_own=False, organization__name__icontains=key)
        said = Q(title__icontains=key) | Q(reference__icontains=key)
        return queryset.filter(said | Q(pk__in=party.values("agreement_id")))

    def between(self, queryset, name, value):
        return queryset.filter(between(value))

    def in_state(self, queryset, name, value):
        today = timezone.localdate()
        if value == "ended":
            return queryset.filter(ended(today))
        return queryset.filter({"in_force": in_force(today), "expiring": expiring(today)}[value])


class ExportControlFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Words"))
    flag = django_filters.ChoiceFilter(choices=[*FLAGS.items()], label=_("Flag"), method="is_flagged")
    kind = django_filters.MultipleChoiceFilter(choices=AgreementKind, label=_("Kind"))
    owner = MemberFilter(field_name="owner_id", label=_("Handled by"))
    unit = django_filters.ModelChoiceFilter(queryset=units_of_request, label=_("Unit"))

    class Meta:
        model = Agreement
        fields = ["q", "flag", "kind", "owner", "unit"]

    def search(self, queryset, name, value):
        key = value.strip()
        partner = Q(partnership__organization__name__icontains=key)
        return queryset.filter(Q(reference__icontains=key) | Q(title__icontains=key) | partner)

    def is_flagged(self, queryset, name, value):
        return queryset.filter(flagged(value))


class IpAssetFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Reference or title"))
    kind = django_filters.MultipleChoiceFilter(choices=AssetKind, label=_("Kind"))
    lead = MemberFilter(field_name="lead_id", label=_("Handled by"))

    class Meta:
        model = IpAsset
        fields = ["q", "kind", "lead"]

    def search(self, queryset, name, value):
        key = value.strip()
        return queryset.filter(Q(reference__icontains=key) | Q(title__icontains=key))


class GrantFilter(django_filters.FilterSet):
    agreement = django_filters.NumberFilter(
        field_name="agreement_id", label=_("Agreement's number"), widget=forms.HiddenInput
    )
    asset = django_filters.NumberFilter(method="in_asset", label=_("IP's number"), widget=forms.HiddenInput)
    kind = django_filters.MultipleChoiceFilter(choices=GrantKind, label=_("Kind"))
    exclusivity = django_filters.MultipleChoiceFilter(choices=Exclusivity, label=_("Exclusivity"))

    class Meta:
        model = Grant
        fields = ["agreement", "asset", "kind", "exclusivity"]

    def in_asset(self, queryset, name, value):
        return queryset.filter(asset_id=value, asset_readable=True)  # a hidden one is not found by its number


class CalendarFeedFilter(django_filters.FilterSet):
    member = MemberFilter(field_name="member_id", label=_("Whose"))

    class Meta:
        model = CalendarFeed
        fields = ["member"]
