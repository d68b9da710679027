"""Forms never save: they hand their cleaned values to an action and bring its refusal back to the field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import ActionRefused, StaleEdit
from core.merging import Conflict, merge, posted
from core.versions import VersionedModel, past_of


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

    def told(self, words: str) -> str:
        """What to tell after saving; a form that merged adds what somebody else had changed."""
        return words


class VersionedForm(ActionForm):
    """An edit form that knows which version it shows, so that a second editor is told and not overwritten.

    Somebody else's changes of other fields are kept and the edit is saved; ``told`` says so. Where both changed a
    field, nothing is written: ``conflicts`` has both values and the one before, and the form sent again with
    ``keep_<field>`` takes the chosen one. A form that shows nothing of the row, such as one that asks for a decision,
    has nothing to compare: who sends it is told, and may send it again.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, label=_("Version"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.merged: list[str] = []
        chosen = [name for name in self.fields if self.data.get(f"keep_{self.add_prefix(name)}") == "theirs"]
        self._write(
            {name: posted(self.fields[name], self.get_initial_for_field(self.fields[name], name)) for name in chosen}
        )

    @classmethod
    def initial_of(cls, row: Model) -> dict[str, Any]:
        """What the form shows of a row: its columns of the same names, references as ids.

        A form that shows a column otherwise, or something that is no column, adds that.
        """
        fields = cls.base_fields.keys()
        return {each.name: getattr(row, each.attname) for each in row._meta.concrete_fields if each.name in fields}

    def clean(self):
        """An edit that does not say which version it saw could overwrite somebody else's unseen."""
        cleaned = super().clean()
        if self.initial.get("version") is not None and cleaned.get("version") is None:
            raise forms.ValidationError(_("Open the page again: this form has lost its version."), code="version")
        return cleaned

    def perform(self, action: Callable[..., Any], *, actor: Actor, **extra: Any) -> Any | None:
        result = super().perform(action, actor=actor, **extra)
        row = next((each for each in extra.values() if isinstance(each, VersionedModel)), None)
        if not self.is_stale or row is None:
            return result
        asked = self.fields.keys() - {"version"}
        if asked and asked.isdisjoint(self.initial):
            self._write({"version": [str(self.initial["version"])]})
            return result
        past = past_of(row, extra["seen"]) if extra.get("seen") else None
        before = self.initial_of(past) if past is not None else None
        self.conflicts, theirs = merge(self, before)
        self.conflicts += self.merge_beside(past, row, extra)
        self._write({name: posted(self.fields[name], self.initial.get(name)) for name in theirs})
        self._write({"version": [str(self.initial["version"])]})
        if self.conflicts:
            return None
        self.merged += [str(self.fields[name].label) for name in theirs]
        del self.refused
        self.full_clean()
        if self.errors:
            return None
        self.cleaned_data.pop("version", None)
        return super().perform(action, actor=actor, **{**extra, "seen": self.initial["version"]})

    def merge_beside(self, past: VersionedModel | None, row: VersionedModel, extra: dict[str, Any]) -> list[Conflict]:
        """For a form with a formset beside it: settle in ``extra`` what only one side changed, answer the rest."""
        return []

    def told(self, words: str) -> str:
        if not self.merged:
            return words
        fields = ", ".join(self.merged)
        return f"{words} {_now('Kept what somebody else changed meanwhile: %s.') % fields}"

    def _write(self, values: dict[str, list[str]]) -> None:
        """Put values into the data as if they had been sent."""
        if not values:
            return
        self.data = self.data.copy()
        for name, sent in values.items():
            self.data.setlist(self.add_prefix(name), sent)

    @property
    def status(self) -> int:
        if self.is_stale:
            return 409
        return 422 if self.errors else 200
