"""Partnerships and what hangs on them for tests; the scope must be open."""

from datetime import timedelta

from django.utils import timezone

from organizations.models import Contact
from partnerships.models import (
    Evaluation,
    Interaction,
    LedgerEntry,
    Objective,
    Opportunity,
    OpportunityMove,
    OpportunityStage,
    Participant,
    PartnerEvent,
    Partnership,
    PartnershipHealth,
    Project,
    ProjectParticipant,
    Review,
    TeamMember,
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


def stage_named(name: str) -> OpportunityStage:
    """One of the office's stages, which every office of the cast has from its opening."""
    return OpportunityStage.objects.get(name=name)


def make_opportunity(
    partnership: Partnership | None = None, *, stage: str = "Lead", days_in_stage: int = 0, **fields
) -> Opportunity:
    """An opportunity in a stage by name, with the move that brought it there."""
    since = timezone.now() - timedelta(days=days_in_stage)
    row = Opportunity.objects.create(
        partnership=partnership or make_partnership(),
        stage=stage_named(stage),
        **{"title": "A joint laboratory", "stage_since": since, **fields},
    )
    OpportunityMove.objects.create(opportunity=row, to_stage=row.stage, moved_at=since)
    return row


def make_role(partnership: Partnership | None = None, **fields) -> TeamMember:
    return TeamMember.objects.create(partnership=partnership or make_partnership(), **{"role": "deputy", **fields})


def make_objective(partnership: Partnership | None = None, **fields) -> Objective:
    values = {"side": "ours", "title": "Three theses", **fields}
    return Objective.objects.create(partnership=partnership or make_partnership(), **values)


def make_ledger_entry(partnership: Partnership | None = None, **fields) -> LedgerEntry:
    values = {"direction": "give", "description": "An introduction", **fields}
    return LedgerEntry.objects.create(partnership=partnership or make_partnership(), **values)


def make_review(partnership: Partnership | None = None, **fields) -> Review:
    return Review.objects.create(partnership=partnership or make_partnership(), **{"worked": "Much.", **fields})


def make_partner_event(partnership: Partnership | None = None, **fields) -> PartnerEvent:
    values = {"kind": "merger", "description": "They merged.", **fields}
    return PartnerEvent.objects.create(partnership=partnership or make_partnership(), **values)


def make_evaluation(partnership: Partnership | None = None, **fields) -> Evaluation:
    values = {"rater_side": "partner", "score": 4, **fields}
    return Evaluation.objects.create(partnership=partnership or make_partnership(), **values)
