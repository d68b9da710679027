"""Serializers of tenant rows: strict when reading a body, compiled when writing an answer."""

import datetime
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.rest.references import Reference, References, Referring

MOST_ROWS = 200
LARGEST_VERSION = 2**31 - 1

ALLOW_DUPLICATE = "allow_duplicate"
NO_SUCH_FIELD = _("There is no such field.")
NOT_WRITTEN = _("This field is only read.")
REQUIRED = _("This field is required.")


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601: written with any offset, read in UTC. Without an offset it would be a guess: refused."""

    default_error_messages = {
        "no_offset": _("Give the offset too, for example 2026-05-04T09:30:00Z or 2026-05-04T11:30:00+02:00.")
    }

    def __init__(self, **kwargs):
        super().__init__(**{"default_timezone": datetime.UTC, **kwargs})

    def to_internal_value(self, value: object) -> datetime.datetime:
        if isinstance(value, str):
            try:
                parsed = parse_datetime(value)
            except ValueError:
                parsed = None
            if parsed is not None and parsed.tzinfo is None:
                self.fail("no_offset")
        return super().to_internal_value(value)


class Rows(serializers.ListSerializer):
    """A list inside a body: at most 200, its references resolved together, its errors by position."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": MOST_ROWS, **kwargs})

    def to_internal_value(self, data: object) -> list[dict[str, Any]]:
        if not isinstance(data, list):
            raise serializers.ValidationError([_("Give a list.")])
        if len(data) > self.max_length:
            raise serializers.ValidationError([_("Give at most %s.") % self.max_length])
        self._resolve_together([given for given in data if isinstance(given, Mapping)])
        values, wrong = [], {}
        for place, given in enumerate(data):
            try:
                values.append(self.child.run_validation(given))
            except serializers.ValidationError as problem:
                wrong[str(place)] = problem.detail
        if wrong:
            raise serializers.ValidationError(wrong)
        return values

    def _resolve_together(self, given: list[Mapping]) -> None:
        for name, field in self.child.fields.items():
            if isinstance(field, Reference) and not field.read_only:
                ids = [each.get(name) for each in given]
                sound = [pk for pk in ids if isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk < 2**63]
                if sound:
                    field.resolve(sound)


class TenantSerializer(serializers.ModelSerializer):
    """One kind of row in the API.

    Read from a body: names that no field has and fields that are only read are refused, so nothing is silently
    ignored. References to tenant rows are ``Reference`` fields and resolve among the rows that ``related_reads``
    (field → visible_… function) lets the actor see. ``version`` may be written by an update alone.

    Written to an answer: what is shown depends on the row alone (neither actor nor request), so that it is
    compiled once per class and costs little per row.
    """

    related_reads: ClassVar[Mapping[str, Callable[..., Any]]] = {}
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Moment,
    }

    @classmethod
    def many_init(cls, *args, **kwargs):
        meta = getattr(cls, "Meta", None)
        if meta is not None and not hasattr(meta, "list_serializer_class"):
            meta.list_serializer_class = Rows
        return super().many_init(*args, **kwargs)

    def build_relational_field(self, field_name, relation_info):
        raise ImproperlyConfigured(f"{type(self).__name__}.{field_name} must be declared as a Reference")

    def get_fields(self):
        fields = super().get_fields()
        if self.partial:
            fields.pop(ALLOW_DUPLICATE, None)  # it is said when a row is added, never later
        if "version" in fields:
            written = {"required": False, "min_value": 1, "max_value": LARGEST_VERSION}
            fields["version"] = serializers.IntegerField(**(written if self.partial else {"read_only": True}))
        for name, field in fields.items():
            if isinstance(field, Referring) and not field.read_only and name not in self.related_reads:
                raise ImproperlyConfigured(f"{type(self).__name__}.related_reads must name {name}")
        return fields

    def to_internal_value(self, data: object) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        wrong = self._strange_names(data)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as problem:
            raise serializers.ValidationError({**problem.detail, **wrong}) from None
        if wrong:
            raise serializers.ValidationError(wrong)
        return value

    def _strange_names(self, data: Mapping) -> dict[str, list]:
        fields, wrong = self.fields, {}
        for name in data:
            if name not in fields:
                wrong[str(name)[:100]] = [NO_SUCH_FIELD]
            elif fields[name].read_only:
                wrong[name] = [NOT_WRITTEN]
        if self.parent is not None and getattr(self.root, "partial", False):
            # REST framework lets the parts of a partial update leave out what they require
            for name, field in fields.items():
                if field.required and not field.read_only and name not in data:
                    wrong[name] = [REQUIRED]
        return wrong

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return self.show(instance)

    @classmethod
    def show(cls, row: Any) -> dict[str, Any]:
        """The row as the API shows it."""
        plan = cls.__dict__.get("_plan")
        if plan is None:
            plan = cls._plan = _plan_of(cls)
        return {name: shown(row) for name, shown in plan}


