"""Dashboards of a large office (3,000 partners, 300,000 interactions, ten years) against the bare SQL of their numbers.

The floor of each page is the statements written by hand that read the same numbers, as a superuser without row
policies, with what they answer fetched. Page and floor take turns in one process. p50 and p95 are in milliseconds.
"""

import gc
import statistics
import time
from collections.abc import Iterator
from datetime import date

from django.test import Client

from tenants.models import User
from tests import databases
from tests.benchmarks import large_office, large_records
from tests.benchmarks.kit import Figure, own_database

ROUNDS, WARM_UP = 30, 3

HEALTH = """
    select s.band, h.band, count(*), min(h.computed_at)
    from partnerships_partnership p
    join partnerships_partnershiphealth h on h.tenant_id = p.tenant_id and h.partnership_id = p.id
    left join lateral (
        select s.band from partnerships_healthsnapshot s
        where s.tenant_id = p.tenant_id and s.partnership_id = p.id and s.computed_at <= now() - interval '90 days'
        order by s.computed_at desc limit 1
    ) s on true
    where p.tenant_id = %(tenant)s and p.status = 'active' group by 1, 2
"""
MONEY = """
    select measure, source, fiscal_year, sum(base_amount) from partnerships_fundingentry
    where tenant_id = %(tenant)s and measure in ('received', 'committed') and fiscal_year >= %(year)s - 9
    group by 1, 2, 3
"""
AWARDS = """
    select extract(year from p.started_on), sum(coalesce(o.award, p.award)) from partnerships_project p
    left join (
        select pp.project_id, pp.award from partnerships_projectparticipant pp
        join organizations_organization o on o.tenant_id = pp.tenant_id and o.id = pp.organization_id and o.is_own
        where pp.tenant_id = %(tenant)s
    ) o on o.project_id = p.id
    where p.tenant_id = %(tenant)s and p.currency = 'EUR' group by 1
"""
PIPELINE = """
    select o.stage_id, o.lead_source, o.currency, count(*), count(o.value), sum(o.value),
           sum(o.value * coalesce(o.probability, s.probability) / 100)
    from partnerships_opportunity o
    join partnerships_opportunitystage s on s.tenant_id = o.tenant_id and s.id = o.stage_id
    where o.tenant_id = %(tenant)s group by 1, 2, 3
"""
MOVES = """
    select m.opportunity_id, o.lead_source, m.from_stage_id, m.to_stage_id, m.seconds_before
    from partnerships_opportunitymove m
    join partnerships_opportunity o on o.tenant_id = m.tenant_id and o.id = m.opportunity_id
    where m.tenant_id = %(tenant)s and m.moved_at >= make_date(%(year)s - 1, 1, 1)
"""
CLOCK = """
    select a.id, a.kind, a.complete_on, a.executed_on, a.ended_on, e.at, e.to_workflow, e.court
    from agreements_agreement a
    left join agreements_agreementevent e on e.tenant_id = a.tenant_id and e.agreement_id = a.id
    where a.tenant_id = %(tenant)s and a.complete_on >= make_date(%(year)s - 3, 1, 1) order by a.id, e.at, e.id
"""
OUTCOMES = """
    select (select count(*) from agreements_agreement where tenant_id = %(tenant)s
              and executed_on between make_date(y, 1, 1) and make_date(y, 12, 31)),
           (select count(*) from agreements_agreement where tenant_id = %(tenant)s and kind in ('license', 'option')
              and executed_on between make_date(y, 1, 1) and make_date(y, 12, 31)),
           (select count(*) from agreements_grant g
              join agreements_agreement a on a.tenant_id = g.tenant_id and a.id = g.agreement_id
              where g.tenant_id = %(tenant)s and a.executed_on between make_date(y, 1, 1) and make_date(y, 12, 31)),
           (select count(*) from partnerships_projectoutput where tenant_id = %(tenant)s
              and produced_on between make_date(y, 1, 1) and make_date(y, 12, 31)),
           (select sum(base_amount) from partnerships_fundingentry where tenant_id = %(tenant)s
              and measure = 'received' and channel = 'LIC' and fiscal_year = y)
    from (values (%(year)s), (%(year)s - 1)) as v (y)
"""
PEOPLE = """
    select kind, extract(year from occurred_on), sum(people) from partnerships_talentevent
    where tenant_id = %(tenant)s and occurred_on >= make_date(%(year)s - 4, 1, 1) group by 1, 2
"""
PLACED = """
    select g.kind, extract(year from p.starts_on), count(*) from partnerships_placement p
    join partnerships_talentprogram g on g.tenant_id = p.tenant_id and g.id = p.program_id
    where p.tenant_id = %(tenant)s and p.starts_on >= make_date(%(year)s - 4, 1, 1) group by 1, 2
"""
STAGES = """
    select p.stage_declared, h.band, count(*) from partnerships_partnership p
    join partnerships_partnershiphealth h on h.tenant_id = p.tenant_id and h.partnership_id = p.id
    where p.tenant_id = %(tenant)s and p.status = 'active' group by 1, 2
"""
VALUE = """
    select f.measure, p.stage_declared, sum(f.base_amount) from partnerships_fundingentry f
    join partnerships_partnership p on p.tenant_id = f.tenant_id and p.id = f.partnership_id
    where f.tenant_id = %(tenant)s and f.measure in ('received', 'committed') group by 1, 2
"""
TIERS = """
    select p.tier, count(*), count(*) filter (where h.last_contact_at < now() - interval '90 days'),
           count(*) filter (where h.their_share > 0.7 or h.our_share > 0.7),
           count(*) filter (where p.next_review_on < current_date)
    from partnerships_partnership p
    join partnerships_partnershiphealth h on h.tenant_id = p.tenant_id and h.partnership_id = p.id
    where p.tenant_id = %(tenant)s and p.status = 'active' group by 1
"""
ENDING = """
    select a.*, o.name from agreements_agreement a
    join partnerships_partnership p on p.tenant_id = a.tenant_id and p.id = a.partnership_id
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    where a.tenant_id = %(tenant)s and a.expires_on between current_date and current_date + 180 order by a.expires_on
"""
OBJECTIVES = """
    select partnership_id, side, status, count(*) from partnerships_objective where tenant_id = %(tenant)s
    group by 1, 2, 3
"""
GIFTS = """
    select l.partnership_id, o.name, l.direction, count(*), sum(l.value) from partnerships_ledgerentry l
    join partnerships_partnership p on p.tenant_id = l.tenant_id and p.id = l.partnership_id
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    where l.tenant_id = %(tenant)s group by 1, 2, 3
"""
RISKS = """
    select f.id, o.name, f.note from organizations_riskflag f
    join organizations_organization o on o.tenant_id = f.tenant_id and o.id = f.organization_id
    where f.tenant_id = %(tenant)s and f.cleared_on is null
"""
CHANNELS = """
    select p.id, o.name, j.channel, count(distinct j.id) from partnerships_partnership p
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    join partnerships_projectparticipant pp on pp.tenant_id = o.tenant_id and pp.organization_id = o.id
    join partnerships_project j on j.tenant_id = pp.tenant_id and j.id = pp.project_id
    where p.tenant_id = %(tenant)s and p.status = 'active' and j.started_on <= current_date
      and (j.ended_on is null or j.ended_on >= make_date(%(year)s, 1, 1)) group by 1, 2, 3
"""
FLOWS = """
    select o.channel, s.meaning, count(*) from partnerships_opportunity o
    join partnerships_opportunitystage s on s.tenant_id = o.tenant_id and s.id = o.stage_id
    where o.tenant_id = %(tenant)s group by 1, 2
"""
TOWNS = """
    select o.country, o.city, count(*), avg(o.latitude), avg(o.longitude) from partnerships_partnership p
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    where p.tenant_id = %(tenant)s and p.status = 'active' group by 1, 2
"""
REGIONS = """
    select o.region, extract(year from t.occurred_on), sum(t.people) from partnerships_talentevent t
    join partnerships_partnership p on p.tenant_id = t.tenant_id and p.id = t.partnership_id
    join organizations_organization o on o.tenant_id = p.tenant_id and o.id = p.organization_id
    where t.tenant_id = %(tenant)s and t.occurred_on >= make_date(%(year)s - 4, 1, 1) group by 1, 2
"""
SERVED = """
    select distinct o.id, o.region, extract(year from j.started_on) from organizations_organization o
    join partnerships_projectparticipant pp on pp.tenant_id = o.tenant_id and pp.organization_id = o.id
    join partnerships_project j on j.tenant_id = pp.tenant_id and j.id = pp.project_id
    where o.tenant_id = %(tenant)s and o.sme and j.started_on >= make_date(%(year)s - 4, 1, 1)
"""
PAGES = {
    "director": ("/insights/", [HEALTH, MONEY, AWARDS, PIPELINE, MOVES, CLOCK, OUTCOMES, PEOPLE, PLACED]),
    "portfolio review": ("/insights/portfolio/", [STAGES, VALUE, TIERS, ENDING, OBJECTIVES, GIFTS, RISKS]),
    "channels": ("/insights/channels/", [CHANNELS, FLOWS]),
    "map": ("/insights/map/", [TOWNS, TOWNS]),
    "regional impact": ("/insights/impact/", [OUTCOMES, REGIONS, REGIONS, SERVED]),
}


