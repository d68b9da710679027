"""Where a record went that was merged into another."""

from django.db import models
from django.utils import timezone

from core.tenancy.models import TenantModel
from organizations.choices import MergedKind
from tenants.models import MemberForeignKey


class MergedRecord(TenantModel):
    """A record that no longer stands, and the one that stands for it: old addresses and ids lead there."""

    kind = models.CharField(max_length=12, choices=MergedKind)
    old_id = models.BigIntegerField()
    new_id = models.BigIntegerField()
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = MemberForeignKey(null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "old_id"], name="organizations_mergedrecord_once"),
            models.CheckConstraint(condition=models.Q(kind__in=MergedKind.values), name="organizations_merged_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.old_id} → {self.new_id}"
