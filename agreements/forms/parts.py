"""The parts of an agreement that are replaced as a whole: parties, money schedule, signatories.

Each is a form with a set of rows beside it. Of two people who edit one part, the second is asked whose rows to keep.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from agreements.choices import MoneyDirection, MoneyKind, PartyRole
from agreements.models import Agreement, Party
from agreements.queries.parties import possible_parties
from core.actor import Actor
from core.forms import VersionedForm
from core.merging import Conflict
from core.widgets import LookupSelect
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations
from tenants.models import User
from tenants.queries.users import colleagues

DAY = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}
MOST_ROWS = 100
Rows = Sequence[Mapping[str, Any]]


class PartsForm(VersionedForm):
    """What stands beside the rows. ``part``: the keyword under which the action takes them; ``label``: their name."""

    part = ""
    label: Any = ""
    columns: Sequence[str] = ()
    unspoken: Sequence[str] = ()

    @classmethod
    def present(cls, row: Agreement) -> list[dict[str, Any]]:
        """The rows of an agreement as the action takes them."""
        raise NotImplementedError

    def perform(self, action, *, actor: Actor, **extra):
        if self.data.get(f"keep_{self.part}") == "theirs":
            extra[self.part] = self.present(extra["agreement"])
        return super().perform(action, actor=actor, **extra)

    def merge_beside(self, past, row, extra) -> list[Conflict]:
        yours, theirs = self._plain(extra[self.part]), self._plain(self.present(row))
        before = self._plain(self.present(past)) if past is not None else None
        if theirs in (yours, before):
            return []
        if yours == before:
            extra[self.part] = self.present(row)
            self.merged.append(str(self.label))
            return []
        words = [self.in_words(side) for side in (extra[self.part], self.present(row))]
        words.append(self.in_words(self.present(past)) if past is not None else "")
        return [Conflict(self.part, str(self.label), *words)]

    def _plain(self, rows: Rows) -> list[tuple]:
        """The rows so that those of two people can be compared, whatever their order."""
        plain = [tuple(_key(each.get(name)) for name in self.columns) for each in rows]
        return sorted(plain, key=str)

    def in_words(self, rows: Rows) -> str:
        told = [name for name in self.columns if name not in self.unspoken]
        return "; ".join(" · ".join(filter(None, (_words(each.get(name)) for name in told))) for each in rows)


def _key(value: Any) -> Any:
    return getattr(value, "pk", value) or ""


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    return date_format(value, "j M Y") if hasattr(value, "isoformat") else str(value or "")


# Parties


class PartiesForm(PartsForm):
    part, label = "parties", _("Parties")
    columns = ("organization", "role", "is_primary")

    ours = forms.ChoiceField(
        label=_("The institution itself takes part as"),
        choices=[("", _("Not named as a party")), *PartyRole.choices],
        required=False,
    )

    def __init__(self, *args, actor: Actor, agreement: Agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.own, self.our_role = possible_parties(actor).filter(is_own=True).first(), ""
        if self.own is None:
            del self.fields["ours"]
        else:  # no initial value of the form: it is compared with the rows, whose part it is
            roles = [each.role for each in agreement.parties.all() if each.organization_id == self.own.pk]
            self.fields["ours"].initial = roles[0] if roles else ""

    @classmethod
    def present(cls, row: Agreement) -> list[dict[str, Any]]:
        rows = list(row.parties.all())
        named = Organization.objects.in_bulk({each.organization_id for each in rows})
        return [
            {"organization": named[each.organization_id], "role": each.role, "is_primary": each.is_primary}
            for each in rows
            if each.organization_id in named
        ]

    @classmethod
    def others(cls, row: Agreement) -> list[dict[str, Any]]:
        """The rows of the formset: everybody but the institution itself."""
        present = cls.present(row)
        return [
            {**each, "organization": each["organization"].pk} for each in present if not each["organization"].is_own
        ]

    def clean(self):
        cleaned = super().clean()
        self.our_role = cleaned.pop("ours", "")
        return cleaned

    def with_ours(self, rows: Rows) -> list[dict[str, Any]]:
        """The rows with the institution's own part where it has one."""
        own = [{"organization": self.own, "role": self.our_role, "is_primary": False}] if self.our_role else []
        return [*rows, *own]


