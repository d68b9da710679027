"""Importing money from the page: shown first, done as shown, and refused in words that say what to do."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.tenancy.scope import tenant_scope
from organizations.models import Organization
from partnerships.models import FundingEntry, Partnership, ProjectParticipant
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project
from tests.folders import REAL, needs_real, realdata

TABLE = """id,date,measure,amount,currency,partner
1,2026-03-09,received,100.00,EUR,Vestas
2,2026-03-10,received,200.00,USD,Vestas
3,2026-03-11,committed,300.00,EUR,Nobody
"""
HEADER = "id,date,measure,amount,partner,partner_id\n"
CONTRACTS = """contract_id,date,amount_usd,counterparty,counterparty_country
S117-1,2016-12-31,324867,Novo Nordisk,DK
"""
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
RATE = {"currency": "USD", "rate": "0.95", "rate_on": "2016-12-30"}


def upload(text: str | bytes, name: str = "money.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, content_type="text/csv")


class Page:
    """The page of an import as a member uses it."""

    def __init__(self, office, client: Client):
        self.client, self.address = client, f"{office.prefix}/funding/import/"

    def look(self, kind: str, text: str | bytes | None = None, **given):
        """The answer to what is chosen; nothing is written."""
        given |= {"file": upload(text)} if text is not None else {}
        with nothing_changes():
            return self.client.post(self.address, {"kind": kind, **given})

    def confirm(self, shown, **given):
        """Press the button of what was shown."""
        part = shown.content.decode().partition('<form class="card-foot"')[2].partition("</form>")[0]
        sent = {name: unescape(value) for name, value in HIDDEN.findall(part)}
        return self.client.post(self.address, {**sent, "confirm": "yes", **given}, follow=True)


@pytest.fixture
def page(in_alpha, client_of) -> Page:
    return Page(in_alpha, client_of(in_alpha))


def test_an_import_is_shown_first_and_then_done_as_shown(page):
    partner = make_partnership(make_organization(name="Vestas"))
    shown = page.look("table", TABLE)
    words = shown.content.decode()
    assert "What money.csv would bring" in words
    assert "no partner is called Nobody" in words
    assert "how many EUR one USD is worth" in words
    assert "1 entry added, 0 changed, 2 left out." in page.confirm(shown).content.decode()
    assert [(row.external_id, row.partnership_id) for row in FundingEntry.objects.all()] == [("1", partner.pk)]
    assert "There is nothing to import" in page.look("table", TABLE).content.decode()


def test_an_import_may_add_partners_but_none_for_a_row_that_is_left_out(page):
    shown = page.look("table", TABLE + "4,2026-03-10,received,200.00,USD,Unlucky\n", add_partners="on")
    page.confirm(shown)
    assert {row.organization.name for row in Partnership.objects.all()} == {"Vestas", "Nobody"}
    assert set(FundingEntry.objects.values_list("external_id", flat=True)) == {"1", "3"}
    assert not Organization.objects.filter(name="Unlucky").exists()


def test_nothing_is_imported_that_was_not_shown(page):
    make_partnership(make_organization(name="Vestas"))
    shown = page.look("table", TABLE)
    with nothing_changes():
        other = page.confirm(shown, content=TABLE.replace("100.00", "900.00"))
        unseen = page.client.post(page.address, {"kind": "table", "content": TABLE, "confirm": "yes"})
    for answer in (other, unseen):
        assert answer.status_code == 409
        assert "nothing was imported" in answer.content.decode()
    make_partnership(make_organization(name="Nobody"))
    with nothing_changes():
        later = page.confirm(shown)
    assert later.status_code == 409
    assert page.confirm(later).status_code == 200
    assert FundingEntry.objects.count() == 2


def test_contracts_need_the_rate_of_the_dollar_and_bring_their_partners(page):
    assert "Give the rate: how many EUR one USD is worth." in page.look("contracts", CONTRACTS).content.decode()
    shown = page.look("contracts", CONTRACTS, add_partners="on", **RATE)
    assert "1 entry added" in page.confirm(shown).content.decode()
    row = FundingEntry.objects.get()
    assert (row.amount, row.currency, row.rate, row.rate_on) == (324867, "USD", Decimal("0.95"), date(2016, 12, 30))
    assert (row.source, row.partnership.organization.name) == ("international", "Novo Nordisk")


# Awards


def awarded(own: Decimal | None, *, number: int = 1, partner_award: Decimal | None = None):
    institution, _made = Organization.objects.get_or_create(is_own=True, defaults={"name": "Own University"})
    partner = make_partnership(make_organization(name=f"Partner {number}", external_id=f"9{number}"))
    project = make_project(partner, started_on=date(2019, 5, 1))
    type(project).objects.filter(pk=project.pk).update(external_id=f"H2020-{number}")
    ProjectParticipant.objects.filter(project=project).update(award=partner_award)
    return ProjectParticipant.objects.create(project=project, organization=institution, award=own), partner


def test_awards_are_taken_from_the_projects_of_this_office_alone(page, beta):
    awarded(Decimal(250), partner_award=Decimal(70))
    awarded(None, number=2)
    with tenant_scope(beta.id):
        awarded(Decimal(999), number=3)
    shown = page.look("awards")
    words = shown.content.decode()
    assert "What the awards would bring" in words
    assert "H2020-2:own: the award is not known" in words
    assert "H2020-3" not in words
    assert "1 entry added, 0 changed, 1 left out." in page.confirm(shown).content.decode()
    assert [(row.amount, row.partnership) for row in FundingEntry.objects.all()] == [(250, None)]
    with tenant_scope(beta.id):
        assert not FundingEntry.objects.exists()


def test_awards_of_the_whole_consortium_are_asked_for(page):
    _share, partner = awarded(Decimal(250), partner_award=Decimal(70))
    page.confirm(page.look("awards", whole_consortium="on"))
    assert {row.partnership: row.amount for row in FundingEntry.objects.all()} == {None: 250, partner: 70}


def test_an_award_that_changes_after_it_was_looked_at_is_shown_anew(page):
    share, _partner = awarded(Decimal(250))
    shown = page.look("awards")
    ProjectParticipant.objects.filter(pk=share.pk).update(award=Decimal(300))
    with nothing_changes():
        anew = page.confirm(shown)
    assert anew.status_code == 409
    assert "Something changed since you looked, so nothing was imported." in anew.content.decode()
    page.confirm(anew)
    assert FundingEntry.objects.get().amount == 300


def test_without_imported_projects_there_are_no_awards(page):
    assert "No imported project holds an award." in page.look("awards").content.decode()


def test_more_awards_than_a_page_takes_are_the_commands(page, monkeypatch):
    monkeypatch.setattr("partnerships.views.funding_import.MOST_AWARDS", 1)
    awarded(Decimal(1))
    awarded(Decimal(2), number=2)
    answer = page.look("awards")
    assert answer.status_code == 422
    assert "Ask your administrator to import them with the command." in answer.content.decode()


# What is refused


LATIN = "id,date\n1,Ø\n".encode("latin-1")


@pytest.mark.parametrize(
    ("kind", "file", "words"),
    [
        ("table", None, "Choose a file."),
        ("contracts", None, "Choose a file."),
        ("table", "", "The submitted file is empty."),
        ("table", "\n", "money.csv is empty: not even a header."),
        ("table", "id;date\n1;2\n", "The columns must be separated by commas."),
        ("table", "id,date\n1,2\n", "money.csv has no columns measure, amount. It has: id, date."),
        ("table", "id,id,date,measure,amount\n", "money.csv has the column id twice."),
        ("table", CONTRACTS, "Choose “Contracts reported under US Section 117”, and the file again."),
        ("contracts", TABLE, "Choose “Table of money”, and the file again."),
        ("contracts", "id,date\n1,2\n", "has no columns contract_id, amount_usd"),
        ("table", LATIN, "This file is not UTF-8. Save it as CSV in UTF-8."),
        ("table", TABLE.encode("utf-16"), "This file is not UTF-8. Save it as CSV in UTF-8."),
        ("table", TABLE.encode("utf-16-le"), "it looks like UTF-16. Save it as CSV in UTF-8."),
        ("table", HEADER + '1,2026-03-09,received,1,"Vestas,\n', "is never closed"),
        ("table", b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
        ("awards", TABLE, "Leave out the file, or choose its kind."),
        ("gifts", TABLE, "Select a valid choice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(page, kind, file, words):
    answer = page.look(kind, file)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("left_out", RATE)
def test_a_rate_is_given_whole(page, left_out):
    answer = page.look("contracts", CONTRACTS, **{**RATE, left_out: ""})
    assert answer.status_code == 422
    assert "A rate needs its currency, its value and its day." in answer.content.decode()


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "1e20", "one"])
def test_a_rate_that_is_none_is_refused(page, rate):
    assert page.look("contracts", CONTRACTS, **{**RATE, "rate": rate}).status_code == 422


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,2026-03-09,received,1000000000000000.00,Vestas,", "amount is above 999999999999.99"),
        (f"1,2026-03-09,received,{'9' * 5000},Vestas,", "amount is no amount in plain digits"),
        ("1,2026-03-09,received,1e9,Vestas,", "amount is no amount in plain digits"),
        ("1,2026-03-09,received,NaN,Vestas,", "amount is no amount in plain digits"),
        ("1,9999-03-09,received,1,Vestas,", "date lies outside"),
        (f"{'1' * 81},2026-03-09,received,1,Vestas,", "id has more than 80 characters"),
        (f"1,2026-03-09,received,1,{'V' * 301},", "partner has more than 300 characters"),
        (f"1,2026-03-09,received,1,Vestas,{'V' * 51}", "partner_id has more than 50 characters"),
        ("1,2026-03-09,received,1,Ves\0tas,", "a NUL byte in line 2"),
        ("1,2026-03-09,received,1", "4 fields where the header has 6"),
    ],
)
def test_a_row_that_does_not_hold_is_left_out_and_named(page, row, words):
    text = page.look("table", f"{HEADER}{row}\n", add_partners="on").content.decode()
    assert words in text
    assert "There is nothing to import" in text


def test_what_is_wrong_with_many_rows_is_said_once(page):
    rows = "".join(f"{number},2026-03-09,received,5,Nobody,\n" for number in range(12))
    text = page.look("table", HEADER + rows).content.decode()
    assert text.count("no partner is called Nobody") == 1
    assert "2, 3, 4, 5, 6, 7, 8, 9 and 4 more" in text


def test_what_stands_twice_comes_once(page):
    rows = "1,2026-03-09,received,1,Vestas,V\n1,2026-03-09,received,2,Vestas,V\n2,2026-03-09,received,3,Vestas AS,V\n"
    shown = page.look("table", HEADER + rows, add_partners="on")
    assert "1 stands in the file before" in shown.content.decode()
    page.confirm(shown)
    assert {row.external_id: row.amount for row in FundingEntry.objects.all()} == {"1": 1, "2": 3}
    assert Partnership.objects.get().organization.name == "Vestas"


@pytest.mark.parametrize("role", ["officer", "researcher", "viewer"])
def test_who_may_not_import_is_refused(in_alpha, client_of, role):
    awarded(Decimal(250))
    member = client_of(in_alpha, role)
    with nothing_changes():
        assert member.get(f"{in_alpha.prefix}/funding/import/").status_code == 403
        assert (
            member.post(f"{in_alpha.prefix}/funding/import/", {"kind": "awards", "confirm": "yes"}).status_code == 403
        )


@realdata
@needs_real
def test_the_real_contracts_come_from_the_page(page):
    text = (REAL / "foreign_contracts.csv").read_bytes()
    number = len(text.decode().strip().splitlines()) - 1
    shown = page.look("contracts", text, add_partners="on", **RATE)
    assert f"{number} entries added, 0 changed." in page.confirm(shown).content.decode()
    assert FundingEntry.objects.count() == number
    assert "There is nothing to import" in page.look("contracts", text, add_partners="on", **RATE).content.decode()
