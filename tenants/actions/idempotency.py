"""Keeping the answers of creates with an Idempotency-Key.

Not actions: the permission is that of the create, and nobody sees these rows. Everything happens in the create's
transaction.
"""

from datetime import timedelta

from django.utils import timezone

from core.actor import Actor
from core.rest.idempotency import StoredAnswer
from tenants.models.idempotency import KeptAnswer

KEPT_HOURS = 24


class KeptAnswers:
    """The store of ``core.rest.idempotency``: rows of one office and one member."""

    def claim(self, *, actor: Actor, key: str, fingerprint: str) -> StoredAnswer | None:
        """Claim the key for this transaction, waiting for another that has it; the earlier answer, if any.

        Of two requests at once the second waits at the unique index until the first has committed (then there is
        an answer) or rolled back (then the key is free).
        """
        mine = KeptAnswer.objects.filter(member_id=actor.user_id, key=key)
        for _try in range(2):  # a purge may take the row away between the two statements
            claim = KeptAnswer(member_id=actor.user_id, key=key, fingerprint=fingerprint)
            KeptAnswer.objects.bulk_create([claim], ignore_conflicts=True)
            row = mine.first()
            if row is not None:
                break
        if row is None or row.status == 0:
            return None
        return StoredAnswer(row.fingerprint, row.status, row.body, row.headers)

    def keep(self, *, actor: Actor, key: str, status: int, body: str, headers: dict[str, str]) -> None:
        """Keep the answer to the claimed key."""
        KeptAnswer.objects.filter(member_id=actor.user_id, key=key).update(status=status, body=body, headers=headers)


def purge_kept_answers(*, actor: Actor) -> int:
    """Remove the office's kept answers that are older than a day."""
    old = timezone.now() - timedelta(hours=KEPT_HOURS)
    return KeptAnswer.objects.filter(created_at__lt=old).delete()[0]
