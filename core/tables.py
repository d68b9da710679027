"""One list for every model: filter, sort and page live in the URL, and page, API and export share the filter set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PAGE_SIZES = (25, 50, 100, 300)


@dataclass(frozen=True, slots=True)
class Column:
    """``sort``: the ORM path the column sorts by; empty means it cannot be sorted. ``numeric`` aligns right."""

    name: str
    label: str
    sort: str = ""
    numeric: bool = False
    wide_only: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    column: Column
    query: str
    direction: str  # "ascending", "descending" or ""

    @property
    def aria_sort(self) -> str:
        return self.direction or "none"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list template needs. ``query`` is the URL's filter without paging, for links that keep it."""

    headers: list[Header]
    page: Page
    filterset: Any
    chips: list[dict]
    query: str
    page_size: int

    @property
    def rows(self) -> Sequence[Any]:
        return self.page.object_list

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips)


def _query(request: HttpRequest, **changes: str | None) -> str:
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = value
    return parameters.urlencode()


def _ordering(requested: str, columns: Sequence[Column], default: str) -> tuple[Column | None, bool]:
    descending = requested.startswith("-")
    for column in columns:
        if column.sort and column.name == requested.lstrip("-"):
            return column, descending
    if requested != default:
        return _ordering(default, columns, default)
    return None, False


def _chips(request: HttpRequest, filterset: Any) -> list[dict]:
    chips = []
    for name, field in filterset.form.fields.items():
        if not request.GET.get(name):
            continue
        values = request.GET.getlist(name)
        choices = {str(value): str(label) for value, label in getattr(field, "choices", ()) if value != ""}
        shown = ", ".join(choices.get(value, value) for value in values)
        chips.append(
            {
                "name": name,
                "label": field.label or name,
                "value": shown,
                "remove": _query(request, **{name: None, "page": None}),
            }
        )
    return chips


def build_listing(
    request: HttpRequest,
    queryset: QuerySet,
    *,
    columns: Sequence[Column],
    filterset_class: type,
    default_sort: str,
    page_size: int = 50,
) -> Listing:
    """Filter, sort and cut one page. Unknown sort keys and page numbers fall back, they never fail."""
    filterset = filterset_class(request.GET, queryset=queryset, request=request)
    rows = filterset.qs
    requested = request.GET.get("sort") or default_sort
    column, descending = _ordering(requested, columns, default_sort)
    if column:
        order = F(column.sort).desc(nulls_last=True) if descending else F(column.sort).asc(nulls_last=True)
        rows = rows.order_by(order, "pk")
    size = request.GET.get("size", "")
    size = int(size) if size.isdigit() and int(size) in PAGE_SIZES else page_size
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    headers = []
    for each in columns:
        direction = ""
        if column is each:
            direction = "descending" if descending else "ascending"
        following = f"-{each.name}" if direction == "ascending" else each.name
        headers.append(Header(each, _query(request, sort=following, page=None) if each.sort else "", direction))
    return Listing(
        headers=headers,
        page=page,
        filterset=filterset,
        chips=_chips(request, filterset),
        query=_query(request, page=None),
        page_size=size,
    )


def render_listing(request: HttpRequest, template: str, listing: Listing, **context: Any) -> HttpResponse:
    """The list as a page; for htmx only its partial "results". ``rows`` may be given where the page adds to them."""
    if request.htmx and not request.htmx.boosted:
        template += "#results"
    return render(request, template, {"listing": listing, "rows": listing.rows, **context})
