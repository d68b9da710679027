"""The template vocabulary of the interface: icons, fields, badges, small charts and how values are written.

Pages say `{% load ui %}` and use these tags or include `templates/components/…`; the markup itself is in the
components, so that a page and a fragment cannot drift apart.
"""

import datetime
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from babel.numbers import format_compact_decimal, format_currency, get_currency_precision
from django import forms, template
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext, to_locale

from core import charts
from core.urls import global_url as reverse_global

register = template.Library()

NONE = "–"
HEALTH_BANDS = ("healthy", "watch", "at_risk", "insufficient")
HEALTH_KINDS = {"healthy": "healthy", "watch": "watch", "at_risk": "risk", "insufficient": "nodata"}


# ---------------------------------------------------------------------------------------------- icons


@register.simple_tag
def icon(name: str, label: str | None = None, size: int = 20) -> SafeString:
    """One icon of the sprite. Without a label it is decoration and hidden from assistive technology."""
    name_or_hidden = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="{}" height="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        size, size, name_or_hidden, static("icons.svg"), name,
    )  # fmt: skip


@register.inclusion_tag("components/health_badge.html")
def health_badge(band: str, score: Decimal | None = None, precise: bool = False) -> dict:
    return {"band": band, "score": score, "precise": precise}


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, size: int = 24) -> dict:
    return {"name": name, "size": size}


@register.simple_tag
def health_label(band: str) -> str:
    """The word that always stands beside the shape and the colour."""
    return {
        "healthy": pgettext("health band", "Healthy"),
        "watch": pgettext("health band", "Watch"),
        "at_risk": pgettext("health band", "At risk"),
    }.get(band, pgettext("health band", "Not enough data"))


@register.filter
def health_kind(band: str) -> str:
    """The colour family of a band: part of the class names of badges and charts."""
    return HEALTH_KINDS.get(band, "nodata")


@register.filter
def whole_score(score) -> str:
    """A score without decimals, cut and never rounded up: 69.9 must not read "70" beside "Watch"."""
    if score is None:
        return NONE
    return number_format(Decimal(str(score)).to_integral_value(rounding=ROUND_DOWN), decimal_pos=0)


@register.filter
def points(value) -> str:
    """A score or a share of one with exactly one decimal."""
    return NONE if value is None else number_format(round(Decimal(str(value)), 1), decimal_pos=1)


# --------------------------------------------------------------------------------------------- fields

CREDENTIALS = {"email", "username", "current-password", "new-password"}
NATIVE = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}


@register.inclusion_tag("components/field.html")
def field(bound: forms.BoundField, appearance: str = "", hint: str = "", label: str = "") -> dict:
    """A whole form row: label, help, errors, control. The same as including components/field.html."""
    return {"field": bound, "appearance": appearance, "hint": hint, "label": label}


