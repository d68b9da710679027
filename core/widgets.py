"""Controls for picking among very many."""

from collections.abc import Iterable

from django import forms

MOST_OPTIONS = 300


class _Few:
    """A select of at most 300 options: beyond that it draws only what is chosen, and the lookup finds the rest."""

    def __init__(self, attrs=None, choices=(), *, lookup_url: str = ""):
        super().__init__(attrs, choices)
        self.lookup_url = lookup_url

    def optgroups(self, name, value, attrs=None):
        queryset = getattr(self.choices, "queryset", None)
        if queryset is None or queryset[: MOST_OPTIONS + 1].count() <= MOST_OPTIONS:
            return super().optgroups(name, value, attrs)
        everything = self.choices
        self.choices = _chosen(everything, value)
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = everything


def _chosen(choices, value: Iterable[str]) -> list[tuple]:
    keys = [each for each in value if str(each).isdigit()]
    rows = choices.queryset.filter(pk__in=keys) if keys else []
    return [("", ""), *((row.pk, choices.field.label_from_instance(row)) for row in rows)]


class LookupSelect(_Few, forms.Select):
    """One of many; with JavaScript a combobox over ``lookup_url``."""


class LookupSelectMultiple(_Few, forms.SelectMultiple):
    """Several of many."""
