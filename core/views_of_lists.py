"""Views of a list: its query in canonical form, checked before it is kept, and where apps keep them.

``tenants`` registers its tables below ``register_views``; this floor knows no model.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import InvalidInput
from core.lists import PAGE_SIZES, List, list_of, lists

LONGEST_QUERY = 2000


class View(Protocol):
    """What pages need to know of a kept view. ``may_change``: whether the reader may save, rename, share, delete."""

    pk: int
    name: str
    list_code: str
    query: str
    is_pinned: bool
    is_default: bool
    may_change: bool


class Views(Protocol):
    """Where views are kept: those that an actor sees of one list, and those pinned, one statement each."""

    def of_list(self, actor: Actor, code: str) -> Sequence[View]: ...

    def pinned(self, actor: Actor) -> Sequence[View]: ...


class NoViews:
    def of_list(self, actor: Actor, code: str) -> Sequence[View]:
        return ()

    def pinned(self, actor: Actor) -> Sequence[View]:
        return ()


_store: Views = NoViews()


def register_views(store: Views) -> None:
    """Called once from an app's ready()."""
    global _store
    _store = store


def views_of(actor: Actor, code: str) -> Sequence[View]:
    return _store.of_list(actor, code)


def pinned_views(actor: Actor) -> Sequence[View]:
    return _store.pinned(actor)


def address_query(view: View) -> str:
    """The query of a view's address: all of it, so that the address works for whoever may open the list."""
    return "&".join(filter(None, [f"view={view.pk}", view.query]))


def canonical_query(declared: List, parameters: QueryDict, *, left_out: Sequence[str] = ()) -> str:
    """The filter, columns, sort, size and shape of an address in one form: what is default or unknown is left out."""
    kept = QueryDict(mutable=True)
    for name in sorted(declared.filter_names):
        values = sorted({value.strip() for value in parameters.getlist(name) if value.strip()})
        if values and name not in left_out:
            kept.setlist(name, values)
    columns = declared.columns_of(parameters)
    if columns != declared.default_columns:
        kept["columns"] = ",".join(column.name for column in columns)
    column, descending = declared.sorting_of(parameters)
    sort = f"{'-' if descending else ''}{column.name}" if column else ""
    if sort and sort != declared.default_sort:
        kept["sort"] = sort
    size = parameters.get("size", "")
    if size in map(str, PAGE_SIZES) and size != str(declared.page_size):
        kept["size"] = size
    if parameters.get("shape") in [shape.name for shape in declared.shapes]:
        kept["shape"] = parameters["shape"]
    return kept.urlencode(safe=",")


def checked_list(actor: Actor, code: str) -> List:
    """The list with this code, if the actor may read it. Raises InvalidInput for any other."""
    declared = list_of(code)
    if declared is None or not actor.may(declared.reads.code):
        codes = ", ".join(each.code for each in lists() if actor.may(each.reads.code))
        words = _("There is no such list, or none that you may see. You may see: %s.") % codes
        raise InvalidInput("no_such_list", words, field="list_code")
    return declared


def checked_query(actor: Actor, declared: List, query: str) -> str:
    """The query in canonical form. Raises InvalidInput when a part of its filter is unknown or does not hold."""
    if len(query) > LONGEST_QUERY:
        words = _("This filter is too long to keep: %(most)d characters at most.") % {"most": LONGEST_QUERY}
        raise InvalidInput("query_too_long", words, field="query")
    parameters = QueryDict(query)
    known = {*declared.filter_names, "columns", "sort", "size", "shape"}
    if strange := [name for name in parameters if name not in known]:
        words = _("The list has no filter called %s.") % ", ".join(name[:100] for name in strange)
        raise InvalidInput("unknown_filter", words, field="query")
    filterset, _rows = declared.filtered(actor, parameters)
    if errors := filterset.form.errors:
        labels = [f"{filterset.form.fields[name].label or name}: {' '.join(each)}" for name, each in errors.items()]
        raise InvalidInput("invalid_filter", " ".join(labels), field="query")
    return canonical_query(declared, parameters)


def filter_parts(filterset: Any, parameters: QueryDict) -> list[tuple[str, str, str]]:
    """The parts of a filter that hold: parameter, label and value in words."""
    parts, form = [], filterset.form
    for name, field in form.fields.items():
        values = [value for value in parameters.getlist(name) if value]
        if not values or name in form.errors:
            continue
        choices = {str(value): str(label) for value, label in getattr(field, "choices", ()) if value != ""}
        shown = ", ".join(choices.get(value, value) for value in values)
        parts.append((name, str(field.label or name), shown))
    return parts


def filter_in_words(filterset: Any, parameters: QueryDict) -> str:
    """The whole filter as one line: "Health: At risk; Tier: Strategic"."""
    return "; ".join(f"{label}: {value}" for _name, label, value in filter_parts(filterset, parameters))
