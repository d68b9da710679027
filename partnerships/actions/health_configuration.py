"""Publishing settings of health. A version is never changed: what was scored under it stays explained."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput, StaleEdit
from partnerships.models import HealthConfiguration
from partnerships.queries.health_configuration import candidate, health_config
from partnerships.queries.health_preview import Preview, preview_configuration
from partnerships.rules.health import changed_settings, config_to_dict, settings_of
from tenants.actions.jobs import enqueue


@action("partnerships.configure_health")
def publish_configuration(*, actor: Actor, settings: Mapping[str, Any], note: str, seen: int) -> HealthConfiguration:
    """Make settings the office's next version, and have all health computed under it.

    ``settings`` is a whole settings document (``rules.health.settings``), ``seen`` the version it was made from.
    StaleEdit when another version was published since; of two at once, one wins. Refused: a setting that cannot be,
    by its path; settings that change nothing; and no word on why.
    """
    current = health_config()
    if seen != current.version:
        raise _overtaken(current.version, settings_of(current))
    config = candidate(settings, current.version + 1)
    if not note.strip():
        raise InvalidInput(
            "required", _("Say why the settings change: whoever compares scores later will ask."), field="note"
        )
    if not changed_settings(current, config):
        raise ActionRefused("unchanged", _("These are the settings in force. Change at least one of them."))
    try:
        with transaction.atomic():
            made = HealthConfiguration.objects.create(
                version=config.version,
                settings=config_to_dict(config),
                note=note.strip(),
                published_by_id=actor.user_id,
            )
    except IntegrityError:  # somebody else's version of the same number was committed first
        current = health_config()
        raise _overtaken(current.version, settings_of(current)) from None
    enqueue("partnerships.recompute_all_health", key="settings")
    return made


@action("partnerships.preview_health")
def preview_health(*, actor: Actor, settings: Mapping[str, Any]) -> Preview:
    """What publishing these settings would change; nothing is written. InvalidInput for a setting that cannot be."""
    return preview_configuration(actor, settings)


def _overtaken(version: int, settings: dict[str, Any]) -> StaleEdit:
    message = _("Somebody else published version %s in the meantime. Look at what it changed, then publish again.")
    return StaleEdit(message % version, current_version=version, current=settings)
