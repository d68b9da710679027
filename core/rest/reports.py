"""Sealed viewsets for reports: one read with its inputs, one answer, nothing to write."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from core.actor import Actor
from core.rest.viewsets import ApiView


class NoInputs(serializers.Serializer):
    """The query string of a report that takes none."""


class ReportViewSet(ViewSetMixin, ApiView):
    """GET …/ answers what ``reads`` returns, through ``serializer_class``; every other method is 405.

    ``reads``: a function marked with @visible. ``inputs``: a serializer of the query string; its values are the
    keyword arguments of ``reads``, a wrong or unknown one answers 400. ``many``: the answer is a list. ``summary``
    and the docstring describe it in the OpenAPI document. Nothing else may be defined.
    """

    reads: ClassVar[Callable[..., Any]]
    serializer_class: ClassVar[type[serializers.Serializer]]
    inputs: ClassVar[type[serializers.Serializer]] = NoInputs
    many: ClassVar[bool] = False
    summary: ClassVar[str]
    pagination_class = None

    DECLARED = frozenset({"reads", "serializer_class", "inputs", "many", "summary"})

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        refused = sorted(name for name in vars(cls) if name not in ReportViewSet.DECLARED and not name.startswith("__"))
        if refused:
            raise ImproperlyConfigured(f"{cls.__name__} may not define {', '.join(refused)}: it is a report")
        for name in ("reads", "serializer_class", "summary"):
            if not hasattr(cls, name):
                raise ImproperlyConfigured(f"{cls.__name__} must declare {name}")
        if not hasattr(cls.reads, "code"):
            raise ImproperlyConfigured(f"{cls.__name__}.reads must be a function marked with @visible")
        if not cls.many:
            extend_schema_serializer(many=False)(cls.serializer_class)
        cls.list = extend_schema(
            summary=cls.summary,
            parameters=[cls.inputs] if cls.inputs is not NoInputs else None,
            responses=cls.serializer_class(many=cls.many),
        )(_report_of(cls))

    @property
    def actor(self) -> Actor:
        return self.request._request.actor


def _report_of(cls: type[ReportViewSet]) -> Callable[..., Response]:
    def list(self, request, *args, **kwargs):
        inputs = cls.inputs(data=request.query_params)
        unknown = [name for name in request.query_params if name not in inputs.fields]
        if unknown:
            raise serializers.ValidationError({name[:100]: [_("There is no such parameter.")] for name in unknown})
        inputs.is_valid(raise_exception=True)
        answer = cls.reads(self.actor, **inputs.validated_data)
        return Response(cls.serializer_class(answer, many=cls.many).data)

    return list


class QuestionViewSet(ViewSetMixin, ApiView):
    """POST …/ answers what an action says about the body, and keeps nothing; every other method is 405.

    ``writes``: {"create": action}; ``inputs``: a serializer of the body, whose values are the action's keywords.
    ``summary`` and the docstring describe it. For questions too long for a query string.
    """

    writes: ClassVar[dict[str, Callable[..., Any]]]
    serializer_class: ClassVar[type[serializers.Serializer]]
    inputs: ClassVar[type[serializers.Serializer]]
    summary: ClassVar[str]

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("writes", "serializer_class", "inputs", "summary"):
            if not hasattr(cls, name):
                raise ImproperlyConfigured(f"{cls.__name__} must declare {name}")
        cls.create = extend_schema(
            summary=cls.summary, request=cls.inputs, responses={200: cls.serializer_class(many=False)}
        )(_question_of(cls))


def _question_of(cls: type[QuestionViewSet]) -> Callable[..., Response]:
    def create(self, request, *args, **kwargs):
        inputs = cls.inputs(data=request.data)
        unknown = [name for name in request.data if name not in inputs.fields] if isinstance(request.data, dict) else []
        if unknown:
            raise serializers.ValidationError({name[:100]: [_("There is no such field.")] for name in unknown})
        inputs.is_valid(raise_exception=True)
        answer = cls.writes["create"](actor=request._request.actor, **inputs.validated_data)
        return Response(cls.serializer_class(answer).data)

    return create
