"""Merging two organizations or two people: the preview is the question."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page
from core.widgets import LookupSelect
from organizations.actions.merges import merge_contacts, merge_organizations
from organizations.models import Contact, Organization
from organizations.queries.contacts import visible_contacts
from organizations.queries.organizations import visible_organizations
from tenants.actions.merging import choosable_fields
from tenants.queries.merging import moving_with
from tenants.queries.record_history import field_words


@dataclass(frozen=True, slots=True)
class Spec:
    """What differs between the two kinds."""

    reads: Callable[..., Any]
    action: Callable[..., Any]
    lookup: str
    label: str


ORGANIZATIONS = Spec(visible_organizations, merge_organizations, "organizations:lookup", "organization")
CONTACTS = Spec(visible_contacts, merge_contacts, "organizations:contact_lookup", "person")


@page("organizations.merge_organizations", methods=["GET", "POST"])
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge another organization into this one."""
    return _merge(request, get_object_or_404(visible_organizations(request.actor), pk=pk), ORGANIZATIONS)


@page("organizations.merge_contacts", methods=["GET", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge another person into this one."""
    return _merge(request, get_object_or_404(visible_contacts(request.actor), pk=pk), CONTACTS)


class OtherForm(forms.Form):
    """Which record is the same one."""

    def __init__(self, *args, reads: Any, lookup: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"] = forms.ModelChoiceField(
            label=_("The other record"),
            queryset=reads,
            widget=LookupSelect(lookup_url=reverse_lazy(lookup)),
            help_text=_("It is merged into this one and then gone."),
        )


def _merge(request: HttpRequest, kept: Organization | Contact, spec: Spec) -> HttpResponse:
    reads = spec.reads(request.actor).prefetch_related(None).exclude(pk=kept.pk)
    given = request.POST if request.method == "POST" else request.GET
    form = OtherForm(given if "other" in given else None, reads=reads, lookup=spec.lookup)
    context = {"kept": kept, "form": form}
    if not form.is_valid():
        status = 422 if request.method == "POST" or form.errors else 200
        if request.method == "POST" and not form.is_bound:
            form = OtherForm({}, reads=reads, lookup=spec.lookup)
            form.is_valid()
            context["form"] = form
        return render(
            request, "organizations/merges/choose.html", context, status=status if request.method == "POST" else 200
        )
    merged = form.cleaned_data["other"]
    names = choosable_fields(kept, merged)
    if request.method == "POST":
        take = [name for name in names if request.POST.get(f"take_{name}") == "merged"]
        seen = _versions(request)
        try:
            spec.action(actor=request.actor, kept=kept, merged=merged, take=take, seen=seen)
        except ActionRefused as refused:
            messages.error(request, refused.message)
            return redirect(f"{request.path}?other={merged.pk}")
        messages.success(request, _("%(merged)s was merged into %(kept)s.") % {"merged": merged, "kept": kept})
        return redirect(kept)
    context |= {
        "merged": merged,
        "choices": [_choice(request, kept, merged, name) for name in names],
        "moving": moving_with(request.actor, merged),
    }
    return render(request, "organizations/merges/preview.html", context)


def _versions(request: HttpRequest) -> tuple[int, int] | None:
    try:
        return int(request.POST["version_kept"]), int(request.POST["version_merged"])
    except (KeyError, ValueError):
        return (0, 0)


def _choice(request: HttpRequest, kept, merged, name: str) -> dict[str, object]:
    field = kept._meta.get_field(name)
    words = [field_words(request.actor, field, getattr(row, field.attname)) for row in (kept, merged)]
    return {
        "name": name,
        "label": capfirst(field.verbose_name),
        "kept": words[0],
        "merged": words[1],
        "takes_merged": not words[0] and bool(words[1]),
    }
