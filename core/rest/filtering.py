"""Narrowing and sorting a list: what the address asks for is done, or refused by name."""

from collections.abc import Mapping

from django.db.models import F, Model
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import BaseFilterBackend
from rest_framework.serializers import ValidationError

ORDERING = "ordering"
NO_SUCH_PARAMETER = gettext_lazy("There is no such parameter.")


class StrictFilters(DjangoFilterBackend):
    """The viewset's FilterSet. An unknown parameter is a 400: a misspelt filter would list everything."""

    def filter_queryset(self, request, queryset, view):
        filters = getattr(self.get_filterset_class(view, queryset), "base_filters", {})
        known = {"page", "page_size", *filters}
        if view.sorting:
            known.add(ORDERING)
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise ValidationError({name[:100]: [NO_SUCH_PARAMETER] for name in unknown})
        if not request.query_params.keys() & filters.keys():
            return queryset
        return super().filter_queryset(request, queryset, view)


class DeclaredOrdering(BaseFilterBackend):
    """``?ordering=-score,name`` over the viewset's ``sorting`` (public name → path); ties are broken by id.

    Empty values come last in both directions. Without the parameter the order is that of the viewset's ``reads``.
    """

    def filter_queryset(self, request, queryset, view):
        sorting: Mapping[str, str] = view.sorting
        given = request.query_params.get(ORDERING)
        if given is None or not sorting:
            return queryset
        terms, seen = [], set()
        for word in given.split(","):
            name = word.strip().removeprefix("-")
            if name not in sorting or name in seen:
                words = _("Sort by any of %s, each once, with a minus for descending.") % ", ".join(sorting)
                raise ValidationError({ORDERING: [words]})
            seen.add(name)
            terms.append(_term(queryset.model, sorting[name], descending=word.strip().startswith("-")))
        return queryset.order_by(*terms, "pk")

    def get_schema_operation_parameters(self, view):
        names = list(getattr(view, "sorting", None) or {})
        if not names:
            return []
        return [
            {
                "name": ORDERING,
                "in": "query",
                "required": False,
                "description": "Sort by these, separated by commas; a minus in front means descending.",
                "explode": False,
                "style": "form",
                "schema": {
                    "type": "array",
                    "items": {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]},
                },
            }
        ]


def _term(model: type[Model], path: str, *, descending: bool) -> OrderBy:
    """Only a column that may be empty needs NULLS LAST, which would keep an index from serving a descending sort."""
    column = F(path)
    if not descending:
        return column.asc()
    may_be_empty = False
    for part in path.split("__"):
        field = model._meta.get_field(part)
        may_be_empty = may_be_empty or field.null
        model = field.related_model
    return column.desc(nulls_last=True) if may_be_empty else column.desc()
