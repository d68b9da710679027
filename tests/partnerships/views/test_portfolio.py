"""The list of partners as table, board and chart: exact counts, links that lead to what they count, one filter."""

import csv
import html
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.models import OrganizationSector, OrganizationTag, Tag
from partnerships.choices import Band, Stage
from partnerships.models import Partnership, PartnershipHealth
from tests.api_kit import counted, nothing_changes
from tests.factories.logging import make_followup
from tests.factories.organizations import make_organization, make_risk_flag
from tests.factories.partnerships import make_opportunity, make_partnership
from tests.factories.units import make_unit

LIST = "/partners/"
SHAPES = {"table": 12, "board": 10, "chart": 10}
WIDE = "tags,unit,attention,opportunities,weighted,followups,region,sector"


def partner(name: str = "", *, stage: str = "awareness", band: str = "healthy", days: int | None = None, **fields):
    """A partner with a stage, a band and its last contact so many days ago."""
    organization = make_organization(name=name) if name else make_organization()
    row = make_partnership(organization, stage_declared=stage, **fields)
    last = None if days is None else timezone.now() - timedelta(days=days)
    PartnershipHealth.objects.filter(partnership=row).update(band=band, last_contact_at=last)
    return row


def words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))).replace("\u00a0", " ")


def cards(page: str, stage: str) -> list[int]:
    column = re.search(rf'<section[^>]*id="stage-{stage}".*?</section>', page, re.S)
    return [int(pk) for pk in re.findall(r'data-card="(\d+)"', column[0])]


def listed(page: str) -> list[int]:
    """The ids of the table's rows."""
    return [int(pk) for pk in re.findall(r'<th scope="row" id="row-(\d+)"', page)]


def last_line(page: str) -> str:
    return " ".join(words(re.search(r"<tfoot>.*?</tfoot>", page, re.S)[0]).split())


def heat_links(page: str) -> list[tuple[str, int]]:
    """Address and count of every cell of the chart that leads somewhere."""
    found = re.findall(r'<td class="heat[^"]*"><a href="\?([^"]*)">(\d+)<', page)
    return [(html.unescape(query), int(count)) for query, count in found]


@pytest.fixture
def four(in_alpha) -> list[Partnership]:
    return [
        partner("Aarhus Enzymes", stage="sponsorship", band="at_risk", days=100, tier="key"),
        partner("Borg Sensors", stage="sponsorship", band="at_risk", days=20),
        partner("Cimbria Steel", stage="support", band="at_risk", days=41, tier="key"),
        partner("Dania Data", stage="awareness", band="healthy"),
    ]


def test_the_board_shows_every_stage_with_its_partners(in_alpha, four, client_of):
    Partnership.objects.filter(pk=four[3].pk).update(stage_suggested="support", owner=in_alpha.user())
    page = client_of(in_alpha).get(f"{in_alpha.prefix}{LIST}?shape=board").content.decode()
    assert {stage: cards(page, stage) for stage in Stage.values} == {
        "awareness": [four[3].pk],
        "involvement": [],
        "support": [four[2].pk],
        "sponsorship": [four[0].pk, four[1].pk],
        "strategic": [],
    }
    told = words(page)
    assert "last contact 100 days ago" in told
    assert "no contact yet" in told
    assert "Records suggest Support" in told
    assert f"Owner {in_alpha.user().name}" in told


def test_a_column_shows_fifty_then_the_way_to_all_of_them(in_alpha, client_of):
    rows = [partner(f"Partner {number:02}", tier="key") for number in range(53)]
    member = client_of(in_alpha)
    page = member.get(f"{in_alpha.prefix}{LIST}?shape=board&tier=key&stage=awareness&stage=support").content.decode()
    assert cards(page, "awareness") == [row.pk for row in rows[:50]]
    link = re.search(r'<p class="board-more">\s*<a[^>]*href="\?([^"]*)"', page)
    table = member.get(f"{in_alpha.prefix}{LIST}?{html.unescape(link[1])}&size=100").content.decode()
    assert sorted(listed(table)) == sorted(row.pk for row in rows)


@pytest.mark.parametrize(("shape", "most"), SHAPES.items())
def test_every_shape_costs_the_same_for_one_and_a_hundred(in_alpha, client_of, shape, most):
    member, costs = client_of(in_alpha), []
    address = f"{in_alpha.prefix}{LIST}?shape={shape}&columns=partner,health,contact,owner,{WIDE}"
    for more in (1, 99):
        for number in range(more):
            row = partner(stage=Stage.values[number % 5], band=Band.values[number % 4], owner=in_alpha.user())
            make_opportunity(row, value=Decimal(5), currency="EUR")
        with counted() as statements:
            assert member.get(address).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= most, "\n".join(sql[:120] for sql in statements)