@register.filter
def field_kind(bound: forms.BoundField) -> str:
    """Which shape the row takes: hidden, checkbox, choices (a fieldset), combo or plain control."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if getattr(widget, "lookup_url", None):
        return "combo"
    return "control"


@register.simple_tag
def control(bound: forms.BoundField, **extra: str) -> SafeString:
    """The control of a field with our classes. Django itself adds aria-describedby and aria-invalid.

    Dates become native date pickers: they are read and spoken in the reader's own order of day and month,
    and what they send is always ISO, which Django's fields accept in every locale.
    """
    widget = bound.field.widget
    native = NATIVE.get(type(widget))
    # A native picker drops what it cannot read; a refused entry must stay on the screen to be corrected.
    if native and not (bound.errors and bound.value()):
        widget.input_type, widget.format = native
    if widget.attrs.get("autocomplete") in CREDENTIALS:
        # A placeholder that repeats the label vanishes just when somebody needs it.
        widget.attrs.pop("placeholder", None)
    if "type" in extra:  # else the widget's own would stand there as well
        widget.input_type = extra.pop("type")
    own = widget.attrs.get("class", "")
    attrs = {name.replace("_", "-"): value for name, value in extra.items() if value not in (None, "")}
    attrs["class"] = " ".join(filter(None, [own, _control_class(widget)]))
    if isinstance(widget, forms.Textarea):
        # Django's 40 by 10 is a default of 1995; a widget that asks for its own size keeps it.
        attrs["rows"] = widget.attrs.get("rows") if widget.attrs.get("rows") != "10" else "4"
    return bound.as_widget(attrs=attrs)


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "input input-file"
    if isinstance(widget, forms.Select):
        return "input" if getattr(widget, "allow_multiple_selected", False) else "input select"
    if isinstance(widget, forms.Textarea):
        return "input textarea"
    return "input"


@register.filter
def is_multipart(form) -> bool:
    return bool(form is not None and form.is_multipart())


@register.filter
def error_links(form: forms.BaseForm) -> list[dict]:
    """Every error of a form in the order of its fields, each with the id of the control it belongs to."""
    links = [{"target": "", "label": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        if field_kind(bound) == "choices":
            target = f"{bound.auto_id}_0"
        if bound.is_hidden:
            target = ""
        links += [{"target": target, "label": str(bound.label).rstrip("?:"), "text": text} for text in bound.errors]
    return links


# -------------------------------------------------------------------------------------------- addresses


@register.simple_tag
def global_url(name: str, *args) -> str:
    """The address of a page outside the tenant's prefix, such as signing out; empty when there is none."""
    try:
        return reverse_global(name, *args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def querystring_without(context, name: str, value=None) -> str:
    """The page's query string without one parameter, or without one value of it: what a chip's × links to.

    The page number goes as well, because the result is another list.
    """
    params = context["request"].GET.copy()
    if value is None:
        params.pop(name, None)
    else:
        params.setlist(name, [kept for kept in params.getlist(name) if kept != str(value)])
    params.pop("page", None)
    return f"?{params.urlencode()}"


@register.inclusion_tag("components/th.html", takes_context=True)
def th(
    context,
    key: str,
    label: str,
    current: str = "",
    numeric: bool = False,
    param: str = "sort",
    cls: str = "",
) -> dict:
    """A column head that sorts. `current` is the ordering in force, such as "name" or "-health"."""
    up, down = current == key, current == f"-{key}"
    params = context["request"].GET.copy() if "request" in context else None
    wanted = f"-{key}" if up else key
    if params is None:
        query = urlencode({param: wanted})
    else:
        params.pop("page", None)
        params[param] = wanted
        query = params.urlencode()
    return {
        "key": key,
        "label": label,
        "href": f"?{query}",
        "direction": "ascending" if up else "descending" if down else "",
        "numeric": numeric,
        "cls": cls,
    }


# ---------------------------------------------------------------------------------------------- charts


@register.simple_tag
def sparkline(values, label: str, width: int = 96, height: int = 24) -> SafeString:
    return charts.sparkline(list(values or ()), label, width=width, height=height)


@register.simple_tag
def bar(value, maximum, kind: str = "accent", label: str = "") -> SafeString:
    return charts.bar(value, maximum, label, kind=kind)


@register.simple_tag
def stacked_bar(parts, label: str) -> SafeString:
    """`parts` are mappings or objects with label, value and kind."""
    return charts.stacked_bar([_part(part) for part in parts], label)


def _part(part) -> charts.Part:
    if isinstance(part, Mapping):
        return charts.Part(part["label"], part["value"], part.get("kind", "accent"))
    return charts.Part(part.label, part.value, part.kind)


@register.filter
def heat_level(value, maximum) -> int:
    return charts.heat_level(value, maximum)


# ---------------------------------------------------------------------------------------- how values read


@register.filter
def initials(name) -> str:
    """The first letters of the first and last word of a name, in any script; one word gives one letter."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    if not words:
        return "?"
    picked = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in picked).upper()


def _locale() -> Locale:
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _amount(value, currency: str) -> tuple[Decimal | None, str]:
    """An amount and its currency, out of a number and a code or out of one object that carries both."""
    if not currency and hasattr(value, "currency"):
        value, currency = value.amount, str(value.currency)
    if value is None or value == "":
        return None, currency
    try:
        return Decimal(str(value)), currency
    except InvalidOperation:
        return None, currency


@register.filter
def money(value, currency: str = "") -> str:
    """ "EUR 438,000.00": ISO code first in every language, then the amount with that currency's digits."""
    amount, currency = _amount(value, currency)
    if amount is None:
        return NONE
    if not currency:
        return number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    return format_currency(amount, currency, format="¤¤\u00a0#,##0.00", locale=_locale())


@register.filter
def money_minor(value, currency: str = "EUR") -> str:
    """The same for an integer number of the currency's smallest unit."""
    if value is None:
        return NONE
    return money(Decimal(value).scaleb(-get_currency_precision(currency)), currency)


@register.filter
def money_short(value, currency: str = "") -> str:
    """ "EUR 1.2M": for tiles and cards, where the exact sum is one click away."""
    amount, currency = _amount(value, currency)
    if amount is None:
        return NONE
    digits = 1 if abs(amount) >= 1000 else 0
    return f"{currency}\u00a0{format_compact_decimal(amount, locale=_locale(), fraction_digits=digits)}".strip()


@register.filter
def or_none(value):
    """A dash for nothing: a blank cell never tells whether it is empty or still loading."""
    return NONE if value in (None, "") else value


def _local(value: datetime.date | datetime.datetime):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value


def _time(value, text: str, title: str = "") -> SafeString:
    if title:
        return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, text)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


