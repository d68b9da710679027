"""One address of a list: filter, columns, sort, size and page live in the URL, so that it can be linked and kept.

What a list is stands in ``core.lists``. Page, API and export share the filter set.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from core.bulk import MOST_ROWS
from core.exports import AT_ONCE
from core.lists import PAGE_SIZES, Column, Empty, List, Operation, Shape, register_list
from core.views_of_lists import View, address_query, canonical_query, filter_parts, views_of
from core.widgets import draw_as_filter

__all__ = ["Column", "Empty", "List", "Listing", "Shape", "build_listing", "register_list", "render_listing"]

SHAPING = ("columns", "sort", "size", "shape")  # what a view keeps besides the filter
RESERVED = {*SHAPING, "view", "page"}


@dataclass(frozen=True, slots=True)
class Header:
    column: Column
    query: str
    direction: str  # "ascending", "descending" or ""

    @property
    def aria_sort(self) -> str:
        return self.direction or "none"


def encode(parameters: QueryDict) -> str:
    return parameters.urlencode(safe=",")


@dataclass(frozen=True)
class Listing:
    """What one address of a list shows, and the queries of its links. ``total`` counts what matches, ``all`` all."""

    list: List
    parameters: QueryDict
    filterset: Any
    page: Page
    columns: Sequence[Column]
    chips: Sequence[dict]
    page_size: int
    all: int
    views: Sequence[View] = ()
    totals: Mapping[str, str] = field(default_factory=dict)
    operations: Sequence[Operation] = ()

    @property
    def rows(self) -> Sequence[Any]:
        return self.page.object_list

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def takes_long(self) -> bool:
        """Whether a file of these rows is written in the background."""
        return self.total > AT_ONCE

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips)

    @property
    def bulk(self) -> Sequence[Operation]:
        """What the reader may do with many rows at once; only the table has boxes to choose them by."""
        return () if self.shape else self.operations

    @property
    def most_at_once(self) -> int:
        return MOST_ROWS

    @property
    def shape(self) -> Shape | None:
        return self.list.shape_of(self.parameters)

    @property
    def shapes(self) -> list[dict]:
        """The ways to see these rows, the table first; empty when there is only the table."""
        if not self.list.shapes:
            return []
        plain = self.query_with(shape="table" if self.list.default_shape else None)
        table = {"label": _("Table"), "icon": "table", "query": plain, "current": not self.shape}
        return [table] + [
            {
                "label": shape.label,
                "icon": shape.icon,
                "query": self.query_with(shape=shape.name),
                "current": shape is self.shape,
            }
            for shape in self.list.shapes
        ]

    def query_with(self, **changes: str | None) -> str:
        """The address's query with changes, back on the first page; None removes a parameter."""
        parameters = self.parameters.copy()
        for name, value in {"page": None, **changes}.items():
            parameters.pop(name, None)
            if value is not None:
                parameters[name] = value
        return encode(parameters)

    @property
    def query(self) -> str:
        """The address's query without the page, for links that keep filter, columns and sort."""
        return self.query_with()

    @property
    def cleared(self) -> str:
        """The query without any filter. It is never empty: a bare address opens the reader's default view."""
        parameters = self.parameters.copy()
        for name in [name for name in parameters if name not in RESERVED or name == "page"]:
            parameters.pop(name)
        parameters.setdefault("view", "")
        return encode(parameters)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter's form sends along: everything that is neither filter nor page."""
        names = {*RESERVED, self.shape.keeps} if self.shape else RESERVED
        named = [name for name in self.parameters if name in names and name != "page"]
        kept = [(name, value) for name in named for value in self.parameters.getlist(name)]
        return kept if "view" in named else [*kept, ("view", "")]

    @property
    def headers(self) -> list[Header]:
        sorted_by, descending = self.list.sorting_of(self.parameters)
        headers = []
        for column in self.columns:
            direction = ""
            if column is sorted_by:
                direction = "descending" if descending else "ascending"
            following = f"-{column.name}" if direction == "ascending" else column.name
            headers.append(Header(column, self.query_with(sort=following) if column.sort else "", direction))
        return headers

    @property
    def count_words(self) -> str:
        """ "213 partners", or "48 of 213 partners" while a filter is in force."""
        everything = self.list.counted % {"n": self.all}
        return _("%(shown)s of %(all)s") % {"shown": self.total, "all": everything} if self.is_filtered else everything

    @property
    def announcement(self) -> str:
        """What a screen reader hears after the list changed: "48 of 213 partners, sorted by Health, descending"."""
        column, descending = self.list.sorting_of(self.parameters)
        if column is None:
            return self.count_words
        words = _("%(count)s, sorted by %(column)s, descending") if descending else _("%(count)s, sorted by %(column)s")
        return words % {"count": self.count_words, "column": column.label}

    @property
    def total_cells(self) -> list[tuple[Column, str]]:
        """The totals row: one cell for each column after the first."""
        return [(column, self.totals.get(column.name, "")) for column in self.columns[1:]]

    @property
    def problems(self) -> list[str]:
        """The parts of the filter that do not hold and were left out, in words."""
        form = self.filterset.form
        found = [
            f"{form.fields[name].label or name}: {' '.join(errors)}" if name in form.fields else " ".join(errors)
            for name, errors in form.errors.items()
        ]
        strange = [name for name in self.parameters if self.view and name not in {*form.fields, *RESERVED}]
        return found + [_("%s: this list has no such filter.") % name[:100] for name in strange]

    @property
    def address(self) -> str:
        return reverse(self.list.url_name)

    @cached_property
    def canonical(self) -> str:
        """The query in the form in which views keep it, without the parts that do not hold."""
        return canonical_query(self.list, self.parameters, left_out=list(self.filterset.form.errors))

    @cached_property
    def view(self) -> View | None:
        """The view that the address names, if the reader may see it."""
        wanted = self.parameters.get("view", "")
        return next((view for view in self.views if str(view.pk) == wanted), None)

    @property
    def is_modified(self) -> bool:
        """Whether the address shows something else than its view keeps, or than the list shows by itself."""
        return self.canonical != (self.view.query if self.view else "")

    @property
    def view_links(self) -> list[tuple[View, str]]:
        return [(view, address_query(view)) for view in self.views]

    @property
    def reset(self) -> str:
        """The query that undoes what was changed: the view as it is kept, or the whole list."""
        return address_query(self.view) if self.view else "view="

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column after the first, and whether it is shown."""
        return [(column, column in self.columns) for column in self.list.columns[1:]]

    @property
    def sizes(self) -> list[tuple[int, bool]]:
        return [(size, size == self.page_size) for size in PAGE_SIZES]

    @property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        """What the form for columns and page size sends along: all the rest but the page."""
        names = [name for name in self.parameters if name not in ("columns", "size", "page")]
        kept = [(name, value) for name in names for value in self.parameters.getlist(name) if value]
        return [*kept, ("columns", self.list.columns[0].name)]

    @property
    def default_columns(self) -> str:
        """The query with the columns and the page size that the list has by itself."""
        return self.query_with(columns=None, size=None, view=self.parameters.get("view", ""))

    @property
    def api_path(self) -> str:
        """The resource with the same filter, below the office's address: it shares the filter set, not the sorting."""
        parameters = QueryDict(self.canonical, mutable=True)
        for name in SHAPING:
            parameters.pop(name, None)
        return f"api/v1/{self.list.api}/" + (f"?{encode(parameters)}" if parameters else "")

    @cached_property
    def origin_query(self) -> str:
        """The query that a row's address remembers; empty for the list as it opens."""
        return self.address_query if self.view or self.canonical else ""

    @property
    def address_query(self) -> str:
        """The query of the address to copy: what the list shows, and the view it began with."""
        return "&".join(filter(None, [f"view={self.view.pk if self.view else ''}", self.canonical]))


