"""Mailing an invitation: a job of its own, so that an invitation stands though the mail server is away.

The job makes the secret of the link, keeps its digest and sends; both hold or neither does. A mail that goes twice,
because its worker was lost after sending, has another secret, and the link of the first is good for nothing.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.actor import Actor
from core.secrets import digest_of, new_secret
from core.urls import office_url
from tenants.actions.jobs import enqueue
from tenants.models.invitations import Invitation
from tenants.models.tenants import Tenant

MAIL = "tenants.mail_invitation"
INVITATION_DAYS = 14


def want_mail(invitation: Invitation) -> None:
    """Want the mail of a new invitation."""
    enqueue(MAIL, key=f"invitation-{invitation.pk}", invitation_id=invitation.pk)


def mail_invitation(*, actor: Actor, invitation_id: int) -> bool:
    """Send an invitation's link, unless it was sent, withdrawn or has ended; answers whether a mail was sent."""
    invitation = _unsent(invitation_id).filter(expires_at__gt=timezone.now()).first()
    if invitation is None:
        return False
    send(invitation, make_link(invitation))
    return True


def make_link(invitation: Invitation) -> str:
    """The address by which the invited person joins; an earlier one of this invitation is good for nothing now."""
    secret = new_secret()
    invitation.digest = digest_of(secret)
    invitation.save(update_fields=["digest"])
    office = Tenant.objects.get(pk=invitation.tenant_id)
    return office_url(office.slug, "tenants:join", secret)


def send(invitation: Invitation, link: str) -> None:
    """Mail the link. Raises OSError where the mail server is away or refuses."""
    office = Tenant.objects.get(pk=invitation.tenant_id)
    with translation.override(settings.LANGUAGE_CODE):
        inviter = invitation.invited_by.name if invitation.invited_by else office.name
        words = {"inviter": inviter, "office": office.name}
        text = render_to_string("tenants/invitations/email.txt", {**words, "link": link, "days": INVITATION_DAYS})
        subject = _("%(inviter)s invites you to %(office)s in Causeway") % words
    send_mail(subject, text, None, [invitation.email])


def give_up_invitation(*, actor: Actor, invitation_id: int) -> None:
    """Note that no mail reached the invited person, unless one was sent or the invitation was withdrawn since."""
    invitation = _unsent(invitation_id).first()
    if invitation is not None:
        invitation.undelivered_at = timezone.now()
        invitation.save(update_fields=["undelivered_at"])


def _unsent(invitation_id: int) -> QuerySet[Invitation]:
    """The invitation, locked, while nobody holds a link to it and nobody withdrew it."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("invited_by")
    return rows.filter(pk=invitation_id, digest="", revoked_at=None, undelivered_at=None)
