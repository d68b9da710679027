"""What agreements put on Today: obligations that are due, and agreements whose renewal has to begin."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.queries.obligations import open_obligations
from agreements.queries.renewals import renewals_due
from core.actor import Actor
from core.attention import Line, Scope, Source, as_rows, register_attention

AHEAD = timedelta(days=7)
NOT_BEGUN = ("none", "proposed")


def obligation_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """What the actor looks after and is overdue or due within a week, the longest overdue first."""
    for row in scope.found["obligations"]:
        left = (row.day - scope.today).days
        if left < 0:
            words = ngettext("Overdue by %d day", "Overdue by %d days", -left) % -left
        elif left == 0:
            words = _("Due today")
        else:
            words = ngettext("Due in %d day", "Due in %d days", left) % left
        yield Line(
            key=f"obligation-{row.pk}",
            subject=row.subject,
            url=reverse("agreements:obligation", args=[row.pk]),
            reason=words,
            due=row.day,
            icon="checklist",
            detail=row.detail,
        )


def renewal_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Agreements in one's care that end within their lead, while nobody has drafted the renewal."""
    for row in scope.found["renewals"]:
        left = (row.day - scope.today).days
        yield Line(
            key=f"agreement-{row.pk}",
            subject=row.subject,
            url=reverse("agreements:agreement", args=[row.pk]),
            reason=ngettext("Ends in %d day", "Ends in %d days", left) % left,
            due=row.day,
            icon="file-text",
            detail=row.detail,
        )


def _due_obligations(actor: Actor, scope: Scope) -> list[QuerySet]:
    rows = open_obligations(actor, owner_id=actor.user_id).filter(due_on__lte=scope.today + AHEAD)
    return [as_rows(rows, scope.most, day="due_on", subject="title", detail=_called("agreement__"))]


def _due_renewals(actor: Actor, scope: Scope) -> list[QuerySet]:
    rows = renewals_due(actor, scope.today).filter(owner_id=actor.user_id, renewal_progress__in=NOT_BEGUN)
    partner = Coalesce(F("partnership__organization__name"), Value(""))
    return [as_rows(rows, scope.most, day="expires_on", subject=_called(), detail=partner)]


def _called(prefix: str = "") -> Concat:
    """What an agreement is called."""
    return Concat(F(f"{prefix}reference"), Value(" "), F(f"{prefix}title"))


register_attention(
    Source("obligations", "agreements.view_obligations", obligation_lines, order=15, rows=_due_obligations)
)
register_attention(Source("renewals", "agreements.view_agreements", renewal_lines, order=35, rows=_due_renewals))
