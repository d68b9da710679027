"""Files out of lists that are too long to wait for."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from tenants.choices import ExportState, ListFormat
from tenants.models.fields import MemberForeignKey
from tenants.models.files import StoredFile

UNDER_WAY = [ExportState.WAITING, ExportState.WRITING]


class LongExport(TenantModel):
    """One file out of a list that a worker writes, slice by slice, for the member who asked.

    waiting → writing → ready → expired; canceled, failed and refused end it without a file, and from each of these it
    may be asked for anew. ``rows_done`` are the rows read so far, of ``rows_all``; ``parts`` are the names of what was
    written so far: the order of the rows, then the slices. ``why`` says in words what went wrong. ``tells``: a person
    asked, who is told by e-mail when it took long; ``told_at`` is when that was done.
    """

    unaudited_because = "It is the state of a machine at work; what left the office is in Export and FileAccess."

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    member = MemberForeignKey(related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    list_code = models.CharField(_("list"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    filter = models.TextField(_("filter"), blank=True)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    file_format = models.CharField(_("format"), max_length=4, choices=ListFormat)
    state = models.CharField(_("state"), max_length=8, choices=ExportState, default=ExportState.WAITING)
    rows_all = models.PositiveIntegerField(_("rows in all"))
    rows_done = models.PositiveIntegerField(_("rows read"), default=0)
    parts = models.JSONField(default=list)
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("why"), max_length=300, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    tells = models.BooleanField(default=True, db_default=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file_format__in=ListFormat.values), name="tenants_longexport_file_format"
            ),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="tenants_longexport_state"),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(file__isnull=False, expires_at__isnull=False),
                name="tenants_longexport_ready_with_file",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "member", "asked_at"], name="tenants_longexport_member")]

    def __str__(self) -> str:
        return f"{self.title}, {self.rows_all}"

    @property
    def folder(self) -> str:
        """Where its parts lie in the storage."""
        return f"exports/{self.tenant_id}/{self.key}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_open(self) -> bool:
        """Whether the file can be fetched."""
        return self.state == ExportState.READY and self.expires_at > timezone.now()

    @property
    def state_now(self) -> str:
        """The state; expired from the very moment on, though the bytes go in the night after."""
        return ExportState.EXPIRED if self.state == ExportState.READY and not self.is_open else ExportState(self.state)

    @property
    def get_state_now_display(self) -> str:
        return str(ExportState(self.state_now).label)
