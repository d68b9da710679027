"""What one person does not want to see on Today for a while."""

from django.db import models

from core.tenancy.models import TenantModel
from tenants.models import MemberForeignKey


class AttentionSnooze(TenantModel):
    """An item of Today, by its key, that stays hidden from one member before the day ``until``."""

    unaudited_because = "It hides a line from one person's own page and changes no record."

    member = MemberForeignKey(related_name="+")
    key = models.CharField(max_length=80)
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "key"], name="partnerships_attentionsnooze_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} until {self.until}"