def _plan_of(serializer_class: type[TenantSerializer]) -> list[tuple[str, Callable[[Any], Any]]]:
    serializer = serializer_class()
    return [(name, _shower_of(field)) for name, field in serializer.fields.items() if not field.write_only]


AS_THEY_ARE = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.JSONField,
)


def _shower_of(field: serializers.Field) -> Callable[[Any], Any]:
    """How to show one field of a row: an attribute as it is, or what REST framework makes of it."""
    if hasattr(field, "shower"):
        return field.shower()
    if field.source == "*":
        return field.to_representation
    value_of = _value_of(field.source)
    if isinstance(field, Rows):
        show = type(field.child).show
        return lambda row: [show(each) for each in value_of(row).all()]
    if isinstance(field, TenantSerializer):
        show = type(field).show
        return lambda row: None if (value := value_of(row)) is None else show(value)
    if isinstance(field, Moment):
        return lambda row: moment(value_of(row))
    if isinstance(field, AS_THEY_ARE):
        return value_of
    represent = field.to_representation
    return lambda row: None if (value := value_of(row)) is None else represent(value)


def _value_of(source: str) -> Callable[[Any], Any]:
    """The attribute at a dotted path, None as soon as something on the way is None."""
    if "." not in source:
        return attrgetter(source)
    steps = source.split(".")

    def value_of(row: Any) -> Any:
        for step in steps:
            if row is None:
                return None
            row = getattr(row, step)
        return row

    return value_of


def moment(value: datetime.datetime | None) -> str | None:
    """A moment in UTC, for example 2026-05-04T09:30:00Z."""
    if value is None:
        return None
    return value.astimezone(datetime.UTC).isoformat().removesuffix("+00:00") + "Z"


class Listed(serializers.Field):
    """Names out of a list of rows: ``Listed("aliases", "name")``; written as a list of short texts."""

    default_error_messages = {
        "not_a_list": _("Give a list of texts."),
        "not_text": _("Give texts of 1 to {longest} characters."),
        "too_many": _("Give at most {most}."),
    }

    def __init__(self, rows: str, attribute: str, *, longest: int = 300, **kwargs):
        super().__init__(**kwargs)
        self.rows, self.attribute, self.longest = rows, attribute, longest

    def to_internal_value(self, data: object) -> list[str]:
        if not isinstance(data, list):
            self.fail("not_a_list")
        if len(data) > MOST_ROWS:
            self.fail("too_many", most=MOST_ROWS)
        for each in data:
            if not isinstance(each, str) or not 1 <= len(each.strip()) <= self.longest or "\0" in each:
                self.fail("not_text", longest=self.longest)
        return [each.strip() for each in data]

    def shower(self) -> Callable[[Any], Any]:
        rows_of, text_of = attrgetter(self.rows), attrgetter(self.attribute)
        return lambda row: [text_of(each) for each in rows_of(row).all()]


__all__ = ["Listed", "Moment", "Reference", "References", "Rows", "TenantSerializer", "moment"]
