"""Where apps above add to what this floor shows of organizations and people; called from their ready()."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Cast

from core.actor import Actor
from organizations.models import Contact, Organization


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page about one row. ``read(actor, row)`` answers its context, None when there is nothing to show.

    ``place`` is main or side; sections of one place stand by ``order``.
    """

    template: str
    read: Callable[[Actor, Any], Mapping[str, Any] | None]
    place: str = "main"
    order: int = 50


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What an app above holds on a person: ``read(actor, contact)`` answers flat records of plain values."""

    label: str
    read: Callable[[Actor, Contact], list[dict[str, Any]]]


SUBJECTS = (Organization, Contact)
_sections: dict[type, list[Section]] = {subject: [] for subject in SUBJECTS}
_personal_data: list[PersonalData] = []
_last_touch: list[Callable[[Actor, QuerySet[Contact]], QuerySet[Contact]]] = []


def register_section(subject: type, section: Section) -> None:
    _sections[subject].append(section)


def sections_of(actor: Actor, row: Organization | Contact) -> dict[str, list[dict[str, Any]]]:
    """The sections that apps above add to a row's page for this actor, by place: template and what it shows."""
    found: dict[str, list[dict[str, Any]]] = {"main": [], "side": []}
    for section in sorted(_sections[type(row)], key=lambda section: section.order):
        shown = section.read(actor, row)
        if shown is not None:
            found[section.place].append({"template": section.template, **shown})
    return found


def register_personal_data(held: PersonalData) -> None:
    _personal_data.append(held)


def personal_data() -> list[PersonalData]:
    return list(_personal_data)


def register_last_touch(annotate: Callable[[Actor, QuerySet[Contact]], QuerySet[Contact]]) -> None:
    """One app knows when people were last in touch: it annotates ``last_touch_at`` as far as the actor may read it."""
    if _last_touch:
        raise ImproperlyConfigured("The last touch of people is registered already")
    _last_touch.append(annotate)


def with_last_touch(actor: Actor, rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """The people with ``last_touch_at``; empty where nothing is registered."""
    for annotate in _last_touch:
        return annotate(actor, rows)
    return rows.annotate(last_touch_at=Cast(Value(None), DateTimeField()))
