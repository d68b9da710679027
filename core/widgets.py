"""Controls for picking among very many, and one that a button answers."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters.widgets import BooleanWidget

MOST_OPTIONS = 300


class _Few:
    """A select of at most 300 options: beyond that it draws only what is chosen, and the lookup finds the rest."""

    def __init__(self, attrs=None, choices=(), *, lookup_url: str = ""):
        super().__init__(attrs, choices)
        self.lookup_url = lookup_url

    def optgroups(self, name, value, attrs=None):
        queryset = getattr(self.choices, "queryset", None)
        if queryset is None:
            return super().optgroups(name, value, attrs)
        everything, rows = self.choices, list(queryset[: MOST_OPTIONS + 1])
        if len(rows) > MOST_OPTIONS:
            keys = [each for each in value if str(each).isdigit()]
            rows = queryset.filter(pk__in=keys) if keys else []
        label, nothing = everything.field.label_from_instance, everything.field.empty_label
        few = [(row.pk, label(row)) for row in rows]
        self.choices = few if nothing is None else [("", nothing), *few]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = everything


class LookupSelect(_Few, forms.Select):
    """One of many; with JavaScript a combobox over ``lookup_url``."""


class LookupSelectMultiple(_Few, forms.SelectMultiple):
    """Several of many; with JavaScript chips and a combobox over ``lookup_url``."""


def draw_as_filter(form: forms.Form) -> None:
    """Let several of many be ticked, and call no choice "Any".

    In a list box, a click without Ctrl forgets what was chosen before.
    """
    for field in form.fields.values():
        if type(field.widget) is forms.SelectMultiple:
            field.widget = forms.CheckboxSelectMultiple(field.widget.attrs)
            field.widget.choices = field.choices
        elif getattr(field, "empty_label", None) is not None:
            field.empty_label = _("Any")
        elif isinstance(field.widget, BooleanWidget):
            field.widget.choices = [("", _("Any")), *(each for each in field.widget.choices if each[0])]


class AnsweredByButton(forms.HiddenInput):
    """Draws nothing: a button with the field's name sends the value, and an empty input would send another after it."""

    def render(self, name, value, attrs=None, renderer=None):
        return ""
