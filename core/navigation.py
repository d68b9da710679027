"""The rail: apps register their entries in ready(), the frame shows those the actor may open."""

from dataclasses import dataclass

from django.urls import reverse

from core.actor import Actor
from core.lists import list_of
from core.views_of_lists import address_query, pinned_views


@dataclass(frozen=True, slots=True)
class Entry:
    """``key`` is the second letter after g; ``order`` sorts; ``group`` is main, settings or primary.

    ``area``: the pages that belong to it although their addresses do not begin with its own. ``inside``: the entry
    whose page leads here; who may open that one finds this one there, and in the palette, not in the rail.
    """

    label: str
    url_name: str
    icon: str
    permission: str
    order: int
    key: str = ""
    group: str = "main"
    area: tuple[str, ...] = ()
    inside: str = ""


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    _entries.extend(entries)


def primary_for(actor: Actor) -> str:
    """The address behind the frame's one primary button; empty when the actor may not use it."""
    for entry in _entries:
        if entry.group == "primary" and actor.may(entry.permission):
            return reverse(entry.url_name)
    return ""


def navigation_for(actor: Actor, path: str) -> list[dict]:
    """The entries this actor may open, in order.

    The current one is that with the longest address that begins ``path``, its own or one of its area. Those inside
    another entry have the group ``inside``, and their addresses are that one's area.
    """
    entries = [each for each in _entries if each.group != "primary" and actor.may(each.permission)]
    shown = {each.url_name for each in entries}
    inside = [each for each in entries if each.inside in shown]
    rows = [
        {
            "label": entry.label,
            "url": reverse(entry.url_name),
            "icon": entry.icon,
            "key": f"g {entry.key}" if entry.key else "",
            "group": "inside" if entry in inside else entry.group,
            "current": False,
            "addresses": [reverse(name) for name in (entry.url_name, *entry.area, *_within(entry, inside))],
        }
        for entry in sorted(entries, key=lambda entry: entry.order)
    ]
    outside = [row for row in rows if row["group"] != "inside"]
    matching = [(each, row) for row in outside for each in row["addresses"] if path.startswith(each)]
    if matching:
        address, best = max(matching, key=lambda pair: len(pair[0]))
        root = min((row["url"] for row in rows), key=len)
        best["current"] = address != root or path == root
    return rows


def _within(entry: Entry, inside: list[Entry]) -> list[str]:
    return [each.url_name for each in inside if each.inside == entry.url_name]


def rail_for(actor: Actor, path: str) -> list[dict]:
    """What the rail shows of ``navigation_for``."""
    return [row for row in navigation_for(actor, path) if row["group"] != "inside"]


def pinned_for(actor: Actor, view: str = "") -> list[dict]:
    """The views that the actor pinned, by name; ``view`` is the id of the one that the page shows. One statement."""
    return [
        {
            "label": each.name,
            "url": f"{reverse(declared.url_name)}?{address_query(each)}",
            "icon": "pin",
            "key": "",
            "current": str(each.pk) == view,
        }
        for each in pinned_views(actor)
        if (declared := list_of(each.list_code)) is not None
    ]
