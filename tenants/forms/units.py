"""Adding and changing units."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from tenants.choices import UnitKind
from tenants.models import Unit, User
from tenants.queries.units import open_units
from tenants.queries.users import colleagues


class UnitForm(VersionedForm):
    """A unit and its place in the tree. The action says when a move would close a circle."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind, initial=UnitKind.DEPARTMENT)
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Unit.objects.all(),
        required=False,
        empty_label=_("Directly below the institution"),
    )
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("As your other systems call it.")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = open_units(actor)


class MemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name or user.email


class UnitMemberForm(ActionForm):
    member = MemberChoice(label=_("Colleague"), queryset=User.objects.none())

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = colleagues(actor)
