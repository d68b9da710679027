"""What somebody promised to do next."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey
from core.versions import VersionedModel
from partnerships.models.interactions import Interaction
from partnerships.models.opportunities import Opportunity
from partnerships.models.partnerships import Partnership
from tenants.models import MemberForeignKey


class FollowUp(VersionedModel):
    """One thing to do for a partner. Open until ``done_at``; hidden from Today until ``snoozed_until``."""

    partnership = TenantForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="followups", verbose_name=_("partner")
    )
    interaction = TenantForeignKey(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="followups"
    )
    opportunity = TenantForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="followups"
    )
    title = models.CharField(_("what to do"), max_length=200)
    due_on = models.DateField(_("due"), null=True, blank=True)
    assignee = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("who"))
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = MemberForeignKey(null=True, related_name="+", editable=False)
    added_by = MemberForeignKey(null=True, related_name="+", editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "assignee", "due_on"],
                name="partnerships_followup_open",
                condition=models.Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnerships:followup", args=[self.pk])

    @property
    def origin(self) -> Interaction | None:
        """The interaction it was promised in, where the query that read this row found it readable; else None."""
        return self.interaction if getattr(self, "origin_readable", False) else None
