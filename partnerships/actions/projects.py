"""Writing projects."""

from collections.abc import Iterable
from decimal import Decimal

from babel.core import get_global
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import Partnership, Project, ProjectParticipant
from partnerships.queries.projects import lock_project

CURRENCIES = frozenset(get_global("all_currencies"))
LARGEST = Decimal("999999999999.99")


@action("partnerships.create_project")
def create_project(*, actor: Actor, participants: Iterable[dict] = (), **fields: object) -> Project:
    """Add a project with its participants: dicts of organization, role, award."""
    _check(fields)
    project = Project.objects.create(**fields)
    _set_participants(project, list(participants))
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
    apply_edit(row, changes, seen=seen)
    if participants is None:
        _recompute_partners({each.organization_id for each in row.participants.all()})
    else:
        _set_participants(row, list(participants))
    return row


def _check(fields: dict[str, object], row: Project | None = None) -> None:
    started, ended = (fields.get(name, getattr(row, name, None)) for name in ("started_on", "ended_on"))
    if started and ended and ended < started:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ended_on")
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCIES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
    for name in ("total_cost", "award"):
        _check_amount(fields.get(name), name)


def _check_amount(amount: object, field: str) -> None:
    if amount is not None and not 0 <= amount <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field=field)


def _set_participants(project: Project, participants: list[dict]) -> None:
    wanted = {}
    for given in participants:
        _check_amount(given.get("award"), "participants")
        if given["organization"].pk in wanted:
            message = _("%s is given twice.") % given["organization"].name
            raise InvalidInput("participant_twice", message, field="participants")
        wanted[given["organization"].pk] = given
    present = {each.organization_id: each for each in project.participants.all()}
    ProjectParticipant.objects.filter(
        pk__in=[present[pk].pk for pk in present.keys() - wanted.keys()]
    ).delete()
    for pk, given in wanted.items():
        row = present.get(pk) or ProjectParticipant(project=project, organization_id=pk)
        row.role = given.get("role", row.role)
        row.award = given.get("award", row.award)
        row.save()
    _recompute_partners(present.keys() | wanted.keys())


def _recompute_partners(organization_ids: Iterable[int]) -> None:
    partners = Partnership.objects.filter(organization_id__in=organization_ids).order_by("pk")
    recompute_soon(list(partners.values_list("pk", flat=True)))
