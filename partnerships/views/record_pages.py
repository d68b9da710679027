"""The pages that records of a partner and records of a project have in common: history, and deleting."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from core.pages import delete_and_tell, page
from tenants.pages import render_history


class KeptRecord:
    """A kind of record that can be deleted and has a history, each at an address below ``stem``.

    ``subject`` is the keyword by which the deleting action ``remove`` takes the row; without one there is neither page.
    """

    stem: str
    subject: str
    reads: Callable[..., Any]
    remove: Callable[..., Any] | None

    def onward(self, row: Any) -> str:
        """Where it leads when a row was deleted."""
        return row.get_absolute_url()

    @property
    def kept_patterns(self) -> list[URLPattern]:
        if self.remove is None:
            return []
        return [
            path(f"{self.stem}/<int:pk>/history/", self.history_page(), name=f"{self.subject}_history"),
            path(f"{self.stem}/<int:pk>/delete/", self.delete_page(), name=f"{self.subject}_delete"),
        ]

    def history_page(self) -> Callable[..., HttpResponse]:
        @page(self.reads.code)
        def history(request: HttpRequest, pk: int) -> HttpResponse:
            return render_history(request, get_object_or_404(self.reads(request.actor), pk=pk))

        return history

    def delete_page(self) -> Callable[..., HttpResponse]:
        @page(self.remove.code, methods=["POST"])
        def delete(request: HttpRequest, pk: int) -> HttpResponse:
            row = get_object_or_404(self.reads(request.actor), pk=pk)
            return delete_and_tell(request, row, self.remove, subject=self.subject, onward=self.onward(row))

        return delete

    def addresses(self, request: HttpRequest, row: Any) -> dict[str, str]:
        """Where the history of a row stands, and where to delete it, for who may."""
        if self.remove is None:
            return {}
        found = {"history_url": reverse(f"partnerships:{self.subject}_history", args=[row.pk])}
        if request.actor.may(self.remove.code):
            found["delete_url"] = reverse(f"partnerships:{self.subject}_delete", args=[row.pk])
        return found
