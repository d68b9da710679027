"""Sealed viewsets over the same reads and actions that the pages use.

A viewset names what it reads, what it writes and its serializer; it cannot define a queryset or a permission of its
own (ImproperlyConfigured when the class is made).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action as route
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

SEALED = ("queryset", "get_queryset", "get_object", "permission_classes", "authentication_classes")


class Verb:
    """A business verb of a resource, POST …/{pk}/<name>/, that runs one action on the object."""

    def __init__(
        self, action: Callable[..., Any], input_serializer: type[serializers.Serializer], *, subject: str
    ):
        self.action, self.input_serializer, self.subject = action, input_serializer, subject


def verb(action: Callable[..., Any], input_serializer: type[serializers.Serializer], *, subject: str) -> Verb:
    return Verb(action, input_serializer, subject=subject)


class TenantViewSet(GenericViewSet):
    """``reads``: a visible_… function. ``writes``: {"create": action, "update": action}; what is absent is 405.

    ``subject`` is the keyword by which the update action takes the row. Updates are PATCH and may carry ``version``
    (or If-Match: "<version>"); a stale one answers 409 with the present values.
    """

    reads: ClassVar[Callable[..., Any]]
    writes: ClassVar[Mapping[str, Callable[..., Any]]] = {}
    subject: ClassVar[str] = ""
    lookup_value_regex = r"\d+"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in SEALED:
            if name in vars(cls):
                raise ImproperlyConfigured(
                    f"{cls.__name__} may not define {name}: it comes from reads and writes"
                )
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
        for name, value in list(vars(cls).items()):
            if isinstance(value, Verb):
                setattr(cls, name, _verb_route(name, value))

    @property
    def actor(self):
        return self.request._request.actor

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.Meta.model._default_manager.none()
        return type(self).reads(self.actor)

    def get_object(self):
        """The row by its id among those the actor may see; a foreign id is as absent as a missing one."""
        pk = self.kwargs[self.lookup_field]
        if len(pk) > 18:
            raise Http404
        return get_object_or_404(self.get_queryset(), pk=pk)

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "actor": getattr(self.request._request, "actor", None)}

    def answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The row as its readers see it, read anew, so that the answer holds what the database holds."""
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data, status=code)

    def seen_version(self, data: dict) -> int | None:
        """The version the caller says to have seen, from the body or from If-Match; None when it names none."""
        seen = data.pop("version", None)
        header = self.request.headers.get("If-Match", "").strip('W/"')
        if seen is None and header.isdigit():
            seen = int(header)
        return seen


def _list(self, request, *args, **kwargs):
    page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
    return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _retrieve(self, request, *args, **kwargs):
    row = self.get_object()
    response = Response(self.get_serializer(row).data)
    if hasattr(row, "version"):
        response["ETag"] = f'"{row.version}"'
    return response


def _create(self, request, *args, **kwargs):
    serializer = self.get_serializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    row = self.writes["create"](actor=self.actor, **serializer.validated_data)
    return self.answer(row.pk, status.HTTP_201_CREATED)


def _partial_update(self, request, *args, **kwargs):
    row = self.get_object()
    serializer = self.get_serializer(row, data=request.data, partial=True)
    serializer.is_valid(raise_exception=True)
    changes = dict(serializer.validated_data)
    seen = self.seen_version(changes)
    row = self.writes["update"](actor=self.actor, seen=seen, **{self.subject: row}, **changes)
    return self.answer(row.pk)


def _verb_route(name: str, spec: Verb):
    @extend_schema(request=spec.input_serializer)
    @route(detail=True, methods=["post"], url_path=name.replace("_", "-"), url_name=name.replace("_", "-"))
    def run(self, request, *args, **kwargs):
        row = self.get_object()
        data = spec.input_serializer(data=request.data, context=self.get_serializer_context())
        data.is_valid(raise_exception=True)
        row = spec.action(actor=self.actor, **{spec.subject: row}, **data.validated_data)
        return self.answer(row.pk)

    run.__name__ = name
    run.code = spec.action.code
    return run


class TenantSerializer(serializers.ModelSerializer):
    """References to tenant rows resolve, per request, among the rows that ``related_reads`` lets the actor see."""

    related_reads: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    def get_fields(self):
        fields = super().get_fields()
        actor = self.context.get("actor")
        for name, read in self.related_reads.items():
            field = fields.get(name)
            if field is None or field.read_only:
                continue
            target = getattr(field, "child_relation", field)
            target.get_queryset = partial(_related_rows, read, actor)
        return fields


def _related_rows(read, actor):
    return read(actor) if actor is not None else None
