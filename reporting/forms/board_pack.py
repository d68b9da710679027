"""The form that chooses what goes into a board pack."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm

NOTHING = _("Choose at least one question: a pack without any would say nothing.")


class BoardPackForm(ActionForm):
    """``pages``: title of a page and the codes and titles of the questions that the reader may ask of it."""

    title = forms.CharField(label=_("Title"), max_length=120, initial=_("Report to the board"))
    questions = forms.MultipleChoiceField(
        label=_("Questions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NOTHING},
        help_text=_("They stand in the pack in this order."),
    )

    def __init__(self, *args, pages: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["questions"].choices = [
            (code, f"{page}: {title}") for page, questions in pages for code, title in questions
        ]
