"""Identifiers: published examples, every accepted way of writing them, and what check digits catch."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import isni as stdnum_isni
from stdnum import lei as stdnum_lei

from organizations.rules.identifiers import (
    SCHEME_LABELS,
    Identifier,
    Scheme,
    check_identifier,
    lei_check_digits,
    mod_11_2_check_character,
    ror_check_digits,
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

VALID = [
    ("ror", "03yrm5c26", "03yrm5c26"),
    ("ror", "https://ror.org/042nb2s44", "042nb2s44"),
    ("ror", "http://www.ror.org/00f54p054/", "00f54p054"),
    ("ror", "ror.org/013meh722?format=json", "013meh722"),
    ("ror", " 036X5AD56 ", "036x5ad56"),
    ("ror", "021nxhr62", "021nxhr62"),
    ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
    ("orcid", "000000021694233x", "0000-0002-1694-233X"),
    ("orcid", "0000\u20130002\u20131825\u20130097", "0000-0002-1825-0097"),
    ("orcid", "ORCID iD: 0000 0002 1825 0097", "0000-0002-1825-0097"),
    ("orcid", "ORCID:0000-0002-1825-0097\u200b", "0000-0002-1825-0097"),
    ("isni", "0000 0004 1936 8956", "0000000419368956"),
    ("isni", "https://isni.org/isni/0000000419368956", "0000000419368956"),
    ("isni", "ISNI 0000\u00a00004\u00a01936\u00a08956", "0000000419368956"),
    ("lei", "5493000IBP32UQZ0KL24", "5493000IBP32UQZ0KL24"),
    ("lei", "2138 00WS GIIZ CXF1 P572", "213800WSGIIZCXF1P572"),
    ("lei", "https://search.gleif.org/#/record/54930084UKLVMY22DS16", "54930084UKLVMY22DS16"),
    ("lei", "urn:lei:54930084uklvmy22ds16", "54930084UKLVMY22DS16"),
    ("grid", "https://www.grid.ac/institutes/grid.5335.0", "grid.5335.0"),
    ("grid", "GRID.10025.3e", "grid.10025.3e"),
    ("doi", "10.5555/12345678", "10.5555/12345678"),
    ("doi", "doi: 10.1000/Ab(1)/X", "10.1000/ab(1)/x"),
    ("doi", "https://dx.doi.org/10.1000.10/a%3Cb%3E#1", "10.1000.10/a<b>#1"),
    ("funder", "100000001", "10.13039/100000001"),
    ("funder", "https://doi.org/10.13039/501100000266", "10.13039/501100000266"),
    ("uk_company", "06500244", "06500244"),
    ("uk_company", "6500244", "06500244"),
    ("uk_company", "sc 12345", "SC012345"),
    ("uk_company", "IP00123R", "IP00123R"),
    ("uk_company", "R0000121", "R0000121"),
    (
        "uk_company",
        "https://find-and-update.company-information.service.gov.uk/company/06500244/officers",
        "06500244",
    ),
    ("vat", "DE 123.456.789", "DE123456789"),
    ("vat", "ESX1234567-R", "ESX1234567R"),
    ("duns", "15-048-3782", "150483782"),
    ("pic", "999 997 930", "999997930"),
    ("company_number", "HRB 12345-B", "HRB12345B"),
    ("company_number", "923 609 016", "923609016"),
    ("uei", "zqgghjh74dw7", "ZQGGHJH74DW7"),
]

INVALID = [
    ("ror", "01k4yrm30", "checksum", "01k4yrm30"),
    ("ror", "13yrm5c26", "format", "13yrm5c26"),
    ("ror", "03yrm5i26", "format", "03yrm5i26"),
    ("ror", "https://example.org/03yrm5c26", "format", "https://example.org/03yrm5c26"),
    ("orcid", "0000-0002-1825-0098", "checksum", "0000-0002-1825-0098"),
    ("orcid", "0000-0002-1825-009", "format", "0000-0002-1825-009"),
    ("orcid", "\u0660000-0002-1825-0097", "format", "\u0660000-0002-1825-0097"),
    ("isni", "0000 0004 1936 8957", "checksum", "0000000419368957"),
    ("lei", "5493000IBP32UQZ0KL25", "checksum", "5493000IBP32UQZ0KL25"),
    ("lei", "5493000IBP32UQZ0KL2A", "format", "5493000IBP32UQZ0KL2A"),
    ("grid", "grid.5335", "format", "grid.5335"),
    ("doi", "11.1000/abc", "format", "11.1000/abc"),
    ("doi", "10.1000/", "format", "10.1000/"),
    ("doi", "10.1000/a b", "format", "10.1000/a b"),
    ("funder", "10.13038/100000001", "format", "10.13038/100000001"),
    ("uk_company", "1234", "format", "1234"),
    ("uk_company", "12345A", "format", "12345A"),
    ("uk_company", "SC1234567", "format", "SC1234567"),
    ("vat", "123456789", "format", "123456789"),
    ("vat", "GERMANY", "format", "GERMANY"),
    ("duns", "12345678", "format", "12345678"),
    ("pic", "12345678", "format", "12345678"),
    ("company_number", "HRB", "format", "HRB"),
    ("uei", "0QGGHJH74DW7", "format", "0QGGHJH74DW7"),
    ("uei", "ZQGGHJH74DWO", "format", "ZQGGHJH74DWO"),
]


@pytest.mark.parametrize(("scheme", "entered", "value"), VALID)
def test_valid_identifiers_are_normalized(scheme: str, entered: str, value: str) -> None:
    assert check_identifier(scheme, entered) == Identifier(Scheme(scheme), value, True)
    assert check_identifier(scheme, value).value == value


@pytest.mark.parametrize(("scheme", "entered", "problem", "value"), INVALID)
def test_invalid_identifiers_name_their_problem(scheme: str, entered: str, problem: str, value: str) -> None:
    assert check_identifier(scheme, entered) == Identifier(Scheme(scheme), value, False, problem)


@pytest.mark.parametrize("scheme", Scheme)
def test_nothing_is_empty_and_text_is_refused(scheme: Scheme) -> None:
    for blank in ("", " \t\u200b"):
        assert check_identifier(scheme, blank) == Identifier(scheme, "", False, "empty")
    assert check_identifier(scheme, "no identifier at all").problem == "format"
    assert scheme in SCHEME_LABELS


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="isbn"):
        check_identifier("isbn", "1")


def test_addresses_lead_to_the_register() -> None:
    assert check_identifier("ror", "03yrm5c26").url == "https://ror.org/03yrm5c26"
    assert check_identifier("orcid", "0000000218250097").url == "https://orcid.org/0000-0002-1825-0097"
    assert check_identifier("funder", "100000001").url == "https://doi.org/10.13039/100000001"
    assert check_identifier("doi", '10.1000/a"<b>').url == "https://doi.org/10.1000/a%22%3Cb%3E"
    assert check_identifier("ror", "01k4yrm30").url is None
    assert check_identifier("duns", "150483782").url is None


def test_check_digits_of_the_published_examples() -> None:
    assert [ror_check_digits(stem) for stem in ("03yrm5c", "042nb2s", "01k4yrm", "021nxhr")] == [
        "26",
        "44",
        "29",
        "62",
    ]
    assert mod_11_2_check_character("000000021825009") == "7"
    assert mod_11_2_check_character("000000021694233") == "X"
    assert lei_check_digits("5493000IBP32UQZ0KL") == "24"


CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
DIGITS = "0123456789"
ALPHANUMERIC = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ror_stems = st.text(CROCKFORD, min_size=6, max_size=6).map("0".__add__)
digit_stems = st.text(DIGITS, min_size=15, max_size=15)
lei_stems = st.text(ALPHANUMERIC, min_size=18, max_size=18)


def with_one_change(data: st.DataObject, text: str, alphabet: str, first: int = 0) -> str:
    place = data.draw(st.integers(first, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in alphabet if c != text[place]]))
    return text[:place] + other + text[place + 1 :]


@UNHURRIED
@given(ror_stems, st.data())
def test_ror_catches_every_changed_character(stem: str, data: st.DataObject) -> None:
    value = stem + ror_check_digits(stem)
    assert check_identifier("ror", value).ok
    assert not check_identifier("ror", with_one_change(data, value, CROCKFORD)).ok


@UNHURRIED
@given(digit_stems, st.data())
def test_orcid_and_isni_catch_every_changed_digit(stem: str, data: st.DataObject) -> None:
    value = stem + mod_11_2_check_character(stem)
    changed = with_one_change(data, value, DIGITS + "X")
    for scheme in ("orcid", "isni"):
        assert check_identifier(scheme, value).ok
        assert not check_identifier(scheme, changed).ok


@UNHURRIED
@given(lei_stems, st.data())
def test_lei_catches_every_changed_digit(stem: str, data: st.DataObject) -> None:
    """A digit for a digit or a letter for a letter: the scheme promises no more."""
    value = stem + lei_check_digits(stem)
    place = data.draw(st.integers(0, 19))
    alphabet = DIGITS if value[place] in DIGITS else ALPHANUMERIC[10:]
    other = data.draw(st.sampled_from([c for c in alphabet if c != value[place]]))
    assert check_identifier("lei", value).ok
    assert not check_identifier("lei", value[:place] + other + value[place + 1 :]).ok


@UNHURRIED
@given(lei_stems, digit_stems)
def test_an_independent_library_agrees(stem: str, digits: str) -> None:
    assert stdnum_lei.is_valid(stem + lei_check_digits(stem))
    assert stdnum_isni.is_valid(digits + mod_11_2_check_character(digits))


@UNHURRIED
@given(st.sampled_from(list(Scheme)), st.text(max_size=60))
def test_any_text_is_answered_and_a_normal_form_stays(scheme: Scheme, entered: str) -> None:
    identifier = check_identifier(scheme, entered)
    assert identifier.ok == (identifier.problem is None)
    if identifier.ok:
        assert check_identifier(scheme, identifier.value) == identifier
