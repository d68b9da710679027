"""Objectives, the value ledger, reviews, changes at partners and ratings over HTTP."""

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.queries.contacts import visible_contacts
from partnerships.actions.governance import (
    add_ledger_entry,
    add_objective,
    delete_evaluation,
    delete_ledger_entry,
    delete_objective,
    delete_partner_event,
    delete_review,
    edit_evaluation,
    edit_ledger_entry,
    edit_objective,
    edit_partner_event,
    edit_review,
    record_evaluation,
    record_partner_event,
    record_review,
)
from partnerships.filters import EvaluationFilter, LedgerFilter, LessonFilter, ObjectiveFilter, PartnerEventFilter
from partnerships.models import Evaluation, LedgerEntry, Objective, PartnerEvent, Review
from partnerships.queries.governance import (
    visible_evaluations,
    visible_ledger,
    visible_objectives,
    visible_partner_events,
    visible_reviews,
)
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from tenants.queries.users import colleagues, everybody

STAYS = "Stays as it was created."
FIRST, LAST = ["id", "version", "partnership"], ["created_at", "updated_at"]
WRITTEN = {"created_at": "created_at", "updated_at": "updated_at"}


class ObjectiveSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text=STAYS)
    project = Reference(
        named="title", required=False, allow_null=True, help_text="If it is about one project of the partner."
    )
    related_reads = {"partnership": visible_partnerships, "project": visible_projects}

    class Meta:
        model = Objective
        fields = [
            *FIRST,
            "project",
            "side",
            "title",
            "metric",
            "target",
            "result",
            "horizon",
            "due_on",
            "status",
            *LAST,
        ]


class ObjectiveViewSet(TenantViewSet):
    """What each side, or both, wants from a partnership; those due first."""

    serializer_class = ObjectiveSerializer
    filterset_class = ObjectiveFilter
    reads = staticmethod(visible_objectives)
    writes = {"create": add_objective, "update": edit_objective, "delete": delete_objective}
    subject = "objective"
    sorting = {"due_on": "due_on", **WRITTEN}


class LedgerEntrySerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text=STAYS)
    related_reads = {"partnership": visible_partnerships}

    class Meta:
        model = LedgerEntry
        fields = [
            *FIRST,
            "direction",
            "kind",
            "description",
            "occurred_on",
            "value",
            "currency",
            "valuation_basis",
            *LAST,
        ]


class LedgerEntryViewSet(TenantViewSet):
    """What one side gave the other outside contracts, latest first. A value needs a basis."""

    serializer_class = LedgerEntrySerializer
    filterset_class = LedgerFilter
    reads = staticmethod(visible_ledger)
    writes = {"create": add_ledger_entry, "update": edit_ledger_entry, "delete": delete_ledger_entry}
    subject = "ledger_entry"
    sorting = {"occurred_on": "occurred_on", **WRITTEN}
    singular, plural = "ledger entry", "ledger entries"


class ReviewSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text=STAYS)
    held_by = Reference(required=False, allow_null=True, help_text="Who led it; left out: you.")
    related_reads = {"partnership": visible_partnerships, "held_by": everybody}

    class Meta:
        model = Review
        fields = [*FIRST, "held_on", "worked", "did_not_work", "changes", "with_partner", "held_by", *LAST]


class ReviewViewSet(TenantViewSet):
    """Looks back at partnerships, latest first; `q` searches what they taught."""

    serializer_class = ReviewSerializer
    filterset_class = LessonFilter
    reads = staticmethod(visible_reviews)
    writes = {"create": record_review, "update": edit_review, "delete": delete_review}
    subject = "review"
    sorting = {"held_on": "held_on", **WRITTEN}


class PartnerEventSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text=STAYS)
    related_reads = {"partnership": visible_partnerships}

    class Meta:
        model = PartnerEvent
        fields = [*FIRST, "kind", "occurred_on", "description", "source_url", *LAST]


class PartnerEventViewSet(TenantViewSet):
    """Changes at partners that may change the partnership, latest first."""

    serializer_class = PartnerEventSerializer
    filterset_class = PartnerEventFilter
    reads = staticmethod(visible_partner_events)
    writes = {"create": record_partner_event, "update": edit_partner_event, "delete": delete_partner_event}
    subject = "partner_event"
    sorting = {"occurred_on": "occurred_on", **WRITTEN}


class EvaluationSerializer(TenantSerializer):
    partnership = Reference(named="organization.name", help_text=STAYS)
    project = Reference(named="title", required=False, allow_null=True)
    contact = Reference(required=False, allow_null=True, help_text="Who rates for the partner.")
    member = Reference(required=False, allow_null=True, help_text="Who rates as investigator or for the office.")
    related_reads = {
        "partnership": visible_partnerships,
        "project": visible_projects,
        "contact": visible_contacts,
        "member": colleagues,
    }

    class Meta:
        model = Evaluation
        fields = [
            *FIRST,
            "project",
            "rater_side",
            "contact",
            "member",
            "rater",
            "scale",
            "score",
            "comment",
            "rated_on",
            *LAST,
        ]


class EvaluationViewSet(TenantViewSet):
    """Ratings of partnerships and projects by either side or a third party, latest first."""

    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter
    reads = staticmethod(visible_evaluations)
    writes = {"create": record_evaluation, "update": edit_evaluation, "delete": delete_evaluation}
    subject = "evaluation"
    sorting = {"rated_on": "rated_on", **WRITTEN}
