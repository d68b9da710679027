"""Writing projects."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.errors import InvalidInput
from core.versions import apply_edit, count_edit
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import Partnership, Project, ProjectParticipant
from partnerships.queries.projects import lock_project
from tenants.actions.deletion import delete_record

LARGEST = Decimal("999999999999.99")


@action("partnerships.create_project")
def create_project(*, actor: Actor, participants: Iterable[dict] = (), **fields: object) -> Project:
    """Add a project with its participants: dicts of organization, role, award."""
    _check(fields)
    project = Project.objects.create(**fields)
    _set_participants(project, [], participants)
    return project


@action("partnerships.edit_project")
def edit_project(
    *,
    actor: Actor,
    project: Project,
    seen: int | None = None,
    participants: Iterable[dict] | None = None,
    **changes: object,
) -> Project:
    """Change a project; participants, where given, replace the present ones."""
    row = lock_project(project.pk)
    _check(changes, row)
    edited = apply_edit(row, changes, seen=seen)
    present = list(row.participants.all())
    if participants is None:
        _recompute_partners({each.organization_id for each in present})
    elif _set_participants(row, present, participants) and not edited:
        count_edit(row)
    return row


@action("partnerships.delete_project")
def delete_project(*, actor: Actor, project: Project) -> None:
    """Delete a project with its participants; the recycle bin keeps it for 30 days. Its partners are scored anew."""
    row = lock_project(project.pk)
    organizations = set(row.participants.values_list("organization_id", flat=True))
    delete_record(actor, row)
    _recompute_partners(organizations)


def _check(fields: dict[str, object], row: Project | None = None) -> None:
    started, ended = (fields.get(name, getattr(row, name, None)) for name in ("started_on", "ended_on"))
    if started and ended and ended < started:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ended_on")
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCY_CODES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
    for name in ("total_cost", "award"):
        _check_amount(fields.get(name), name)


def _check_amount(amount: object, field: str) -> None:
    if amount is not None and not 0 <= amount <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field=field)


def _set_participants(project: Project, present: list[ProjectParticipant], participants: Iterable[dict]) -> bool:
    """Replace the participants; answers whether that changed anything."""
    wanted: dict[int, dict] = {}
    for given in participants:
        _check_amount(given.get("award"), "participants")
        if given["organization"].pk in wanted:
            message = _("%s is given twice.") % given["organization"].name
            raise InvalidInput("participant_twice", message, field="participants")
        wanted[given["organization"].pk] = given
    rows = {each.organization_id: each for each in present}
    gone = [each.pk for each in present if each.organization_id not in wanted]
    added, changed = [], []
    for pk, given in wanted.items():
        row = rows.get(pk) or ProjectParticipant(project=project, organization_id=pk)
        before = (row.role, row.award)
        row.role, row.award = given.get("role", row.role), given.get("award", row.award)
        if row.pk is None:
            added.append(row)
        elif before != (row.role, row.award):
            changed.append(row)
    ProjectParticipant.objects.filter(pk__in=gone).delete()
    for row in changed:
        row.save()
    ProjectParticipant.objects.bulk_create(added)
    _recompute_partners(rows.keys() | wanted.keys())
    return bool(gone or changed or added)


def _recompute_partners(organization_ids: Iterable[int]) -> None:
    partners = Partnership.objects.filter(organization_id__in=organization_ids).order_by("pk")
    recompute_soon(list(partners.values_list("pk", flat=True)))
