"""Joining, changing and leaving an office."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.tenancy.scope import AuditContext, audit_context
from tenants.actions.invitation_mails import INVITATION_DAYS, want_mail
from tenants.choices import Role
from tenants.models.invitations import Invitation
from tenants.models.tenants import Membership
from tenants.models.users import User
from tenants.registry import leaving_notices


@action("tenants.invite_member")
def invite_member(*, actor: Actor, email: str, role: str) -> Invitation:
    """Invite by e-mail; a job sends the link. Inviting again sends a new one.

    An earlier open invitation to the same address is withdrawn. Refused for somebody who is a member already.
    """
    email = email.strip().lower()
    if Membership.objects.filter(tenant_id=actor.tenant_id, user__email=email, ended_at=None).exists():
        raise ActionRefused("already_member", _("%s is a member already.") % email, field="email")
    now = timezone.now()
    Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None).update(revoked_at=now)
    invitation = Invitation.objects.create(
        email=email,
        role=Role(role),
        invited_by_id=actor.user_id,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    want_mail(invitation)
    return invitation


@action("tenants.revoke_invitation")
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Withdraw an invitation; its link stops working at once."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise ActionRefused("already_accepted", _("This invitation has been accepted. End the membership instead."))
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    return invitation


def accept_invitation(*, invitation: Invitation, name: str, password: str | None, user: User | None) -> Membership:
    """Make the invited person a member. Not an action: the secret of the link is the permission.

    ``user`` is the signed-in person, who must own the invited address; without one an account is made. An existing
    account is never taken over by a link: its owner has to sign in.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= timezone.now():
        raise ActionRefused("invitation_used", _("This invitation is no longer good. Ask for a new one."))
    if user is not None and user.email != invitation.email:
        raise ActionRefused(
            "other_address", _("This invitation is for %s. Sign in with that address.") % invitation.email
        )
    if user is None:
        if User.objects.filter(email=invitation.email).exists():
            raise ActionRefused("sign_in_first", _("You have an account already. Sign in, then open the link again."))
        if not password:
            raise InvalidInput("password_missing", _("Choose a password."), field="password")
        user = User.objects.create_user(invitation.email, password, name=name.strip())
    with audit_context(AuditContext(user.pk, "", "tenants.accept_invitation", "")):
        membership, _created = Membership.objects.update_or_create(
            tenant_id=invitation.tenant_id, user=user, defaults={"role": invitation.role, "ended_at": None}
        )
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
    return membership


def check_colleagues(actor: Actor, user_ids: set[int], *, field: str) -> None:
    """Refuse people who do not work here now. The database refuses strangers in any case; this one says why."""
    if not user_ids:
        return
    present = Membership.objects.filter(tenant_id=actor.tenant_id, user_id__in=user_ids, ended_at=None)
    if user_ids - set(present.values_list("user_id", flat=True)):
        raise InvalidInput("not_a_member", _("Choose somebody who works here now."), field=field)


def _lock_membership(actor: Actor, membership: Membership) -> tuple[Membership, bool]:
    """The office's membership, locked, and whether it is the last administrator's.

    All administrators of the office are locked with it, in order, so that the last one cannot vanish in a race.
    """
    locked = Membership.objects.select_for_update(of=("self",)).filter(tenant_id=actor.tenant_id)
    rows = list(locked.filter(role=Role.ADMINISTRATOR, ended_at=None).order_by("pk"))
    row = locked.filter(pk=membership.pk).first()
    if row is None:
        raise InvalidInput("not_a_member", _("This person does not work here."))
    if row.ended_at is not None:
        raise ActionRefused("has_left", _("This person has left. Invite them again if they come back."))
    return row, rows == [row]


def _refuse_last_administrator() -> None:
    raise ActionRefused("last_administrator", _("Name another administrator first: an office needs one."))


@action("tenants.change_member_role")
def change_member_role(*, actor: Actor, membership: Membership, role: str) -> Membership:
    """Give a member another role. The last administrator keeps theirs."""
    row, is_last = _lock_membership(actor, membership)
    if is_last and role != Role.ADMINISTRATOR:
        _refuse_last_administrator()
    row.role = Role(role)
    row.save(update_fields=["role"])
    return row


@action("tenants.end_membership")
def end_membership(*, actor: Actor, membership: Membership, anyway: bool = False) -> Membership:
    """Somebody leaves: no access from now on, while history and references keep the name.

    Refused while they carry something that nobody would look after then, unless ``anyway``; ``details`` of the refusal
    has the addresses where it is given to somebody else.
    """
    row, is_last = _lock_membership(actor, membership)
    if is_last:
        _refuse_last_administrator()
    notices = [] if anyway else leaving_notices(actor, row.user)
    if notices:
        details = {"hand_over": [notice.address for notice in notices]}
        raise ActionRefused("carries_things", " ".join(notice.text for notice in notices), details=details)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    return row
