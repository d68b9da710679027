"""The audit history: one table for all, filled by database triggers (``tenants/migrations/0001_initial.py``)."""

from django.conf import settings
from django.db import models

from core.tenancy.models import TenantModel
from tenants.choices import ChangeKind


class Change(TenantModel):
    """One row that was created, changed or deleted, by whatever code.

    ``before``/``after`` hold the changed columns of an update, ``before`` the whole row of a deletion; a creation
    needs neither, since the present row and the later changes tell it. All changes of one request share
    ``request_id``; ``action`` is the permission code under which they were made, empty outside an action.
    """

    append_only_because = "It is the history: the application adds to it and can neither rewrite nor remove it."

    at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    kind = models.CharField(max_length=1, choices=ChangeKind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    request_id = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "table_name", "row_id", "id"], name="tenants_change_of_row"),
            models.Index(fields=["tenant", "request_id"], name="tenants_change_of_request"),
        ]
