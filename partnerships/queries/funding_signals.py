"""What money says about the health of partners: momentum of what was received, and invoices that stay unpaid.

The statements match the definitions in ``rules.health.records``; a property test holds them to it.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from core.actor import Actor
from core.templatetags.ui import money
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingMeasure
from partnerships.models import FundingEntry, Partnership
from partnerships.queries.health import ENTERED, health_rows, known
from partnerships.registry import EvidenceRow, HealthScope
from partnerships.rules.funding import OVERDUE_DAYS
from partnerships.rules.health import FundingInput, HealthConfig
from partnerships.rules.health.records import LAST_YEAR, YEARS_BEFORE
from partnerships.rules.health.whatif import COSTS, IssuesSettled, Move
from tenants.queries.tenants import currency_of

# Where money is expected unless the partnership says otherwise: from the third stage on.
STAGES_WITH_MONEY = ("support", "sponsorship", "strategic")
# A partner with whom nothing but these is done brings people, not money.
TALENT_CHANNELS = (
    Channel.RECRUITMENT,
    Channel.INTERNSHIPS,
    Channel.CAPSTONE,
    Channel.GRADUATE_TRAINING,
    Channel.CURRICULUM,
)

# What each partner of whom money is expected has paid, from the first amount received on.
FUNDING = f"""
    select ps.id,
           coalesce(sum(f.base_amount) filter (where age.days <= %(last)s), 0),
           coalesce(sum(f.base_amount) filter (where age.days > %(last)s and age.days <= %(before)s), 0),
           (12 * (extract(year from %(as_of)s::date) - extract(year from min(f.booked_on)))
            + extract(month from %(as_of)s::date) - extract(month from min(f.booked_on))
            - (extract(day from %(as_of)s::date) < extract(day from min(f.booked_on)))::int)::int
    from partnerships_partnership ps
    join partnerships_fundingentry f
      on f.tenant_id = %(tenant)s and f.partnership_id = ps.id and f.measure = 'received'
     and f.booked_on <= %(as_of)s::date and {ENTERED.format(alias="f")}
    cross join lateral (select %(as_of)s::date - f.booked_on as days) age
    where ps.tenant_id = %(tenant)s and (%(ids)s::bigint[] is null or ps.id = any(%(ids)s::bigint[]))
      and ps.money_expected and ps.stage_declared = any(%(stages)s::text[])
      and (
          exists (
              select from partnerships_fundingentry other
              where other.tenant_id = %(tenant)s and other.partnership_id = ps.id
                and other.booked_on <= %(as_of)s::date and not other.channel = any(%(talent)s::text[])
                and {ENTERED.format(alias="other")}
          )
          or exists (
              select from partnerships_projectparticipant pp
              join partnerships_project p on p.tenant_id = %(tenant)s and p.id = pp.project_id
              where pp.tenant_id = %(tenant)s and pp.organization_id = ps.organization_id
                and p.started_on <= %(as_of)s::date and p.status <> 'planned'
                and not p.channel = any(%(talent)s::text[])
                and {ENTERED.format(alias="p")} and {known("partnerships_projectparticipant", "pp")}
          )
      )
    group by ps.id
"""

# An invoice that was marked as paid after the moment asked for was open then.
OVERDUE_INVOICES = f"""
    select f.partnership_id, count(*)
    from partnerships_fundingentry f
    where f.tenant_id = %(tenant)s and f.partnership_id is not null and f.measure = 'invoiced'
      and (%(ids)s::bigint[] is null or f.partnership_id = any(%(ids)s::bigint[]))
      and f.due_on < %(as_of)s::date - %(overdue)s::int
      and (
          f.paid_on is null or f.paid_on > %(as_of)s::date
          or (%(known_at)s::timestamptz is not null and exists (
              select from tenants_change later
              where later.tenant_id = %(tenant)s and later.table_name = 'partnerships_fundingentry'
                and later.row_id = f.id and later.kind = 'U' and later.at > %(known_at)s
                and later.after ? 'paid_on'
          ))
      )
      and {ENTERED.format(alias="f")}
    group by f.partnership_id
"""


def read_funding(scope: HealthScope) -> Mapping[int, FundingInput]:
    """The funding section of each partner of whom money is expected and known."""
    rows = health_rows(
        FUNDING,
        scope,
        last=LAST_YEAR,
        before=YEARS_BEFORE,
        stages=list(STAGES_WITH_MONEY),
        talent=[str(code) for code in TALENT_CHANNELS],
    )
    return {partnership: FundingInput(last, before, months) for partnership, last, before, months in rows}


def read_overdue_invoices(scope: HealthScope) -> Mapping[int, int]:
    """How many invoices of each partner are more than 90 days late; each is a critical issue."""
    return dict(health_rows(OVERDUE_INVOICES, scope, overdue=OVERDUE_DAYS))


def invoice_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each invoice that was more than 90 days late on the day, the oldest first."""
    late = FundingEntry.objects.filter(
        Q(paid_on=None) | Q(paid_on__gt=as_of),
        partnership=partnership,
        measure=FundingMeasure.INVOICED,
        due_on__lt=as_of - timedelta(days=OVERDUE_DAYS),
    )
    rows = []
    for row in late.order_by("due_on", "pk"):
        words = _("Invoice %(reference)s over %(amount)s, %(days)d days overdue") % {
            "reference": row.reference,
            "amount": money(row.amount, row.currency),
            "days": (as_of - row.due_on).days,
        }
        words = " ".join(words.split())
        remedy = Move("settle", (IssuesSettled(),), COSTS["settle"], words)
        rows.append(EvidenceRow(words, 1, row.get_absolute_url(), row.due_on, remedy=remedy))
    if rows and not actor.may("partnerships.view_funding"):
        return [EvidenceRow(_("Overdue invoices you may not see, together"), len(rows))]
    return rows


def funding_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each amount received in the last three years, the latest first."""
    found = FundingEntry.objects.filter(
        partnership=partnership, measure=FundingMeasure.RECEIVED, booked_on__lte=as_of
    ).select_related("project")
    recent, earlier = _("In the last 365 days"), _("In the two years before, of which half counts")
    rows = []
    for row in found.order_by("-booked_on", "-pk"):
        age = (as_of - row.booked_on).days
        if age > YEARS_BEFORE:
            break
        words = str(row.project or row.reference or row.get_channel_display())
        note = "" if row.rate == 1 else f"{money(row.amount, row.currency)} × {row.rate.normalize():f}"
        group = recent if age <= LAST_YEAR else earlier
        rows.append(EvidenceRow(words, float(row.base_amount), row.get_absolute_url(), row.booked_on, note, group))
    if rows and not (actor.may("partnerships.view_funding") and actor.may("partnerships.view_projects")):
        return _together(rows, currency_of(actor))
    return rows


def _together(rows: list[EvidenceRow], currency: str) -> list[EvidenceRow]:
    """One sum for each stretch of time, for who may not see the entries."""
    groups = list(dict.fromkeys(row.group for row in rows))
    words = _("Money in %s that you may not see, together") % currency
    return [
        EvidenceRow(words, sum(row.contribution for row in rows if row.group == group), group=group) for group in groups
    ]
