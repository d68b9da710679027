"""The choices of a report that somebody builds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import InvalidInput
from reporting.queries.builder import Recipe
from reporting.queries.subjects import COUNT, subjects_of

CHART_CHOICES = [
    ("", _("Table")),
    ("columns", _("Columns")),
    ("stacks", _("Stacked bars")),
    ("heat", _("Shaded table")),
]


class RecipeForm(forms.Form):
    """What to count and by what. It follows the subject: rows, columns and measures are those that it has.

    Codes of another subject are no error: whoever changes the subject sees it with its own first rows.
    """

    subject = forms.ChoiceField(label=_("Count"))
    rows = forms.ChoiceField(label=_("Rows"))
    columns = forms.ChoiceField(label=_("Columns"), required=False)
    measure = forms.ChoiceField(label=_("Measure"))
    chart = forms.ChoiceField(label=_("Show as"), required=False, choices=CHART_CHOICES)

    def __init__(self, actor: Actor, data):
        open_to = subjects_of(actor)
        chosen = data.get("subject", "")
        code = chosen if chosen in open_to else next(iter(open_to), "")
        chart = data.get("chart", "")
        given = {"subject": code, "chart": chart if chart in dict(CHART_CHOICES) else ""}
        subject = open_to.get(code)
        if subject is not None:
            rows, columns, measure = (data.get(name, "") for name in ("rows", "columns", "measure"))
            given["rows"] = rows if rows in subject.dimensions else next(iter(subject.dimensions))
            known = columns in subject.dimensions and subject.dimensions[columns].is_closed
            given["columns"] = columns if known and columns != given["rows"] else ""
            given["measure"] = measure if measure in subject.amounts else COUNT
        super().__init__(given)
        self.fields["subject"].choices = [(name, each.label) for name, each in open_to.items()]
        if subject is None:
            return
        self.fields["rows"].choices = [(name, each.label) for name, each in subject.dimensions.items()]
        self.fields["columns"].choices = [
            ("", _("None")),
            *((name, each.label) for name, each in subject.dimensions.items() if each.is_closed),
        ]
        self.fields["measure"].choices = [
            (COUNT, _("Number of records")),
            *((name, each.label) for name, each in subject.amounts.items()),
        ]

    def recipe(self) -> Recipe | None:
        """What was chosen; None where the actor may count nothing."""
        if not self.is_valid():
            return None
        try:
            return Recipe(**self.cleaned_data).checked()
        except InvalidInput:
            return None
