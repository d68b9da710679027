"""What can be done with many partners or follow-ups at once."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.lists import Operation
from organizations.actions.profiles import tag_organization
from partnerships.actions.followups import add_followup, complete_followup, edit_followup
from partnerships.actions.partnerships import edit_partnership
from partnerships.forms.bulk import AssigneeForm, FollowUpForEachForm, OwnerForm, PartnerTagForm, TierForm

PARTNER_OPERATIONS = (
    Operation(
        code="owner",
        label=_("Owner"),
        icon="user",
        action=edit_partnership,
        subject="partnership",
        form_class=OwnerForm,
        title=ngettext_lazy("Change the owner of %(n)d partner", "Change the owner of %(n)d partners", "n"),
        told=ngettext_lazy("Owner changed for %(n)d partner.", "Owner changed for %(n)d partners.", "n"),
        is_done=lambda row, values: row.owner == values["owner"],
    ),
    Operation(
        code="tier",
        label=_("Tier"),
        icon="star",
        action=edit_partnership,
        subject="partnership",
        form_class=TierForm,
        title=ngettext_lazy("Change the tier of %(n)d partner", "Change the tier of %(n)d partners", "n"),
        told=ngettext_lazy("Tier changed for %(n)d partner.", "Tier changed for %(n)d partners.", "n"),
        is_done=lambda row, values: row.tier == values["tier"],
    ),
    Operation(
        code="tag",
        label=_("Tag"),
        icon="tag",
        action=tag_organization,
        subject="organization",
        of="organization",
        form_class=PartnerTagForm,
        title=ngettext_lazy("Tag %(n)d partner", "Tag %(n)d partners", "n"),
        told=ngettext_lazy("%(n)d partner tagged.", "%(n)d partners tagged.", "n"),
        already="tagged_twice",
    ),
    Operation(
        code="followup",
        label=_("Follow-up"),
        icon="checklist",
        action=add_followup,
        subject="partnership",
        form_class=FollowUpForEachForm,
        title=ngettext_lazy("Add a follow-up for %(n)d partner", "Add a follow-up for each of %(n)d partners", "n"),
        told=ngettext_lazy("Follow-up added for %(n)d partner.", "Follow-up added for each of %(n)d partners.", "n"),
    ),
)

FOLLOWUP_OPERATIONS = (
    Operation(
        code="done",
        label=_("Done"),
        icon="check",
        action=complete_followup,
        subject="followup",
        title=ngettext_lazy("Tick off %(n)d follow-up", "Tick off %(n)d follow-ups", "n"),
        told=ngettext_lazy("%(n)d follow-up done.", "%(n)d follow-ups done.", "n"),
        is_done=lambda row, values: row.done_at is not None,
    ),
    Operation(
        code="assignee",
        label=_("Who"),
        icon="user",
        action=edit_followup,
        subject="followup",
        form_class=AssigneeForm,
        title=ngettext_lazy("Hand over %(n)d follow-up", "Hand over %(n)d follow-ups", "n"),
        told=ngettext_lazy("%(n)d follow-up handed over.", "%(n)d follow-ups handed over.", "n"),
        is_done=lambda row, values: row.assignee == values["assignee"],
    ),
)
