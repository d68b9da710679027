"""Every number of every report, computed in another way: row by row, in Python, from all records of the office."""

import zoneinfo
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pytest
from django.utils import timezone

from agreements.models import Agreement, AgreementEvent, Grant, IpAsset
from agreements.rules.clock import Duration, Moved, read_clock, turnaround
from core.tenancy.scope import tenant_scope
from core.urls import in_office
from organizations.models import RiskFlag
from partnerships.models import (
    FundingEntry,
    HealthSnapshot,
    LedgerEntry,
    Objective,
    Opportunity,
    OpportunityMove,
    OpportunityStage,
    Placement,
    Project,
    ProjectIssue,
    ProjectOutput,
    ProjectParticipant,
    TalentEvent,
)
from reporting.queries.money import money_by_source
from reporting.queries.scopes import scope_of
from tests.reporting.counting import EVERYTHING, asked, in_scope, our_award, partners_of, project_in_scope, this_year
from tests.reporting.generated import fill

COURTS = ["office", "legal", "investigator", "partner"]


def test_health(office, given):
    answer = asked(office, "health", given)
    then = {}
    for partner in partners_of(given):
        made = [
            (each.computed_at, each.band)
            for each in HealthSnapshot.objects.filter(partnership=partner)
            if each.computed_at <= timezone.now() - timedelta(days=90)
        ]
        then[partner.pk] = max(made)[1] if made else "none"
    moved = Counter((then[each.pk], each.health.band) for each in partners_of(given))
    now = Counter(each.health.band for each in partners_of(given))
    for row in answer.rows:
        assert [cell.value for cell in row.cells[:-1]] == [
            moved[row.code, column.code] for column in answer.columns[:-1]
        ]
        assert row.cells[-1].value == sum(number for (was, _now), number in moved.items() if was == row.code)
    assert {row.code for row in answer.rows} == set(then.values())
    assert [cell.value for cell in answer.totals.cells] == [
        *(now[c.code] for c in answer.columns[:-1]),
        sum(now.values()),
    ]
    risky, healthy = answer.figures
    assert (risky.value, risky.before) == (now["at_risk"], Counter(then.values())["at_risk"])
    scored = sum(now[band] for band in ("healthy", "watch", "at_risk"))
    assert healthy.value == (round(100 * now["healthy"] / scored, 1) if scored else None)
    rank = {"at_risk": 0, "watch": 1, "healthy": 2}
    pairs = [(rank.get(was), rank.get(band)) for (was, band), n in moved.items() for _each in range(n)]
    worse = sum(None not in pair and pair[1] < pair[0] for pair in pairs)
    better = sum(None not in pair and pair[1] > pair[0] for pair in pairs)
    assert f"{worse} got worse and {better} better" in answer.finding


def test_tiers_silence_and_single_threads(office, given):
    answer = asked(office, "tiers", given)
    since = timezone.now() - timedelta(days=90)
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for partner in partners_of(given):
        health, line = partner.health, found[partner.tier]
        line[0] += 1
        if health.last_contact_at is None:
            line[1] += partner.started_on < since.date()
        else:
            line[1] += health.last_contact_at < since
        line[2] += (health.our_share or 0) > 0.7 or (health.their_share or 0) > 0.7
        line[3] += partner.next_review_on is not None and partner.next_review_on < timezone.localdate()
    assert {row.code: [cell.value for cell in row.cells] for row in answer.rows} == dict(found)
    assert [cell.value for cell in answer.totals.cells] == [sum(column) for column in zip(*found.values(), strict=True)]


def funding(given: dict) -> list[FundingEntry]:
    rows = FundingEntry.objects.select_related("partnership__organization", "partnership__health")
    return [each for each in rows if in_scope(each.partnership, given)]


def test_money_received(office, given):
    answer = asked(office, "money", given)
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in funding(given):
        if each.measure == "received" and this_year() - 9 <= each.booked_on.year:
            sums[str(each.booked_on.year), each.source] += each.amount
    assert len(answer.rows) == 10
    for row in answer.rows:
        assert [cell.value for cell in row.cells[:-1]] == [
            sums[row.code, column.code] for column in answer.columns[:-1]
        ]
        assert row.cells[-1].value == sum((v for (year, _s), v in sums.items() if year == row.code), Decimal(0))
    assert answer.totals.cells[-1].value == sum(sums.values(), Decimal(0))
    assert "received" in answer.finding


