"""Writing partnerships."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Organization
from partnerships.choices import TeamRole
from partnerships.models import Partnership, PartnershipHealth, TeamMember
from partnerships.queries.governance import last_reviews
from partnerships.queries.partnerships import lock_partnership
from partnerships.queries.teams import open_owner_roles
from partnerships.rules.tiers import next_review
from tenants.actions.deletion import delete_record
from tenants.actions.jobs import enqueue_each
from tenants.models import Membership, User

SCORED_FIELDS = {"stage_declared", "started_on", "money_expected", "talent_expected"}


@action("partnerships.create_partnership")
def create_partnership(*, actor: Actor, organization: Organization, **fields: object) -> Partnership:
    """Make an organization a partner. At most one partnership per organization; the owner works here."""
    if organization.is_own:
        raise InvalidInput("own_institution", _("The institution cannot be its own partner."), field="organization")
    check_member(actor, fields.get("owner"), field="owner")
    partnership = Partnership(organization=organization, **fields)
    partnership.next_review_on = planned_review(partnership)
    try:
        with transaction.atomic():
            partnership.save()
    except IntegrityError:
        present = Partnership.objects.filter(organization=organization).first()
        if present is None:
            raise
        message = _("%s is a partner already.") % organization.name
        details = {"partnership": present.pk}
        raise ActionRefused("partner_already", message, field="organization", details=details) from None
    PartnershipHealth.objects.create(partnership=partnership)
    if partnership.owner_id is not None:
        _begin_owner_role(partnership)
    recompute_soon([partnership.pk])
    return partnership


@action("partnerships.edit_partnership")
def edit_partnership(
    *, actor: Actor, partnership: Partnership, seen: int | None = None, **changes: object
) -> Partnership:
    """Change a partnership; its organization stays. ``seen`` is the version the editor looked at.

    The team follows its owner, and the next review its tier.
    """
    row = lock_partnership(partnership.pk)
    if changes.get("organization", row.organization) != row.organization:
        raise ActionRefused(
            "organization_fixed",
            _("A partnership stays with its organization. Add a new one."),
            field="organization",
        )
    changes.pop("organization", None)
    check_member(actor, changes.get("owner"), field="owner")
    change_partnership(row, changes, seen=seen)
    return row


@action("partnerships.accept_stage")
def accept_stage(*, actor: Actor, partnership: Partnership, seen: int | None = None) -> Partnership:
    """Declare the stage that the records suggest."""
    row = lock_partnership(partnership.pk)
    _refuse_without(row.stage_suggested, row.stage_declared)
    change_partnership(row, {"stage_declared": row.stage_suggested, "stage_declined": ""}, seen=seen)
    return row


@action("partnerships.keep_stage")
def keep_stage(*, actor: Actor, partnership: Partnership, seen: int | None = None) -> Partnership:
    """Keep the declared stage: the present suggestion is made no more until the records suggest another."""
    row = lock_partnership(partnership.pk)
    _refuse_without(row.stage_suggested, row.stage_declared)
    change_partnership(row, {"stage_declined": row.stage_suggested}, seen=seen)
    return row


@action("partnerships.accept_tier")
def accept_tier(*, actor: Actor, partnership: Partnership, seen: int | None = None) -> Partnership:
    """Give the tier that the rule suggests; the next review follows it."""
    row = lock_partnership(partnership.pk)
    _refuse_without(row.tier_suggested, row.tier)
    change_partnership(row, {"tier": row.tier_suggested, "tier_declined": ""}, seen=seen)
    return row


@action("partnerships.keep_tier")
def keep_tier(*, actor: Actor, partnership: Partnership, seen: int | None = None) -> Partnership:
    """Keep the tier: the present suggestion is made no more until the rule suggests another."""
    row = lock_partnership(partnership.pk)
    _refuse_without(row.tier_suggested, row.tier)
    change_partnership(row, {"tier_declined": row.tier_suggested}, seen=seen)
    return row


def _refuse_without(suggested: str, present: str) -> None:
    if suggested in ("", present):
        raise ActionRefused("nothing_suggested", _("The records suggest nothing else now. Open the page again."))


def change_partnership(row: Partnership, changes: dict[str, object], *, seen: int | None = None) -> bool:
    """Change a *locked* partnership, and what follows from it: owner's role, next review, health."""
    before = (row.owner_id, row.tier, row.started_on)
    if {"tier", "started_on"} & changes.keys():
        names = ("tier", "started_on")
        after = Partnership(pk=row.pk, **{name: changes.get(name, getattr(row, name)) for name in names})
        if (after.tier, after.started_on) != before[1:]:
            changes = {**changes, "next_review_on": planned_review(after)}
    if not apply_edit(row, changes, seen=seen):
        return False
    if row.owner_id != before[0]:
        _pass_owner_role(row)
    if changes.keys() & SCORED_FIELDS:
        recompute_soon([row.pk])
    return True


def planned_review(row: Partnership) -> date | None:
    """When a partnership is to be looked back at next, by its tier and its latest review."""
    last = last_reviews([row.pk]).get(row.pk) if row.pk else None
    return next_review(row.tier, last_review=last, started_on=row.started_on, today=timezone.localdate())


def _pass_owner_role(partnership: Partnership) -> None:
    """Let the team agree with the partnership's owner: an earlier owner's role ends, the present one's begins."""
    holds = end_other_owners(partnership, partnership.owner_id)
    if partnership.owner_id is not None and not holds:
        _begin_owner_role(partnership)


def end_other_owners(partnership: Partnership, member_id: int | None) -> bool:
    """End today the owner's role of everybody but one; answers whether that one holds it."""
    today, holds = timezone.localdate(), False
    for role in open_owner_roles(partnership):
        if role.member_id == member_id:
            holds = True
        else:
            apply_edit(role, {"ended_on": max(today, role.started_on)}, seen=None)
    return holds


def _begin_owner_role(partnership: Partnership) -> None:
    TeamMember.objects.create(
        partnership=partnership,
        member_id=partnership.owner_id,
        role=TeamRole.OWNER,
        started_on=max(timezone.localdate(), partnership.started_on),
    )


@action("partnerships.delete_partnership")
def delete_partnership(*, actor: Actor, partnership: Partnership) -> None:
    """Delete a partnership with its scores; the recycle bin keeps it for 30 days.

    Refused while something refers to it, such as interactions. The organization stays.
    """
    delete_record(actor, lock_partnership(partnership.pk))


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
