"""Agreements and what hangs on them for tests; the scope must be open."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from agreements.models import Agreement, AgreementEvent, Party
from partnerships.models import Partnership
from tests.factories.partnerships import make_partnership

_numbers = count(1)


def make_agreement(partnership: Partnership | None = None, **fields) -> Agreement:
    """A draft with its main counterparty and no event; name ``status``, ``workflow`` and dates for another state."""
    partnership = partnership or make_partnership()
    values = {"reference": f"T-{next(_numbers)}", "title": "A joint laboratory", "kind": "research", **fields}
    row = Agreement.objects.create(partnership=partnership, **values)
    Party.objects.create(agreement=row, organization=partnership.organization, role="sponsor", is_primary=True)
    return row


def make_executed(partnership: Partnership | None = None, *, days_ago: int = 30, **fields) -> Agreement:
    """An agreement executed some days ago, in force since and for a year."""
    day = timezone.localdate() - timedelta(days=days_ago)
    values = {
        "status": "executed",
        "workflow": "closed",
        "court": "nobody",
        "complete_on": day - timedelta(days=28),
        "executed_on": day,
        "effective_on": day,
        "expires_on": day + timedelta(days=365),
        **fields,
    }
    return make_agreement(partnership, **values)


def make_event(agreement: Agreement, workflow: str, court: str, *, at, status: str = "draft", **fields):
    """A move on record, as the clock reads it."""
    return AgreementEvent.objects.create(
        agreement=agreement, to_workflow=workflow, to_status=status, court=court, at=at, **fields
    )
