"""The log form together with what its note proposes: shown while one writes, saved only after it was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.actor import Actor
from organizations.models import Contact
from organizations.queries.clearances import contact_notices
from partnerships.forms.interactions import LogForm, moment_of
from partnerships.models import Opportunity, Partnership
from partnerships.queries.collisions import Collisions, collisions
from partnerships.rules.notes import MOST_TASKS, Mention, Named, Reading, Task, read_note
from tenants.models import User

SUGGESTED = 6
LONGEST_READ = 20_000


class TaskForm(forms.Form):
    """One follow-up as the note proposes it, to be corrected or dropped before anything is saved."""

    keep = forms.BooleanField(label=gettext_lazy("Add this follow-up"), required=False)
    title = forms.CharField(label=gettext_lazy("What to do"), max_length=200, required=False)
    due_on = forms.DateField(label=gettext_lazy("Due"), required=False, widget=forms.DateInput)
    assignee = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, team: Sequence[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.team = {str(member.pk): member for member in team}
        self.fields["assignee"].choices = [("", _("Nobody yet")), *((pk, each.name) for pk, each in self.team.items())]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("keep") and not cleaned.get("title", "").strip() and "title" not in self.errors:
            self.add_error("title", _("Say what is to be done, or leave the follow-up out."))
        return cleaned

    @property
    def promise(self) -> Mapping[str, object]:
        """What the action takes."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "due_on": given["due_on"],
            "assignee": self.team.get(given["assignee"]),
        }


@dataclass(frozen=True, slots=True)
class Chip:
    """An assumed value, and the field that changes it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A person of the partner's to tick: lately in touch, chosen, or named in the note; with what one must know."""

    contact: Contact
    chosen: bool
    notice: str


