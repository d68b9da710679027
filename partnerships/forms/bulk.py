"""What is asked for when many partners or follow-ups change at once."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.bulk import BulkForm
from partnerships.choices import Tier
from partnerships.forms.followups import FollowUpForm
from tenants.models import User
from tenants.queries.users import colleagues


class OwnerForm(BulkForm):
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose the new owner.")},
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["owner"].queryset = colleagues(actor)


class TierForm(BulkForm):
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier)


class PartnerTagForm(BulkForm):
    name = forms.CharField(label=_("Tag"), max_length=40, help_text=_("A new word makes a new tag."))


class AssigneeForm(BulkForm):
    assignee = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, initial={"assignee": actor.user_id}, **kwargs)
        self.fields["assignee"].queryset = colleagues(actor)


class FollowUpForEachForm(FollowUpForm):
    """One follow-up for each partner, due in a week, for oneself unless it is said otherwise."""

    version = None

    def __init__(self, *args, actor: Actor, **kwargs):
        initial = {"assignee": actor.user_id, "due_on": timezone.localdate() + timedelta(weeks=1)}
        super().__init__(*args, actor=actor, initial=initial, **kwargs)
