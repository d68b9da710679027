"""What rows mean. The examples are those of docs/import.md; the properties hold for any text."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.validators import URLValidator
from hypothesis import example, given
from hypothesis import strategies as st

from core.choices import COUNTRY_CODES, CURRENCY_CODES
from partnerships.imports.folder import COLUMNS
from partnerships.imports.messages import WORDS, describe
from partnerships.rules.imports import (
    parse_institution,
    parse_link,
    parse_organization,
    parse_participation,
    parse_project,
    repair_website,
    status_by_dates,
)


def organization(**values: str):
    row = dict.fromkeys(COLUMNS["organizations.csv"], "") | {"org_id": "O", "display_name": "Name"}
    return parse_organization(row | values, countries=COUNTRY_CODES)


def project(**values: str):
    row = dict.fromkeys(COLUMNS["projects.csv"], "") | {"project_id": "P", "display_title": "Title"}
    return parse_project(row | values, currencies=CURRENCY_CODES)


def faults(parsed) -> list[tuple[str, str]]:
    assert parsed.record is None
    return [(fault.code, fault.column) for fault in parsed.faults]


def notes(parsed) -> list[tuple[str, str]]:
    assert parsed.record is not None, parsed.faults
    return [(note.code, note.column) for note in parsed.notes]


def test_an_organization_with_everything():
    parsed = organization(
        pic="999 977 851",
        short_name=" NTNU\n",
        type_code="hes",
        sme="N",
        country="el",
        city="Trondheim",
        latitude="63.418201234",
        longitude="10.4",
        geo_precision="city-ror",
        website="www.ntnu.edu",
        ror_id="https://ror.org/05xg72x27",
        grid_id="grid.5947.f",
        isni="0000 0001 1516 2393",
    )
    assert notes(parsed) == []
    record = parsed.record
    assert (record.alias, record.kind, record.sme, record.country) == ("NTNU", "university", False, "GR")
    assert (record.place, record.precision) == ((Decimal("63.41820"), Decimal("10.40000")), "city")
    assert record.website == "https://www.ntnu.edu"
    assert dict(record.identifiers) == {
        "pic": "999977851",
        "ror": "05xg72x27",
        "grid": "grid.5947.f",
        "isni": "0000000115162393",
    }


@pytest.mark.parametrize(
    ("code", "type_", "kind"),
    [
        ("PRC", "", "company"),
        ("REC", "other", "research_institute"),
        ("PUB", "", "public_body"),
        ("OTH", "", "other"),
        ("", "university", "university"),
        ("", "unknown", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_kinds(code, type_, kind):
    assert organization(type_code=code, type=type_).record.kind == kind


@pytest.mark.parametrize(
    ("given", "stored"), [("", ""), ("no", "NO"), ("EL", "GR"), ("UK", "GB"), ("XK", "XK"), (" de ", "DE")]
)
def test_countries(given, stored):
    assert organization(country=given).record.country == stored


@pytest.mark.parametrize("country", ["QQ", "EU", "ZZ", "Norway", "N", "578"])
def test_what_is_no_country(country):
    assert faults(organization(country=country)) == [("unknown_country", "country")]


def test_what_rejects_an_organization():
    assert faults(organization(org_id="", display_name=" ")) == [("empty", "org_id"), ("empty", "display_name")]
    assert faults(organization(display_name="x" * 301)) == [("too_long", "display_name")]
    assert faults(organization(org_id="1" * 51)) == [("too_long", "org_id")]


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"city": "x" * 2**20}, ("too_long", "city")),
        ({"type_code": "XXX"}, ("unknown_code", "type_code")),
        ({"sme": "perhaps"}, ("unknown_code", "sme")),
        ({"latitude": "12"}, ("half_a_place", "longitude")),
        ({"latitude": "91", "longitude": "1"}, ("no_degrees", "latitude")),
        ({"latitude": "nan", "longitude": "1"}, ("no_degrees", "latitude")),
        ({"website": "see brochure"}, ("no_website", "website")),
        ({"ror_id": "https://ror.org/05xg72x28"}, ("identifier_checksum", "ror_id")),
        ({"isni": "0000 0001 1516 2394"}, ("identifier_checksum", "isni")),
        ({"grid_id": "grid"}, ("identifier_format", "grid_id")),
    ],
)
def test_what_is_left_out_of_an_organization(values, note):
    assert note in notes(organization(**values))


def test_a_project_with_everything():
    record = project(
        start_date="2013-05-01", end_date="2017-04-30", total_cost_eur="3660606", ec_contribution_eur="12.345"
    ).record
    assert (record.started_on, record.ended_on) == (date(2013, 5, 1), date(2017, 4, 30))
    assert (record.total_cost, record.award, record.currency) == (Decimal(3660606), Decimal("12.34"), "EUR")
    assert notes(project(ec_contribution_eur="12.345")) == [("rounded", "ec_contribution_eur")]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"start_date": "0202-01-01"}, "absurd_date"),
        ({"start_date": "2013-02-30"}, "no_date"),
        ({"start_date": "01/05/2013"}, "no_date"),
        ({"start_date": "20130501"}, "no_date"),
        ({"start_date": "2014-01-01", "end_date": "2013-01-01"}, "dates_reversed"),
        ({"total_cost_eur": "-1"}, "negative"),
        ({"total_cost_eur": "1,000"}, "no_amount"),
        ({"total_cost_eur": "1e5"}, "no_amount"),
        ({"total_cost_eur": "NaN"}, "no_amount"),
        ({"total_cost_eur": "Infinity"}, "no_amount"),
        ({"total_cost_eur": "\u0661\u0662"}, "no_amount"),
        ({"total_cost_eur": "1000000000000"}, "too_large"),
        ({"currency": "EURO"}, "unknown_currency"),
        ({"display_title": ""}, "empty"),
        ({"display_title": "x" * 2**20}, "too_long"),
    ],
)
def test_what_rejects_a_project(values, fault):
    assert [code for code, _column in faults(project(**values))] == [fault]


TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("start", "end", "stated", "status", "certain"),
    [
        ("2027-01-01", "2029-01-01", "SIGNED", "planned", True),
        ("2020-01-01", "2026-05-03", "SIGNED", "completed", True),
        ("2020-01-01", "2026-05-04", "SIGNED", "active", True),
        ("2020-01-01", "2027-01-01", "CLOSED", "active", True),
        ("2020-01-01", "2027-01-01", "TERMINATED", "ended_early", True),
        ("2020-01-01", "", "", "active", True),
        ("2020-01-01", "", "CLOSED", "completed", True),
        ("", "2020-01-01", "", "completed", True),
        ("", "", "SIGNED", "active", True),
        ("", "", "CLOSED", "completed", True),
        ("", "", "", "completed", False),
    ],
)
def test_the_state_on_a_day(start, end, stated, status, certain):
    record = project(start_date=start, end_date=end, status=stated).record
    assert status_by_dates(record, TODAY) == (status, certain)


@pytest.mark.parametrize(
    ("entered", "repaired"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://Example.org", "http://Example.org"),
        ("http:/example.org", "http://example.org"),
        ("http//example.org", "http://example.org"),
        ("http://http://example.org", "http://example.org"),
        ("https://http://example.org", "http://example.org"),
        ("//example.org", "https://example.org"),
        ("example.org:8080/", "https://example.org:8080/"),
        ("http://www.h\u00f8yskolen.no/om", "http://www.xn--hyskolen-54a.no/om"),
    ],
)
def test_websites_are_repaired(entered, repaired):
    assert repair_website(entered) == repaired


@pytest.mark.parametrize(
    "entered",
    [
        *("", "n/a", "none", "ftp://example.org", "mailto:me@example.org", "me@example.org", "javascript:alert(1)"),
        *("http://", "http://localhost", "http://10.0.0.1/", "http://me:secret@example.org", "exa mple.org"),
        *("http://example", "http://-example.org", "example.org\\x", "http://example.123", "x" * 400 + ".org"),
    ],
)
def test_what_is_no_website(entered):
    assert repair_website(entered) is None


@given(
    st.text(max_size=60) | st.from_regex(r"(https?[:/]{0,3})?[a-z.\-_@:]{1,20}\.[a-z]{1,4}(/\S{0,9})?", fullmatch=True)
)
@example("http://example.org:99999")
def test_a_website_can_be_stored_and_edited(entered):
    repaired = repair_website(entered)
    if repaired is not None:
        URLValidator(schemes=["http", "https"])(repaired)
        assert len(repaired) <= 300
        assert repair_website(repaired) == repaired


ANY = st.text(max_size=30) | st.sampled_from(
    ["", "0", "-1", "1.5", "9" * 40, "2020-01-01", "0202-01-01", "NO", "HES", "Y", "coordinator", "\0", "\n", "\u200b"]
)
PARSERS = {
    "tenants.csv": lambda row: parse_institution(row, countries=COUNTRY_CODES),
    "tenant_projects.csv": parse_link,
    "projects.csv": lambda row: parse_project(row, currencies=CURRENCY_CODES),
    "participations.csv": parse_participation,
    "organizations.csv": lambda row: parse_organization(row, countries=COUNTRY_CODES),
}


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_any_row_gives_a_record_or_faults_with_words(name, data):
    row = {column: data.draw(ANY, column) for column in COLUMNS[name]}
    parsed = PARSERS[name](row)
    assert (parsed.record is None) == bool(parsed.faults)
    for problem in (*parsed.faults, *parsed.notes):
        assert problem.code in WORDS
        assert len(describe(problem)) < 250
    for value in (getattr(parsed.record, field, None) for field in ("award", "total_cost")):
        assert value is None or (0 <= value < 10**12 and value == round(value, 2))
    if name == "organizations.csv" and parsed.record is not None:
        assert parsed.record.country in {"", *COUNTRY_CODES}
        assert parsed.record.name.strip() == parsed.record.name != ""
    if name == "projects.csv" and parsed.record is not None:
        assert status_by_dates(parsed.record, TODAY)[0] in ("planned", "active", "completed", "ended_early")


@given(st.decimals(0, Decimal("999999999999.99"), places=2))
def test_amounts_survive(amount):
    assert project(total_cost_eur=f"{amount:f}").record.total_cost == amount


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_survive(day):
    assert project(start_date=day.isoformat()).record.started_on == day