class PartyRow(forms.Form):
    """One party. A row without an organization is left out."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        required=False,
        widget=LookupSelect(lookup_url=reverse_lazy("organizations:lookup")),
    )
    role = forms.ChoiceField(label=_("Role"), choices=PartyRole, initial=PartyRole.PARTNER)
    is_primary = forms.BooleanField(label=_("Main counterparty"), required=False)

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = visible_organizations(actor).prefetch_related(None)

    def given(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        return dict(cleaned) if cleaned.get("organization") else None


# Money


class MoneyForm(PartsForm):
    part, label = "lines", _("Money schedule")
    columns = ("kind", "direction", "amount", "due_on", "note")

    value = forms.DecimalField(
        label=_("Value of the agreement"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("The lines add up to it. Empty: their sum becomes it."),
    )

    @classmethod
    def present(cls, row: Agreement) -> list[dict[str, Any]]:
        return [{name: getattr(each, name) for name in cls.columns} for each in row.money.all()]


class MoneyRow(forms.Form):
    """One amount. A row without one is left out."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2, min_value=0, required=False)
    due_on = forms.DateField(label=_("Due"), **DAY)
    kind = forms.ChoiceField(label=_("Kind"), choices=MoneyKind, initial=MoneyKind.INSTALLMENT)
    direction = forms.ChoiceField(label=_("Direction"), choices=MoneyDirection, initial=MoneyDirection.IN)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def given(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        return dict(cleaned) if cleaned.get("amount") is not None else None

    def clean(self):
        """What was written without an amount would be lost."""
        cleaned = super().clean()
        if (
            cleaned.get("amount") is None
            and "amount" not in self.errors
            and (cleaned.get("note") or cleaned.get("due_on"))
        ):
            self.add_error("amount", _("Give the amount, or empty the row."))
        return cleaned


# Signatories


class SignatoriesForm(PartsForm):
    part, label = "signatories", _("Who signs")
    columns = ("party", "name", "job_title", "member", "signed_on")
    unspoken = ("party", "member")

    @classmethod
    def present(cls, row: Agreement) -> list[dict[str, Any]]:
        rows = list(row.signatories.all())
        people = User.objects.in_bulk({each.member_id for each in rows} - {None})
        return [
            {
                "party": each.party_id,
                "name": each.name,
                "job_title": each.job_title,
                "member": people.get(each.member_id),
                "signed_on": each.signed_on,
            }
            for each in rows
        ]


class PartyChoice(forms.ModelChoiceField):
    def label_from_instance(self, party: Party) -> str:
        return party.organization.name


class SignatoryRow(forms.Form):
    """Who signs for a party. A row without a name and a colleague is left out."""

    party = PartyChoice(label=_("For"), queryset=Party.objects.none(), required=False, empty_label="–")
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    member = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=User.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("Who signs for the institution."),
    )
    signed_on = forms.DateField(label=_("Signed"), **DAY)

    def __init__(self, *args, actor: Actor, agreement: Agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = agreement.parties.select_related("organization")
        self.fields["member"].queryset = colleagues(actor)

    def given(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        if not cleaned.get("name") and cleaned.get("member") is None:
            return None
        return {**cleaned, "party": cleaned["party"].pk}

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("name") or cleaned.get("member")) and cleaned.get("party") is None:
            self.add_error("party", _("Choose for whom they sign."))
        return cleaned


def rows_of(formset: Iterable[Any]) -> list[dict[str, Any]]:
    """What the filled rows of a valid formset say, in their order."""
    return [given for row in formset if hasattr(row, "cleaned_data") and (given := row.given()) is not None]


def formset_of(row_class: type[forms.Form]) -> type[forms.BaseFormSet]:
    return forms.formset_factory(row_class, extra=2, max_num=MOST_ROWS, validate_max=True)


PARTY_ROWS, MONEY_ROWS, SIGNATORY_ROWS = (formset_of(each) for each in (PartyRow, MoneyRow, SignatoryRow))
