"""Obligations and calendar feeds over HTTP."""

from django.urls import reverse
from rest_framework import serializers
from rest_framework.response import Response

from agreements.actions.calendar import create_calendar_feed, revoke_calendar_feed
from agreements.actions.obligations import (
    add_obligation,
    complete_obligation,
    delete_obligation,
    edit_obligation,
    open_evidence,
    waive_obligation,
)
from agreements.api.files import ContentInput
from agreements.filters import CalendarFeedFilter, ObligationFilter
from agreements.models import CalendarFeed, Obligation
from agreements.queries.agreements import visible_agreements
from agreements.queries.calendar import visible_calendar_feeds
from agreements.queries.obligations import visible_obligations
from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from tenants.pages import handed_out
from tenants.queries.users import colleagues


class ObligationSerializer(TenantSerializer):
    agreement = Reference(named="reference", help_text="Stays as it was added.")
    owner = Reference(required=False, allow_null=True, help_text="A colleague who works here now.")
    done_by = Reference(read_only=True)
    evidence_file = serializers.CharField(
        source="evidence_file.name", read_only=True, allow_null=True, help_text="The name of the file that proves it."
    )
    related_reads = {"agreement": visible_agreements, "owner": colleagues}

    class Meta:
        model = Obligation
        fields = [
            "id",
            "version",
            "agreement",
            "side",
            "kind",
            "title",
            "due_on",
            "recurrence",
            "repeats_until",
            "rule",
            "owner",
            "clause_number",
            "weight",
            "consequence",
            "done_on",
            "done_by",
            "evidence",
            "evidence_file",
            "waived_reason",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["rule", "done_on", "evidence", "waived_reason"]


class CompleteInput(ContentInput):
    evidence = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=10_000,
        help_text="What proves it; or send a file.",
    )
    done_on = serializers.DateField(required=False, help_text="Left out: today. Being late keeps the late day.")


class WaiveInput(serializers.Serializer):
    why = serializers.CharField(max_length=200)


class ObligationViewSet(TenantViewSet):
    """What each side owes under the agreements that you may read, by due day."""

    serializer_class = ObligationSerializer
    filterset_class = ObligationFilter
    reads = staticmethod(visible_obligations)
    writes = {"create": add_obligation, "update": edit_obligation, "delete": delete_obligation}
    subject = "obligation"
    sorting = {"due_on": "due_on", "done_on": "done_on", "created_at": "created_at", "updated_at": "updated_at"}
    complete = verb(
        complete_obligation,
        CompleteInput,
        subject="obligation",
        summary="Say that it was fulfilled, with the proof",
        description="Nothing is done without evidence. A recurring obligation makes its successor.",
    )
    waive = verb(waive_obligation, WaiveInput, subject="obligation", summary="Waive it, and say why")
    download = verb(
        open_evidence,
        subject="obligation",
        summary="Fetch the file that proves it",
        description="The answer is the file, as a download. Each fetch is written down.",
        hands_out=lambda row: handed_out(row.evidence_file),
    )


class CalendarFeedSerializer(TenantSerializer):
    member = Reference(read_only=True)
    everything = serializers.BooleanField(
        required=False, default=False, help_text="Whatever you may see, not only what you look after."
    )

    made_with = Reference(
        read_only=True, allow_null=True, help_text="The token that made it, with which it ends; null for a browser."
    )

    class Meta:
        model = CalendarFeed
        fields = ["id", "member", "everything", "made_with", "created_at", "last_read_at", "revoked_at"]
        read_only_fields = ["created_at", "last_read_at", "revoked_at"]


class NewCalendarFeedSerializer(CalendarFeedSerializer):
    """The one answer that holds the address."""

    address = serializers.CharField(read_only=True, help_text="Shown this once. Whoever knows it can read the feed.")

    class Meta(CalendarFeedSerializer.Meta):
        fields = [*CalendarFeedSerializer.Meta.fields, "address"]


class CalendarFeedViewSet(TenantViewSet):
    """Your calendar addresses, newest first; administrators see everybody's. The secrets are not stored."""

    serializer_class = CalendarFeedSerializer
    created_serializer_class = NewCalendarFeedSerializer
    filterset_class = CalendarFeedFilter
    reads = staticmethod(visible_calendar_feeds)
    writes = {"create": create_calendar_feed}
    keeps_answers = False
    singular, plural = "calendar feed", "calendar feeds"
    sorting = {"created_at": "created_at", "last_read_at": "last_read_at"}
    revoke = verb(
        revoke_calendar_feed,
        subject="feed",
        summary="Withdraw a calendar address",
        description="It stops working with the next reading. Withdrawing it again changes nothing.",
    )

    def created(self, result: tuple[CalendarFeed, str]) -> Response:
        feed, secret = result
        address = self.request.build_absolute_uri(reverse("agreements:calendar_feed", args=[secret]))
        return self.answer(feed.pk, 201, address=address)