def test_moving_on_the_board_changes_the_stage_and_comes_back(in_alpha, four, client_of):
    member, back = client_of(in_alpha), f"{in_alpha.prefix}{LIST}?shape=board&tier=key"
    address = f"{in_alpha.prefix}/partners/{four[0].pk}/inline/?field=stage_declared"
    given = {"stage_declared": "strategic", "version": four[0].version, "next": back}
    answer = member.post(address, given)
    assert answer["Location"] == back
    four[0].refresh_from_db()
    assert four[0].stage_declared == "strategic"
    assert "Aarhus Enzymes moved to Strategic partner." in words(member.get(back).content.decode())
    with nothing_changes():  # somebody looked at an older version
        assert member.post(address, {**given, "stage_declared": "support"}).status_code == 409
    with nothing_changes():
        answer = member.post(address, {**given, "stage_declared": "nowhere", "version": four[0].version + 1})
        assert answer.status_code == 422
        assert f'name="next" value="{html.escape(back)}"' in answer.content.decode()


def test_the_way_back_leads_to_no_other_site(in_alpha, four, client_of):
    address = f"{in_alpha.prefix}/partners/{four[0].pk}/inline/?field=stage_declared"
    given = {"stage_declared": "strategic", "version": four[0].version, "next": "https://evil.example/"}
    assert client_of(in_alpha).post(address, given)["Location"] == f"{in_alpha.prefix}/partners/{four[0].pk}/"


def test_a_viewer_sees_all_shapes_and_moves_nothing(in_alpha, four, client_of):
    viewer = client_of(in_alpha, "viewer")
    page = viewer.get(f"{in_alpha.prefix}{LIST}?shape=board").content.decode()
    assert cards(page, "support") == [four[2].pk]
    assert "Move to" not in words(page)
    make_followup(four[0])
    make_opportunity(four[0], value=Decimal(1000), currency="EUR")
    page = viewer.get(f"{in_alpha.prefix}{LIST}?columns=partner,opportunities,followups").content.decode()
    row = re.search(rf'id="row-{four[0].pk}".*?</tr>', page, re.S)[0]
    assert re.findall(r'<td class="num"[^>]*>(.*?)</td>', row) == ["1", "–"]
    with nothing_changes():
        address = f"{in_alpha.prefix}/partners/{four[0].pk}/inline/?field=stage_declared"
        assert viewer.post(address, {"stage_declared": "strategic", "version": 1}).status_code == 403


def test_the_chart_counts_and_every_count_leads_to_so_many_partners(in_alpha, four, client_of):
    member = client_of(in_alpha)
    page = member.get(f"{in_alpha.prefix}{LIST}?shape=chart").content.decode()
    assert "3 of 4 partners are at risk; most of them in Sponsorship" in words(page)
    links = heat_links(page)
    # three cells; three stages; healthy and at risk; all
    assert [count for _query, count in links] == [1, 1, 1, 1, 2, 2, 1, 3, 4]
    for query, count in links:
        assert len(listed(member.get(f"{in_alpha.prefix}{LIST}?{query}").content.decode())) == count, query


def test_the_filter_holds_for_all_shapes(in_alpha, four, client_of):
    member = client_of(in_alpha)
    pages = {shape: member.get(f"{in_alpha.prefix}{LIST}?tier=key&shape={shape}").content.decode() for shape in SHAPES}
    assert listed(pages["table"]) == [four[0].pk, four[2].pk]
    assert [cards(pages["board"], stage) for stage in Stage.values] == [[], [], [four[2].pk], [four[0].pk], []]
    assert "2 of 2 partners are at risk, spread over 2 stages" in words(pages["chart"])
    for query, count in heat_links(pages["chart"]):
        assert "tier=key" in query
        assert len(listed(member.get(f"{in_alpha.prefix}{LIST}?{query}").content.decode())) == count
    for page in pages.values():
        for shape in ("board", "chart"):
            assert f"?tier=key&amp;shape={shape}" in page
        assert "2 of 4 partners" in words(page)


def test_no_shape_shows_another_office(in_alpha, four, beta, client_of):
    for shape in SHAPES:
        page = client_of(beta).get(f"{beta.prefix}{LIST}?shape={shape}").content.decode()
        assert "No partners yet" in words(page)
        assert "Aarhus" not in page
    with nothing_changes():
        address = f"{beta.prefix}/partners/{four[0].pk}/inline/?field=stage_declared"
        assert client_of(beta).post(address, {"stage_declared": "strategic", "version": 1}).status_code == 404


