"""References to other rows: an id when written, id and name when read.

An id resolves among the rows that the field's ``related_reads`` entry lets the actor see. A row of another office, one
that the actor may not see and one that does not exist are answered alike.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.actor import Actor

LARGEST_ID = 2**63 - 1
MOST_REFERENCES = 200

Read = Callable[[Actor], Any]


class Named(serializers.Serializer):
    """What an answer says of a row that it refers to."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class Referring(serializers.Field):
    """What one and many references have in common."""

    default_error_messages = {
        "not_an_id": _("Give the id of a record, a whole number."),
        "not_there": _("There is no such record, or none that you may see."),
        "not_a_list": _("Give a list of ids."),
        "too_many": _("Give at most {most}."),
    }

    def id_of(self, given: object) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= LARGEST_ID:
            self.fail("not_an_id")
        return given

    def resolve(self, ids: Iterable[int]) -> dict[int, Any]:
        """The visible rows among ``ids``, asked for once per request and never one by one."""
        read = getattr(self.parent, "related_reads", {}).get(self.field_name)
        if read is None:
            raise ImproperlyConfigured(f"{self.parent!r} has no related_reads for {self.field_name}")
        known = self.context.setdefault("resolved", {}).setdefault(read, {})
        wanted = set(ids) - known.keys()
        if wanted:
            rows = read(self.context["actor"]).select_related(None).prefetch_related(None).order_by()
            found = {row.pk: row for row in rows.filter(pk__in=wanted)}
            known.update({pk: found.get(pk) for pk in wanted})
        return known


class Reference(Referring):
    """One row. ``named`` is the path from it to its name."""

    def __init__(self, *, named: str = "name", **kwargs):
        super().__init__(**kwargs)
        self.named = named

    def to_internal_value(self, data: object) -> Any:
        pk = self.id_of(data)
        row = self.resolve([pk])[pk]
        if row is None:
            self.fail("not_there")
        return row

    def shower(self) -> Callable[[Any], Any]:
        row_of, name_of = attrgetter(self.source), attrgetter(self.named)

        def show(row: Any) -> dict[str, Any] | None:
            other = row_of(row)
            return None if other is None else {"id": other.pk, "name": name_of(other)}

        return show

    def to_representation(self, value: Any) -> dict[str, Any]:
        return {"id": value.pk, "name": attrgetter(self.named)(value)}


class References(Referring):
    """Many rows through linking ones: ``References("participants", "contact")``. Written, they replace the list."""

    def __init__(self, through: str, to: str, *, named: str = "name", **kwargs):
        super().__init__(**kwargs)
        self.through, self.to, self.named = through, to, named

    def to_internal_value(self, data: object) -> list[Any]:
        if not isinstance(data, list):
            self.fail("not_a_list")
        if len(data) > MOST_REFERENCES:
            self.fail("too_many", most=MOST_REFERENCES)
        ids = list(dict.fromkeys(self.id_of(given) for given in data))
        known = self.resolve(ids)
        rows = [known[pk] for pk in ids]
        if None in rows:
            self.fail("not_there")
        return rows

    def shower(self) -> Callable[[Any], Any]:
        links_of, other_of, name_of = attrgetter(self.through), attrgetter(self.to), attrgetter(self.named)
        id_of = attrgetter(f"{self.to}_id")

        def show(row: Any) -> list[dict[str, Any]]:
            others = [other_of(link) for link in links_of(row).all() if id_of(link) is not None]
            return [{"id": other.pk, "name": name_of(other)} for other in others]

        return show

    def to_representation(self, value: Any) -> Any:
        raise NotImplementedError("References are shown by their serializer")
