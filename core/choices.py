"""Lists that come from standards, in the reader's language."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NOT_COUNTRIES = {"EU", "UN", "ZZ", "EZ", "QO", "XA", "XB"}


@lru_cache(maxsize=32)
def _names(language: str) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    locale = Locale.parse(language.replace("-", "_"))
    countries = {code: name for code, name in locale.territories.items() if code in COUNTRY_CODES}
    currencies = {code: f"{code} – {locale.currencies.get(code, code)}" for code in CURRENCY_CODES}
    return (
        tuple(sorted(countries.items(), key=lambda pair: pair[1])),
        tuple(sorted(currencies.items())),
    )


COUNTRY_CODES = frozenset(
    code for code in Locale("en").territories if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
)
CURRENCY_CODES = frozenset(get_global("all_currencies"))
TENDER = frozenset(
    code
    for times in get_global("territory_currencies").values()
    for code, _since, until, is_tender in times
    if is_tender and until is None
)


def country_choices() -> list[tuple[str, str]]:
    """(ISO 3166 code, name) by name, with an empty first choice."""
    return [("", "–"), *_names(get_language() or "en")[0]]


def country_name(code: str) -> str:
    """The country's name; the code itself when it is not known."""
    return dict(_names(get_language() or "en")[0]).get(code, code)


def currency_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """(ISO 4217 code, code and name) by code, in two groups: what somebody pays with today, and all else."""
    every = _names(get_language() or "en")[1]
    return [
        (_("In use"), [pair for pair in every if pair[0] in TENDER]),
        (_("Former and special"), [pair for pair in every if pair[0] not in TENDER]),
    ]
