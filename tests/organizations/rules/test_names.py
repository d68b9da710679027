"""Names that mean one organization share a key; websites give their domain."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.rules.names import duplicate_key, normalize_name, website_domain

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("name", "normalized", "key"),
    [
        ("Société Générale S.A.", "societe generale sa", "societe generale"),
        ("Ørsted A/S", "orsted as", "orsted"),
        ("Equinor ASA", "equinor asa", "equinor"),
        ("  Robert   Bosch GmbH & Co. KG ", "robert bosch gmbh and co kg", "robert bosch"),
        ("Enel S.p.A.", "enel spa", "enel"),
        ("Škoda Auto a. s.", "skoda auto a s", "skoda auto"),
        ("Wytwórnia Łódź Sp. z o.o.", "wytwornia lodz sp z oo", "wytwornia lodz"),
        ("Grupo Ejemplo, S.A. de C.V.", "grupo ejemplo sa de cv", "grupo ejemplo"),
        ("The Coca-Cola Company", "the coca cola company", "coca cola"),
        ("Smith & Co", "smith and co", "smith"),
        ("Smith and Co.", "smith and co", "smith"),
        ("I.B.M. Corp.", "ibm corp", "ibm"),
        ("AT&T Inc.", "at and t inc", "at and t"),
        ("L\u2019Oréal", "loreal", "loreal"),
        ("Straße AG", "strasse ag", "strasse"),
        ("Example Public Limited Company", "example public limited company", "example"),
        ("Foo (UK) Ltd.", "foo uk ltd", "foo uk"),
        ("SAP SE", "sap se", "sap"),
        ("\uff34\uff2f\uff34\uff2f Ltd", "toto ltd", "toto"),
        ("北京大学", "北京大学", "北京大学"),
        ("GmbH", "gmbh", "gmbh"),
        ("Co. Ltd", "co ltd", "co"),
        ("The", "the", "the"),
        ("S. A.", "s a", "s a"),
        ("", "", ""),
        ("...", "", ""),
    ],
)
def test_names(name: str, normalized: str, key: str) -> None:
    assert normalize_name(name) == normalized
    assert duplicate_key(name) == key


def test_one_company_in_many_spellings() -> None:
    spellings = [
        "The Example Company, Inc.",
        "Example Co. Ltd",
        "EXAMPLE GmbH & Co. KG",
        "example, s.a.",
        "Exämple Pty Ltd",
        "Example S. p. A.",
    ]
    assert {duplicate_key(spelling) for spelling in spellings} == {"example"}


def test_what_only_looks_like_a_legal_form_stays() -> None:
    assert duplicate_key("SA Power Networks") == "sa power networks"
    assert duplicate_key("Cosa Nostra") == "cosa nostra"
    assert duplicate_key("Vitamin D") == "vitamin d"


@UNHURRIED
@given(st.text(max_size=40))
def test_normalizing_twice_changes_nothing(name: str) -> None:
    once = normalize_name(name)
    assert normalize_name(once) == once
    assert bool(duplicate_key(name)) == bool(once)


@UNHURRIED
@given(st.text("abcdeéÅßøI .&-'/", max_size=25))
def test_case_and_surplus_space_are_of_no_account(name: str) -> None:
    assert normalize_name(f"  {name.upper()}  ") == normalize_name(name.casefold())
    assert normalize_name(name.replace(" ", "  ")) == normalize_name(name)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.Siemens.com:443/de?x#y", "siemens.com"),
        ("siemens.com/careers", "siemens.com"),
        ("//siemens.com", "siemens.com"),
        ("info@siemens.com", "siemens.com"),
        ("mailto:info@siemens.com", "siemens.com"),
        ("https://user:secret@example.org/", "example.org"),
        ("https://www.cs.ox.ac.uk.", "cs.ox.ac.uk"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("www2.example.org", "www2.example.org"),
        ("http://127.0.0.1/", None),
        ("http://[::1]/", None),
        ("http://[::1", None),
        ("localhost", None),
        ("https://www.de", None),
        ("http://under_score.org", None),
        ("http://a..b.org", None),
        ("not a url", None),
        ("javascript:alert(1)", None),
        ("", None),
        (f"http://{'a' * 70}.org", None),
    ],
)
def test_domains(url: str, domain: str | None) -> None:
    assert website_domain(url) == domain


@UNHURRIED
@given(st.text(max_size=60))
def test_any_text_is_answered_and_a_domain_stays(text: str) -> None:
    domain = website_domain(text)
    assert domain is None or website_domain(domain) == domain
