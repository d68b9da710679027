"""What of partnerships has a history, and the health that follows when some of it is put back."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from organizations.models import Affiliation, Contact
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import (
    Evaluation,
    FollowUp,
    HealthAlert,
    HealthObjection,
    HealthSnapshot,
    Interaction,
    InteractionAttachment,
    LedgerEntry,
    Objective,
    Participant,
    PartnerEvent,
    Partnership,
    PartnershipHealth,
    Project,
    ProjectParticipant,
    Review,
    TeamMember,
)
from partnerships.queries.followups import visible_followups
from partnerships.queries.governance import (
    visible_evaluations,
    visible_ledger,
    visible_objectives,
    visible_partner_events,
    visible_reviews,
)
from partnerships.queries.interactions import levels_of, visible_interactions
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from tenants.registry import (
    States,
    Values,
    register_follower,
    register_history,
    register_history_part,
    register_history_trace,
)


def register_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        Partnership,
        label=_("Partner"),
        visible=visible_partnerships,
        create="partnerships.create_partnership",
        edit="partnerships.edit_partnership",
        delete="partnerships.delete_partnership",
        home="partnerships:partners",
        derived=["stage_suggested", "tier_suggested"],
        named_by=["organization"],
    )
    register_history_trace(TeamMember, goes_along=True)
    register_history_trace(HealthSnapshot, is_computed=True)
    register_history_trace(HealthAlert, goes_along=True, is_computed=True)
    register_history_trace(HealthObjection, goes_along=True)
    register_history(
        Interaction,
        label=_("Interaction"),
        visible=visible_interactions,
        create="partnerships.log_interaction",
        edit="partnerships.edit_interaction",
        delete="partnerships.delete_interaction",
        home="partnerships:today",
        conceals=concealed_columns,
    )
    register_history_part(Participant, label=_("Participant"), of="interaction")
    register_history_part(InteractionAttachment, label=_("Attached file"), of="interaction")
    register_history(
        FollowUp,
        label=_("Follow-up"),
        visible=visible_followups,
        create="partnerships.add_followup",
        edit="partnerships.edit_followup",
        delete="partnerships.delete_followup",
        home="partnerships:followups",
    )
    register_history(
        Project,
        label=_("Project"),
        visible=visible_projects,
        create="partnerships.create_project",
        edit="partnerships.edit_project",
        delete="partnerships.delete_project",
        home="partnerships:projects",
    )
    register_history_part(ProjectParticipant, label=_("Participant"), of="project")
    for model, label, visible, create, noun in (
        (Objective, _("Objective"), visible_objectives, "add_objective", "objective"),
        (LedgerEntry, _("Given or got"), visible_ledger, "add_ledger_entry", "ledger_entry"),
        (Review, _("Review"), visible_reviews, "record_review", "review"),
        (PartnerEvent, _("Change at the partner"), visible_partner_events, "record_partner_event", "partner_event"),
        (Evaluation, _("Rating"), visible_evaluations, "record_evaluation", "evaluation"),
    ):
        register_history(
            model,
            label=label,
            visible=visible,
            create=f"partnerships.{create}",
            edit=f"partnerships.edit_{noun}",
            delete=f"partnerships.delete_{noun}",
            home="partnerships:partners",
            named_by=["partnership"],
        )
    register_follower(bring_up_to_date)


def concealed_columns(actor: Actor, values: Values) -> Collection[str]:
    """The note of an interaction that was above the actor's level when it read so, unless it is their own."""
    mine = actor.user_id is not None and values.get("logged_by_id") == actor.user_id
    return () if mine or values.get("confidentiality") in levels_of(actor) else ("note",)


def bring_up_to_date(*, actor: Actor, states: States) -> None:
    """Partnerships that are there again get a place for their health; all that are touched are scored anew."""
    ids = _ids(states, Partnership, "id") | _ids(states, Interaction, "partnership_id")
    ids |= _ids(states, LedgerEntry, "partnership_id") | _ids(states, Evaluation, "partnership_id")
    interactions = Interaction.objects.filter(pk__in=_ids(states, Participant, "interaction_id"))
    ids |= set(interactions.values_list("partnership_id", flat=True))
    contacts = _ids(states, Contact, "id") | _ids(states, Affiliation, "contact_id")
    ids |= set(
        Participant.objects.filter(contact_id__in=contacts).values_list("interaction__partnership_id", flat=True)
    )
    projects = ProjectParticipant.objects.filter(project_id__in=_ids(states, Project, "id"))
    organizations = _ids(states, ProjectParticipant, "organization_id")
    organizations |= set(projects.values_list("organization_id", flat=True))
    ids |= set(Partnership.objects.filter(organization_id__in=organizations).values_list("pk", flat=True))
    present = sorted(Partnership.objects.filter(pk__in=ids).values_list("pk", flat=True))
    placed = set(PartnershipHealth.objects.filter(partnership_id__in=present).values_list("partnership_id", flat=True))
    PartnershipHealth.objects.bulk_create(PartnershipHealth(partnership_id=pk) for pk in present if pk not in placed)
    recompute_soon(present)


def _ids(states: States, model: type, column: str) -> set[Any]:
    """The values of a column in what was and in what is."""
    return {values[column] for values in states.get(model, ()) if values.get(column) is not None}