def test_the_last_line_adds_up_everything_that_matches(in_alpha, four, client_of):
    make_opportunity(four[0], value=Decimal(100_000), currency="EUR", probability=50)
    make_opportunity(four[0], value=Decimal(9_000), currency="USD", probability=50)
    make_opportunity(four[1], value=Decimal(30_000), currency="EUR", probability=10)
    make_opportunity(four[1], value=Decimal(99_000), currency="EUR", stage="Won", closed_at=timezone.now())
    make_followup(four[2])
    make_followup(four[2], done_at=timezone.now())
    member = client_of(in_alpha)
    columns = "columns=partner,health,contact,opportunities,weighted,followups"
    page = member.get(f"{in_alpha.prefix}{LIST}?{columns}&size=25").content.decode()
    assert last_line(page) == "4 partners 3 at risk median 41 days ago 3 EUR 53K 1"
    assert "+ 1 in another currency" in words(page)
    page = member.get(f"{in_alpha.prefix}{LIST}?{columns}&tier=key").content.decode()
    assert last_line(page) == "2 of 4 partners 2 at risk median 70 days ago 2 EUR 50K 1"


def test_every_part_of_the_filter(in_alpha, four, client_of):
    member, unit, tag = client_of(in_alpha), make_unit(name="Engineering"), Tag.objects.create(name="Wind")
    one, two, three, _other = four
    Partnership.objects.filter(pk=one.pk).update(unit=unit, owner=in_alpha.user())
    OrganizationTag.objects.create(organization=two.organization, tag=tag)
    type(one.organization).objects.filter(pk=one.organization_id).update(sector_code="C26.5", country="SE")
    OrganizationSector.objects.create(organization=three.organization, scheme="nace", code="C26")
    make_risk_flag(two.organization)
    expected = {
        f"unit={unit.pk}": [one],
        f"tag={tag.pk}": [two],
        "sector=c26": [one, three],
        "country=se": [one],
        "owner=me": [one],
        "owner=none": four[1:],
        "risk_flag=true": [two],
        "risk_flag=false": [one, *four[2:]],
        "attention=true": four[:3],
        "attention=false": four[3:],
        "silent=90": [one],
        "q=aarhus": [one],
        "band=at_risk&stage=support": [three],
    }
    for query, rows in expected.items():
        page = member.get(f"{in_alpha.prefix}{LIST}?{query}").content.decode()
        assert listed(page) == [row.pk for row in rows], query
        assert 'class="chip' in page, query
        found = member.get(f"{in_alpha.prefix}/api/v1/partnerships/?{query}").json()
        assert sorted(row["id"] for row in found["results"]) == sorted(row.pk for row in rows), query
    viewer = client_of(in_alpha, "viewer").get(f"{in_alpha.prefix}{LIST}?risk_flag=true").content.decode()
    assert len(listed(viewer)) == 4


def test_why_a_partner_needs_attention(in_alpha, four, client_of):
    Partnership.objects.filter(pk=four[3].pk).update(next_review_on=timezone.localdate() - timedelta(days=2))
    Partnership.objects.filter(pk=four[1].pk).update(status="dormant")
    page = client_of(in_alpha).get(f"{in_alpha.prefix}{LIST}?columns=partner,attention").content.decode()
    reasons = [each.strip() for each in re.findall(r'<td class="wrap"[^>]*>(.*?)</td>', page, re.S)]
    assert reasons == [
        "At risk. No real contact for 100 days",
        "–",
        "At risk. No real contact for 41 days",
        "No real contact recorded. Review overdue by 2 days",
    ]


def test_stages_and_tiers_sort_in_their_own_order(in_alpha, four, client_of):
    member = client_of(in_alpha)
    for query, order in (("sort=stage", [3, 2, 0, 1]), ("sort=-stage", [0, 1, 2, 3]), ("sort=tier", [0, 2, 1, 3])):
        page = member.get(f"{in_alpha.prefix}{LIST}?{query}").content.decode()
        assert listed(page) == [four[number].pk for number in order], query


def test_a_file_carries_the_columns(in_alpha, four, client_of):
    OrganizationTag.objects.create(organization=four[0].organization, tag=Tag.objects.create(name="Wind"))
    Partnership.objects.filter(pk=four[0].pk).update(unit=make_unit(name="Engineering"))
    make_opportunity(four[0], value=Decimal(100_000), currency="EUR", probability=50)
    make_followup(four[0])
    columns = "partner,tags,unit,attention,opportunities,weighted,followups"
    given = {"query": f"tier=key&columns={columns}", "format": "csv"}
    answer = client_of(in_alpha).post(f"{in_alpha.prefix}/lists/partners/export/", given)
    lines = [line for line in csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))) if len(line) == 8]
    heads = "Partner|Tags|Lead unit|Needs attention|Open opportunities|Weighted value|Weighted value (currency)"
    assert lines == [
        [*heads.split("|"), "Open follow-ups"],
        ["Aarhus Enzymes", "Wind", "Engineering", "At risk. No real contact for 100 days", "1", "50000.00", "EUR", "1"],
        ["Cimbria Steel", "", "", "At risk. No real contact for 41 days", "0", "", "EUR", "0"],
    ]