def test_without_money_received_promises_are_told_and_without_those_awards(office, given):
    FundingEntry.objects.filter(measure="received").delete()
    answer = asked(office, "money", given)
    total = sum((each.amount for each in funding(given) if each.measure == "committed"), Decimal(0))
    assert answer.totals.cells[-1].value == total
    assert "committed" in answer.finding
    FundingEntry.objects.all().delete()
    check_awards(office, given, asked(office, "money", given))


def check_awards(office, given, answer):
    by_year: defaultdict[str, Decimal] = defaultdict(Decimal)
    for project in Project.objects.all():
        award = our_award(project)
        year = project.started_on.year if project.started_on else 0
        told = award is not None and this_year() - 9 <= year <= this_year()
        if told and project.currency == "EUR" and project_in_scope(project, given):
            by_year[str(year)] += award
    assert {row.code: row.cells[-1].value for row in answer.rows if row.cells[-1].value} == {
        year: value for year, value in by_year.items() if value
    }
    assert "awards" in answer.finding


def test_who_may_not_see_money_is_told_of_awards(office):
    check_awards(office, EVERYTHING, asked(office, "money", EVERYTHING, "viewer"))


def test_fiscal_years_that_begin_in_july(alpha):
    with tenant_scope(alpha.id), in_office("alpha"):
        fill(alpha, seed=5, start_month=7)
        actor = alpha.actor("administrator")
        scope = replace(scope_of(actor, {}), start_month=7)

        def year(day) -> int:
            return day.year + (day.month >= 7)

        FundingEntry.objects.all().delete()
        answer = money_by_source(actor, scope)
        sums: defaultdict[int, Decimal] = defaultdict(Decimal)
        for project in Project.objects.all():
            if (award := our_award(project)) is not None and project.currency == "EUR":
                sums[year(project.started_on)] += award
        assert {int(row.code): row.cells[-1].value for row in answer.rows if row.cells[-1].value} == dict(sums)


def opportunities(given: dict) -> list[Opportunity]:
    rows = Opportunity.objects.select_related("partnership__organization", "stage")
    return [each for each in rows if in_scope(each.partnership, given)]


def test_the_pipeline(office, given):
    answer = asked(office, "pipeline", given)
    cent = Decimal("0.01")
    first = datetime(this_year() - 1, 1, 1, tzinfo=timezone.get_current_timezone())
    mine = opportunities(given)
    moves = [
        each
        for each in OpportunityMove.objects.select_related("opportunity")
        if each.opportunity_id in {row.pk for row in mine} and local_year(each.moved_at) >= first.year
    ]
    for stage in OpportunityStage.objects.all():
        here = [each for each in mine if each.stage_id == stage.pk]
        row = next(each for each in answer.rows if each.code == str(stage.pk))
        pull, push, value, weighted, came_pull, came_push, days = (cell.value for cell in row.cells)
        if stage.meaning in ("won", "lost"):
            assert (pull, push, value, weighted) == (None, None, None, None)
        else:
            assert pull == sum(each.lead_source == "pull" for each in here)
            assert push == sum(each.lead_source == "push" for each in here)
            own = [each for each in here if each.value is not None and each.currency == "EUR"]
            assert value == sum((each.value for each in own), Decimal(0))
            chances = [
                each.value * (stage.probability if each.probability is None else each.probability) for each in own
            ]
            assert abs(weighted - (sum(chances, Decimal(0)) / 100).quantize(cent, ROUND_HALF_UP)) <= cent
        for source, number in (("pull", came_pull), ("push", came_push)):
            came = {
                m.opportunity_id for m in moves if m.to_stage_id == stage.pk and m.opportunity.lead_source == source
            }
            assert number == len(came)
        stayed = [m.seconds_before for m in moves if m.from_stage_id == stage.pk and m.seconds_before is not None]
        assert days == (round(median(stayed) / 86400, 1) if stayed else None)
    open_ones = [each for each in mine if each.stage.meaning == "open"]
    assert answer.figures[0].value == len(open_ones)
    unvalued = sum(each.value is None for each in open_ones)
    assert [note.count for note in answer.notes if "no value" in note.text] == ([unvalued] if unvalued else [])


def local_year(moment) -> int:
    return moment.astimezone(zoneinfo.ZoneInfo("Europe/Copenhagen")).year


def test_outcomes_of_channels(office, given):
    answer = asked(office, "channel-outcomes", given)
    counts = Counter((each.channel, each.stage.meaning) for each in opportunities(given))
    for row in answer.rows:
        assert [cell.value for cell in row.cells[:-1]] == [counts[row.code, c.code] for c in answer.columns[:-1]]
    assert answer.totals.cells[-1].value == len(opportunities(given))
    assert {row.code for row in answer.rows} == {channel for channel, _meaning in counts}