class QuickLog:
    """A log form, what its note proposes, and what one should know of the partner.

    ``posted`` None makes a fresh form. Proposals that were on the screen keep what the writer made of them; new ones
    are ticked where the note is clear. ``needs_look``: the note proposes something that nobody has seen yet.
    """

    def __init__(
        self, *, actor: Actor, partnership: Partnership | None, posted: QueryDict | None = None,
        files: MultiValueDict | None = None, compact: bool = False, check: bool = True,
    ):  # fmt: skip
        self.actor, self.partnership, self.posted = actor, partnership, posted
        self.compact = compact
        self.is_submitted = posted is not None and check
        kwargs = {"actor": actor, "partnership": partnership, "compact": compact}
        if self.is_submitted:
            self.form = LogForm(posted, files, **kwargs)
        else:
            self.form = LogForm(initial=self._kept(posted), **kwargs)
        self.tasks = [self._task_form(at, task) for at, task in enumerate(self.reading.tasks)]
        if not self.is_submitted:
            self._take_over()

    def _kept(self, posted: QueryDict | None) -> dict:
        """What was entered so far. What belongs to another partner is forgotten when the partner changes."""
        if posted is None:
            return {}
        names = ["kind", "note", *(["occurred_at", "direction", "confidentiality"] if "full" in posted else [])]
        kept = {name: posted[name] for name in names if name in posted}
        if "full" in posted:
            kept["members"] = posted.getlist("members")
            if self.same_partner:
                kept |= {"contacts": posted.getlist("contacts"), "opportunity": posted.get("opportunity", "")}
                kept["channel"] = posted.get("channel", "")
        return kept

    @property
    def same_partner(self) -> bool:
        partner = str(self.partnership.pk) if self.partnership else ""
        return self.posted is not None and self.posted.get("for_partner", "") == partner

    @cached_property
    def reading(self) -> Reading:
        if self.compact or self.posted is None:
            return Reading()
        people = [Named(f"contact-{each.pk}", each.name) for each in self.form.people]
        team = [Named(f"member-{each.pk}", each.name) for each in self.form.team]
        openings = [Named(f"opportunity-{each.pk}", each.title) for each in self.form.openings]
        note = self.posted.get("note", "")[:LONGEST_READ].replace("\r\n", "\n")
        return read_note(note, people=people + team, opportunities=openings, today=timezone.localdate())

    @property
    def needs_look(self) -> bool:
        return bool(self.reading) and self.reading.mark != self.posted.get("seen", "")

    def _task_form(self, at: int, task: Task) -> TaskForm:
        prefix, mark = f"task-{at}", Reading(tasks=(task,)).mark
        shown = self.posted is not None and self.posted.get(f"{prefix}-read") == mark
        if shown and self.is_submitted:
            return TaskForm(self.posted, prefix=prefix, team=self.form.team)
        initial = {"keep": True, "title": self._title(task), "due_on": task.due, "read": mark}
        initial["assignee"] = self._assignee(task)
        if shown:
            initial |= {name: self.posted.get(f"{prefix}-{name}", "") for name in ("title", "due_on", "assignee")}
            initial["keep"] = f"{prefix}-keep" in self.posted
        return TaskForm(prefix=prefix, initial=initial, team=self.form.team)

    def _title(self, task: Task) -> str:
        """The words, and whom of the partner's people it is for; a colleague is who does it."""
        names = [each.only.name for each in task.people if each.only and each.only.key.startswith("contact-")]
        return f"{task.title} – {', '.join(names)}"[:200] if names else task.title

    def _assignee(self, task: Task) -> str:
        for mention in task.people:
            if mention.only and mention.only.key.startswith("member-"):
                return mention.only.key.removeprefix("member-")
        return str(self.actor.user_id or "")

    def _take_over(self) -> None:
        """Choose what the note names clearly and what was not on the screen before."""
        initial = self.form.initial
        offered = set(self.posted.getlist("offered")) if self.posted is not None and self.same_partner else set()
        for key in [mention.only.key for mention in self._mentions if mention.only]:
            kind, _dash, pk = key.partition("-")
            if key in offered:
                continue
            if kind == "opportunity":
                initial["opportunity"] = pk
                channel = next((each.channel for each in self.form.openings if str(each.pk) == pk), "")
                initial["channel"] = channel or initial.get("channel", "")
            else:
                name = "contacts" if kind == "contact" else "members"
                initial[name] = [*dict.fromkeys([*(str(each) for each in initial.get(name) or []), pk])]

    @cached_property
    def _mentions(self) -> tuple[Mention, ...]:
        """Whoever may have taken part: a colleague named in a task alone has something to do and need not have."""
        of_tasks = [each for task in self.reading.tasks for each in task.people]
        theirs = [each for each in of_tasks if not any(found.key.startswith("member-") for found in each.found)]
        return tuple(dict.fromkeys((*self.reading.people, *theirs, *self.reading.opportunities)))

    @property
    def offered(self) -> list[str]:
        return [mention.only.key for mention in self._mentions if mention.only]

    @property
    def unclear(self) -> list[Mention]:
        """Words after @ or # that fit several or nobody."""
        return [mention for mention in self._mentions if mention.only is None]

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """Who took part on their side: the last in touch, and whoever is chosen or among several that a word fits."""
        wanted = {str(pk) for pk in self.form["contacts"].value() or []}
        unclear = [found.key.partition("-") for each in self.unclear for found in each.found]
        wanted |= {pk for kind, _dash, pk in unclear if kind == "contact"}
        people = [each for at, each in enumerate(self.form.people) if at < SUGGESTED or str(each.pk) in wanted]
        notices = contact_notices(self.actor, people) if people else {}
        chosen = {str(pk) for pk in self.form["contacts"].value() or []}
        return [
            Suggestion(each, str(each.pk) in chosen, notices[each.pk].words if notices[each.pk].is_warning else "")
            for each in people
        ]

    @property
    def others(self) -> list[Contact]:
        """The partner's further people."""
        shown = {each.contact.pk for each in self.suggestions}
        return [each for each in self.form.people if each.pk not in shown]

    @cached_property
    def collisions(self) -> Collisions:
        if self.partnership is None or not self.actor.may("partnerships.view_interactions"):
            return Collisions()
        return collisions(self.actor, self.partnership)

    @property
    def chips(self) -> list[Chip]:
        """What is assumed, in words."""
        form = self.form
        chips = [Chip("occurred_at", self._when(form["occurred_at"].value()))]
        names = {str(each.pk): each.name for each in self.form.team}
        members = [names[str(pk)] for pk in form["members"].value() or [] if str(pk) in names]
        chips.append(Chip("members", ", ".join(members) or _("Nobody of ours")))
        for name in ("direction", "channel", "opportunity", "confidentiality"):
            value = str(form[name].value() or "")
            label = next((str(label) for key, label in form.fields[name].choices if str(key) == value and value), "")
            if label:
                chips.append(Chip(name, label))
        return chips

    @staticmethod
    def _when(value: object) -> str:
        moment = moment_of(value)
        if moment is None:
            return _("When")
        moment = timezone.localtime(moment)
        if moment.date() == timezone.localdate():
            return _("Today %s") % date_format(moment, "H:i")
        return date_format(moment, "j M Y, H:i")

    @property
    def read_words(self) -> str:
        """What is new in the reading, for who listens instead of looking; empty when nothing is."""
        if not self.reading or self.reading.mark == self.posted.get("seen", ""):
            return ""
        tasks = len(self.reading.tasks)
        return ngettext("Read from the note: %d follow-up.", "Read from the note: %d follow-ups.", tasks) % tasks

    @property
    def opens_more(self) -> bool:
        """Whether the further fields stand open: the writer opened them, or one of them has an error."""
        if self.posted is not None and self.posted.get("more"):
            return True
        return bool({"occurred_at", "channel", "opportunity", "contacts", "members"} & self.form.errors.keys())

    def is_valid(self) -> bool:
        """Whether everything that was sent can go to the action."""
        tasks = [task.is_valid() for task in self.tasks if task.is_bound]
        for task in self.tasks:
            if task.is_bound and task.errors:
                self.form.is_valid()
                for errors in task.errors.values():
                    self.form.add_error(None, list(errors))
        return self.form.is_valid() and all(tasks)

    @property
    def promises(self) -> list[Mapping[str, object]]:
        """The follow-ups that the writer kept."""
        return [task.promise for task in self.tasks[:MOST_TASKS] if task.is_bound and task.cleaned_data.get("keep")]

    @property
    def openings(self) -> Sequence[Opportunity]:
        return self.form.openings
