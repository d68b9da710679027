"""Ten years of money: each number is the sum of its entries, and leads to them."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from core.charts import Part
from core.charts_columns import Column, column_chart
from partnerships.queries.funding_totals import REST, Total, trend_of
from tests.api_kit import counted
from tests.factories.funding import make_funding
from tests.factories.partnerships import make_partnership

YEAR = timezone.localdate().year


def page_of(office, client_of, query: str = "", role: str = "manager") -> str:
    return client_of(office, role).get(f"{office.prefix}/funding/trends/?{query}").content.decode()


def received(partner, amount: int, year: int, **fields):
    return make_funding(partner, amount=Decimal(amount), booked_on=date(year, 1, 1), **fields)


def test_each_number_leads_to_its_entries(in_alpha, client_of):
    partner = make_partnership()
    received(partner, 1000, YEAR - 1, source="federal")
    received(partner, 2500, YEAR - 1, source="federal")
    received(partner, 700, YEAR, source="industry")
    make_funding(partner, measure="committed", amount=Decimal(90000), booked_on=date(YEAR, 1, 1))
    received(partner, 5, YEAR - 10)
    words = page_of(in_alpha, client_of)
    link = re.search(r'href="([^"]*)" title="EUR\xa03,500.00">', words)
    address = html.unescape(link[1])
    assert {f"year={YEAR - 1}", "source=federal", "measure=received"} <= set(address.partition("?")[2].split("&"))
    entries = client_of(in_alpha).get(address).content.decode()
    assert "EUR\xa03,500.00" in entries[entries.index("<tfoot") :]
    assert "90,000" not in words
    assert str(YEAR - 10) not in words


def test_a_measure_is_chosen_in_the_address_and_none_is_added_to_another(in_alpha, client_of):
    partner = make_partnership()
    received(partner, 700, YEAR)
    make_funding(partner, measure="committed", amount=Decimal(9000), booked_on=date(YEAR, 1, 1))
    committed = page_of(in_alpha, client_of, "measure=committed&by=channel")
    assert "EUR\xa09,000.00" in committed
    assert "EUR\xa09,700.00" not in committed
    assert "700.00" not in committed
    assert 'href="?by=domain&amp;measure=committed"' in committed


@pytest.mark.parametrize("by", ["source", "domain", "channel", "unit", "partner"])
def test_every_way_to_split_costs_the_same_few_statements(in_alpha, client_of, by):
    for number in range(3):
        received(make_partnership(), 100 + number, YEAR - number)
    member = client_of(in_alpha)
    address = f"{in_alpha.prefix}/funding/trends/?by={by}"
    member.get(address)
    with counted() as statements:
        words = member.get(address).content.decode()
    assert sum("partnerships_fundingentry" in each for each in statements) == 1
    assert "EUR\xa0303.00" in words


def test_the_ledgers_filter_holds_and_stays_in_every_link(in_alpha, client_of):
    partner = make_partnership()
    received(partner, 100, YEAR)
    received(make_partnership(), 900, YEAR)
    words = page_of(in_alpha, client_of, f"partnership={partner.pk}&by=channel")
    assert "EUR\xa0100.00" in words
    assert "1,000.00" not in words
    assert f'href="?by=source&amp;measure=received&amp;partnership={partner.pk}"' in words


def test_an_unknown_choice_falls_back(in_alpha, client_of):
    received(make_partnership(), 100, YEAR)
    words = page_of(in_alpha, client_of, "by=moon&measure=everything")
    assert "EUR\xa0100.00" in words


def test_leverage_stands_below_the_sources(in_alpha, client_of):
    partner = make_partnership()
    received(partner, 200, YEAR, source="industry")
    received(partner, 500, YEAR, source="federal")
    assert '<td class="num">2.50</td>' in page_of(in_alpha, client_of)


def total(key: str, year: int, amount: int, measure: str = "received", by: str = "partner") -> Total:
    return Total(by, key, f"Name {key}", year, measure, Decimal(amount), "EUR", 1)


def test_the_smallest_groups_are_one_line_of_the_same_sum():
    totals = [total(str(number), 2026, number) for number in range(1, 11)]
    trend = trend_of(totals, range(2025, 2027), most=4)
    assert [(each.key, each.total, each.members) for each in trend.series] == [
        ("10", 10, 1),
        ("9", 9, 1),
        ("8", 8, 1),
        (REST, 28, 7),
    ]
    assert (trend.by_year, trend.total) == ([0, 55], 55)


def test_a_trend_is_of_one_measure():
    with pytest.raises(ValueError, match="one measure"):
        trend_of([total("a", 2026, 1), total("a", 2026, 1, "spent")], range(2020, 2027), most=5)


def test_columns_are_stacked_from_the_bottom_and_what_is_below_nothing_is_not_drawn():
    columns = [
        Column("2025", [Part("A", 10, "s1"), Part("B", 20, "s2"), Part("C", -5, "s3")]),
        Column("2026", [Part("A", 0, "s1")]),
    ]
    drawn = column_chart(columns, "Money")
    rects = re.findall(
        r'<rect class="fill-(s\d)" x="([\d.]+)%" width="([\d.]+)%" y="([\d.]+)" height="([\d.]+)"', drawn
    )
    assert [each[0] for each in rects] == ["s1", "s2"]
    (_a, _x, _w, y1, h1), (_b, _x2, _w2, y2, h2) = rects
    assert float(y2) + float(h2) == pytest.approx(float(y1), abs=0.02)
    assert float(h2) == pytest.approx(2 * float(h1), abs=0.02)
    assert 'aria-label="Money: 2025 30' in drawn
    with pytest.raises(ValueError, match="kind"):
        column_chart([Column("2025", [Part("A", 1, "nothing")])], "Money")
