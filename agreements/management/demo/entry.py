"""Which day the demonstration's agreements are about: when somebody would have entered them (``date_office``)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Model

from agreements.models import (
    Agreement,
    ConflictPlan,
    DelegatedSigner,
    Document,
    Grant,
    IpAsset,
    Obligation,
    Screening,
)
from tenants.management.demo.entry import About
from tenants.models import StoredFile

DISCLOSED = timedelta(days=60)


def _documents() -> dict[int, datetime]:
    """The story says when each was added."""
    return dict(Document.objects.values_list("pk", "created_at"))


def _files() -> dict[int, datetime]:
    return dict(Document.objects.values_list("file_id", "created_at"))


def _assets() -> dict[int, date]:
    """What is granted was disclosed before anybody asked for it."""
    granted = Grant.objects.values_list("asset_id", "agreement__requested_on")
    return {pk: day - DISCLOSED for pk, day in granted}


def _obligations() -> dict[int, date | None]:
    """With the execution; one of a series when the one before it was done."""
    found: dict[int, date | None] = {}
    done: dict[int, date] = {}
    rows = Obligation.objects.order_by("due_on", "pk")
    for pk, series, done_on, executed_on in rows.values_list("pk", "series_id", "done_on", "agreement__executed_on"):
        found[pk] = done.get(series or pk, executed_on)
        if done_on is not None:
            done[series or pk] = done_on
    return found


def _interests() -> dict[int, date | None]:
    """Written down as the request was complete."""
    return dict(ConflictPlan.objects.values_list("pk", "agreement__complete_on"))


ABOUT: Mapping[type[Model], About] = {
    Agreement: "requested_on",
    ConflictPlan: _interests,
    DelegatedSigner: "starts_on",
    Document: _documents,
    IpAsset: _assets,
    Obligation: _obligations,
    Screening: "screened_on",
    StoredFile: _files,
}
LATER: Mapping[type[Model], str] = {Agreement: "executed_on", Obligation: "done_on"}
