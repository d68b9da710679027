"""Writing answers and the records behind them."""

import datetime
from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.exports import cells as plain_cells
from core.templatetags.ui import NONE, money, short_date, written_date
from reporting.rules.answers import Cell, Column, Kind

register = template.Library()


@register.filter
def reads(cell: Cell, column: Column) -> str:
    """A cell as people read it: money without the currency, which the head of the column names."""
    if cell.hidden:
        return _("hidden")
    if column.cents and cell.value:
        return number_format(Decimal(cell.value), decimal_pos=2, use_l10n=True, force_grouping=True)
    return value_words(cell.value, column.kind)


@register.filter
def value_words(value, kind: Kind) -> str:
    """A value of a kind in words."""
    if value is None or value == "":
        return NONE
    if kind == Kind.TEXT or isinstance(value, str):
        return str(value)
    if kind == Kind.DATE:
        return written_date(value)
    if kind == Kind.DEGREES:
        return number_format(Decimal(str(value)), decimal_pos=3)
    if kind == Kind.MONEY:
        amount = Decimal(value)
        places = 0 if amount == amount.to_integral_value() else 2
        return number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    if kind == Kind.PERCENT:
        return f"{number_format(Decimal(str(value)), decimal_pos=1)}\u00a0%"
    if kind == Kind.DAYS:
        amount = Decimal(str(value))
        return number_format(amount, decimal_pos=0 if amount == amount.to_integral_value() else 1)
    amount = Decimal(str(value))
    places = 0 if amount == amount.to_integral_value() else None
    return number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def figure_words(figure) -> str:
    return value_words(figure.value, figure.kind)


@register.simple_tag(takes_context=True)
def record_cells(context, row) -> SafeString:
    """The cells of a record in the columns that the reader chose; the first leads to the record."""
    listing = context["listing"]
    first = listing.list.columns[0]
    parts = []
    for column in listing.columns:
        text = _plain(plain_cells([column], row), bool(column.currency))
        if column is first:
            parts.append(("", format_html(
                '<th scope="row" id="row-{}"{}><a href="{}">{}</a></th>', row.pk, _css(column), row.place, text
            )))  # fmt: skip
        else:
            parts.append(("", format_html('<td{} data-label="{}">{}</td>', _css(column), column.label, text)))
    return format_html_join("\n", "{}{}", parts)


def _css(column) -> SafeString:
    classes = " ".join(filter(None, [column.css, "num" if column.numeric else ""]))
    return format_html(' class="{}"', classes) if classes else SafeString("")


def _plain(values: list, has_currency: bool) -> str:
    value = values[0]
    if value in (None, ""):
        return NONE
    if has_currency:
        return money(value, values[1])
    if isinstance(value, datetime.date):
        return short_date(value)
    if isinstance(value, Decimal):
        return money(value)
    return str(value)
