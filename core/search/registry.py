"""What can be found: apps register their kinds of rows, and the jumps of the palette, in ready()."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.urls import reverse

from core.actor import Actor

GROUPS = ("partners", "people", "records")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows that search finds.

    ``view``: the name of its search view, made by ``search_view`` in a migration. ``reads``: what of it an actor may
    see, marked with @visible; only these rows are found, counted and quoted. ``key``: the field of ``reads`` that the
    view's ids refer to. ``title``, ``about`` and ``text`` are ORM expressions of ``reads``: what names a row, what
    tells it from its namesakes, and the long text from which a fragment is shown. ``hides``: the code of a kind whose
    rows are the same things seen otherwise; whoever finds one here does not find it there again. ``reasons`` says in
    words why a row was found, by the view's ``field``. ``newest_first``: many rows with much text, in which the
    latest matter: all words must stand in one text, and misspelling is not forgiven. ``titles``: words for titles
    that are codes. ``recent``: the few rows the actor worked with last, with ``worked_at``.
    """

    code: str
    label: str
    icon: str
    group: str
    view: str
    url_name: str
    reads: Callable[..., QuerySet]
    title: object
    about: object
    order: int
    key: str = "pk"
    text: str = ""
    hides: str = ""
    newest_first: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    recent: Callable[[Actor], QuerySet] | None = None

    def url_of(self, pk: int) -> str:
        return reverse(self.url_name, args=[pk])


@dataclass(frozen=True, slots=True)
class Jump:
    """Something to start from the palette, such as adding a partner; ``anchor`` is the place on the page for it."""

    label: str
    url_name: str
    icon: str
    permission: str
    anchor: str = ""

    @property
    def address(self) -> str:
        return f"{reverse(self.url_name)}#{self.anchor}" if self.anchor else reverse(self.url_name)


_kinds: dict[str, Kind] = {}
_jumps: list[Jump] = []


def register_kind(kind: Kind) -> None:
    if kind.code in _kinds:
        raise ImproperlyConfigured(f"Search knows {kind.code} already")
    if kind.group not in GROUPS or not hasattr(kind.reads, "code"):
        raise ImproperlyConfigured(f"{kind.code}: its group is none, or its reads are not marked with @visible")
    _kinds[kind.code] = kind


def register_jumps(*jumps: Jump) -> None:
    _jumps.extend(jumps)


def kinds_for(actor: Actor) -> list[Kind]:
    """What this actor may look for, in order."""
    return sorted((each for each in _kinds.values() if actor.may(each.reads.code)), key=lambda each: each.order)


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda each: each.order)


def jumps_for(actor: Actor) -> list[dict]:
    """What this actor may start, as label, url and icon."""
    return [
        {"label": each.label, "url": each.address, "icon": each.icon} for each in _jumps if actor.may(each.permission)
    ]
