"""Writing programs and positions: what is offered, and the way of a position from draft to closed."""

from decimal import Decimal

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.days import check_days
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.actions.partnerships import check_member
from partnerships.choices_talent import ApproverRole, PositionStatus
from partnerships.models import Partnership, Position, TalentProgram
from partnerships.queries.positions import lock_position, lock_program, places_taken
from partnerships.rules.talent import POSITION_MOVES, may_move
from tenants.actions.deletion import delete_record
from tenants.queries.tenants import currency_of

HIGHEST_PAY = Decimal("999999.99")


# Programs


@action("partnerships.create_talent_program")
def create_talent_program(*, actor: Actor, name: str, kind: str, **fields: object) -> TalentProgram:
    """Add a program. ``approvers`` are roles, in the order in which they approve its placements."""
    _check_program(actor, fields := {"name": name, "kind": kind, **fields}, None)
    return TalentProgram.objects.create(**fields)


@action("partnerships.edit_talent_program")
def edit_talent_program(
    *, actor: Actor, program: TalentProgram, seen: int | None = None, **changes: object
) -> TalentProgram:
    """Change a program. Placements that were requested keep the approvers that they were requested with."""
    row = lock_program(program.pk)
    _check_program(actor, changes, row)
    if changes.get("kind", row.kind) != row.kind and row.placements.exists():
        message = _("This program has placements, which count as what they were. Add another program.")
        raise ActionRefused("program_used", message, field="kind")
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.delete_talent_program")
def delete_talent_program(*, actor: Actor, program: TalentProgram) -> None:
    """Delete a program that nothing refers to; the recycle bin keeps it for 30 days."""
    delete_record(actor, lock_program(program.pk))


def _check_program(actor: Actor, fields: dict[str, object], row: TalentProgram | None) -> None:
    if "name" in fields:
        fields["name"] = " ".join(str(fields["name"]).split())
        if not fields["name"]:
            raise InvalidInput("no_name", _("Give the program a name."), field="name")
        same = TalentProgram.objects.filter(name=fields["name"]).exclude(pk=row.pk if row else None)
        if same.exists():
            message = _("There is a program called %s already.") % fields["name"]
            raise ActionRefused("name_taken", message, field="name")
    if "approvers" in fields:
        roles = list(fields["approvers"] or [])
        if len(set(roles)) != len(roles) or not set(roles) <= set(ApproverRole.values):
            message = _("Name each role at most once: %s.") % ", ".join(ApproverRole.values)
            raise InvalidInput("unknown_approver", message, field="approvers")
        fields["approvers"] = roles
    if not 1 <= int(fields.get("approval_days", 7) or 0) <= 90:
        raise InvalidInput("out_of_range", _("Give 1 to 90 days to approve."), field="approval_days")
    coordinator = fields.get("coordinator")
    if coordinator is not None and (row is None or coordinator.pk != row.coordinator_id):
        check_member(actor, coordinator, field="coordinator")


# Positions


