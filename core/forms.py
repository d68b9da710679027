"""Forms never save: they hand their cleaned values to an action and bring its refusal back to the field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import ActionRefused, StaleEdit


class ActionForm(forms.Form):
    """``perform`` calls the action with the cleaned values. After a refusal the form is invalid and shows it."""

    error_css_class = "has-error"

    def perform(self, action: Callable[..., Any], *, actor: Actor, **extra: Any) -> Any | None:
        """The action's result, or None when it was refused (then ``errors`` says why; nothing was written)."""
        try:
            return action(actor=actor, **{**self.cleaned_data, **extra})
        except ActionRefused as refused:
            field = refused.field if refused.field in self.fields else None
            self.add_error(field, forms.ValidationError(refused.message, code=refused.code))
            self.refused = refused
            return None

    @property
    def is_stale(self) -> bool:
        return isinstance(getattr(self, "refused", None), StaleEdit)


class VersionedForm(ActionForm):
    """An edit form that knows which version it shows, so that a second editor is told and not overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, label=_("Version"))

    def clean(self):
        """An edit that does not say which version it saw could overwrite somebody else's unseen."""
        cleaned = super().clean()
        if self.initial.get("version") is not None and cleaned.get("version") is None:
            raise forms.ValidationError(_("Open the page again: this form has lost its version."), code="version")
        return cleaned

    @property
    def status(self) -> int:
        if self.is_stale:
            return 409
        return 422 if self.errors else 200
