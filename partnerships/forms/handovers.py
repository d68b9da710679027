"""Handing over what a colleague carries."""

from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import ActionForm
from partnerships.forms.records import day, prose
from partnerships.models import Handover, HandoverItem
from tenants.models import User
from tenants.queries.users import colleagues, everybody


class StartForm(ActionForm):
    """Who leaves, and when. Somebody who has left already may be chosen too."""

    member = forms.ModelChoiceField(
        label=_("Who leaves"), queryset=User.objects.none(), error_messages={"required": _("Choose the colleague.")}
    )
    last_day = day(_("Last day"), required=True)
    note = prose(_("What successors should know"))

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = everybody(actor)


class SuccessorsForm(ActionForm):
    """One choice for all lines without a successor, and one choice per line."""

    for_all = forms.ModelChoiceField(
        label=_("Successor for every line that has none"), queryset=User.objects.none(), required=False
    )

    def __init__(self, *args, actor: Actor, handover: Handover, lines: Iterable[HandoverItem], **kwargs):
        super().__init__(*args, **kwargs)
        people = list(colleagues(actor).exclude(pk=handover.member_id))
        self.people = {str(each.pk): each for each in people}
        self.fields["for_all"].queryset = colleagues(actor).exclude(pk=handover.member_id)
        choices = [("", _("Choose a successor")), *((pk, each.name) for pk, each in self.people.items())]
        self.fields["for_all"].widget.choices = [("", "–"), *choices[1:]]
        self.lines = {line.pk: line for line in lines}
        for pk, line in self.lines.items():
            self.fields[f"line-{pk}"] = forms.ChoiceField(
                label=_("Successor for %s") % line, choices=choices, required=False, initial=line.successor_id or ""
            )

    def choices(self) -> dict[User | None, list[int]]:
        """The lines whose choice was changed, by the successor chosen."""
        chosen: defaultdict[User | None, list[int]] = defaultdict(list)
        for pk, line in self.lines.items():
            successor = self.people.get(self.cleaned_data[f"line-{pk}"])
            if (successor.pk if successor else None) != line.successor_id:
                chosen[successor].append(pk)
        return dict(chosen)