def _chips(parameters: QueryDict, filterset: Any) -> list[dict]:
    chips = []
    for name, label, value in filter_parts(filterset, parameters):
        without = parameters.copy()
        for gone in (name, "page"):
            without.pop(gone, None)
        without.setdefault("view", "")
        chips.append({"name": name, "label": label, "value": value, "remove": encode(without)})
    return chips


def build_listing(
    request: HttpRequest,
    declared: List,
    *,
    rows: QuerySet | None = None,
    totals: Callable[[QuerySet, Sequence[Column]], Mapping[str, str]] | None = None,
) -> Listing:
    """Filter, sort and cut one page. Unknown sort keys, columns and page numbers fall back, they never fail.

    ``rows`` narrows or widens what the list's ``reads`` gives. ``totals`` answers texts by column name for the last
    line of the table, from all rows that match and the columns that are shown; other shapes do not ask for it.
    """
    parameters, views = request.GET.copy(), views_of(request.actor, declared.code)
    if not request.GET:
        default = next((view for view in views if view.is_default), None)
        parameters = QueryDict(address_query(default) if default else declared.opens_with, mutable=True)
    if "columns" in parameters:
        parameters["columns"] = ",".join(column.name for column in declared.columns_of(parameters))
    everything = declared.reads(request.actor) if rows is None else rows
    filterset, found = declared.filtered(request.actor, parameters, everything)
    draw_as_filter(filterset.form)
    wanted = parameters.get("size", "")
    size = int(wanted) if wanted.isdecimal() and int(wanted[:4]) in PAGE_SIZES else declared.page_size
    page = Paginator(found, size).get_page(parameters.get("page"))
    chips, columns = _chips(parameters, filterset), declared.columns_of(parameters)
    return Listing(
        list=declared,
        parameters=parameters,
        filterset=filterset,
        page=page,
        columns=columns,
        chips=chips,
        page_size=size,
        all=everything.count() if chips else page.paginator.count,
        views=views,
        totals=totals(found, columns) if totals and declared.shape_of(parameters) is None else {},
        operations=[each for each in declared.bulk if request.actor.may(each.permission)],
    )


def render_listing(request: HttpRequest, listing: Listing, template: str = "list.html", **context: Any) -> HttpResponse:
    """The list as a page; for htmx only what stands below the heading. A page that adds to its rows gives ``rows``."""
    # A form in a dialog that leads back to a list needs the whole page, to show it in place of the one below.
    if request.htmx and not request.htmx.boosted and request.htmx.target in (None, "results"):
        template = "components/listing.html"
    empty = listing.list.empty
    offers = bool(empty.action) and (not empty.permission or request.actor.may(empty.permission))
    call = ""
    if listing.list.api:
        resource = request.build_absolute_uri(f"{get_script_prefix()}{listing.api_path}")
        call = f"curl -H \"Authorization: Bearer $CAUSEWAY_TOKEN\" '{resource}'"
    given = {
        "listing": listing,
        "rows": listing.rows,
        "empty": empty,
        "empty_url": reverse(empty.url_name) if offers else "",
        "view_address": request.build_absolute_uri(f"{listing.address}?{listing.address_query}"),
        "api_call": call,
    }
    return render(request, template, {**given, **context})
