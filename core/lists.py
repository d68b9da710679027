"""What a list is: declared once by its app, known by its code to pages, saved views, exports and neighbors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.urls import get_resolver

from core.actor import Actor

PAGE_SIZES = (25, 50, 100, 300)


@dataclass(frozen=True, slots=True)
class Column:
    """``sort``: the ORM path the column sorts by; empty means it cannot be sorted. ``numeric`` aligns right.

    ``css``: lead (beside the name on a phone), hide-phone, long-name, wrap. ``shown`` off: only for who chooses it.
    ``value``: what an export writes, the path of an attribute ("owner.name") or a function of the row; without one
    the column is not exported; ``currency`` is the path of an amount's currency, which then follows it in a file.
    The first column of a list names the row and is always there.
    """

    name: str
    label: str
    sort: str = ""
    numeric: bool = False
    wide_only: bool = False
    css: str = ""
    shown: bool = True
    value: str | Callable[[Any], Any] = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list without any row says: why it is empty, and one thing to do for who holds ``permission``."""

    text: str
    icon: str = ""
    action: str = ""
    url_name: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Another way to see the same rows, ``?shape=<name>``; its template is included in place of the table.

    ``keeps``: the parameter that says which part of the rows it shows, which stays when the filter changes.
    """

    name: str
    label: str
    icon: str
    template: str
    keeps: str = ""


@dataclass(frozen=True)
class Operation:
    """One change that the bulk bar of a list offers: an action for every chosen row, and what it needs to know.

    ``subject`` is the keyword under which the action takes the row, or what stands at the path ``of`` from it
    ("organization"). ``form_class`` (core.bulk.BulkForm) asks for the action's other arguments. ``is_done`` answers
    whether a row is so already and ``already`` is the code of the refusal that says so: such rows count as unchanged.
    ``title`` and ``told`` are ngettext_lazy over ``n``: "Tag 3 partners", "3 partners tagged."
    """

    code: str
    label: str
    action: Callable[..., Any]
    subject: str
    title: Any
    told: Any
    icon: str = ""
    of: str = ""
    form_class: type | None = None
    is_done: Callable[[Any, dict[str, Any]], bool] | None = None
    already: str = ""

    def __post_init__(self):
        if not hasattr(self.action, "code"):
            raise ImproperlyConfigured(f"The bulk operation {self.code} must call a function marked with @action")

    @property
    def permission(self) -> str:
        return self.action.code


@dataclass(frozen=True)
class List:
    """A list as an app declares it, once, with ``register_list``; ``code`` names it in addresses and saved views.

    ``reads`` is the @visible function behind it, ``row_template`` holds its cells (``{% cells %}``), ``counted`` is
    an ngettext_lazy over ``n``, ``api`` the prefix of the resource that answers the same filter, ``shapes`` what
    stands beside the table, ``default_shape`` what an address without ``shape`` shows (empty: the table), ``bulk``
    what the bulk bar offers (empty: no column of checkboxes), ``opens_with`` the query that a bare address stands for
    until a member marks a view as their default (empty: everything).
    """

    code: str
    label: str
    url_name: str
    reads: Callable[[Actor], QuerySet]
    filterset_class: type
    columns: Sequence[Column]
    default_sort: str
    row_template: str
    counted: Any
    empty: Empty
    no_match: str
    api: str = ""
    page_size: int = 50
    shapes: Sequence[Shape] = ()
    default_shape: str = ""
    bulk: Sequence[Operation] = ()
    opens_with: str = ""

    def operation(self, code: str) -> Operation | None:
        return next((operation for operation in self.bulk if operation.code == code), None)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def default_columns(self) -> list[Column]:
        return [column for column in self.columns if column.shown]

    def columns_of(self, parameters: QueryDict) -> list[Column]:
        """The columns that an address asks for, in its order, the first of the list always first."""
        names = [name for value in parameters.getlist("columns") for name in value.split(",")]
        asked = [column for name in dict.fromkeys(names) if (column := self.column(name))]
        if not asked:
            return self.default_columns
        first = self.columns[0]
        return [first, *(column for column in asked if column is not first)]

    def sorting_of(self, parameters: QueryDict) -> tuple[Column | None, bool]:
        """The column an address sorts by and whether downwards; an unknown one falls back to the default."""
        for wanted in (parameters.get("sort", ""), self.default_sort):
            column = self.column(wanted.removeprefix("-"))
            if column and column.sort:
                return column, wanted.startswith("-")
        return None, False

    def filtered(self, actor: Actor, parameters: QueryDict, rows: QuerySet | None = None) -> tuple[Any, QuerySet]:
        """The bound filter set, and the rows filtered and sorted. Parts of the filter that do not hold are left out."""
        rows = self.reads(actor) if rows is None else rows
        filterset = self.filterset_class(parameters, queryset=rows, request=SimpleNamespace(actor=actor))
        found = filterset.qs
        column, descending = self.sorting_of(parameters)
        if column:
            order = F(column.sort).desc(nulls_last=True) if descending else F(column.sort).asc(nulls_last=True)
            found = found.order_by(order, "pk")
        return filterset, found

    def shape_of(self, parameters: QueryDict) -> Shape | None:
        """The shape that an address asks for; None for the table."""
        wanted = parameters.get("shape", self.default_shape)
        return next((shape for shape in self.shapes if shape.name == wanted), None)

    @property
    def filter_names(self) -> list[str]:
        return list(self.filterset_class.base_filters)


_lists: dict[str, List] = {}


def register_list(declared: List) -> List:
    """Make a list known by its code, for views, exports and the way from row to row. The same code twice raises."""
    if declared.code in _lists:
        raise ImproperlyConfigured(f"Two lists are called {declared.code}")
    if not hasattr(declared.reads, "code"):
        raise ImproperlyConfigured(f"The list {declared.code} must read by a function marked with @visible")
    _lists[declared.code] = declared
    return declared


def list_of(code: str) -> List | None:
    """The list with this code; None when there is none."""
    return _declared().get(code)


def lists() -> list[List]:
    """Every list, by code."""
    return [each for _code, each in sorted(_declared().items())]


def _declared() -> dict[str, List]:
    """Lists are declared beside their pages, so those are loaded first; a worker may not have needed them yet."""
    get_resolver(settings.TENANT_URLCONF).url_patterns  # noqa: B018  it imports the views, once
    return _lists
