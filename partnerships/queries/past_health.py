"""How healthy partners were some days ago, from the scores that are kept."""

from datetime import timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.models import HealthConfiguration, HealthSnapshot, Partnership
from partnerships.rules.health import DEFAULT_CONFIG

BEFORE_DAYS = 90
NOT_SCORED = "none"


def band_before(days: int) -> Subquery:
    """The band of the last score that was made more than ``days`` days ago; None where there was none.

    Under the settings in force: a score of others says nothing about what moved.
    """
    until = timezone.now() - timedelta(days=days)
    in_force = Subquery(HealthConfiguration.objects.order_by("-version").values("version")[:1])
    made = HealthSnapshot.objects.filter(
        partnership=OuterRef("pk"),
        computed_at__lte=until,
        config_version=Coalesce(in_force, DEFAULT_CONFIG.version),
    )
    return Subquery(made.order_by("-computed_at").values("band")[:1])


def settings_changed() -> Subquery:
    """When the office published the settings in force; None where they are the built-in ones."""
    return Subquery(HealthConfiguration.objects.order_by("-version").values("published_at")[:1])


def was(rows: QuerySet[Partnership], bands: list[str], days: int = BEFORE_DAYS) -> QuerySet[Partnership]:
    """Those that had one of the bands so many days ago; ``none`` for those that had no score yet."""
    found = Q(band_then__in=[band for band in bands if band != NOT_SCORED])
    if NOT_SCORED in bands:
        found |= Q(band_then=None)
    return rows.alias(band_then=band_before(days)).filter(found)
