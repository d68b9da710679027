"""The partnerships that follow from projects."""

from collections.abc import Mapping
from datetime import date

from partnerships.actions.imports.rows import batches
from partnerships.models import Partnership, PartnershipHealth


def write_partnerships(first_starts: Mapping[int, date | None], *, own_id: int | None, today: date) -> int:
    """Make each organization that takes part a partner, since its first project; answers how many are new.

    Where no project has a start, or all lie ahead, it is a partner since today. Partnerships that are there already
    belong to the people who keep them and stay as they are.
    """
    made = 0
    for batch in batches(sorted(first_starts.keys() - {own_id})):
        present = Partnership.objects.filter(organization_id__in=batch)
        known = set(present.values_list("organization_id", flat=True))
        new = Partnership.objects.bulk_create(
            Partnership(organization_id=pk, started_on=min(first_starts[pk] or today, today))
            for pk in batch
            if pk not in known
        )
        PartnershipHealth.objects.bulk_create(PartnershipHealth(partnership=each) for each in new)
        made += len(new)
    return made