def written_date(value: datetime.date) -> str:
    """ "21 Nov 2026" as plain text, in the reader's language; the day as it stands, in no other zone."""
    # pgettext, not DATE_FORMAT: the short month must stay unambiguous in every language.
    pattern = pgettext("date format, see Django's date filter", "j M Y")
    return date_format(value, pattern)


@register.filter
def short_date(value):
    """21 Nov 2026, in the reader's zone."""
    if not value:
        return NONE
    value = _local(value)
    return _time(value, written_date(value))


@register.filter
def short_datetime(value):
    """21 Nov 2026, 14:05, in the reader's zone."""
    if not value:
        return NONE
    value = _local(value)
    return _time(value, f"{written_date(value)}, {date_format(value, 'H:i')}")


@register.filter
def days_ago(value, today: datetime.date | None = None):
    """ "97 days ago" or "in 52 days", with the date itself in the title and in the datetime attribute."""
    if not value:
        return NONE
    value = _local(value)
    day = value.date() if isinstance(value, datetime.datetime) else value
    return _time(value, _distance((day - (today or timezone.localdate())).days), title=written_date(value))


def _distance(days: int) -> str:
    fixed = {0: gettext("today"), -1: gettext("yesterday"), 1: gettext("tomorrow")}
    if days in fixed:
        return fixed[days]
    if days < 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


@register.filter
def signed_points(value) -> str:
    """A change of a score with its sign and exactly one decimal: +9.0, −14.3, 0.0."""
    if value is None:
        return NONE
    number = round(Decimal(str(value)), 1)
    text = number_format(abs(number), decimal_pos=1)
    return f"+{text}" if number > 0 else f"−{text}" if number < 0 else text


@register.filter
def signed(value) -> str:
    """A change with its sign: +9, −14, 0. The minus is a real one, which screen readers speak."""
    if value is None:
        return NONE
    number = Decimal(str(value))
    text = number_format(abs(number), decimal_pos=max(0, -number.normalize().as_tuple().exponent))
    return f"+{text}" if number > 0 else f"−{text}" if number < 0 else text
