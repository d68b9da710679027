"""What reports can be narrowed to; the address keeps it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind
from agreements.queries.clause_report import STANDINGS
from core.actor import Actor
from partnerships.forms.records import day
from tenants.models import Unit
from tenants.queries.units import visible_units


class ReportForm(forms.Form):
    """Kind and unit; sent with GET."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *AgreementKind.choices], required=False)
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=_("All units")
    )

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = visible_units(actor).prefetch_related(None).select_related(None)

    @property
    def chosen(self) -> dict[str, object]:
        """What holds of what was sent, under the names that reports take; the rest is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class TurnaroundForm(ReportForm):
    after = day(_("Requested from"))
    before = day(_("Requested until"))
    field_order = ["kind", "after", "before", "unit"]


class ClauseReportForm(ReportForm):
    standing = forms.ChoiceField(
        label=_("Which"), choices=[("", _("All agreements")), *STANDINGS.items()], required=False
    )
    field_order = ["standing", "kind", "unit"]
