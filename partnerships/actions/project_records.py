"""Writing who works in projects, what comes out of them and who gets what; the histories of a project's records."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actions import action
from core.actor import Actor
from core.days import check_day, check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import VersionedModel, apply_edit
from organizations.models import Affiliation, Contact, Organization
from organizations.rules.identifiers import Scheme, check_identifier
from partnerships.actions.delivery import refuse_other_project, require_words
from partnerships.actions.partnerships import check_member
from partnerships.actions.projects import score_partners_anew
from partnerships.choices import Side
from partnerships.choices_delivery import BenefitKind
from partnerships.models import (
    Milestone,
    Project,
    ProjectBenefit,
    ProjectIssue,
    ProjectOutput,
    ProjectParticipant,
    ProjectPerson,
)
from partnerships.queries.delivery import visible_milestones, visible_project_issues
from partnerships.queries.governance import lock_record
from partnerships.queries.project_records import (
    shares_of_kind,
    takes_part,
    visible_project_benefits,
    visible_project_outputs,
    visible_project_people,
)
from partnerships.rules.projects import WHOLE, share_left
from tenants.actions.deletion import delete_record
from tenants.models import User
from tenants.registry import States, register_follower, register_history

MOST_DAYS = Decimal(31)
PERSON = ("member", "contact")


@action("partnerships.add_project_person")
def add_project_person(
    *,
    actor: Actor,
    project: Project,
    role: str,
    member: User | None = None,
    contact: Contact | None = None,
    name: str = "",
    **fields: object,
) -> ProjectPerson:
    """Add a colleague, a contact of an organization in the project, or somebody by name: one of the three."""
    name = " ".join(name.split())
    if sum((member is not None, contact is not None, bool(name))) != 1:
        words = _("Choose a colleague or a contact, or give a name: one of the three.")
        raise InvalidInput("one_person", words, field="member")
    check_member(actor, member, field="member")
    if contact is not None:
        inside = ProjectParticipant.objects.filter(project=project).values("organization_id")
        if not Affiliation.objects.filter(contact=contact, organization_id__in=inside).exists():
            words = _("This person works at no organization in the project. Add the position or the participant first.")
            raise InvalidInput("works_elsewhere", words, field="contact")
    _check_part(fields)
    return ProjectPerson.objects.create(project=project, role=role, member=member, contact=contact, name=name, **fields)


@action("partnerships.edit_project_person")
def edit_project_person(
    *, actor: Actor, project_person: ProjectPerson, seen: int | None = None, **changes: object
) -> ProjectPerson:
    """Change or end somebody's part in a project; project and person stay, a bare name may be corrected."""
    row = lock_record(ProjectPerson, project_person.pk)
    refuse_other_project(row, changes)
    for each in PERSON:
        if each in changes and changes.pop(each) != getattr(row, each):
            words = _("This stays with its person. End it and add somebody else.")
            raise ActionRefused("person_fixed", words, field=each)
    if "name" in changes and not row.name:
        if str(changes.pop("name")).strip():
            words = _("This is a colleague or a contact, whose name stands there.")
            raise InvalidInput("one_person", words, field="name")
    require_words(changes, "name", _("Give the name."))
    _check_part(changes, row)
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.delete_project_person")
def delete_project_person(*, actor: Actor, project_person: ProjectPerson) -> None:
    """Take out somebody who was entered by mistake; whoever has left the project gets an end."""
    delete_record(actor, lock_record(ProjectPerson, project_person.pk))


@action("partnerships.add_project_output")
def add_project_output(*, actor: Actor, project: Project, kind: str, **fields: object) -> ProjectOutput:
    """Record what came out of a project. A DOI is brought to its normal form, and stands once in a project."""
    _check_output(fields)
    return _save_output(lambda: ProjectOutput.objects.create(project=project, kind=kind, **fields))


@action("partnerships.edit_project_output")
def edit_project_output(
    *, actor: Actor, project_output: ProjectOutput, seen: int | None = None, **changes: object
) -> ProjectOutput:
    """Correct what came out of a project; its project stays."""
    row = lock_record(ProjectOutput, project_output.pk)
    refuse_other_project(row, changes)
    _check_output(changes)
    _save_output(lambda: apply_edit(row, changes, seen=seen))
    return row


@action("partnerships.delete_project_output")
def delete_project_output(*, actor: Actor, project_output: ProjectOutput) -> None:
    """Delete what was recorded by mistake."""
    delete_record(actor, lock_record(ProjectOutput, project_output.pk))


@action("partnerships.add_project_benefit")
def add_project_benefit(
    *, actor: Actor, project: Project, side: str, kind: str, organization: Organization | None = None, **fields: object
) -> ProjectBenefit:
    """Record what one side, or both, is to get out of a project. Shares of one kind add up to 100 % at most."""
    row = ProjectBenefit(project=project, side=side, kind=kind, organization=organization)
    _check_benefit(row, fields)
    row.save()
    return row


