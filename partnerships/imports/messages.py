"""The words of what the rules find wrong in a row."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.rules.imports import Problem

WORDS = {
    "empty": gettext_lazy("%(column)s is empty"),
    "too_long": gettext_lazy("%(column)s has more than %(limit)s characters: %(value)s"),
    "unknown_code": gettext_lazy("%(column)s has the unknown code %(value)s"),
    "unknown_country": gettext_lazy("%(column)s is no country of ISO 3166: %(value)s"),
    "unknown_currency": gettext_lazy("%(column)s is no currency of ISO 4217: %(value)s"),
    "no_date": gettext_lazy("%(column)s is no date in the form YYYY-MM-DD: %(value)s"),
    "absurd_date": gettext_lazy("%(column)s lies outside the years %(limit)s: %(value)s"),
    "dates_reversed": gettext_lazy("%(column)s lies before the start, %(limit)s: %(value)s"),
    "no_amount": gettext_lazy("%(column)s is no amount in plain digits: %(value)s"),
    "negative": gettext_lazy("%(column)s is negative: %(value)s"),
    "too_large": gettext_lazy("%(column)s is above %(limit)s: %(value)s"),
    "rounded": gettext_lazy("%(column)s is rounded from %(value)s to %(limit)s"),
    "no_degrees": gettext_lazy("%(column)s is no number up to %(limit)s: %(value)s"),
    "half_a_place": gettext_lazy("%(column)s is missing, so the place is left out"),
    "no_website": gettext_lazy("%(column)s is no web address and left out: %(value)s"),
    "identifier_empty": gettext_lazy("%(column)s holds no visible character and is left out"),
    "identifier_format": gettext_lazy("%(column)s has not the form of its scheme and is left out: %(value)s"),
    "identifier_checksum": gettext_lazy("%(column)s has a wrong checksum and is left out: %(value)s"),
}


def describe(*problems: Problem) -> str:
    """The problems in one sentence each, joined."""
    return "; ".join(
        str(WORDS[each.code]) % {"column": each.column, "value": each.value or _("(empty)"), "limit": each.limit}
        for each in problems
    )
