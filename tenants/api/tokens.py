"""API tokens over HTTP."""

from rest_framework import serializers
from rest_framework.response import Response

from core.rest.references import Reference
from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from tenants.actions.tokens import LONGEST_DAYS, create_token, revoke_token
from tenants.models import ApiToken
from tenants.queries.tokens import visible_tokens


class TokenSerializer(TenantSerializer):
    member = Reference(read_only=True)
    made_with = Reference(read_only=True, allow_null=True, help_text="The token that made it; null for a browser.")
    days = serializers.IntegerField(
        write_only=True,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text="How long it lives; made with a token, no longer than that one.",
    )
    can_write = serializers.BooleanField(required=False, default=False)

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "member",
            "hint",
            "can_write",
            "made_with",
            "days",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ]
        read_only_fields = ["hint", "created_at", "expires_at", "last_used_at", "revoked_at"]


class NewTokenSerializer(TokenSerializer):
    """The one answer that holds the secret."""

    secret = serializers.CharField(read_only=True, help_text="Shown this once. Store it now.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "secret"]


class TokenViewSet(TenantViewSet):
    """Your API tokens, newest first; administrators see everybody's. Secrets are not among what is stored."""

    serializer_class = TokenSerializer
    created_serializer_class = NewTokenSerializer
    reads = staticmethod(visible_tokens)
    writes = {"create": create_token}
    keeps_answers = False
    singular, plural = "API token", "API tokens"
    sorting = {"created_at": "created_at", "expires_at": "expires_at", "last_used_at": "last_used_at", "name": "name"}
    revoke = verb(
        revoke_token,
        subject="token",
        summary="Revoke an API token",
        description=(
            "It stops working with the next request, and so do the tokens that were made with it, and with those. "
            "Revoking it again changes nothing."
        ),
    )

    def created(self, result: tuple[ApiToken, str]) -> Response:
        token, secret = result
        return self.answer(token.pk, 201, secret=secret)