def measure() -> Iterator[Figure]:
    """Each dashboard with its floor, thirty rounds."""
    with own_database("bench_dashboards") as database:
        tenant = large_office.build(database)
        large_records.add(database, tenant)
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(email=f"member1@{large_office.SLUG}.example"))
        parameters = {"tenant": tenant.pk, "year": date.today().year}
        times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in PAGES}
        with databases.superuser(database) as cursor:
            for number in range(WARM_UP + ROUNDS):
                gc.collect()
                for name, (path, statements) in PAGES.items():
                    page = _timed(lambda path=path: _get(client, path))
                    floor = _timed(lambda statements=statements: _read(cursor, statements, parameters))
                    if number >= WARM_UP:
                        times[name][0].append(page)
                        times[name][1].append(floor)
        for name, (pages, floors) in times.items():
            for label, at in (("p50", 49), ("p95", 94)):
                page, floor = (statistics.quantiles(each, n=100)[at] * 1000 for each in (pages, floors))
                yield Figure(f"{name}, {label}", page, floor, "ms")


def _timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _get(client: Client, path: str) -> None:
    answer = client.get(f"/t/{large_office.SLUG}{path}")
    assert answer.status_code == 200, (path, answer.status_code)


def _read(cursor, statements: list[str], parameters: dict) -> None:
    for statement in statements:
        cursor.execute(statement, parameters)
        cursor.fetchall()
