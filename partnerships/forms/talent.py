"""Talent events, and what the overview is narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm, VersionedForm
from partnerships.choices_talent import MatchSide, TalentEventKind
from partnerships.forms.funding import TableFileForm
from partnerships.forms.positions import partner_field
from partnerships.forms.records import day, prose
from partnerships.models import Partnership, TalentProgram
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.positions import visible_programs


class TalentEventForm(VersionedForm):
    """What happened, when, and how many people."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TalentEventKind)
    occurred_on = day(_("When"), required=True)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=100_000, initial=1)
    title = forms.CharField(
        label=_("What"),
        max_length=200,
        required=False,
        help_text=_("Leave out names: everybody counts, nobody is named."),
    )
    program = forms.ModelChoiceField(
        label=_("Program"), queryset=TalentProgram.objects.none(), required=False, empty_label="–"
    )
    note = prose(_("Note"))

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = visible_programs(actor)


class NewTalentEventForm(TalentEventForm):
    """The same at a partner that is chosen here."""

    partnership = partner_field()
    field_order = ["partnership"]

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["partnership"].queryset = visible_partnerships(actor)


class PipelineForm(forms.Form):
    """What the overview shows: a year, a partner, a program, small counts or not."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    partner = forms.ModelChoiceField(
        label=_("Partner"), queryset=Partnership.objects.none(), required=False, empty_label=_("All partners")
    )
    program = forms.ModelChoiceField(
        label=_("Program"), queryset=TalentProgram.objects.none(), required=False, empty_label=_("All programs")
    )
    exact = forms.BooleanField(label=_("Show small counts"), required=False)

    def __init__(self, *args, actor: Actor, years: list[int], partners: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        sees_people = actor.may("partnerships.view_placements")
        every = [("", _("All years"))] if sees_people else []
        self.fields["year"].choices = [*every, *((str(year), str(year)) for year in years)]
        self.fields["partner"] = forms.TypedChoiceField(
            label=_("Partner"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("All partners")), *((str(pk), name) for pk, name in partners)],
        )
        if sees_people:
            self.fields["program"].queryset = visible_programs(actor)
        else:
            for name in ("program", "exact"):
                del self.fields[name]


class TalentFileForm(TableFileForm):
    """A table of positions or candidates."""


class MatchingForm(ActionForm):
    """What is matched, and whom it shall serve best."""

    program = forms.ModelChoiceField(label=_("Program"), queryset=TalentProgram.objects.none(), empty_label=None)
    term = forms.ChoiceField(label=_("Term"), required=False)
    proposes = forms.ChoiceField(label=_("Best for"), choices=MatchSide, initial=MatchSide.CANDIDATES)

    def __init__(self, *args, actor: Actor, terms: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = visible_programs(actor)
        self.fields["term"].choices = [(term, term or _("No term")) for term in terms] or [("", _("No term"))]
