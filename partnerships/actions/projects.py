"""Writing projects."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.days import check_days
from core.errors import InvalidInput
from core.versions import apply_edit, count_edit
from partnerships.actions.partnerships import check_member, recompute_soon
from partnerships.choices import Channel
from partnerships.choices_delivery import Light
from partnerships.models import Partnership, Project, ProjectParticipant
from partnerships.queries.projects import lock_project
from partnerships.rules.projects import HIGHEST_LEVEL, LOWEST_LEVEL, WHOLE, falls_short, share_left
from tenants.actions.deletion import delete_record

LARGEST = Decimal("999999999999.99")
PARTS = ("role", "award", "share")
LEVELS = ("trl_start", "trl_now", "trl_target")


@action("partnerships.create_project")
def create_project(*, actor: Actor, participants: Iterable[dict] = (), **fields: object) -> Project:
    """Add a project with its participants: dicts of organization, role, award, share. The lead works here."""
    check_member(actor, fields.get("lead"), field="lead")
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
    if changes.get("lead") is not None and changes["lead"].pk != row.lead_id:
        check_member(actor, changes["lead"], field="lead")
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
    """Delete a project with its participants; the recycle bin keeps it for 30 days. Its partners are scored anew.

    Refused while anything else is recorded of it, milestones for example: such a project ends instead.
    """
    row = lock_project(project.pk)
    organizations = set(row.participants.values_list("organization_id", flat=True))
    delete_record(actor, row)
    _recompute_partners(organizations)


def _check(fields: dict[str, object], row: Project | None = None) -> None:
    started, ended = (fields.get(name, getattr(row, name, None)) for name in ("started_on", "ended_on"))
    check_days(fields, "started_on", "ended_on")
    if started and ended and ended < started:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ended_on")
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCY_CODES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
    for name in ("total_cost", "award", "annual_fee"):
        _check_amount(fields.get(name), name)
    _check_readiness(fields, row)
    _check_light(fields, row)
    _check_membership(fields, row)


def _check_light(fields: dict[str, object], row: Project | None) -> None:
    light, reason = (fields.get(name, getattr(row, name, "")) for name in ("light", "light_reason"))
    if {"light", "light_reason"} & fields.keys() and light in (Light.AMBER, Light.RED) and not str(reason).strip():
        raise InvalidInput("reason_missing", _("Say in a sentence why it is not on course."), field="light_reason")


def _check_membership(fields: dict[str, object], row: Project | None) -> None:
    if fields.get("channel", getattr(row, "channel", Channel.RESEARCH)) == Channel.CONSORTIUM:
        return
    for name in ("membership_tier", "annual_fee"):
        value = fields.get(name, getattr(row, name, None))
        if {"channel", name} & fields.keys() and value not in (None, ""):
            words = _("Only a consortium has members who pay. Choose that channel, or empty this.")
            raise InvalidInput("no_consortium", words, field=name)


def _check_readiness(fields: dict[str, object], row: Project | None) -> None:
    for name in LEVELS:
        level = fields.get(name)
        if level is not None and not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
            raise InvalidInput("out_of_range", _("Levels of readiness go from 1 to 9."), field=name)
    start, target = (fields.get(name, getattr(row, name, None)) for name in ("trl_start", "trl_target"))
    if {"trl_start", "trl_target"} & fields.keys() and falls_short(start, target):
        words = _("The level to reach lies below the one at the start. Correct one of the two.")
        raise InvalidInput("below_start", words, field="trl_target")


def _check_amount(amount: object, field: str) -> None:
    if amount is not None and not 0 <= amount <= LARGEST:
        raise InvalidInput("out_of_range", _("Give an amount from 0 to 999,999,999,999.99."), field=field)


def _set_participants(project: Project, present: list[ProjectParticipant], participants: Iterable[dict]) -> bool:
    """Replace the participants; answers whether that changed anything."""
    wanted: dict[int, dict] = {}
    for given in participants:
        _check_amount(given.get("award"), "participants")
        if given.get("share") is not None and not 0 <= given["share"] <= WHOLE:
            raise InvalidInput("out_of_range", _("Give a share from 0 to 100 %."), field="participants")
        if given["organization"].pk in wanted:
            message = _("%s is given twice.") % given["organization"].name
            raise InvalidInput("participant_twice", message, field="participants")
        wanted[given["organization"].pk] = given
    rows = {each.organization_id: each for each in present}
    gone = [each.pk for each in present if each.organization_id not in wanted]
    added, changed = [], []
    for pk, given in wanted.items():
        row = rows.get(pk) or ProjectParticipant(project=project, organization_id=pk)
        before = [getattr(row, name) for name in PARTS]
        for name in PARTS:
            setattr(row, name, given.get(name, getattr(row, name)))
        if row.pk is None:
            added.append(row)
        elif before != [getattr(row, name) for name in PARTS]:
            changed.append(row)
    _check_shares([*added, *(rows[pk] for pk in rows.keys() & wanted.keys())])
    ProjectParticipant.objects.filter(pk__in=gone).delete()
    for row in changed:
        row.save()
    ProjectParticipant.objects.bulk_create(added)
    _recompute_partners(rows.keys() | wanted.keys())
    return bool(gone or changed or added)


def _check_shares(participants: Iterable[ProjectParticipant]) -> None:
    left = share_left(each.share for each in participants)
    if left < 0:
        words = _("The shares add up to %s %%. Together they may be 100 %% at most.") % (WHOLE - left)
        raise InvalidInput("over_the_whole", words, field="participants")


def score_partners_anew(project_ids: Collection[int]) -> None:
    """Want new health for the partners in some projects."""
    mine = ProjectParticipant.objects.filter(project_id__in=project_ids)
    _recompute_partners(mine.values("organization_id"))


def _recompute_partners(organization_ids: Iterable[int] | QuerySet) -> None:
    partners = Partnership.objects.filter(organization_id__in=organization_ids).order_by("pk")
    recompute_soon(list(partners.values_list("pk", flat=True)))
