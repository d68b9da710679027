"""External identifiers of organizations, people, grants and works: normalizing and checking them.

An identifier is never required and a bad one is never silently dropped: callers store what was entered,
show the problem as a warning, and compare identifiers by (scheme, value).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote


class Scheme(StrEnum):
    """The register an identifier belongs to."""

    ROR = "ror"
    ORCID = "orcid"
    ISNI = "isni"
    LEI = "lei"
    GRID = "grid"
    DOI = "doi"
    FUNDER = "funder"
    COMPANY_NUMBER = "company_number"
    UK_COMPANY = "uk_company"
    VAT = "vat"
    DUNS = "duns"
    UEI = "uei"
    PIC = "pic"


SCHEME_LABELS: dict[Scheme, str] = {
    Scheme.ROR: "ROR",
    Scheme.ORCID: "ORCID",
    Scheme.ISNI: "ISNI",
    Scheme.LEI: "Legal Entity Identifier",
    Scheme.GRID: "GRID",
    Scheme.DOI: "DOI",
    Scheme.FUNDER: "Crossref Funder ID",
    Scheme.COMPANY_NUMBER: "Company number",
    Scheme.UK_COMPANY: "UK company number",
    Scheme.VAT: "VAT number",
    Scheme.DUNS: "D-U-N-S number",
    Scheme.UEI: "Unique Entity Identifier (SAM)",
    Scheme.PIC: "PIC (European Commission)",
}

EMPTY, FORMAT, CHECKSUM = "empty", "format", "checksum"
PROBLEMS: tuple[str, ...] = (EMPTY, FORMAT, CHECKSUM)


@dataclass(frozen=True)
class Identifier:
    """The outcome of a check.

    value: the normal form, the one to store and compare; for a value that has not the scheme's format, what
    was entered without surrounding space. ok: format and check digits are right. problem: None when ok, else
    "empty", "format" or "checksum".
    """

    scheme: Scheme
    value: str
    ok: bool
    problem: str | None = None

    @property
    def url(self) -> str | None:
        """The address at which the register resolves the identifier; None when not ok or when it has none."""
        prefix = _RESOLVERS.get(self.scheme)
        return prefix + quote(self.value, safe="/:;().") if self.ok and prefix else None


_RESOLVERS: dict[Scheme, str] = {
    Scheme.ROR: "https://ror.org/",
    Scheme.ORCID: "https://orcid.org/",
    Scheme.ISNI: "https://isni.org/isni/",
    Scheme.LEI: "https://search.gleif.org/#/record/",
    Scheme.DOI: "https://doi.org/",
    Scheme.FUNDER: "https://doi.org/",
    Scheme.UK_COMPANY: "https://find-and-update.company-information.service.gov.uk/company/",
}

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212-"
_SEPARATORS = re.compile(rf"[\s{_DASHES}]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def check_identifier(scheme: str, value: str) -> Identifier:
    """Normalize and check one identifier as entered: bare, with a prefix, with separators, or as a URL.

    ROR, ORCID, ISNI and LEI are checked by their check digits, the other schemes by format only; that the
    identifier is registered is never checked. ValueError for an unknown scheme.
    """
    known = Scheme(scheme)
    entered = _INVISIBLE.sub("", value).strip()
    if not entered:
        return Identifier(known, "", False, EMPTY)
    normalize, is_consistent = _CHECKS[known]
    normalized = normalize(entered)
    if normalized is None:
        return Identifier(known, entered, False, FORMAT)
    if not is_consistent(normalized):
        return Identifier(known, normalized, False, CHECKSUM)
    return Identifier(known, normalized, True)


def ror_check_digits(stem: str) -> str:
    """The two check digits of a ROR from its first seven characters (Crockford base 32, lower case).

    98 - (100·n mod 97), ISO 7064 MOD 97-10.
    """
    number = 0
    for character in stem:
        number = number * 32 + _CROCKFORD.index(character)
    return f"{98 - number * 100 % 97:02d}"


def mod_11_2_check_character(digits: str) -> str:
    """The check character, 0-9 or X, of an ORCID or ISNI from its first 15 digits (ISO 7064 MOD 11-2)."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return "X" if check == 10 else str(check)


def lei_check_digits(stem: str) -> str:
    """The two check digits of a LEI from its first eighteen characters (ISO 17442, ISO 7064 MOD 97-10)."""
    number = int("".join(str(int(character, 36)) for character in stem + "00"))
    return f"{98 - number % 97:02d}"


def _bare(entered: str, prefixes: str) -> str:
    """What was entered without a leading URL or prefix of the scheme, and without anything after the id."""
    pattern = rf"(?:https?://)?(?:www\.)?(?:{prefixes})"
    match = re.match(pattern, entered, re.IGNORECASE)
    if match is None:
        return entered
    return re.split(r"[?#]", entered[match.end() :], maxsplit=1)[0].strip().rstrip("/")


def _compact(entered: str, prefixes: str) -> str:
    return _SEPARATORS.sub("", _bare(entered, prefixes))


def _matching(pattern: str, text: str) -> str | None:
    return text if re.fullmatch(pattern, text, re.ASCII) else None


def _normalize_ror(entered: str) -> str | None:
    return _matching(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}", _compact(entered, r"ror\.org/|ror:").lower())


