"""Writing what the institution offers."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.versions import apply_edit, count_edit
from organizations.actions.topics import replace_topics
from organizations.models import Capability
from organizations.queries.capabilities import lock_capability
from tenants.actions.members import check_colleagues
from tenants.models import Unit, User


@action("organizations.create_capability")
def create_capability(
    *, actor: Actor, title: str, topics: Iterable[dict[str, str]] = (), **fields: object
) -> Capability:
    """Add a capability with its topics ({scheme, code} each). Refused: a closed unit, a lead who does not work here."""
    _check(actor, fields, None)
    capability = Capability.objects.create(title=title.strip(), **fields)
    replace_topics(capability, topics, is_new=True)
    return capability


@action("organizations.edit_capability")
def edit_capability(
    *,
    actor: Actor,
    capability: Capability,
    seen: int | None = None,
    topics: Iterable[dict[str, str]] | None = None,
    **changes: object,
) -> Capability:
    """Change a capability; topics, where given, replace the present ones. Unit and lead may stay though gone."""
    row = lock_capability(capability.pk)
    if "title" in changes:
        changes["title"] = str(changes["title"]).strip()
    _check(actor, changes, row)
    edited = apply_edit(row, changes, seen=seen)
    if topics is not None and replace_topics(row, topics) and not edited:
        count_edit(row)
    return row


def _check(actor: Actor, fields: dict[str, object], row: Capability | None) -> None:
    unit: Unit | None = fields.get("unit")
    if unit is not None and unit.closed_on is not None and unit.pk != getattr(row, "unit_id", None):
        raise ActionRefused("unit_closed", _("%s is closed. Choose another.") % unit.name, field="unit")
    lead: User | None = fields.get("lead")
    if lead is not None and lead.pk != getattr(row, "lead_id", None):
        check_colleagues(actor, {lead.pk}, field="lead")