@action("partnerships.create_position")
def create_position(
    *, actor: Actor, program: TalentProgram, partnership: Partnership, title: str, **fields: object
) -> Position:
    """Add a position as a draft. Without a currency it has the office's."""
    fields["currency"] = fields.get("currency") or currency_of(actor)
    if program.closed_on is not None:
        message = _("%s is no longer offered. Choose another program.") % program.name
        raise ActionRefused("program_closed", message, field="program")
    row = Position(program=program, partnership=partnership)
    _check_position(actor, fields := {"title": title, **fields}, row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


@action("partnerships.edit_position")
def edit_position(*, actor: Actor, position: Position, seen: int | None = None, **changes: object) -> Position:
    """Change a position; its partner and program stay, and its status has moves of its own.

    It never has fewer places than are offered or accepted.
    """
    row = lock_position(position.pk)
    for name in ("partnership", "program"):
        given = changes.pop(name, None)
        if given is not None and given.pk != getattr(row, f"{name}_id"):
            message = _("A position stays with its partner and its program. Add a new one.")
            raise ActionRefused("fixed", message, field=name)
    _check_position(actor, changes, row)
    taken = places_taken(row.pk)
    if changes.get("openings") is not None and changes["openings"] < taken:
        message = _("%d places are offered or taken already.") % taken
        raise ActionRefused("places_taken", message, field="openings", details={"taken": taken})
    if taken and changes.get("term", row.term) != row.term:
        message = _("Somebody has an offer for this term. Add a position for the other term.")
        raise ActionRefused("places_taken", message, field="term")
    apply_edit(row, changes, seen=seen)
    return row


@action("partnerships.delete_position")
def delete_position(*, actor: Actor, position: Position) -> None:
    """Delete a position without candidates and placements; the recycle bin keeps it for 30 days."""
    delete_record(actor, lock_position(position.pk))


@action("partnerships.submit_position")
def submit_position(*, actor: Actor, position: Position, seen: int | None = None) -> Position:
    """Ask a manager to post a draft. It needs a start, and whoever is asked needs to know what it is about."""
    row = lock_position(position.pk)
    if row.starts_on is None or not row.description.strip():
        missing = "starts_on" if row.starts_on is None else "description"
        raise ActionRefused("incomplete", _("Say first when it starts and what it is about."), field=missing)
    return _move(row, PositionStatus.PENDING, seen)


@action("partnerships.approve_position")
def approve_position(*, actor: Actor, position: Position, seen: int | None = None) -> Position:
    """Post a position that was submitted."""
    return _move(lock_position(position.pk), PositionStatus.POSTED, seen, only_from=PositionStatus.PENDING)


@action("partnerships.return_position")
def return_position(*, actor: Actor, position: Position, seen: int | None = None) -> Position:
    """Send a position that was submitted back as a draft; the reason is kept in the history."""
    return _move(lock_position(position.pk), PositionStatus.DRAFT, seen)


@action("partnerships.close_position")
def close_position(*, actor: Actor, position: Position, seen: int | None = None) -> Position:
    """Take no more applications. Candidates stay, and can still be matched and made offers."""
    return _move(lock_position(position.pk), PositionStatus.CLOSED, seen)


@action("partnerships.reopen_position")
def reopen_position(*, actor: Actor, position: Position, seen: int | None = None) -> Position:
    """Post a closed position again."""
    return _move(lock_position(position.pk), PositionStatus.POSTED, seen, only_from=PositionStatus.CLOSED)


def _move(row: Position, status: str, seen: int | None, *, only_from: str = "") -> Position:
    if not may_move(POSITION_MOVES, row.status, status) or (only_from and row.status != only_from):
        message = _("This position is %(now)s. It cannot become %(then)s from there.")
        words = {"now": row.get_status_display().lower(), "then": PositionStatus(status).label.lower()}
        raise ActionRefused("no_such_move", message % words, field="status", details={"status": row.status})
    apply_edit(row, {"status": status}, seen=seen)
    return row


def _check_position(actor: Actor, fields: dict[str, object], row: Position) -> None:
    if "title" in fields and not str(fields["title"]).strip():
        raise InvalidInput("no_title", _("Give the position a title."), field="title")
    if "openings" in fields and not 1 <= (fields["openings"] or 0) <= 1000:
        raise InvalidInput("out_of_range", _("Give 1 to 1,000 places."), field="openings")
    check_terms(actor, fields, row)
    project = fields.get("project")
    if project is not None and project.pk != row.project_id:
        check_project(project, row.partnership)


def check_terms(actor: Actor, fields: dict[str, object], row: object) -> None:
    """What holds for the terms of positions and placements alike; brings the currency into capitals."""
    starts, ends = (fields.get(name, getattr(row, name, None)) for name in ("starts_on", "ends_on"))
    check_days(fields, "starts_on", "ends_on", "apply_by")
    if starts and ends and ends < starts:
        raise InvalidInput("dates_reversed", _("The end lies before the start."), field="ends_on")
    if "currency" in fields:
        fields["currency"] = str(fields["currency"]).upper()
        if fields["currency"] not in CURRENCY_CODES:
            message = _("%s is no currency code of ISO 4217.") % fields["currency"]
            raise InvalidInput("unknown_currency", message, field="currency")
    if fields.get("pay") is not None and not 0 <= fields["pay"] <= HIGHEST_PAY:
        raise InvalidInput("out_of_range", _("Give the pay of an hour, from 0 to 999,999.99."), field="pay")
    if fields.get("hours_per_week") is not None and not 1 <= fields["hours_per_week"] <= 80:
        raise InvalidInput("out_of_range", _("Give 1 to 80 hours a week."), field="hours_per_week")
    if fields.get("credit") is not None and not 0 <= fields["credit"] <= 999:
        raise InvalidInput("out_of_range", _("Give 0 to 999 credit points."), field="credit")
    lead = fields.get("academic_lead")
    if lead is not None and lead.pk != row.academic_lead_id:
        check_member(actor, lead, field="academic_lead")


def check_project(project: object, partnership: Partnership) -> None:
    """Refuse a project in which the partner takes no part."""
    if not project.participants.filter(organization_id=partnership.organization_id).exists():
        raise InvalidInput("other_partner", _("This partner takes no part in the project."), field="project")
