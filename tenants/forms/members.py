"""Inviting, joining, changing roles."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm
from tenants.choices import Role
from tenants.models import User


class InvitationForm(ActionForm):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.OFFICER)


class RoleForm(ActionForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role)


class JoinForm(ActionForm):
    """What a person without an account is asked when they accept."""

    name = forms.CharField(label=_("Your name"), max_length=150, help_text=_("As you write it yourself."))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few words you remember are good."),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.data.get("name", "")))
        return password
