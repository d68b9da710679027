"""API tokens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm


class TokenForm(ActionForm):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, for example “HR nightly sync”.")
    )
    days = forms.IntegerField(label=_("Good for days"), min_value=1, max_value=365, initial=90)
    can_write = forms.BooleanField(label=_("May write, not only read"), required=False)
