"""Partnerships and what hangs on them for tests; the scope must be open."""

from datetime import timedelta

from django.utils import timezone

from organizations.models import Contact
from partnerships.models import (
    Interaction,
    Participant,
    Partnership,
    PartnershipHealth,
    Project,
    ProjectParticipant,
)
from tenants.models import User
from tests.factories.organizations import make_organization


def make_partnership(organization=None, **fields) -> Partnership:
    partnership = Partnership.objects.create(organization=organization or make_organization(), **fields)
    PartnershipHealth.objects.create(partnership=partnership)
    return partnership


def make_interaction(
    partnership: Partnership,
    *,
    days_ago: int = 0,
    contacts: tuple[Contact, ...] = (),
    members: tuple[User, ...] = (),
    **fields,
) -> Interaction:
    defaults = {"occurred_at": timezone.now() - timedelta(days=days_ago), "note": "Talked."}
    interaction = Interaction.objects.create(partnership=partnership, **{**defaults, **fields})
    for contact in contacts:
        Participant.objects.create(interaction=interaction, contact=contact)
    for member in members:
        Participant.objects.create(interaction=interaction, member=member)
    return interaction


def make_project(*partnerships: Partnership, **fields) -> Project:
    project = Project.objects.create(**{"title": "A project", "started_on": timezone.localdate(), **fields})
    for partnership in partnerships:
        ProjectParticipant.objects.create(project=project, organization=partnership.organization)
    return project
