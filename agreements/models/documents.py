"""The files of an agreement, their versions, and with whom they were shared."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import DocumentLabel, Level
from agreements.models.agreements import Agreement
from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from organizations.models import Organization
from tenants.models import MemberForeignKey, StoredFile


class Document(VersionedModel):
    """One version of one paper. ``text`` is what was read out of the file, or pasted, for comparing versions."""

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="documents")
    label = models.CharField(_("what it is"), max_length=14, choices=DocumentLabel, default=DocumentLabel.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    level = models.CharField(_("who may read it"), max_length=14, choices=Level, default=Level.CONFIDENTIAL)
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("text"), blank=True)
    added_by = MemberForeignKey(null=True, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "agreement", "title", "number"], name="agreements_document_version"
            ),
            models.CheckConstraint(
                condition=models.Q(label__in=DocumentLabel.values) & models.Q(level__in=Level.values),
                name="agreements_document_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(file__isnull=False) | ~models.Q(text=""), name="agreements_document_content"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("agreements:document", args=[self.pk])


class DocumentShare(TenantModel):
    """A document given to an organization, under which NDA, or why without one."""

    append_only_because = "Who was given what is never rewritten."

    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="shares")
    organization = TenantForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    nda = TenantForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    override_reason = models.TextField(blank=True)
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = MemberForeignKey(related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nda__isnull=False) | ~models.Q(override_reason=""),
                name="agreements_documentshare_nda",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} → {self.organization}"
