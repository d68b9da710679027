"""Moving an agreement: each move asks for what it needs and remembers what its maker looked at."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from core.forms import ActionForm
from core.merging import Conflict

DAY = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}
REASON = forms.Textarea(attrs={"rows": 2})


class MoveForm(ActionForm):
    """A move that needs nothing but the move. Made from a page that was overtaken, it is stale and nothing moves."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, label=_("Version"))
    note = forms.CharField(label=_("Note"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    conflicts: tuple[Conflict, ...] = ()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("version") is None:
            raise forms.ValidationError(_("Open the page again: this form has lost its version."), code="version")
        return cleaned

    def show_present(self, agreement: Agreement) -> None:
        """After a refusal: the form sent again has seen where the agreement stands now."""
        self.data = {**self.data.dict(), "version": str(agreement.version)}


class ReasonForm(MoveForm):
    """A move that needs a reason, which is kept with it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=REASON, error_messages={"required": _("Give the reason.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["note"]

    def clean(self):
        """Actions call it ``why``: ``reason`` is what a caller may say of any change."""
        cleaned = super().clean()
        if "reason" in cleaned:
            cleaned["why"] = cleaned.pop("reason")
        return cleaned


class TerminateForm(ReasonForm):
    ended_on = forms.DateField(label=_("Ends on"), help_text=_("Empty: today. No day in the future."), **DAY)


class ExecuteForm(MoveForm):
    executed_on = forms.DateField(
        label=_("Signed by everybody on"), help_text=_("Empty: today. No day in the future."), **DAY
    )
    effective_on = forms.DateField(
        label=_("Binds from"), help_text=_("Empty: as set before, else the day of signature."), **DAY
    )
    field_order = ["executed_on", "effective_on", "note"]


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "hold": ReasonForm,
    "withdraw": ReasonForm,
    "terminate": TerminateForm,
    "execute": ExecuteForm,
}


def asks(code: str) -> bool:
    """Whether a move needs more than its maker's word."""
    return code in MOVE_FORMS


class DraftForm(MoveForm):
    """The title of an amendment or a renewal."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["note"]


class PlainForm(MoveForm):
    """A step that needs nothing but the word of whoever takes it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["note"]


def overtaken(agreement: Agreement) -> str:
    """What to say to whoever moves a card that somebody else has moved."""
    return _now("Somebody else moved it meanwhile: it is at “%s” now.") % agreement.get_workflow_display()
