"""Sealed viewsets over the same reads and actions that the pages use.

A viewset names what it reads, what it writes and its serializer; it cannot define a queryset or a permission of its
own (ImproperlyConfigured when the class is made). The registered router of an app is a list ``routes`` of (prefix,
viewset) in its ``api`` package.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action as route
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from core.actor import Actor
from core.errors import ActionRefused, Moved, StaleEdit
from core.rest import idempotency
from core.rest.access import too_many_requests
from core.rest.filtering import NO_SUCH_PARAMETER, DeclaredOrdering, StrictFilters
from core.rest.parsing import StrictJSONParser
from core.rest.schema import ApiSchema
from core.rest.serializers import ALLOW_DUPLICATE, NO_SUCH_FIELD, TenantSerializer
from core.rest.versions import etag_of, seen_by

SEALED = ("queryset", "get_queryset", "get_object", "permission_classes", "authentication_classes")
LONGEST_ID = 18


class NoInput(serializers.Serializer):
    """The body of a verb that needs none: empty, or {}."""


@dataclass(frozen=True)
class Verb:
    """A business verb of a resource, POST …/{id}/<name>/, that runs one action on the row.

    ``hands_out`` makes the answer of what the action gives back, where that is a file instead of the row.
    """

    action: Callable[..., Any]
    input_serializer: type[serializers.Serializer]
    subject: str
    summary: str = ""
    description: str = ""
    hands_out: Callable[[Any], HttpResponseBase] | None = None

    @property
    def code(self) -> str:
        return self.action.code


@dataclass(frozen=True)
class Part:
    """A part of a resource that is only read, GET …/{id}/<name>/: ``read(actor, row)`` answers a row or rows.

    Of one row, ``query`` is a serializer of parameters, which ``read`` takes as keywords; many rows are narrowed by
    ``filterset_class``. Other parameters are refused. Without a ``path`` it is the name.
    """

    read: Callable[..., Any]
    serializer_class: type[TenantSerializer]
    many: bool
    summary: str
    description: str = ""
    query: type[serializers.Serializer] | None = None
    filterset_class: type | None = None
    path: str = ""

    @property
    def code(self) -> str:
        return self.read.code


@dataclass(frozen=True)
class Question:
    """A question about a row that needs a body, POST …/{id}/<path>/: ``read(actor, row, **body)``; it writes nothing.

    A token that only reads may ask it. Without a ``path`` it is the name, as with verbs and parts.
    """

    read: Callable[..., Any]
    input_serializer: type[serializers.Serializer]
    serializer_class: type[serializers.Serializer]
    summary: str
    description: str = ""
    path: str = ""
    many: bool = False

    @property
    def code(self) -> str:
        return self.read.code


def verb(
    action: Callable[..., Any],
    input_serializer: type[serializers.Serializer] = NoInput,
    *,
    subject: str,
    summary: str = "",
    description: str = "",
    hands_out: Callable[[Any], HttpResponseBase] | None = None,
) -> Verb:
    return Verb(action, input_serializer, subject, summary, description, hands_out)


def part(
    read: Callable[..., Any],
    serializer_class: type[TenantSerializer],
    *,
    many: bool = False,
    summary: str,
    description: str = "",
    query: type[serializers.Serializer] | None = None,
    filterset_class: type | None = None,
    path: str = "",
) -> Part:
    if not hasattr(read, "code"):
        raise ImproperlyConfigured("A part is read by a function marked with @visible")
    return Part(read, serializer_class, many, summary, description, query, filterset_class, path)


def question(
    read: Callable[..., Any],
    input_serializer: type[serializers.Serializer],
    serializer_class: type[serializers.Serializer],
    *,
    summary: str,
    description: str = "",
    path: str = "",
) -> Question:
    if not hasattr(read, "code"):
        raise ImproperlyConfigured("A question is answered by a function marked with @visible")
    return Question(read, input_serializer, serializer_class, summary, description, path)


class ApiView(APIView):
    """What every view of the API has in common: strict bodies, one form of errors, answers that nobody stores."""

    parser_classes = [StrictJSONParser]
    http_method_names = ["get", "head", "post", "patch", "delete"]
    schema = ApiSchema()

    def throttled(self, request, wait):
        raise too_many_requests(wait)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response


class TenantViewSet(ApiView, GenericViewSet):
    """``reads``: a visible_… function. ``writes``: actions to "create", "update" and "delete"; what is absent is 405.

    ``subject`` is the keyword by which the actions that update and delete take the row. ``sorting`` declares what
    ?ordering= knows (public name → path). ``lookup_column`` is the column behind the id in addresses. ``created_as``
    are values that the API gives to the create action besides the body. ``keeps_answers`` off: no Idempotency-Key,
    because the answer holds a secret. ``created_serializer_class`` describes the answer to a create where it holds
    more.

    Updates are PATCH and may carry ``version`` (a stale one answers 409) or If-Match (412). DELETE answers 204 and
    knows If-Match too; the recycle bin keeps what it took.
    """

    reads: ClassVar[Callable[..., Any]]
    writes: ClassVar[Mapping[str, Callable[..., Any]]] = {}
    subject: ClassVar[str] = ""
    sorting: ClassVar[Mapping[str, str]] = {}
    lookup_column: ClassVar[str] = "pk"
    created_as: ClassVar[Mapping[str, object]] = {}
    keeps_answers: ClassVar[bool] = True
    created_serializer_class: ClassVar[type[TenantSerializer] | None] = None
    moved: ClassVar[Callable[[Actor, int], int | None] | None] = None
    doubles: ClassVar[Callable[[Actor, Mapping[str, Any]], Sequence[Any]] | None] = None
    singular: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    filter_backends = [StrictFilters, DeclaredOrdering]
    lookup_url_kwarg = "id"
    lookup_value_regex = r"[0-9]+"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in SEALED:
            if name in vars(cls):
                raise ImproperlyConfigured(f"{cls.__name__} may not define {name}: it comes from reads and writes")
        if not hasattr(getattr(cls, "reads", None), "code"):
            raise ImproperlyConfigured(f"{cls.__name__}.reads must be a function marked with @visible")
        for name, action in cls.writes.items():
            if not hasattr(action, "code"):
                raise ImproperlyConfigured(f"{cls.__name__}.writes[{name!r}] must be an @action")
        cls.list = _list
        cls.retrieve = _retrieve
        if "create" in cls.writes:
            cls.create = _create
        if "update" in cls.writes:
            if not cls.subject:
                raise ImproperlyConfigured(f"{cls.__name__} updates and must name its subject")
            cls.partial_update = _partial_update
        if "delete" in cls.writes:
            if not cls.subject:
                raise ImproperlyConfigured(f"{cls.__name__} deletes and must name its subject")
            cls.destroy = _destroy
        for name, value in list(vars(cls).items()):
            if isinstance(value, Verb):
                setattr(cls, name, _verb_route(name, value))
            elif isinstance(value, Part):
                setattr(cls, name, _part_route(name, value))
            elif isinstance(value, Question):
                setattr(cls, name, _question_route(name, value))

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            filters = getattr(self, "filterset_class", None)  # a part's is about other rows than the viewset's
            model = filters._meta.model if filters is not None else None
            return (model or self.serializer_class.Meta.model)._base_manager.none()
        return type(self).reads(self.actor)

    def get_object(self):
        """The row by its id among those the actor may see; a foreign id is as absent as a missing one."""
        return self.find(self.get_queryset())

    def find(self, rows):
        given = self.kwargs[self.lookup_url_kwarg]
        if len(given) > LONGEST_ID:
            raise Http404
        try:
            return get_object_or_404(rows, **{self.lookup_column: int(given)})
        except Http404:
            new_id = type(self).moved(self.actor, int(given)) if type(self).moved else None
            if new_id is None:
                raise
            raise Moved(new_id) from None

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "actor": getattr(self.request._request, "actor", None)}

    def shown(self, row) -> dict[str, Any]:
        """A row as the API shows it."""
        return self.serializer_class.show(row)

    def answer(self, pk: int, code: int = status.HTTP_200_OK, **more: object) -> Response:
        """The row as its readers see it, read anew, so that the answer holds what the database holds."""
        row = self.get_queryset().get(pk=pk)
        response = Response({**self.shown(row), **more}, status=code)
        if (tag := etag_of(row)) is not None:
            response["ETag"] = tag
        return response

    def created(self, result: Any) -> Response:
        """The answer to a create; ``result`` is what the action gave back."""
        return self.answer(result.pk, status.HTTP_201_CREATED)


def _list(self, request, *args, **kwargs):
    page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
    return self.get_paginated_response([self.shown(row) for row in page])


def _retrieve(self, request, *args, **kwargs):
    row = self.get_object()
    response = Response(self.shown(row))
    if (tag := etag_of(row)) is not None:
        response["ETag"] = tag
    return response


def _create(self, request, *args, **kwargs):
    action = self.writes["create"]
    self.actor.require(action.code)
    key = idempotency.key_of(request)
    if key is not None:
        if not self.keeps_answers:
            words = _("An answer that holds a secret is not kept. Leave this header out.")
            raise serializers.ValidationError({idempotency.HEADER: [words]})
        earlier = idempotency.earlier_answer(self.actor, key, request)
        if earlier is not None:
            return idempotency.replay(earlier)
    serializer = self.get_serializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    values = dict(serializer.validated_data)
    _refuse_doubles(self, values)
    response = self.created(action(actor=self.actor, **self.created_as, **values))
    response["Location"] = f"{request.path}{response.data['id']}/"
    if key is not None:
        idempotency.keep_answer(self.actor, key, response)
    return response


def _refuse_doubles(self, values: dict[str, Any]) -> None:
    if type(self).doubles is None or values.pop(ALLOW_DUPLICATE, False):
        return
    found = type(self).doubles(self.actor, values)
    if found:
        candidates = [{"id": row.pk, "name": str(row)} for row in found]
        message = _("It may be there already: see the candidates. To add it all the same, send allow_duplicate.")
        raise ActionRefused("possible_duplicate", message, details={"candidates": candidates})


def _partial_update(self, request, *args, **kwargs):
    action = self.writes["update"]
    self.actor.require(action.code)
    row = self.find(self.get_queryset().prefetch_related(None))
    serializer = self.get_serializer(row, data=request.data, partial=True)
    serializer.is_valid(raise_exception=True)
    changes = dict(serializer.validated_data)
    in_body, seen = changes.pop("version", None), None
    try:
        seen = seen_by(request, row, in_body)
        row = action(actor=self.actor, seen=seen.version, **{self.subject: row}, **changes)
    except StaleEdit as stale:
        shown = self.shown(self.get_object())
        current = {name: shown[name] for name in request.data if name in shown and name != "version"}
        stale.details = {"version": shown["version"], "current": current}
        if seen is None or seen.by_header:
            stale.status = status.HTTP_412_PRECONDITION_FAILED
        raise
    return self.answer(row.pk)


def _destroy(self, request, *args, **kwargs):
    action = self.writes["delete"]
    self.actor.require(action.code)
    if request.data:
        raise serializers.ValidationError({name: [NO_SUCH_FIELD] for name in request.data})
    row = self.find(self.get_queryset().prefetch_related(None))
    try:
        seen_by(request, row, None)
    except StaleEdit as stale:
        stale.details, stale.status = {"version": row.version}, status.HTTP_412_PRECONDITION_FAILED
        raise
    action(actor=self.actor, **{self.subject: row})
    return Response(status=status.HTTP_204_NO_CONTENT)


def _verb_route(name: str, spec: Verb):
    def run(self, request, *args, **kwargs):
        self.actor.require(spec.code)
        row = self.find(self.get_queryset().prefetch_related(None))
        data = spec.input_serializer(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        strange = [each for each in request.data if each not in data.fields]
        if strange:
            raise serializers.ValidationError({each[:100]: [NO_SUCH_FIELD] for each in strange})
        row = spec.action(actor=self.actor, **{spec.subject: row}, **data.validated_data)
        return self.answer(row.pk) if spec.hands_out is None else spec.hands_out(row)

    return _extra_route(name, spec, run, methods=["post"])


def _read_body(self, input_serializer: type[serializers.Serializer]) -> dict[str, Any]:
    data = input_serializer(data=self.request.data, context=self.get_serializer_context())
    data.is_valid(raise_exception=True)
    strange = [each for each in self.request.data if each not in data.fields]
    if strange:
        raise serializers.ValidationError({each[:100]: [NO_SUCH_FIELD] for each in strange})
    return data.validated_data


def _question_route(name: str, spec: Question):
    def run(self, request, *args, **kwargs):
        self.actor.require(spec.code)
        row = self.find(self.get_queryset().prefetch_related(None))
        answer = spec.read(self.actor, row, **_read_body(self, spec.input_serializer))
        return Response(spec.serializer_class(answer).data)

    return _extra_route(name, spec, run, methods=["post"])


def _read_query(self, query: type[serializers.Serializer]) -> dict[str, Any]:
    given = query(data=self.request.query_params.dict(), context=self.get_serializer_context())
    given.is_valid(raise_exception=True)
    strange = [each for each in self.request.query_params if each not in given.fields]
    if strange:
        raise serializers.ValidationError({each[:100]: [NO_SUCH_PARAMETER] for each in strange})
    return given.validated_data


def _part_route(name: str, spec: Part):
    def run(self, request, *args, **kwargs):
        row = self.find(self.get_queryset().prefetch_related(None))
        answer = spec.read(self.actor, row, **(_read_query(self, spec.query) if spec.query else {}))
        show = spec.serializer_class.show
        if not spec.many:
            return Response(show(answer))
        page = self.paginate_queryset(self.filter_queryset(answer))
        return self.get_paginated_response([show(row) for row in page])

    return _extra_route(name, spec, run, methods=["get"], filterset_class=spec.filterset_class, sorting={})


def _extra_route(name: str, spec: Verb | Part | Question, run, **options):
    run.__name__ = name
    run.code, run.spec = spec.code, spec
    url_name = name.replace("_", "-")
    return route(detail=True, url_path=getattr(spec, "path", "") or url_name, url_name=url_name, **options)(run)


class NothingHere(ApiView):
    """Addresses below the API that no resource has: 404 in the API's own form, whatever the method."""

    schema = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete", "options"]

    def nothing(self, request, *args, **kwargs):
        raise Http404

    get = post = put = patch = delete = options = nothing
