"""Reminding by e-mail of what falls due and of agreements that end, once per step of their ladders.

The night only decides whom to tell what, and writes down that it has: that and the wish to send are one transaction,
so a worker that is killed leaves either both or neither. Sending is a job of its own, tried again until it succeeds.
"""

from collections import defaultdict
from datetime import timedelta

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import Agreement, Obligation
from agreements.queries.agreements import in_law, visible_agreements
from agreements.queries.obligations import agreements_to_remind, obligations_to_remind, open_obligations
from agreements.rules.kinds import KINDS
from agreements.rules.obligations import reminder_step
from core.actor import Actor
from partnerships.actions.health import local_today
from tenants.actions.jobs import enqueue_each
from tenants.models import Job, Membership, Tenant
from tenants.queries.tenants import actor_of

FURTHEST = max(step for kind in KINDS.values() for step in kind.reminders)
# Nights in which nobody looked are caught up for two weeks; jobs, which remember, are kept for a month.
CAUGHT_UP = timedelta(days=14)
MOST_LISTED = 50
OF_OBLIGATIONS, OF_AGREEMENT = "agreements.mail_obligations", "agreements.mail_ending"


def plan_reminders(*, actor: Actor) -> int:
    """Decide of whom to remind of what today; answers how many mails are wanted. Twice a day is as once.

    Each obligation keeps the step it was reminded of last. An agreement keeps none: its job of the step is the memory.
    """
    today = local_today(Tenant.objects.get(pk=actor.tenant_id))
    wanted: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    reached = []
    for row in obligations_to_remind(today):
        step = reminder_step(row.due_on, today, row.last_reminder)
        if step is not None:
            row.last_reminder = step
            reached.append(row)
            wanted[row.owner_id].append((row.pk, step))
    Obligation.objects.bulk_update(reached, ["last_reminder"])
    enqueue_each(
        OF_OBLIGATIONS,
        {
            f"member-{member}-{steps[0][0]}-{steps[0][1]}": {"member_id": member, "steps": steps}
            for member, steps in wanted.items()
        },
    )
    ending = {}
    for row in agreements_to_remind(today, furthest=FURTHEST):
        left = (row.expires_on - today).days
        step = min((step for step in KINDS[row.kind].reminders if step >= left), default=None)
        if step is not None and step - left <= CAUGHT_UP.days:
            ending[f"agreement-{row.pk}-{row.expires_on:%Y%m%d}-{step}"] = {"agreement_id": row.pk}
    told = Job.objects.filter(name=OF_AGREEMENT, key__in=ending).values_list("key", flat=True)
    fresh = {key: ending[key] for key in sorted(ending.keys() - set(told))}
    enqueue_each(OF_AGREEMENT, fresh)
    return len(wanted) + len(fresh)


def mail_obligations(*, actor: Actor, member_id: int, steps: list[tuple[int, int]]) -> int:
    """Tell a colleague what falls due: what is still open, still theirs and still at that step; answers how many.

    Nothing is sent to whoever left, nor about what they may not read. The mail says what and when and no more.
    """
    member = _reader(actor, member_id)
    if member is None:
        return 0
    at_step = dict(steps)
    rows = open_obligations(member, owner_id=member_id).filter(pk__in=at_step)
    rows = [row for row in rows if row.last_reminder == at_step[row.pk]]
    if not rows:
        return 0
    today = local_today(Tenant.objects.get(pk=actor.tenant_id))
    subject = ngettext("%d obligation falls due", "%d obligations fall due", len(rows)) % len(rows)
    lines = [_line(row, (row.due_on - today).days) for row in rows[:MOST_LISTED]]
    _send(actor, member, subject, {"lines": lines, "more": len(rows) - len(lines)})
    return len(rows)


def mail_ending(*, actor: Actor, agreement_id: int) -> bool:
    """Tell whoever handles an agreement that it ends, if it still does and they still may read it."""
    row = Agreement.objects.filter(in_law(), pk=agreement_id, expires_on__isnull=False, owner__isnull=False).first()
    member = _reader(actor, row.owner_id) if row is not None else None
    if member is None or not visible_agreements(member).filter(pk=row.pk).exists():
        return False
    today = local_today(Tenant.objects.get(pk=actor.tenant_id))
    subject = _("%(reference)s ends on %(day)s") % {"reference": row.reference, "day": row.expires_on.isoformat()}
    left = (row.expires_on - today).days
    words = ngettext("%(reference)s ends in %(left)d day.", "%(reference)s ends in %(left)d days.", left)
    _send(actor, member, subject, {"lines": [words % {"reference": row.reference, "left": left}], "more": 0})
    return True


def _reader(actor: Actor, member_id: int) -> Actor | None:
    membership = (
        Membership.objects.filter(tenant_id=actor.tenant_id, user_id=member_id, ended_at=None, user__is_active=True)
        .select_related("user", "tenant")
        .first()
    )
    return None if membership is None else actor_of(membership, read_only=True)


def _line(row: Obligation, left: int) -> str:
    if left < 0:
        when = ngettext("overdue by %d day", "overdue by %d days", -left) % -left
    elif left == 0:
        when = _("due today")
    else:
        when = ngettext("due in %d day", "due in %d days", left) % left
    return f"{row.due_on.isoformat()}  {row.title} ({row.agreement.reference}): {when}"


def _send(actor: Actor, member: Actor, subject: str, context: dict[str, object]) -> None:
    """Sent before the job is done, so a lost worker repeats it rather than swallow it."""
    office = Tenant.objects.get(pk=actor.tenant_id).name
    text = render_to_string("agreements/reminders/email.txt", {"office": office, "name": member.name, **context})
    send_mail(subject, text, None, [member.email])