def readable(role: str, office) -> list[Agreement]:
    levels = {"administrator": ["internal", "confidential", "restricted"], "manager": ["internal", "confidential"]}
    me = office.user(role).pk
    rows = Agreement.objects.select_related("partnership__organization")
    return [each for each in rows if each.level in levels.get(role, ["internal"]) or each.owner_id == me]


@pytest.mark.parametrize("role", ["administrator", "manager", "viewer"])
def test_turnaround_by_court(office, given, role):
    answer = asked(office, "turnaround", given, role)
    durations, readings, today = defaultdict(list), defaultdict(list), timezone.localdate()
    for row in readable(role, office):
        if not in_scope(row.partnership, given) or row.complete_on is None or row.amends_id:
            continue
        if row.complete_on.year < this_year() - 1:
            continue
        events = AgreementEvent.objects.filter(agreement=row).order_by("at", "pk")
        moves = [Moved(timezone.localdate(each.at), each.to_workflow, each.court) for each in events]
        reading = read_clock(moves, row.complete_on, row.executed_on, today)
        durations[row.kind].append(Duration(reading.total, row.executed_on is not None))
        if row.executed_on:
            readings[row.kind].append(reading)
    assert {row.code for row in answer.rows} == set(durations)
    for row in answer.rows:
        group, read = turnaround(durations[row.code]), readings[row.code]
        finished, still_open, middle, mean, *courts, hold = (cell.value for cell in row.cells)
        assert (finished, still_open, middle) == (group.finished, group.open, group.median)
        if read:
            assert mean == round(sum(each.total for each in read) / len(read), 1)
            assert courts == [round(sum(r.by_court.get(c, 0) for r in read) / len(read), 1) for c in COURTS]
            assert hold == round(sum(each.hold for each in read) / len(read), 1)
    assert answer.totals.cells[0].value == sum(map(len, readings.values()))


@pytest.mark.parametrize("role", ["administrator", "officer"])
def test_renewals(office, given, role):
    answer = asked(office, "renewals", given, role)
    today = timezone.localdate()
    due = [
        row
        for row in readable(role, office)
        if in_scope(row.partnership, given) and row.status == "executed" and row.renewal_intended
        and row.amends_id is None and row.expires_on and today <= row.expires_on <= today + timedelta(days=180)
    ]  # fmt: skip
    assert [row.code for row in answer.rows] == [str(row.pk) for row in sorted(due, key=lambda r: (r.expires_on, r.pk))]
    assert answer.figures[0].value == len(due)
    assert answer.figures[1].value == sum(row.renewal_progress == "none" for row in due)
    assert answer.totals.cells[3].value == sum((row.value for row in due if row.value is not None), Decimal(0))


@pytest.mark.parametrize("role", ["administrator", "viewer"])
def test_outcomes(office, given, role):
    answer = asked(office, "outcomes", given, role)
    mine = [row for row in readable(role, office) if in_scope(row.partnership, given) and row.status == "executed"]
    for place, year in enumerate((this_year(), this_year() - 1)):
        signed = [row for row in mine if row.executed_on.year == year]
        licenses = [row for row in signed if row.kind in ("license", "option")]
        assert answer.cell("agreements", ("now", "then")[place]).value == len(signed)
        assert answer.cell("licenses", ("now", "then")[place]).value == len(licenses)
        granted = [g for g in Grant.objects.all() if g.agreement_id in {row.pk for row in signed}]
        assert answer.cell("grants", ("now", "then")[place]).value == len(granted)
        for kind in ("invention", "startup", "software", "publication"):
            outputs = [
                each for each in ProjectOutput.objects.select_related("project").filter(kind=kind)
                if each.produced_on and each.produced_on.year == year and project_in_scope(each.project, given)
            ]  # fmt: skip
            assert answer.cell(kind, ("now", "then")[place]).value == len(outputs)
    codes = {row.code for row in answer.rows}
    assert ("assets" in codes) == (role == "administrator" and not given)
    if "assets" in codes:
        assert answer.cell("assets", "now").value == IpAsset.objects.count()
    income = [figure for figure in answer.figures if figure.code == "income"]
    assert bool(income) == (role == "administrator")
    if income:
        licensed = [
            each.amount for each in funding(given)
            if each.measure == "received" and each.channel == "LIC" and each.booked_on.year == this_year()
        ]  # fmt: skip
        assert income[0].value == sum(licensed, Decimal(0))


