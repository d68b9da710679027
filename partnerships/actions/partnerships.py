"""Writing partnerships."""

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Organization
from partnerships.models import Partnership, PartnershipHealth
from partnerships.queries.partnerships import lock_partnership
from tenants.actions.jobs import enqueue_each
from tenants.models import Membership, User


@action("partnerships.create_partnership")
def create_partnership(*, actor: Actor, organization: Organization, **fields: object) -> Partnership:
    """Make an organization a partner. At most one partnership per organization; the owner works here."""
    present = Partnership.objects.filter(organization=organization).first()
    if present is not None:
        message = _("%s is a partner already.") % organization.name
        raise ActionRefused("partner_already", message, field="organization", details={"partnership": present.pk})
    if organization.is_own:
        raise InvalidInput("own_institution", _("The institution cannot be its own partner."), field="organization")
    check_member(actor, fields.get("owner"), field="owner")
    partnership = Partnership.objects.create(organization=organization, **fields)
    PartnershipHealth.objects.create(partnership=partnership)
    recompute_soon([partnership.pk])
    return partnership


@action("partnerships.edit_partnership")
def edit_partnership(
    *, actor: Actor, partnership: Partnership, seen: int | None = None, **changes: object
) -> Partnership:
    """Change a partnership; its organization stays. ``seen`` is the version the editor looked at."""
    row = lock_partnership(partnership.pk)
    if changes.get("organization", row.organization) != row.organization:
        raise ActionRefused(
            "organization_fixed",
            _("A partnership stays with its organization. Add a new one."),
            field="organization",
        )
    changes.pop("organization", None)
    check_member(actor, changes.get("owner"), field="owner")
    if apply_edit(row, changes, seen=seen) and changes.keys() & {"stage_declared", "started_on"}:
        recompute_soon([row.pk])
    return row


def check_member(actor: Actor, user: User | None, *, field: str) -> None:
    """Refuse somebody who does not work here now. The database refuses strangers in any case; this one says why."""
    if user is None:
        return
    if not Membership.objects.filter(tenant_id=actor.tenant_id, user=user, ended_at=None).exists():
        raise InvalidInput("not_a_member", _("This person does not work here."), field=field)


def recompute_soon(partnership_ids: list[int]) -> None:
    """Want new health for partnerships that this transaction touched; a burst of writes costs one computation."""
    enqueue_each(
        "partnerships.recompute_health",
        {f"partnership-{pk}": {"partnership_ids": [pk]} for pk in partnership_ids},
    )
