"""Filtering lists by country: chosen by name, kept in the address as two letters."""

from html import unescape

import pytest

from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


@pytest.fixture
def partners(in_alpha):
    for country in ("DK", "SE"):
        make_partnership(make_organization(name=f"Works of {country}", country=country))
    return in_alpha


@pytest.mark.parametrize("given", ["DK", "dk"])
def test_the_chosen_country_is_named_and_selected(partners, client_of, given):
    page = client_of(partners).get(f"{partners.prefix}/partners/?country={given}").content.decode()
    assert "Works of DK" in page
    assert "Works of SE" not in page
    assert '<option value="DK" selected>Denmark</option>' in page


def test_a_chip_says_the_name(partners, client_of):
    page = client_of(partners).get(f"{partners.prefix}/organizations/?country=DK")
    assert ("country", "Denmark") in [(chip["name"], chip["value"]) for chip in page.context["listing"].chips]


def test_what_is_no_country_is_told_and_not_counted_as_nothing(partners, client_of):
    page = unescape(client_of(partners).get(f"{partners.prefix}/partners/?country=Denmark").content.decode())
    assert "There is no such country" in page
