"""Files that belong to an interaction."""

from django.db import models

from core.tenancy.models import TenantForeignKey, TenantModel
from partnerships.models.interactions import Interaction
from tenants.models import StoredFile


class InteractionAttachment(TenantModel):
    """A file of an interaction: who may read the interaction may fetch the file, and nobody else."""

    interaction = TenantForeignKey(Interaction, on_delete=models.CASCADE, related_name="attachments")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "file"], name="partnerships_interactionattachment_file_once")
        ]

    def __str__(self) -> str:
        return str(self.file)
