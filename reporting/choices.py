"""The closed lists of this floor."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportCadence(TextChoices):
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


class DeliveryOutcome(TextChoices):
    SENT = "sent", _("Sent")
    UNSEEN = "unseen", _("Not sent: may not see the report")
    BROKEN = "broken", _("Not sent: the report no longer holds")
    FAILED = "failed", _("Not sent: the mail could not be delivered")
