"""Choosing when a report is sent by e-mail, and to whom. Each choice counts as an edit of the report: it stands in its
history."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from reporting.actions.reports import require_hold
from reporting.choices import ReportCadence
from reporting.models import ReportDefinition, ReportRecipient, ReportSchedule
from reporting.queries.schedules import lock_report_to_send, lock_schedule, readers_of
from tenants.choices import ExportFormat
from tenants.models import User

MOST_SCHEDULES, MOST_RECIPIENTS = 5, 20
DAYS = ("cadence", "weekday", "day_of_month")


@action("reporting.schedule_report")
def schedule_report(
    *,
    actor: Actor,
    report: ReportDefinition,
    cadence: str,
    recipients: Sequence[User],
    weekday: int | None = None,
    day_of_month: int | None = None,
    file_format: str = ExportFormat.PDF,
    is_paused: bool = False,
) -> ReportSchedule:
    """Send a report by e-mail from now on, in the mornings of the office. Each recipient gets what they may see.

    Refused: somebody else's report, a sixth schedule of one report, a day that does not go with the cadence, nobody
    or more than 20 to send it to, and whoever may not see it.
    """
    held = lock_report_to_send(report.pk)
    require_hold(actor, held)
    if held.scheduled >= MOST_SCHEDULES:
        words = _("This report is sent in %(most)d ways already. Change or delete one of them.")
        raise ActionRefused("too_many_schedules", words % {"most": MOST_SCHEDULES})
    given = {"cadence": cadence, "weekday": weekday, "day_of_month": day_of_month, "file_format": file_format}
    schedule = ReportSchedule(report=held, set_by_id=actor.user_id, is_paused=is_paused, **_checked_rhythm(given))
    people = _checked_recipients(actor, held, recipients)
    schedule.save()
    _add(schedule, people)
    count_edit(held)
    return schedule


@action("reporting.edit_report_schedule")
def edit_report_schedule(
    *,
    actor: Actor,
    schedule: ReportSchedule,
    seen: int | None = None,
    recipients: Sequence[User] | None = None,
    **changes: object,
) -> ReportSchedule:
    """Change the rhythm, the format or the recipients, pause it, or let it go on. Mornings that passed in a pause, or
    before the rhythm was chosen, are not caught up."""
    row = lock_schedule(schedule.pk)
    require_hold(actor, row.report)
    if "report" in changes and changes.pop("report") != row.report:
        words = _("A schedule stays with its report. Make a new one there.")
        raise InvalidInput("report_stays", words, field="report")
    present = {name: getattr(row, name) for name in (*DAYS, "file_format")}
    if "cadence" in changes and changes["cadence"] != row.cadence:
        present |= {"weekday": None, "day_of_month": None}
    rhythm = _checked_rhythm({**present, **changes})
    changes |= {name: value for name, value in rhythm.items() if value != getattr(row, name)}
    if any(name in changes and changes[name] != getattr(row, name) for name in (*DAYS, "is_paused")):
        changes["since"] = timezone.now()
    changed = apply_edit(row, changes, seen=seen)
    if recipients is not None and _change_recipients(actor, row, recipients) and not changed:
        changed = True
        count_edit(row)
    if changed:
        count_edit(row.report)
    return row


@action("reporting.delete_report_schedule")
def delete_report_schedule(*, actor: Actor, schedule: ReportSchedule) -> None:
    """Send the report no longer in this way."""
    row = lock_schedule(schedule.pk)
    require_hold(actor, row.report)
    row.deliveries.all().delete()
    row.delete()
    count_edit(row.report)


@action("reporting.leave_report_schedule")
def leave_report_schedule(*, actor: Actor, schedule: ReportSchedule) -> ReportSchedule:
    """Get a report no longer by e-mail in this way: oneself alone, whoever chose it, and whoever else gets it.

    The schedule stays. When the last one has left it sends nothing, until its owner chooses others.
    """
    row = lock_schedule(schedule.pk)
    left, _by_model = ReportRecipient.objects.filter(schedule=row, member_id=actor.user_id).delete()
    if not left:
        raise ActionRefused("not_a_recipient", _("It does not come to you in this way."))
    count_edit(row)
    count_edit(row.report)
    return row


def _change_recipients(actor: Actor, row: ReportSchedule, recipients: Sequence[User]) -> bool:
    present = {each.member_id: each for each in row.recipients.all()}
    wanted = {each.pk: each for each in recipients}
    if present.keys() == wanted.keys():
        return False
    _checked_recipients(actor, row.report, recipients)
    ReportRecipient.objects.filter(pk__in=[each.pk for pk, each in present.items() if pk not in wanted]).delete()
    _add(row, [each for pk, each in wanted.items() if pk not in present])
    return True


def _add(row: ReportSchedule, people: Sequence[User]) -> None:
    ReportRecipient.objects.bulk_create(
        ReportRecipient(report=row.report, schedule=row, member=each) for each in people
    )


def _checked_rhythm(given: dict[str, object]) -> dict[str, object]:
    """The same. Raises InvalidInput for a day that does not go with the cadence, and for an unknown format."""
    cadence, weekday, day = given["cadence"], given["weekday"], given["day_of_month"]
    if cadence not in ReportCadence.values:
        raise InvalidInput("unknown_cadence", _("Choose every week or every month."), field="cadence")
    if given["file_format"] not in ExportFormat.values:
        raise InvalidInput("unknown_format", _("Choose CSV, Excel or PDF."), field="file_format")
    is_weekly = cadence == ReportCadence.WEEKLY
    if is_weekly and (not isinstance(weekday, int) or not 1 <= weekday <= 7):
        raise InvalidInput("weekday_missing", _("Choose a weekday, from 1 for Monday to 7."), field="weekday")
    if is_weekly and day is not None:
        words = _("Only what is sent every month has a day of the month.")
        raise InvalidInput("day_not_wanted", words, field="day_of_month")
    if not is_weekly and (not isinstance(day, int) or not 1 <= day <= 31):
        raise InvalidInput("day_missing", _("Choose a day of the month, from 1 to 31."), field="day_of_month")
    if not is_weekly and weekday is not None:
        raise InvalidInput("weekday_not_wanted", _("Only what is sent every week has a weekday."), field="weekday")
    return {name: given[name] for name in (*DAYS, "file_format")}


def _checked_recipients(actor: Actor, report: ReportDefinition, recipients: Sequence[User]) -> list[User]:
    people = list({each.pk: each for each in recipients}.values())
    if not people:
        raise InvalidInput("nobody", _("Choose who gets it."), field="recipients")
    if len(people) > MOST_RECIPIENTS:
        words = _("A report is sent to at most %(most)d members. Share it with the others, who can open it any time.")
        raise InvalidInput("too_many_recipients", words % {"most": MOST_RECIPIENTS}, field="recipients")
    readers = {each.pk for each in readers_of(actor, report)}
    if strange := [each.name for each in people if each.pk not in readers]:
        words = _("They do not work here or may not see the report: %s. Share it with them first, or leave them out.")
        raise InvalidInput("not_readers", words % ", ".join(strange[:5]), field="recipients")
    return people
