"""What belongs to one partnership, on the stage."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from organizations.models import Contact
from partnerships.models import (
    Evaluation,
    Handover,
    HandoverItem,
    HealthConfiguration,
    HealthObjection,
    LedgerEntry,
    Objective,
    PartnerEvent,
    Partnership,
    Project,
    Review,
    TeamMember,
)
from partnerships.rules.health import DEFAULT_CONFIG, config_to_dict
from tenants.choices import Role
from tests.cast import Office
from tests.factories.health import make_alert

# The built-in settings but for one border, so that there is a version to look at.
EARLIER = config_to_dict(replace(DEFAULT_CONFIG, version=2, bands=replace(DEFAULT_CONFIG.bands, healthy=71.0)))


def add_records(word: str, office: Office, partnership: Partnership, contact: Contact, project: Project) -> dict:
    """One of each kind of record, a role on each side, and a handover; their ids."""
    author = office.user(Role.ADMINISTRATOR)
    role = TeamMember.objects.create(partnership=partnership, member=author, role="owner")
    TeamMember.objects.create(partnership=partnership, contact=contact, role="champion")
    objective = Objective.objects.create(partnership=partnership, side="ours", title=word, metric=word)
    entry = LedgerEntry.objects.create(
        partnership=partnership, direction="give", description=word, value=10, valuation_basis=word
    )
    review = Review.objects.create(partnership=partnership, worked=word, held_by=author)
    event = PartnerEvent.objects.create(partnership=partnership, kind="merger", description=word)
    rating = Evaluation.objects.create(
        partnership=partnership, rater_side="partner", contact=contact, project=project, score=4, comment=word
    )
    handover, _made = Handover.objects.get_or_create(
        member=author, status="open", defaults={"last_day": timezone.localdate() + timedelta(days=30), "note": word}
    )
    objection = HealthObjection.objects.create(
        partnership=partnership, band="insufficient", text=word, written_by=author
    )
    HandoverItem.objects.create(handover=handover, partnership=partnership)
    alert = make_alert(partnership, rule="A10", end_note=word, routed_to=author)
    settings, _made = HealthConfiguration.objects.get_or_create(
        version=2, defaults={"settings": EARLIER, "note": word, "published_by": author}
    )
    return {
        "health-settings": settings.version,
        "health/config": settings.pk,
        "team": role.pk,
        "team-members": role.pk,
        "objectives": objective.pk,
        "ledger": entry.pk,
        "ledger-entries": entry.pk,
        "reviews": review.pk,
        "partner-events": event.pk,
        "evaluations": rating.pk,
        "handovers": handover.pk,
        "health-objections": objection.pk,
        "health-alerts": alert.pk,
        "workload": office.memberships[Role.OFFICER].pk,
    }
