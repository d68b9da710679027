"""The pages of records that belong to a partner or to a project: adding, changing, history and deleting.

Each kind of record says what is particular of it (``RecordPages``); its pages come with that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse

from core.forms import ActionForm
from core.pages import delete_and_tell, next_address, page, render_form
from partnerships.forms.records import RecordForm
from tenants.pages import render_history


@dataclass(frozen=True)
class Owner:
    """What records belong to. ``key`` is its keyword in actions and templates, ``stem`` its word in addresses."""

    key: str
    stem: str
    reads: Callable[..., Any]
    template: str


@dataclass(frozen=True, kw_only=True)
class RecordPages:
    """One kind: ``stem`` is the word in addresses, ``subject`` the keyword by which the edit action takes the row.

    ``tab`` is where the owner's page shows it and where the form leads back to. ``starts``: what the address may
    preset in an empty form. What can be deleted (``remove``) has a history too.
    """

    owner: Owner
    stem: str
    subject: str
    tab: str
    form: type[RecordForm]
    reads: Callable[..., Any]
    create: Callable[..., Any]
    edit: Callable[..., Any]
    new_words: str
    edit_words: str
    saved_words: str
    new_form: type[RecordForm] | None = None
    remove: Callable[..., Any] | None = None
    starts: tuple[str, ...] = ()

    @property
    def urlpatterns(self) -> list[URLPattern]:
        name = self.subject
        patterns = [
            path(f"{self.owner.stem}/<int:pk>/{self.stem}/new/", self.new_page(), name=f"{name}_new"),
            path(f"{self.stem}/<int:pk>/edit/", self.edit_page(), name=f"{name}_edit"),
        ]
        if self.remove is not None:
            patterns += [
                path(f"{self.stem}/<int:pk>/history/", self.history_page(), name=f"{name}_history"),
                path(f"{self.stem}/<int:pk>/delete/", self.delete_page(), name=f"{name}_delete"),
            ]
        return patterns

    def new_page(self) -> Callable[..., HttpResponse]:
        @page(self.create.code, methods=["GET", "POST"])
        def new(request: HttpRequest, pk: int) -> HttpResponse:
            owned = get_object_or_404(self.owner.reads(request.actor), pk=pk)
            initial = {name: request.GET[name] for name in self.starts if name in request.GET}
            form = (self.new_form or self.form)(request.POST or None, actor=request.actor, of=owned, initial=initial)
            if request.method == "POST" and form.is_valid():
                form.cleaned_data.pop("version")
                if form.perform(self.create, actor=request.actor, **{self.owner.key: owned}) is not None:
                    return done(request, owned, self.tab, self.saved_words)
            return show(request, form, self.owner, owned, self.tab, self.new_words)

        return new

    def edit_page(self) -> Callable[..., HttpResponse]:
        @page(self.edit.code, methods=["GET", "POST"])
        def edit(request: HttpRequest, pk: int) -> HttpResponse:
            row = get_object_or_404(self.reads(request.actor), pk=pk)
            owned = getattr(row, self.owner.key)
            form = self.form(request.POST or None, actor=request.actor, of=owned, initial=self.form.initial_of(row))
            if request.method == "POST" and form.is_valid():
                seen = form.cleaned_data.pop("version")
                if form.perform(self.edit, actor=request.actor, seen=seen, **{self.subject: row}) is not None:
                    return done(request, owned, self.tab, form.told(self.saved_words))
            more = {"record": row, **self.addresses(request, row)}
            return show(request, form, self.owner, owned, self.tab, self.edit_words, **more)

        return edit

    def history_page(self) -> Callable[..., HttpResponse]:
        @page(self.reads.code)
        def history(request: HttpRequest, pk: int) -> HttpResponse:
            return render_history(request, get_object_or_404(self.reads(request.actor), pk=pk))

        return history

    def delete_page(self) -> Callable[..., HttpResponse]:
        @page(self.remove.code, methods=["POST"])
        def delete(request: HttpRequest, pk: int) -> HttpResponse:
            row = get_object_or_404(self.reads(request.actor), pk=pk)
            onward = back_to(getattr(row, self.owner.key), self.tab)
            return delete_and_tell(request, row, self.remove, subject=self.subject, onward=onward)

        return delete

    def addresses(self, request: HttpRequest, row: Any) -> dict[str, str]:
        """Where the history of a row stands, and where to delete it, for who may."""
        if self.remove is None:
            return {}
        found = {"history_url": reverse(f"partnerships:{self.subject}_history", args=[row.pk])}
        if request.actor.may(self.remove.code):
            found["delete_url"] = reverse(f"partnerships:{self.subject}_delete", args=[row.pk])
        return found


def back_to(owned: Any, tab: str) -> str:
    """The tab of the owner's page."""
    return f"{owned.get_absolute_url()}?tab={tab}"


def show(
    request: HttpRequest, form: ActionForm, owner: Owner, owned: Any, tab: str, heading: str, **more: Any
) -> HttpResponse:
    """A form about a record of ``owned``, with the way back."""
    context = {owner.key: owned, "heading": heading, "tab": tab, "back": back_to(owned, tab), **more}
    return render_form(request, owner.template, form, **context)


def done(request: HttpRequest, owned: Any, tab: str, words: str) -> HttpResponse:
    """Say what was saved, back where one came from."""
    messages.success(request, words)
    return redirect(next_address(request) or back_to(owned, tab))
