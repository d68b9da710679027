"""Where health signals plug in: one reader per section of the formula's input, from any app above or here.

    register_signal("runway", read_runway)        # in an app's ready()

A section nobody registers is not measured in this installation, and the formula leaves it out of score and
confidence alike. A reader is one set-based statement for all partnerships asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from django.core.exceptions import ImproperlyConfigured

from partnerships.rules.health import HealthConfig, HealthInput


@dataclass(frozen=True, slots=True)
class HealthScope:
    """What is asked of a reader: one tenant, some partnerships (None: all), one day in the tenant's time zone."""

    tenant_id: int
    partnership_ids: tuple[int, ...] | None
    as_of: date
    time_zone: str
    config: HealthConfig


Reader = Callable[[HealthScope], Mapping[int, object]]

SECTIONS = {field.name for field in fields(HealthInput)} - {"stage"}

_signals: dict[str, Reader] = {}


def register_signal(section: str, reader: Reader) -> None:
    """Let ``reader`` answer a section for each partnership id; a missing id gets no section. Once per section."""
    if section not in SECTIONS:
        raise ImproperlyConfigured(f"The health formula has no section {section!r}")
    if section in _signals:
        raise ImproperlyConfigured(f"Two readers want the health section {section!r}")
    _signals[section] = reader


def signals() -> Mapping[str, Reader]:
    return dict(_signals)
