"""A stage of an office: at least one row of everything that an address can be about."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone

from core.actor import Actor
from core.secrets import digest_of, new_secret
from core.tenancy.scope import tenant_scope
from organizations.actions.organizations import edit_organization
from organizations.models import OrganizationAlias, OrganizationIdentifier
from partnerships.actions.health import recompute_health
from partnerships.models import PartnershipHealth
from tenants.choices import Role
from tenants.models import ApiToken, Invitation, SavedView, ViewMark
from tests.cast import Office
from tests.contracts.stage_agreements import add_agreement
from tests.contracts.stage_funding import add_money
from tests.contracts.stage_organizations import add_profile
from tests.contracts.stage_partnerships import add_records
from tests.contracts.stage_projects import add_project_records
from tests.contracts.stage_reporting import add_reports
from tests.contracts.stage_talent import add_talent
from tests.factories.exports import make_export
from tests.factories.logging import make_attachment, make_followup
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_opportunity, make_partnership, make_project


@dataclass
class Stage:
    """``ids``: for the first word of an address the id in it. The words of beta's rows hold ``canary``."""

    office: Office
    canary: str
    ids: dict[str, object] = field(default_factory=dict)


def set_stage(office: Office, *, rows: int = 1) -> Stage:
    """``rows`` times everything; the ids are those of the last. Everything belongs to the office's first member."""
    stage = Stage(office, f"canary-{office.tenant.slug}")
    with tenant_scope(office.id):
        for number in range(rows):
            _add_everything(stage, office, number)
        recompute_health(actor=Actor.system(office.id))
        PartnershipHealth.objects.update(changed_at=timezone.now() - timedelta(days=1), previous_score=50.0)
    return stage


def _add_everything(stage: Stage, office: Office, number: int) -> None:
    word, author = f"{stage.canary} {number}", office.user(Role.ADMINISTRATOR)
    parent = make_organization(name=f"{word} parent")
    organization = make_organization(name=word, parent=parent, city=word, website="https://partner.example/")
    make_organization(name=f"{word} daughter", parent=organization)
    OrganizationAlias.objects.create(organization=organization, name=f"{word} alias")
    OrganizationIdentifier.objects.create(organization=organization, scheme="grid", value=f"grid.{organization.pk}.1")
    contact = make_contact(organization, decides=True, name=f"{word} person", notes=word)
    partnership = make_partnership(
        organization, owner=author, summary=word, started_on=timezone.localdate() - timedelta(days=400)
    )
    interaction = make_interaction(
        partnership, days_ago=200, contacts=(contact,), members=(author,), note=word, logged_by=author
    )
    project = make_project(partnership, title=word, award=1000)
    opportunity = make_opportunity(
        partnership, title=word, owner=author, next_step=word, description=word, value=1000, days_in_stage=90
    )
    secret = new_secret()
    soon = timezone.now() + timedelta(days=1)
    invitation = Invitation.objects.create(
        email=f"new{organization.pk}@{office.tenant.slug}.example",
        digest=digest_of(secret),
        invited_by=author,
        expires_at=soon,
    )
    maker, token = (
        ApiToken(member=author, name=word, digest=digest_of(new_secret()), hint="abcd", expires_at=soon)
        for _each in range(2)
    )
    maker.save()
    token.made_with = maker
    token.save()
    view = SavedView.objects.create(
        list_code="partners", name=f"{word} {organization.pk}", visibility="office", owner=author
    )
    ViewMark.objects.create(member=author, view=view, list_code="partners", is_pinned=True)
    changes = f"stage-{office.tenant.slug}-{number}"
    editor = replace(office.actor(Role.ADMINISTRATOR), request_id=changes)
    edit_organization(actor=editor, organization=organization, city=f"{word} city")
    stage.ids = {
        "organizations": organization.pk,
        "people": contact.pk,
        "contacts": contact.pk,
        "partners": partnership.pk,
        "partnerships": partnership.pk,
        "interactions": interaction.pk,
        "projects": project.pk,
        "opportunities": opportunity.pk,
        "stages": opportunity.stage_id,
        "opportunity-stages": opportunity.stage_id,
        "members": office.memberships[Role.VIEWER].pk,
        "invitations": invitation.pk,
        "join": secret,
        "tokens": token.pk,
        "views": view.pk,
        "exports": make_export(author, title=word, filter=word, why=word).pk,
        "lists": "partners",
        "changes": changes,
        "follow-ups": make_followup(
            partnership, title=word, interaction=interaction, assignee=author, due_on=timezone.localdate()
        ).pk,
        "attachments": make_attachment(office, interaction, content=f"{word}\n".encode(), name=f"{word}.txt").pk,
        **add_profile(word, office, organization, contact),
        **add_records(word, office, partnership, contact, project),
        **add_project_records(word, office, partnership, contact, project),
        **add_agreement(word, office, partnership, project),
        **add_money(word, partnership, project),
        **add_talent(word, office, partnership, project),
        **add_reports(word, office, number),
    }
