"""An invitation by e-mail link."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from tenants.choices import Role
from tenants.models.fields import MemberForeignKey


class Invitation(TenantModel):
    """A link that makes its holder a member, once, until it expires. Only the digest of its secret is stored.

    ``digest`` is empty until the mail with the link was sent; ``undelivered_at`` is when that mail was given up.
    """

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.OFFICER)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    undelivered_at = models.DateTimeField(null=True, editable=False)
    invited_by = MemberForeignKey(null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "digest"], condition=~models.Q(digest=""), name="tenants_invitation_digest"
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()
