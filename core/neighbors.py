"""From row to row: a page opened from a list knows where in the list it stands, and the rows before and after.

The list travels in the address (``?from=<list>&i=<place>&q=<query>``), so it works as a plain link, in several
windows and for whoever the address is sent to.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from core.lists import list_of
from core.views_of_lists import LONGEST_QUERY, views_of

MOST_ROWS = 5_000
LARGEST_PLACE = 6  # digits


def origin(code: str, query: str, place: int) -> str:
    """What the address of a row says of the list it was opened from; ``place`` counts from 1."""
    return urlencode({"from": code, "i": place, **({"q": query} if query else {})}, quote_via=quote, safe=",")


@dataclass(frozen=True, slots=True)
class Neighbors:
    """``place`` is None when the row is no longer in the list; then the neighbors are those of where it stood.
    ``view`` is the name of the view, or empty.
    """

    place: int | None
    total: int
    view: str
    label: str
    back: str
    previous: str
    following: str


def carried(request: HttpRequest) -> str:
    """What links between the tabs of a page append, so that they keep the list: "&from=…", or the empty string."""
    kept = {name: request.GET[name] for name in ("from", "i", "q") if request.GET.get(name)}
    return f"&{urlencode(kept, quote_via=quote, safe=',')}" if "from" in kept else ""


def neighbors_of(request: HttpRequest, row: Model) -> Neighbors | None:
    """Where a row stands in the list that the address names; None without one, or for a list of something else.

    Two statements at most. Of lists with more than 5,000 rows only the beginning is looked at.
    """
    code, query = request.GET.get("from", ""), request.GET.get("q", "")
    declared = list_of(code)
    if declared is None or len(query) > LONGEST_QUERY or not request.actor.may(declared.reads.code):
        return None
    parameters = QueryDict(query)
    _filterset, rows = declared.filtered(request.actor, parameters)
    if rows.model is not type(row):
        return None
    ids = list(rows.prefetch_related(None).values_list("pk", flat=True)[:MOST_ROWS])
    given = request.GET.get("i", "")
    stood = int(given) if given.isascii() and given.isdecimal() and len(given) <= LARGEST_PLACE else 1
    place = ids.index(row.pk) + 1 if row.pk in ids else None
    before = (place or min(stood, len(ids) + 1)) - 1
    after = before + 1 if place else before

    match, tab = request.resolver_match, request.GET.get("tab", "")
    same_tab = f"&{urlencode({'tab': tab})}" if tab else ""

    def address(at: int) -> str:
        if not 0 <= at < len(ids):
            return ""
        there = reverse(match.view_name, kwargs={**match.kwargs, "pk": ids[at]})
        return f"{there}?{origin(code, query, at + 1)}{same_tab}"

    wanted, view = parameters.get("view", ""), ""
    if wanted.isdecimal():
        view = next((each.name for each in views_of(request.actor, code) if str(each.pk) == wanted), "")
    return Neighbors(
        place=place,
        total=len(ids),
        view=view,
        label=str(declared.label),
        back=f"{reverse(declared.url_name)}?{query or 'view='}",
        previous=address(before - 1),
        following=address(after),
    )
