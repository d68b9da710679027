"""What is asked for when many agreements change at once."""

from django.utils.translation import gettext_lazy as _

from agreements.forms.records import ColleagueChoice
from core.actor import Actor
from core.bulk import BulkForm


class OwnerForm(BulkForm):
    owner = ColleagueChoice(
        label=_("Handled by"),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose who handles them.")},
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["owner"].offer(actor)
