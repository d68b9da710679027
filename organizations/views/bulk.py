"""What can be done with many organizations or people at once."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.lists import Operation
from organizations.actions.contacts import edit_contact
from organizations.actions.profiles import tag_organization
from organizations.forms.bulk import KeeperForm, TagForm

ORGANIZATION_OPERATIONS = (
    Operation(
        code="tag",
        label=_("Tag"),
        icon="tag",
        action=tag_organization,
        subject="organization",
        form_class=TagForm,
        title=ngettext_lazy("Tag %(n)d organization", "Tag %(n)d organizations", "n"),
        told=ngettext_lazy("%(n)d organization tagged.", "%(n)d organizations tagged.", "n"),
        already="tagged_twice",
    ),
)

CONTACT_OPERATIONS = (
    Operation(
        code="keeper",
        label=_("Kept by"),
        icon="user",
        action=edit_contact,
        subject="contact",
        form_class=KeeperForm,
        title=ngettext_lazy("Change who keeps %(n)d person", "Change who keeps %(n)d people", "n"),
        told=ngettext_lazy("Keeper changed for %(n)d person.", "Keeper changed for %(n)d people.", "n"),
        is_done=lambda row, values: row.owner == values["owner"],
    ),
)
