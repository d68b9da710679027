"""Money, schemes and sums over HTTP."""

from typing import ClassVar

from rest_framework import serializers

from core.rest.references import Reference
from core.rest.reports import ReportViewSet
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from partnerships.actions.funding import add_funding_entry, delete_funding_entry, edit_funding_entry
from partnerships.actions.schemes import add_scheme, delete_scheme, edit_scheme
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingMeasure, ResearchDomain
from partnerships.filters_funding import FIRST, LAST, FundingFilter, SchemeFilter
from partnerships.models import FundingEntry, FundingScheme
from partnerships.queries.funding import visible_funding
from partnerships.queries.funding_totals import GROUPINGS, funding_totals
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from partnerships.queries.schemes import visible_schemes

MONEY = "A decimal number as text."
EITHER = "This or the other: what the money is for."


class FundingEntrySerializer(TenantSerializer):
    partnership = Reference(named="organization.name", required=False, allow_null=True, help_text=EITHER)
    project = Reference(named="title", required=False, allow_null=True, help_text=EITHER)
    scheme = Reference(required=False, allow_null=True, help_text="Where it came from, in the catalog.")
    related_reads: ClassVar = {
        "partnership": visible_partnerships,
        "project": visible_projects,
        "scheme": visible_schemes,
    }

    class Meta:
        model = FundingEntry
        fields = [
            "id",
            "version",
            "partnership",
            "project",
            "scheme",
            "measure",
            "source",
            "funder",
            "amount",
            "currency",
            "rate",
            "rate_on",
            "base_amount",
            "booked_on",
            "fiscal_year",
            "channel",
            "domain",
            "overhead_base",
            "overhead_rate",
            "is_cost_share",
            "valuation_basis",
            "reference",
            "due_on",
            "paid_on",
            "note",
            "external_id",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["base_amount", "fiscal_year", "external_id"]
        extra_kwargs = {
            "amount": {"help_text": f"{MONEY} Below 0 it corrects what was received or spent."},
            "currency": {"required": False, "help_text": "ISO 4217. Default: the office's."},
            "rate": {
                "required": False,
                "help_text": "What one unit is worth in the office's currency. Needed in any other, with its day.",
            },
            "base_amount": {"help_text": "The amount in the office's currency."},
            "fiscal_year": {"help_text": "The office's, named by the year in which it ends."},
            "valuation_basis": {"help_text": "Needed for a contribution in kind."},
            "due_on": {"help_text": "Only of an invoice."},
            "paid_on": {"help_text": "Only of an invoice."},
        }


class FundingEntryViewSet(TenantViewSet):
    """Money by what happened to it, the latest day first. The five measures are never added to each other."""

    serializer_class = FundingEntrySerializer
    filterset_class = FundingFilter
    reads = staticmethod(visible_funding)
    writes = {"create": add_funding_entry, "update": edit_funding_entry, "delete": delete_funding_entry}
    subject = "funding_entry"
    sorting = {
        "booked_on": "booked_on",
        "amount": "amount",
        "base_amount": "base_amount",
        "fiscal_year": "fiscal_year",
        "due_on": "due_on",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    singular, plural = "funding entry", "funding entries"


class SchemeSerializer(TenantSerializer):
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=Channel.choices), required=False, help_text="Empty: all."
    )
    domains = serializers.ListField(
        child=serializers.ChoiceField(choices=ResearchDomain.choices), required=False, help_text="Empty: all."
    )

    class Meta:
        model = FundingScheme
        fields = [
            "id",
            "version",
            "name",
            "kind",
            "funder",
            "country",
            "channels",
            "domains",
            "sme_only",
            "trl_from",
            "trl_to",
            "rate",
            "cap",
            "currency",
            "opens_on",
            "deadline_on",
            "eligibility",
            "url",
            "closed_on",
            "external_id",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["external_id"]
        extra_kwargs = {
            "currency": {"required": False, "help_text": "ISO 4217. Default: the office's."},
            "country": {"help_text": "ISO 3166; somebody who takes part must be there. Empty: anywhere."},
            "rate": {"help_text": "What it pays, in percent."},
            "cap": {"help_text": f"{MONEY} At most."},
            "closed_on": {"help_text": "No longer offered since."},
        }


class SchemeViewSet(TenantViewSet):
    """The catalog of schemes, the nearest deadline first."""

    serializer_class = SchemeSerializer
    filterset_class = SchemeFilter
    reads = staticmethod(visible_schemes)
    writes = {"create": add_scheme, "update": edit_scheme, "delete": delete_scheme}
    subject = "scheme"
    sorting = {
        "name": "name",
        "deadline_on": "deadline_on",
        "opens_on": "opens_on",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    singular, plural = "funding scheme", "funding schemes"


class TotalsInput(serializers.Serializer):
    by = serializers.ChoiceField(choices=list(GROUPINGS), default="source", help_text="What the years are split by.")
    measure = serializers.ChoiceField(choices=FundingMeasure.choices, required=False, help_text="Only this one.")
    first_year = serializers.IntegerField(
        min_value=FIRST, max_value=LAST, required=False, help_text="Default: ten years up to the last."
    )
    last_year = serializers.IntegerField(
        min_value=FIRST, max_value=LAST, required=False, help_text="Default: the present fiscal year."
    )


class TotalSerializer(serializers.Serializer):
    by = serializers.CharField()
    key = serializers.CharField(help_text="The code or the id of the group; empty: the entries have none.")
    name = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    measure = serializers.ChoiceField(choices=FundingMeasure.choices)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, help_text="In the office's currency.")
    currency = serializers.CharField()
    entries = serializers.IntegerField(help_text="How many entries make it up.")


class FundingTotalsViewSet(ReportViewSet):
    """Sums by fiscal year, group and measure in the office's currency. Measures stand apart: do not add them."""

    reads = staticmethod(funding_totals)
    serializer_class = TotalSerializer
    inputs = TotalsInput
    many = True
    summary = "Money by fiscal year"
