"""API tokens: bound to one office and one member, shown once, stored as a digest."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from tenants.models.fields import MemberForeignKey


class ApiToken(TenantModel):
    """What another system signs in with. It can do what its member may, or only read when ``can_write`` is off.

    ``made_with`` is the token that its maker signed in with, None where that was a browser: it ends no later than
    that one, and with it.
    """

    member = MemberForeignKey(related_name="+")
    name = models.CharField(_("name"), max_length=80, help_text=_("What will use it, for example “HR nightly sync”."))
    digest = models.CharField(max_length=64, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    can_write = models.BooleanField(_("may write"), default=False)
    made_with = TenantForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="tenants_apitoken_digest")]

    def __str__(self) -> str:
        return self.name
