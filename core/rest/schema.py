"""How the OpenAPI document describes the API: summaries, permissions, security schemes and errors, from the code."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_array_type, build_basic_type
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from core.permissions import registry
from core.rest.references import LARGEST_ID, MOST_REFERENCES, Named


class ApiGenerator(SchemaGenerator):
    """Describes the API's own URL conf: the addresses below /t/{office}/api are in no other."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "urlconf": kwargs.get("urlconf") or spectacular_settings.SERVE_URLCONF})


ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}


class Problem(serializers.Serializer):
    """Every error."""

    code = serializers.CharField(help_text="A word for programs, for example `stale`.")
    detail = serializers.CharField(help_text="A sentence for people.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="The inputs at fault by their path, for example `affiliations.1.title`; `body` is the whole.",
    )
    details = serializers.DictField(
        required=False, help_text="More for programs: the permission needed, the present version and values."
    )


ERRORS = {
    "400": "Something in the request is missing, wrong or unknown.",
    "401": "No session and no valid token of this office.",
    "403": "The role, or a token that only reads, does not allow this.",
    "404": "Nothing is here, or nothing that you may see.",
    "409": "The present state forbids it: a duplicate, a rule, or a `version` that is no more.",
    "412": "If-Match names a version that is no more.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too many requests; wait for the seconds in Retry-After.",
}


class ApiSchema(AutoSchema):
    """The description of one operation: of a sealed viewset in full, of any other view its errors."""

    @property
    def _sealed(self) -> bool:
        return hasattr(self.view, "keeps_answers")

    @property
    def _spec(self) -> Any:
        """The verb or part behind an extra route, None for list, retrieve, create and update."""
        return getattr(getattr(type(self.view), self.view.action, None), "spec", None) if self._sealed else None

    @property
    def _code(self) -> str:
        """The permission that the operation needs; empty where the view does not say."""
        if self._spec is not None:
            return self._spec.code
        written = {"create": "create", "partial_update": "update", "destroy": "delete"}
        write = written.get(getattr(self.view, "action", None))
        if write and self._sealed:
            return self.view.writes[write].code
        return getattr(getattr(type(self.view), "reads", None), "code", "")

    def get_summary(self) -> str | None:
        if self._spec is not None:
            return self._spec.summary
        if self._sealed and self.view.action in ("list", "retrieve"):
            names = self.view.serializer_class.Meta.model._meta
            if self.view.action == "list":
                return f"List {self.view.plural or names.verbose_name_plural}"
            return f"Get one {self.view.singular or names.verbose_name}"
        return super().get_summary() or (str(registry.get(self._code).label) if self._code else None)

    def get_description(self) -> str:
        words = [self._spec.description if self._spec is not None else ""]
        if not self._sealed or self.view.action == "list":
            words = [super().get_description()]
        if self._code:
            permission = registry.get(self._code)
            words.append(f"Needs the permission `{permission.code}` ({', '.join(sorted(permission.roles))}).")
        return "\n\n".join(word for word in words if word)

    def get_request_serializer(self):
        if isinstance(getattr(self._spec, "input_serializer", None), type):
            return self._spec.input_serializer if self._spec.input_serializer().fields else None
        return super().get_request_serializer()

    def get_response_serializers(self):
        if getattr(self._spec, "hands_out", None) is not None:
            return {(200, "application/octet-stream"): OpenApiTypes.BINARY}
        if hasattr(self._spec, "many"):
            return self._spec.serializer_class(many=True) if self._spec.many else self._spec.serializer_class()
        if self._sealed and self.view.action == "create" and self.view.created_serializer_class:
            return self.view.created_serializer_class()
        return super().get_response_serializers()

    def get_override_parameters(self):
        if not self._sealed:
            return super().get_override_parameters()
        given = []
        if getattr(self._spec, "query", None) is not None:
            given.append(self._spec.query)
        if self.view.action in ("partial_update", "destroy"):
            given.append(
                OpenApiParameter(
                    "If-Match",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    description='The ETag of the version that you saw, for example `"3"`.',
                )
            )
        if self.view.action == "create" and self.view.keeps_answers:
            given.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    description="1 to 200 printable ASCII characters. The same request with the same key happens "
                    "once and has the same answer for 24 hours.",
                )
            )
        return given

    def _map_basic_serializer(self, serializer, direction):
        """Without the words of the base class, which are for developers."""
        schema = super()._map_basic_serializer(serializer, direction)
        if not vars(type(serializer)).get("__doc__"):
            schema.pop("description", None)
        return schema

    def _error_codes(self) -> list[str]:
        codes = ["401", "403", "429"]
        if self.method in ("POST", "PATCH") or self._is_list_view():
            codes.append("400")
        if "{" in self.path:
            codes.append("404")
        if self.method in ("POST", "PATCH", "DELETE"):
            codes.append("409")
        if self.method in ("PATCH", "DELETE"):
            codes.append("412")
        if self._sealed and self.view.action == "create" and self.view.keeps_answers:
            codes.append("422")
        return sorted(codes)

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        for code in self._error_codes():
            if code not in bodies:
                answer = self._get_response_for_code(Problem, code, direction=direction)
                bodies[code] = {**answer, "description": ERRORS[code]}
        return bodies

    def _resolve_path_parameters(self, variables):
        parameters = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if parameter["name"] == "id":
                parameter["schema"] = ID
        return parameters


class ReferenceSchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.references.Reference"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        if direction == "request":
            return dict(ID)
        return auto_schema.resolve_serializer(Named, direction).ref


class ReferencesSchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.references.References"

    def map_serializer_field(self, auto_schema, direction):
        if direction == "request":
            return {**build_array_type(dict(ID)), "maxItems": MOST_REFERENCES}
        return build_array_type(auto_schema.resolve_serializer(Named, direction).ref)


class ListedSchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.serializers.Listed"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        return build_array_type({**build_basic_type(OpenApiTypes.STR), "maxLength": self.target.longest})


class BrowserSession(SessionScheme):
    """The cookie has this name wherever https is spoken; over plain http, in the demonstration, it is ``session``."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "The session of a signed-in browser. Unsafe methods need the header X-CSRFToken as well.",
        }


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "tenants.authentication.TokenAuthentication"
    name = "token"
    priority = 1

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token of this office, made under Settings, API tokens: "
            "`Authorization: Bearer cw_…`. Never in the address.",
        }
