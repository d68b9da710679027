"""Adding documents, correcting what they are, and giving them to outsiders."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from agreements.choices import DocumentLabel, Level
from agreements.models import Document
from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from core.widgets import LookupSelect
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations


class DocumentForm(ActionForm):
    """A new version of a paper: a file, its text, or both."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("The same title again makes the next version."),
        error_messages={"required": _("Give the document a title.")},
    )
    label = forms.ChoiceField(label=_("What it is"), choices=DocumentLabel, initial=DocumentLabel.DRAFT)
    level = forms.ChoiceField(label=_("Who may read it"), choices=Level, initial=Level.CONFIDENTIAL)
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, Office document, image or text; at most 25 MB.")
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For comparing versions. A plain text file brings its own."),
    )


class DocumentEditForm(VersionedForm):
    label = forms.ChoiceField(label=_("What it is"), choices=DocumentLabel)
    level = forms.ChoiceField(label=_("Who may read it"), choices=Level)
    text = forms.CharField(
        label=_("Text"), required=False, max_length=1_000_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class ShareForm(ActionForm):
    """To whom a document is given; without an NDA a manager's reason."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
        error_messages={"required": _("Choose the organization."), "invalid_choice": _("Choose one from the list.")},
    )
    override_reason = forms.CharField(
        label=_("Why without an NDA"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where none is in force. It is kept with the share."),
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = visible_organizations(actor).prefetch_related(None)
        if not actor.may("agreements.share_without_nda"):
            del self.fields["override_reason"]


class VersionChoice(forms.ModelChoiceField):
    def label_from_instance(self, document: Document) -> str:
        return f"{document.number} · {document.get_label_display()}"


class CompareForm(forms.Form):
    """Two versions side by side."""

    left = VersionChoice(label=_("Version"), queryset=Document.objects.none(), required=False, empty_label="–")
    right = VersionChoice(label=_("beside"), queryset=Document.objects.none(), required=False, empty_label="–")

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.queryset = versions
