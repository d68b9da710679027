"""Files that people gave to the office, and who fetched them. The bytes lie outside the database and the web root."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from tenants.models.fields import MemberForeignKey


class StoredFile(TenantModel):
    """One file as it was given. ``media_type`` comes from its content, never from its name or from the browser.

    What it belongs to refers to it. A file that nothing refers to is noted (``unused_since``) and loses its bytes some
    weeks later (``purged_at``), so that an undo in between finds them.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    media_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = MemberForeignKey(null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    unused_since = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="tenants_storedfile_key_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where its bytes lie in the storage."""
        return f"files/{self.tenant_id}/{self.key}"


class FileAccess(TenantModel):
    """Somebody fetched a file."""

    append_only_because = "It says who saw what; a line that could be removed would prove nothing."

    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="accesses")
    member = MemberForeignKey(null=True, related_name="+")
    at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.file}, {self.at:%Y-%m-%d}"
