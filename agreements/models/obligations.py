"""What each side owes under an agreement, when, and the proof that it was done."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.choices import ObligationKind, ObligationSide, Recurrence
from agreements.models.agreements import Agreement
from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from tenants.models import ApiToken, MemberForeignKey, StoredFile


class Obligation(VersionedModel):
    """One duty with a date. A recurring one makes its successor when it is done; done needs evidence.

    ``rule`` names the rule that made it, empty for one entered by hand. ``weight`` is its importance for health.
    """

    agreement = TenantForeignKey(Agreement, on_delete=models.CASCADE, related_name="obligations")
    side = models.CharField(_("who owes it"), max_length=6, choices=ObligationSide)
    kind = models.CharField(_("kind"), max_length=20, choices=ObligationKind)
    title = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("due"))
    recurrence = models.CharField(_("repeats"), max_length=12, choices=Recurrence, default=Recurrence.ONCE)
    repeats_until = models.DateField(_("repeats until"), null=True, blank=True)
    series = TenantForeignKey("self", on_delete=models.SET_NULL, null=True, editable=False, related_name="later")
    rule = models.CharField(max_length=40, blank=True, editable=False)
    owner = MemberForeignKey(null=True, blank=True, related_name="+", verbose_name=_("who looks after it"))
    clause_number = models.CharField(_("clause"), max_length=20, blank=True)
    weight = models.DecimalField(_("importance"), max_digits=3, decimal_places=1, default=1)
    consequence = models.CharField(_("what happens if not"), max_length=200, blank=True)
    done_on = models.DateField(_("done"), null=True, editable=False)
    done_by = MemberForeignKey(null=True, related_name="+", editable=False)
    evidence = models.TextField(_("evidence"), blank=True, editable=False)
    evidence_file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    waived_reason = models.CharField(_("why it was waived"), max_length=200, blank=True, editable=False)
    last_reminder = models.SmallIntegerField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side__in=ObligationSide.values)
                & models.Q(kind__in=ObligationKind.values)
                & models.Q(recurrence__in=Recurrence.values),
                name="agreements_obligation_codes",
            ),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True)
                | ~models.Q(evidence="")
                | models.Q(evidence_file__isnull=False),
                name="agreements_obligation_evidence",
            ),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="agreements_obligation_weight"),
        ]
        indexes = [models.Index(fields=["tenant", "due_on"], name="agreements_obligation_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:obligation", args=[self.pk])


class CalendarFeed(TenantModel):
    """A secret address under which a member's calendar program reads obligations; stored as a digest.

    ``made_with`` is the token that its maker signed in with, None where that was a browser: it ends with that one.
    """

    member = MemberForeignKey(related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    everything = models.BooleanField(_("all of the office's, not only mine"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    made_with = TenantForeignKey(ApiToken, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="agreements_calendarfeed_digest")]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def is_in_use(self) -> bool:
        """Whether whoever knows the address still reads something; the same as ``queries.calendar.in_use``."""
        maker = self.made_with
        outlived = maker is not None and (maker.revoked_at is not None or maker.expires_at <= timezone.now())
        return self.revoked_at is None and not outlived
