"""Channels, places and regional impact, computed in another way."""

from collections import Counter

from organizations.models import Organization
from partnerships.models import ProjectOutput, ProjectParticipant, TalentEvent
from reporting.queries.channels import LINES, PLACES
from tests.reporting.counting import asked, in_scope, partners_of, project_in_scope, this_year


def test_channels(office, given):
    answer = asked(office, "channels", given)
    mine = {each.organization_id: each for each in partners_of(given)}
    counts: Counter[tuple[str, str]] = Counter()
    for taking in ProjectParticipant.objects.select_related("project"):
        project = taking.project
        ran = (
            project.started_on is not None
            and project.started_on.year <= this_year()
            and (project.ended_on is None or project.ended_on.year >= this_year())
        )
        if taking.organization_id in mine and ran:
            counts[str(mine[taking.organization_id].pk), project.channel] += 1
    for row in answer.rows:
        assert [cell.value for cell in row.cells[:-1]] == [counts[row.code, c.code] for c in answer.columns[:-1]]
    every = Counter(partner for partner, _channel in counts.elements())
    assert all(row.cells[-1].value == every[row.code] for row in answer.rows)
    assert [row.cells[-1].value for row in answer.rows] == [number for _partner, number in every.most_common(LINES)]


def test_places_and_countries(office, given):
    answer, countries = asked(office, "places", given), asked(office, "countries", given)
    mine = partners_of(given)
    towns = Counter(f"{each.organization.country}:{each.organization.city}" for each in mine)
    assert [row.cells[0].value for row in answer.rows] == [number for _town, number in towns.most_common(PLACES)]
    assert all(row.cells[0].value == towns[row.code] for row in answer.rows)
    assert answer.totals.cells[0].value == sum(towns.values())
    found = [each.organization for each in mine]
    unplaced = sum(each.latitude is None or each.geo_precision == "country" for each in found)
    assert [note.count for note in answer.notes] == ([unplaced] if unplaced else [])
    by_country = Counter(each.organization.country for each in mine)
    small = Counter(each.organization.country for each in mine if each.organization.sme)
    assert {row.code: tuple(c.value for c in row.cells) for row in countries.rows} == {
        code: (number, small[code]) for code, number in by_country.items()
    }
    known = [row for row in countries.rows if row.code]
    led = [(bool(cell.value), bool(cell.url)) for row in (*known, countries.totals) for cell in row.cells]
    assert [value for value, _url in led] == [url for _value, url in led]


def test_regional_impact(office, given):
    years = range(this_year() - 4, this_year() + 1)
    startups = asked(office, "startups", given)
    found = Counter(
        each.produced_on.year for each in ProjectOutput.objects.select_related("project").filter(kind="startup")
        if each.produced_on and project_in_scope(each.project, given)
    )  # fmt: skip
    assert [cell.value for cell in startups.rows[0].cells] == [*(found[y] for y in years), sum(found[y] for y in years)]
    assert startups.figures[0].value == sum(found[y] for y in years)
    for code, kinds in (("jobs", {"hire"}), ("trained", {"industrial_phd", "capstone_team", "internship", "coop"})):
        counts: Counter[tuple[str, int]] = Counter()
        for event in TalentEvent.objects.select_related("partnership__organization"):
            if event.kind in kinds and in_scope(event.partnership, given) and event.occurred_on.year in years:
                counts[event.partnership.organization.region, event.occurred_on.year] += event.people
        answer = asked(office, code, given)
        assert {row.code for row in answer.rows} == {region for region, _year in counts}
        for row in answer.rows:
            for year, cell in zip(years, row.cells, strict=False):
                assert cell.hidden or cell.value == counts[row.code, year]
                assert not 0 < (cell.value or 0) < 5
    served: set[tuple[int, str, int]] = set()
    for taking in ProjectParticipant.objects.select_related("project", "organization"):
        organization, started = taking.organization, taking.project.started_on
        year = started.year if started else None
        if organization.sme and year in years and project_in_scope(taking.project, given):
            served.add((organization.pk, organization.region, year))
    answer = asked(office, "enterprises", given)
    for row in [*answer.rows, answer.totals]:
        mine = [each for each in served if row is answer.totals or each[1] == row.code]
        assert [cell.value for cell in row.cells] == [
            *(len({pk for pk, _r, y in mine if y == year}) for year in years), len({pk for pk, *_rest in mine}),
        ]  # fmt: skip
    assert Organization.objects.filter(sme=True).exists()