def _normalize_orcid(entered: str) -> str | None:
    compact = _compact(entered, r"(?:sandbox\.)?orcid\.org/|orcid(?:\s+id)?[:\s]").upper()
    if _matching(r"[0-9]{15}[0-9X]", compact) is None:
        return None
    return "-".join(compact[start : start + 4] for start in range(0, 16, 4))


def _normalize_isni(entered: str) -> str | None:
    compact = _compact(entered, r"isni\.org/(?:isni/|page/)?|isni[:\s]").upper()
    return _matching(r"[0-9]{15}[0-9X]", compact)


def _normalize_lei(entered: str) -> str | None:
    prefixes = r"search\.gleif\.org/#/record/|gleif\.org/lei/|lei\.info/|(?:urn:)?lei:"
    return _matching(r"[A-Z0-9]{18}[0-9]{2}", _compact(entered, prefixes).upper())


def _normalize_grid(entered: str) -> str | None:
    bare = _bare(entered, r"grid\.ac/institutes/").lower()
    return _matching(r"grid\.[0-9]{4,6}\.[0-9a-f]{1,2}", bare)


_DOI_PREFIXES = r"(?:dx\.)?doi\.org/|doi:\s*"


def _normalize_doi(entered: str) -> str | None:
    """A DOI in lower case; its suffix may hold any character but space, so only a URL is unquoted."""
    match = re.match(rf"(?:https?://)?(?:www\.)?(?:{_DOI_PREFIXES})", entered, re.IGNORECASE)
    bare = entered[match.end() :] if match else entered
    if match and "doi.org" in match.group().lower():
        bare = unquote(bare)
    return _matching(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f]+", _lower_ascii(bare))


def _lower_ascii(text: str) -> str:
    """Lower case of A to Z alone: DOIs are compared without regard to ASCII case only."""
    return "".join(character.lower() if "A" <= character <= "Z" else character for character in text)


def _normalize_funder(entered: str) -> str | None:
    bare = _bare(entered, _DOI_PREFIXES)
    number = _matching(r"(?:10\.13039/)?[0-9]{9,12}", bare)
    return None if number is None else f"10.13039/{number.removeprefix('10.13039/')}"


def _normalize_uk_company(entered: str) -> str | None:
    """Eight characters; leading zeros that a spreadsheet dropped are put back."""
    prefixes = r"(?:find-and-update\.company-information\.service\.gov\.uk|beta\.companieshouse\.gov\.uk)/company/"
    compact = _compact(entered, prefixes).upper().split("/", maxsplit=1)[0]
    if _matching(r"[0-9]{5,8}|[A-Z]{2}(?:[0-9]{5,6}|[0-9]{5}[A-Z])|R[0-9]{5,7}", compact) is None:
        return None
    letters = "".join(character for character in compact[:2] if character.isalpha())
    return letters + compact.removeprefix(letters).zfill(8 - len(letters))


def _normalize_company_number(entered: str) -> str | None:
    """A number of any national register: letters and digits, at least one digit; separators are dropped."""
    compact = re.sub(r"[./]", "", _SEPARATORS.sub("", entered)).upper()
    return _matching(r"(?=[A-Z]*[0-9])[A-Z0-9]{2,20}", compact)


def _normalize_vat(entered: str) -> str | None:
    compact = re.sub(r"[./]", "", _SEPARATORS.sub("", entered)).upper()
    return _matching(r"[A-Z]{2,3}(?=[0-9A-Z+*]*[0-9])[0-9A-Z+*]{2,13}", compact)


def _normalize_duns(entered: str) -> str | None:
    return _matching(r"[0-9]{9}", _compact(entered, r"duns:"))


def _normalize_uei(entered: str) -> str | None:
    """Twelve letters and digits, the first not zero, never the letters I and O (GSA, SAM.gov)."""
    return _matching(r"[1-9A-HJ-NP-Z][0-9A-HJ-NP-Z]{11}", _compact(entered, r"uei:").upper())


def _normalize_pic(entered: str) -> str | None:
    return _matching(r"[0-9]{9}", _compact(entered, r"pic:"))


def _ror_is_consistent(value: str) -> bool:
    return value[7:] == ror_check_digits(value[:7])


def _mod_11_2_is_consistent(value: str) -> bool:
    compact = value.replace("-", "")
    return compact[15] == mod_11_2_check_character(compact[:15])


def _lei_is_consistent(value: str) -> bool:
    return value[18:] == lei_check_digits(value[:18])


def _always(value: str) -> bool:
    return True


_CHECKS: dict[Scheme, tuple[Callable[[str], str | None], Callable[[str], bool]]] = {
    Scheme.ROR: (_normalize_ror, _ror_is_consistent),
    Scheme.ORCID: (_normalize_orcid, _mod_11_2_is_consistent),
    Scheme.ISNI: (_normalize_isni, _mod_11_2_is_consistent),
    Scheme.LEI: (_normalize_lei, _lei_is_consistent),
    Scheme.GRID: (_normalize_grid, _always),
    Scheme.DOI: (_normalize_doi, _always),
    Scheme.FUNDER: (_normalize_funder, _always),
    Scheme.COMPANY_NUMBER: (_normalize_company_number, _always),
    Scheme.UK_COMPANY: (_normalize_uk_company, _always),
    Scheme.VAT: (_normalize_vat, _always),
    Scheme.DUNS: (_normalize_duns, _always),
    Scheme.UEI: (_normalize_uei, _always),
    Scheme.PIC: (_normalize_pic, _always),
}
