"""What the records suggest of partnerships: a stage, a tier, a day for the first review."""

from partnerships.choices import PartnershipStatus
from partnerships.models import Partnership
from partnerships.queries.pipeline import new_suggestions
from partnerships.registry import HealthScope
from partnerships.rules.tiers import TIER_POLICIES, next_review

BATCH = 1000


def suggest(scope: HealthScope, currency: str) -> None:
    """Write the suggested stages and tiers where they changed. The sums of touches must be up to date."""
    changed = new_suggestions(scope, currency)
    rows = list(Partnership.objects.filter(pk__in=changed).order_by("pk"))
    for row in rows:
        row.stage_suggested, row.tier_suggested = changed[row.pk]
    Partnership.objects.bulk_update(rows, ["stage_suggested", "tier_suggested"], batch_size=BATCH)


def ask_for_reviews(scope: HealthScope) -> None:
    """Give a first review to active partnerships whose tier asks for reviews, such as imported ones."""
    tiers = [tier for tier, policy in TIER_POLICIES.items() if policy.review_months]
    rows = Partnership.objects.filter(next_review_on=None, tier__in=tiers, status=PartnershipStatus.ACTIVE)
    if scope.partnership_ids is not None:  # a range, since a thousand ids take longer to write than to read
        rows = rows.filter(pk__range=(min(scope.partnership_ids), max(scope.partnership_ids)))
    wanted = None if scope.partnership_ids is None else set(scope.partnership_ids)
    changed = [row for row in rows.order_by("pk") if wanted is None or row.pk in wanted]
    for row in changed:
        row.next_review_on = next_review(row.tier, last_review=None, started_on=row.started_on, today=scope.as_of)
    Partnership.objects.bulk_update(changed, ["next_review_on"], batch_size=BATCH)
