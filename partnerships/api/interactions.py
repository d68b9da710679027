"""Interactions over HTTP."""

from core.rest.references import Reference, References
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet
from organizations.queries.contacts import visible_contacts
from partnerships.actions.interactions import edit_interaction, log_interaction
from partnerships.choices import Source
from partnerships.filters import InteractionFilter
from partnerships.models import Interaction
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import visible_partnerships
from tenants.queries.users import everybody


class InteractionSerializer(TenantSerializer):
    partnership = Reference(named="organization.name")
    contacts = References("participants", "contact", required=False, help_text="Who took part on their side.")
    members = References(
        "participants", "member", required=False, help_text="Who took part on ours; left out: you alone."
    )
    logged_by = Reference(read_only=True)
    related_reads = {
        "partnership": visible_partnerships,
        "contacts": visible_contacts,
        "members": everybody,
    }

    class Meta:
        model = Interaction
        fields = [
            "id",
            "version",
            "partnership",
            "kind",
            "direction",
            "occurred_at",
            "note",
            "confidentiality",
            "contacts",
            "members",
            "source",
            "logged_by",
            "created_at",
            "updated_at",
        ]


class InteractionViewSet(TenantViewSet):
    """Interactions that you may read, newest first: confidential ones only if you took part or manage."""

    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter
    reads = staticmethod(visible_interactions)
    writes = {"create": log_interaction, "update": edit_interaction}
    subject = "interaction"
    created_as = {"source": Source.API}
    sorting = {"occurred_at": "occurred_at", "created_at": "created_at", "updated_at": "updated_at"}
