"""The health settings of an office: the version in force, those before, and what another one would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import InvalidInput
from partnerships.models import HealthConfiguration
from partnerships.rules.health import (
    DEFAULT_CONFIG,
    HealthConfig,
    InvalidSetting,
    SettingChange,
    changed_settings,
    config_from_dict,
    read_settings,
    settings_of,
)
from tenants.models import User


def health_config() -> HealthConfig:
    """The settings of the office in scope: its highest version, or the built-in version 1. One statement."""
    return _config(HealthConfiguration.objects.order_by("-version").values_list("settings", flat=True).first())


def with_health_settings(rows: QuerySet) -> QuerySet:
    """The same rows with the settings in force beside each, for ``health_config_beside``: no statement of their own."""
    latest = HealthConfiguration.objects.order_by("-version").values("settings")[:1]
    return rows.annotate(health_settings=Subquery(latest))


def health_config_beside(row: Model) -> HealthConfig:
    """The settings that were read with a row of ``with_health_settings``; of any other row, as ``health_config``."""
    return _config(row.health_settings) if hasattr(row, "health_settings") else health_config()


def _config(settings: Mapping[str, Any] | None) -> HealthConfig:
    return DEFAULT_CONFIG if settings is None else config_from_dict(settings)


def candidate(settings: Mapping[str, Any], version: int) -> HealthConfig:
    """The configuration that a whole settings document would be. InvalidInput names the setting that cannot be."""
    try:
        return read_settings(settings, version)
    except InvalidSetting as problem:
        raise InvalidInput("invalid", _(problem.message) % problem.numbers, field=problem.field) from problem


@visible("partnerships.view_health_configuration")
def visible_configurations(actor: Actor) -> QuerySet[HealthConfiguration]:
    """What the office has published, newest first. The built-in version 1 has no row."""
    return HealthConfiguration.objects.select_related("published_by").order_by("-version")


@dataclass(frozen=True)
class Version:
    """One version of the settings, and what it changed of the one before; the first was there from the start."""

    version: int
    config: HealthConfig
    changes: list[SettingChange]
    note: str = ""
    published_at: datetime | None = None
    published_by: User | None = None
    in_force: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        return settings_of(self.config)


@visible("partnerships.view_health_configuration")
def versions(actor: Actor) -> list[Version]:
    """All versions, newest first, the built-in one last. The first of them is in force."""
    rows = list(visible_configurations(actor))
    configs = [config_from_dict(row.settings) for row in rows] + [DEFAULT_CONFIG]
    found = [
        Version(
            row.version,
            configs[place],
            changed_settings(configs[place + 1], configs[place]),
            row.note,
            row.published_at,
            row.published_by,
            in_force=place == 0,
        )
        for place, row in enumerate(rows)
    ]
    return [*found, Version(DEFAULT_CONFIG.version, DEFAULT_CONFIG, [], in_force=not rows)]


@visible("partnerships.view_health_configuration")
def version_in_force(actor: Actor) -> Version:
    """The version that scores are computed under now."""
    return versions(actor)[0]