def test_people(office, given):
    answer = asked(office, "talent", given)
    counts: Counter[tuple[str, str]] = Counter()
    for event in TalentEvent.objects.select_related("partnership__organization"):
        if in_scope(event.partnership, given):
            counts[f"event-{event.kind}", str(event.occurred_on.year)] += event.people
    begun = {"in_progress", "checked", "evaluated", "completed", "ended_early"}
    for row in Placement.objects.select_related("partnership__organization", "program"):
        if row.status in begun and in_scope(row.partnership, given):
            counts[f"placed-{row.program.kind}", str(row.starts_on.year)] += 1
    years = [column.code for column in answer.columns[:-1]]
    told = 0
    for row in [*answer.rows, answer.totals]:
        for column, cell in zip(answer.columns, row.cells, strict=True):
            wanted = sum(
                number for (code, year), number in counts.items()
                if year in years and row.code in ("", code) and column.code in ("all", year)
            )  # fmt: skip
            if cell.hidden:
                assert cell.value is None
            else:
                assert cell.value == wanted
                assert wanted == 0 or wanted >= 5
                told += 1
    assert told > 5


def test_stage_health_and_value(office, given):
    answer = asked(office, "stages", given)
    counts = Counter((each.stage_declared, each.health.band) for each in partners_of(given))
    value: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in funding(given):
        if each.measure == "received" and each.partnership and each.partnership.status == "active":
            value[each.partnership.stage_declared] += each.amount
    for row in answer.rows:
        *bands, everyone, brought = (cell.value for cell in row.cells)
        assert bands == [counts[row.code, column.code] for column in answer.columns[:-2]]
        assert everyone == sum(bands)
        assert brought == value[row.code]
    assert answer.totals.cells[-1].value == sum(value.values(), Decimal(0))


def test_value_by_awards_counts_each_project_once(office, given):
    FundingEntry.objects.all().delete()
    answer = asked(office, "stages", given)
    mine = {each.organization_id: each for each in partners_of(given)}
    stages: defaultdict[str, set[int]] = defaultdict(set)
    for taking in ProjectParticipant.objects.select_related("project"):
        project = taking.project
        if taking.organization_id in mine and our_award(project) is not None and project.currency == "EUR":
            stages[mine[taking.organization_id].stage_declared].add(project.pk)
    awards = {project.pk: our_award(project) for project in Project.objects.all()}
    for row in answer.rows:
        assert row.cells[-1].value == sum((awards[pk] for pk in stages[row.code]), Decimal(0))
    everything = set().union(*stages.values())
    assert answer.totals.cells[-1].value == sum((awards[pk] for pk in everything), Decimal(0))


def test_objectives(office, given):
    answer = asked(office, "objectives", given)
    rows = [
        each for each in Objective.objects.select_related("partnership__organization")
        if each.partnership.status == "active" and in_scope(each.partnership, given)
    ]  # fmt: skip
    counts = Counter((each.side, each.status) for each in rows)
    for row in answer.rows:
        assert [cell.value for cell in row.cells[:-1]] == [counts[row.code, c.code] for c in answer.columns[:-1]]
    both = 0
    for partner in {each.partnership_id for each in rows}:
        met = {each.side for each in rows if each.partnership_id == partner and each.status == "met"}
        both += "shared" in met or {"ours", "theirs"} <= met
    assert answer.figures[0].value == both


def test_give_and_get(office, given):
    answer = asked(office, "give-get", given)
    counts: Counter[str] = Counter()
    values: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in LedgerEntry.objects.select_related("partnership__organization"):
        if each.partnership.status == "active" and in_scope(each.partnership, given):
            counts[each.direction] += 1
            if each.value is not None and each.currency == "EUR":
                values[each.direction] += each.value
    assert [cell.value for cell in answer.totals.cells] == [
        counts["give"], counts["get"], values["give"], values["get"],
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["administrator", "viewer"])
def test_risks(office, given, role):
    answer = asked(office, "risks", given, role)
    mine = {each.organization_id for each in partners_of(given)}
    flags = [each for each in RiskFlag.objects.all() if each.cleared_on is None and each.organization_id in mine]
    issues = [
        each for each in ProjectIssue.objects.select_related("project").filter(severity="critical", closed_on=None)
        if project_in_scope(each.project, given)
    ]  # fmt: skip
    if role == "viewer":
        flags = issues = []
    assert [figure.value for figure in answer.figures] == [len(flags), len(issues)]
    assert len(answer.rows) == min(15, len(flags) + len(issues))