@action("partnerships.edit_project_benefit")
def edit_project_benefit(
    *, actor: Actor, project_benefit: ProjectBenefit, seen: int | None = None, **changes: object
) -> ProjectBenefit:
    """Change what a side is to get; its project stays."""
    row = lock_record(ProjectBenefit, project_benefit.pk)
    refuse_other_project(row, changes)
    columns = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    _check_benefit(ProjectBenefit(**columns), changes)
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.delete_project_benefit")
def delete_project_benefit(*, actor: Actor, project_benefit: ProjectBenefit) -> None:
    """Delete what a side was to get."""
    delete_record(actor, lock_record(ProjectBenefit, project_benefit.pk))


def _check_part(fields: dict[str, object], row: ProjectPerson | None = None) -> None:
    started, ended = (fields.get(name, getattr(row, name, None)) for name in ("started_on", "ended_on"))
    check_days(fields, "started_on", "ended_on")
    if started is not None and ended is not None and ended < started:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ended_on")
    days = fields.get("days_per_month")
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise InvalidInput("out_of_range", _("Give 0 to 31 days a month."), field="days_per_month")


def _check_output(fields: dict[str, object]) -> None:
    require_words(fields, "title", _("Say what came out."))
    if fields.get("doi"):
        found = check_identifier(Scheme.DOI, str(fields["doi"]))
        if not found.ok:
            words = _("This is no DOI. One begins with 10. and has a slash, for example 10.1000/182.")
            raise InvalidInput("no_doi", words, field="doi")
        fields["doi"] = found.value
    people = fields.get("people")
    if people is not None and people < 1:
        words = _("Give how many were hired, 1 or more, or leave it empty.")
        raise InvalidInput("out_of_range", words, field="people")
    produced_on: date | None = fields.get("produced_on")
    if produced_on is not None:
        check_day(produced_on, "produced_on")
        if produced_on > timezone.localdate():
            words = _("This lies in the future. Record it when it is there.")
            raise InvalidInput("in_the_future", words, field="produced_on")


def _save_output(write):
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        if "partnerships_projectoutput_doi_once" not in str(error):
            raise
        words = _("An output with this DOI is recorded for the project already.")
        raise ActionRefused("doi_already", words, field="doi") from None


def _check_benefit(row: ProjectBenefit, changes: dict[str, object]) -> None:
    """Look at a benefit as it will be: ``row`` is a copy that is never saved, or new."""
    require_words(changes, "description", _("Say what it is."))
    for name, value in changes.items():
        setattr(row, name, value)
    if row.share is not None and not 0 <= row.share <= WHOLE:
        raise InvalidInput("out_of_range", _("Give a share from 0 to 100 %."), field="share")
    others = shares_of_kind(row.project_id, row.kind, but=row.pk)
    if row.share is not None and (left := share_left([*others, row.share])) < 0:
        words = {"kind": BenefitKind(row.kind).label, "sum": WHOLE - left}
        message = _("%(kind)s: the shares add up to %(sum)s %%. Together they may be 100 %% at most.")
        raise InvalidInput("over_the_whole", message % words, field="share")
    if row.organization_id is None:
        return
    if row.side == Side.OURS:
        raise InvalidInput("other_side", _("Name an organization for the partner's side only."), field="organization")
    if not takes_part(row.project_id, row.organization_id):
        raise InvalidInput("takes_no_part", _("This organization takes no part in the project."), field="organization")


# Histories


def register_project_histories() -> None:
    """Called once, from the app's ready(), after the history of projects."""
    for model, label, visible, noun, named_by in (
        (ProjectPerson, gettext_lazy("Person in a project"), visible_project_people, "project_person", PERSON),
        (Milestone, gettext_lazy("Milestone"), visible_milestones, "milestone", ()),
        (ProjectIssue, gettext_lazy("Risk or issue"), visible_project_issues, "project_issue", ()),
        (ProjectOutput, gettext_lazy("Output"), visible_project_outputs, "project_output", ()),
        (ProjectBenefit, gettext_lazy("Benefit"), visible_project_benefits, "project_benefit", ()),
    ):
        register_history(
            model,
            label=label,
            visible=visible,
            create=f"partnerships.add_{noun}",
            edit=f"partnerships.edit_{noun}",
            delete=f"partnerships.delete_{noun}",
            home="partnerships:projects",
            named_by=named_by,
        )
    register_follower(bring_delivery_up_to_date)


SCORED: Collection[type[VersionedModel]] = (Milestone, ProjectIssue)


def bring_delivery_up_to_date(*, actor: Actor, states: States) -> None:
    """Partners of projects whose milestones or issues were put back are scored anew."""
    touched = {values["project_id"] for model in SCORED for values in states.get(model, ())}
    if touched:
        score_partners_anew(touched)
