"""The office's words for organizations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import VersionedForm


class TagNameForm(VersionedForm):
    """The word of a tag. One that is in use already makes the two one, when that is wanted."""

    name = forms.CharField(label=_("Tag"), max_length=40)
    join = forms.BooleanField(
        label=_("If there is such a tag already, make the two one"), required=False, initial=False
    )
