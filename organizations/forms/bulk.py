"""What is asked for when many organizations or people change at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.bulk import BulkForm
from tenants.models import User
from tenants.queries.users import colleagues


class TagForm(BulkForm):
    name = forms.CharField(label=_("Tag"), max_length=40, help_text=_("A new word makes a new tag."))


class KeeperForm(BulkForm):
    owner = forms.ModelChoiceField(
        label=_("Kept by"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, initial={"owner": actor.user_id}, **kwargs)
        self.fields["owner"].queryset = colleagues(actor)
