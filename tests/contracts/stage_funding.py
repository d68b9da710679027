"""Money and schemes on the stage: one of each, full of the stage's words."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from partnerships.models import Partnership, Project, ProjectParticipant
from tests.factories.funding import make_funding, make_scheme


def add_money(word: str, partnership: Partnership, project: Project) -> dict:
    """An invoice that is late, a contribution in kind and an amount received, under a scheme that fits; their ids."""
    today = timezone.localdate()
    scheme = make_scheme(
        name=word,
        funder=word,
        eligibility=word,
        channels=["RES"],
        deadline_on=today + timedelta(days=9),
        rate=Decimal(50),
        cap=Decimal(10_000),
        external_id=f"scheme {partnership.pk}",
    )
    Project.objects.filter(pk=project.pk).update(total_cost=2000)
    ProjectParticipant.objects.filter(project=project).update(share=15)
    make_funding(partnership, project=project, scheme=scheme, reference=word[:80], note=word, is_cost_share=True)
    make_funding(
        partnership,
        project=project,
        measure="in_kind",
        valuation_basis=word,
        overhead_base=100,
        overhead_rate=30,
        external_id=f"kind {partnership.pk}",
    )
    row = make_funding(
        partnership,
        project=project,
        measure="invoiced",
        reference=word[:80],
        note=word,
        booked_on=today - timedelta(days=40),
        due_on=today - timedelta(days=10),
    )
    return {
        "funding": row.pk,
        "funding-entries": row.pk,
        "schemes": scheme.pk,
        "funding-schemes": scheme.pk,
    }
