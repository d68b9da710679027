"""What came of agreements that were meant to go on: the cases against which the health score is held."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import QuerySet

from agreements.choices import AgreementKind, LegalStatus
from agreements.models import Agreement
from agreements.queries.agreements import visible_agreements
from core.actor import Actor
from partnerships.registry import Outcome

SETTLED_DAYS = 90  # a successor may come so late and still be one
FORESEEN_DAYS = 180  # what was executed earlier stood beside the agreement and did not follow it
COLUMNS = ("pk", "partnership_id", "reference", "title", "kind", "value", "currency", "status", "executed_on")
DATES = ("expires_on", "ended_on", "renews_id", "amends_id", "renewal_intended", "renews_automatically")
KINDS = dict(AgreementKind.choices)


def agreement_outcomes(actor: Actor, until: date) -> list[Outcome]:
    """Agreements that ended up to a day and were meant to be renewed, with whether they were: two statements.

    Renewed, extended or succeeded means: one that renews it, an amendment that runs longer, or another one of the same
    kind with the same partner, of equal or larger value, executed no later than 90 days after the end. Where that
    hangs on an agreement which the actor may not read, the case is left out.
    """
    if not actor.may("agreements.view_agreements"):
        return []
    every = _executed(Agreement.objects.order_by("pk"))
    seen = set(visible_agreements(actor).filter(executed_on__isnull=False).order_by().values_list("pk", flat=True))
    partners: defaultdict[int, list[Agreement]] = defaultdict(list)
    for row in every:
        partners[row.partnership_id].append(row)
    found = []
    for row in every:
        end = _end(row)
        if row.pk not in seen or not row.renewal_intended or end is None or end > until:
            continue
        others = partners[row.partnership_id]
        if row.amends_id is not None and _repeats(row, others):
            continue
        renewed = _went_on(row, end, others)
        if renewed == _went_on(row, end, [each for each in others if each.pk in seen]):
            label = f"{row.reference} {row.title}"
            found.append(Outcome(row.partnership_id, end, renewed, str(KINDS[row.kind]), label))
    return found


def _executed(rows: QuerySet[Agreement]) -> list[Agreement]:
    bound = (LegalStatus.EXECUTED, LegalStatus.AMENDED, LegalStatus.TERMINATED)
    return list(rows.filter(status__in=bound, partnership__isnull=False).only(*COLUMNS, *DATES))


def _end(row: Agreement) -> date | None:
    """Its last day: that of its term, or the day on which it was ended before."""
    days = [day for day in (row.expires_on, row.ended_on) if day is not None]
    return min(days, default=None)


def _repeats(row: Agreement, others: Sequence[Agreement]) -> bool:
    """Whether it is an amendment that left the end alone: then the amended agreement is the case."""
    return any(each.pk == row.amends_id and each.expires_on == row.expires_on for each in others)


def _went_on(row: Agreement, end: date, others: Sequence[Agreement]) -> bool:
    if row.renews_automatically and row.status != LegalStatus.TERMINATED:
        return True
    return any(_follows(each, row, end) for each in others if each.pk != row.pk)


def _follows(other: Agreement, row: Agreement, end: date) -> bool:
    if other.executed_on > end + timedelta(days=SETTLED_DAYS):
        return False
    if other.expires_on is not None and other.expires_on <= end:
        return False
    if other.amends_id == row.pk:
        return True
    if _is_smaller(other, row):
        return False
    succeeds = other.kind == row.kind and other.executed_on > end - timedelta(days=FORESEEN_DAYS)
    return other.renews_id == row.pk or succeeds


def _is_smaller(other: Agreement, row: Agreement) -> bool:
    """Whether it is known to be of less value; two currencies are not compared."""
    if other.value is None or row.value is None or other.currency != row.currency:
        return False
    return other.value < row.value
