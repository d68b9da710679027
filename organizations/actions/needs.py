"""Writing what partners look for."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from organizations.actions.topics import replace_topics
from organizations.models import Need, Organization
from organizations.queries.needs import lock_need


@action("organizations.create_need")
def create_need(
    *, actor: Actor, organization: Organization, title: str, topics: Iterable[dict[str, str]] = (), **fields: object
) -> Need:
    """Add a need with its topics ({scheme, code} each).

    Refused: a TRL range the wrong way round, a currency that is none, the institution itself as the one in need.
    """
    if organization.is_own:
        message = _("What the institution itself looks for is no need of a partner.")
        raise InvalidInput("own_institution", message, field="organization")
    _check(fields, None)
    need = Need.objects.create(organization=organization, title=title.strip(), **fields)
    replace_topics(need, topics, is_new=True)
    return need


@action("organizations.edit_need")
def edit_need(
    *,
    actor: Actor,
    need: Need,
    seen: int | None = None,
    topics: Iterable[dict[str, str]] | None = None,
    **changes: object,
) -> Need:
    """Change a need; topics, where given, replace the present ones. It stays with its organization."""
    row = lock_need(need.pk)
    if (organization := changes.pop("organization", None)) is not None and organization.pk != row.organization_id:
        message = _("A need stays with its organization. Add a new one.")
        raise ActionRefused("organization_fixed", message, field="organization")
    if "title" in changes:
        changes["title"] = str(changes["title"]).strip()
    _check(changes, row)
    edited = apply_edit(row, changes, seen=seen)
    if topics is not None and replace_topics(row, topics) and not edited:
        count_edit(row)
    return row


def _check(fields: dict[str, object], row: Need | None) -> None:
    low, high = (fields.get(name, getattr(row, name, None)) for name in ("trl_min", "trl_max"))
    if low is not None and high is not None and low > high:
        raise InvalidInput("trl_reversed", _("The upper TRL lies below the lower one."), field="trl_max")
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCY_CODES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
