"""Reading what each side owes: through the agreements that one may read, both sides alike."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from agreements.models import Agreement, ClauseAnswer, MoneyLine, Obligation
from agreements.queries.agreements import in_law, readable
from agreements.queries.known import executed_then, set_since
from agreements.rules.clauses import asked_answers
from agreements.rules.obligations import REMINDER_LADDER, Terms
from core.actions import visible
from core.actor import Actor
from partnerships.queries.health import ENTERED, health_rows
from partnerships.registry import HealthScope
from partnerships.rules.health import DeliveryInput
from partnerships.rules.health.records import OPEN_CREDIT

SOON = timedelta(days=30)
DELIVERY_DAYS = 365
OPEN = Q(done_on=None, waived_reason="")

# The partnerships whose agreements bind or bound somebody, with the importance and the credit of what fell due within
# a year. What was waived was not owed. What is done after the day asked for, or was ticked off after the moment, was
# open on it.
DELIVERY = f"""
    select a.partnership_id, coalesce(sum(o.weight::float8), 0),
           coalesce(sum(o.weight::float8 * case when d.done then 1 else %(open_credit)s::float8 end
                        * exp(greatest(-700, -d.late * ln(2::float8) / %(half_life)s::float8))), 0)
    from agreements_agreement a
    left join agreements_obligation o
      on o.tenant_id = %(tenant)s and o.agreement_id = a.id and {ENTERED.format(alias="o")}
     and (o.waived_reason = '' or {set_since("agreements_obligation", "o", "waived_reason")})
     and o.due_on between %(as_of)s::date - %(window)s::int and %(as_of)s::date
    left join lateral (
        select coalesce(o.done_on <= %(as_of)s::date, false)
               and not {set_since("agreements_obligation", "o", "done_on")} as done
    ) s on true
    left join lateral (
        select s.done, greatest(0, case when s.done then o.done_on else %(as_of)s::date end - o.due_on) as late
    ) d on true
    where a.tenant_id = %(tenant)s and a.executed_on <= %(as_of)s::date and a.partnership_id is not null
      and {executed_then("a")}
      and (%(ids)s::bigint[] is null or a.partnership_id = any(%(ids)s::bigint[]))
    group by a.partnership_id
"""


@visible("agreements.view_obligations")
def visible_obligations(actor: Actor) -> QuerySet[Obligation]:
    """The obligations of the agreements that the actor may read, by due day, with agreement, partner and owner."""
    agreements = Agreement.objects.filter(readable(actor)).values("pk")
    return (
        Obligation.objects.filter(agreement__in=agreements)
        .select_related("agreement__partnership__organization", "owner", "done_by", "evidence_file")
        .order_by("due_on", "pk")
    )


@visible("agreements.view_obligations")
def open_obligations(actor: Actor, *, owner_id: int | None = None) -> QuerySet[Obligation]:
    """Neither done nor waived; somebody's, or everybody's."""
    rows = visible_obligations(actor).filter(OPEN)
    return rows if owner_id is None else rows.filter(owner_id=owner_id)


@visible("agreements.view_obligations")
def series_of(actor: Actor, obligation: Obligation) -> QuerySet[Obligation]:
    """The obligation with those that it followed and that followed it, by due day."""
    first = obligation.series_id or obligation.pk
    return visible_obligations(actor).filter(Q(pk=first) | Q(series=first))


def overdue(today: date) -> Q:
    return OPEN & Q(due_on__lt=today)


def due_soon(today: date) -> Q:
    """Open, and due today or within thirty days."""
    return OPEN & Q(due_on__range=(today, today + SOON))


def lock_obligation(pk: int) -> Obligation:
    """The row, locked and read anew, with its agreement and the first of its series; call inside an action."""
    return Obligation.objects.select_for_update(of=("self",)).select_related("agreement", "series").get(pk=pk)


def obligations_to_remind(today: date) -> QuerySet[Obligation]:
    """Open ones that have reached the ladder, of agreements in law and with somebody to tell, locked, by id.

    Rows that another worker holds are left out: it reminds of them.
    """
    reached = Q(due_on__lte=today + timedelta(days=max(REMINDER_LADDER)))
    return (
        Obligation.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(OPEN & reached, agreement__in=Agreement.objects.filter(in_law()).values("pk"), owner__isnull=False)
        .exclude(last_reminder=0)
        .order_by("pk")
    )


def agreements_to_remind(today: date, *, furthest: int) -> QuerySet[Agreement]:
    """Agreements in law that end within ``furthest`` days, with somebody who handles them, by id; no amendments."""
    last = today + timedelta(days=furthest)
    ending = Q(expires_on__range=(today, last), owner__isnull=False, renewal_intended=True, amends=None)
    return Agreement.objects.filter(in_law(), ending).order_by("pk")


def planned_duties(agreement: Agreement) -> QuerySet[Obligation]:
    """What rules have made for an agreement so far."""
    return Obligation.objects.filter(agreement=agreement).exclude(rule="").order_by("pk")


def terms_of(agreement: Agreement, effective_on: date) -> Terms:
    """What the duties of an agreement follow from if it binds from a day; two statements."""
    answers = dict(ClauseAnswer.objects.filter(agreement=agreement).values_list("code", "value"))
    money = MoneyLine.objects.filter(agreement=agreement, due_on__isnull=False).order_by("due_on", "pk")
    return Terms(
        kind=agreement.kind,
        effective_on=effective_on,
        expires_on=agreement.expires_on,
        notice_days=agreement.notice_days,
        renews_automatically=agreement.renews_automatically,
        answers=asked_answers(agreement.kind, answers),
        payments=tuple((line.due_on, line.direction == "in") for line in money),
    )


def read_delivery(scope: HealthScope) -> Mapping[int, DeliveryInput]:
    """The delivery section of each partnership with an agreement that was executed; others have nothing to deliver."""
    half_life = scope.config.half_lives.delay
    rows = health_rows(DELIVERY, scope, half_life=half_life, open_credit=OPEN_CREDIT, window=DELIVERY_DAYS)
    return {partnership: DeliveryInput(weight, min(credit, weight)) for partnership, weight, credit in rows}
