"""What agreements put on Today: obligations that are due, and agreements whose renewal has to begin."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.queries.obligations import open_obligations
from agreements.queries.renewals import renewals_due
from core.actor import Actor
from core.attention import Line, Scope, Source, register_attention

AHEAD = timedelta(days=7)
NOT_BEGUN = ("none", "proposed")


def obligation_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """What the actor looks after and is overdue or due within a week, the longest overdue first."""
    rows = open_obligations(actor, owner_id=actor.user_id).filter(due_on__lte=scope.today + AHEAD)
    for row in rows[: scope.most]:
        left = (row.due_on - scope.today).days
        if left < 0:
            words = ngettext("Overdue by %d day", "Overdue by %d days", -left) % -left
        elif left == 0:
            words = _("Due today")
        else:
            words = ngettext("Due in %d day", "Due in %d days", left) % left
        yield Line(
            key=f"obligation-{row.pk}",
            subject=row.title,
            url=row.get_absolute_url(),
            reason=words,
            due=row.due_on,
            icon="checklist",
            detail=str(row.agreement),
        )


def renewal_lines(actor: Actor, scope: Scope) -> Iterator[Line]:
    """Agreements in one's care that end within their lead, while nobody has drafted the renewal."""
    rows = renewals_due(actor, scope.today).filter(owner_id=actor.user_id, renewal_progress__in=NOT_BEGUN)
    for row in rows.prefetch_related(None)[: scope.most]:
        left = (row.expires_on - scope.today).days
        yield Line(
            key=f"agreement-{row.pk}",
            subject=str(row),
            url=row.get_absolute_url(),
            reason=ngettext("Ends in %d day", "Ends in %d days", left) % left,
            due=row.expires_on,
            icon="file-text",
            detail=row.partnership.organization.name if row.partnership_id else "",
        )


register_attention(Source("obligations", "agreements.view_obligations", obligation_lines, order=15))
register_attention(Source("renewals", "agreements.view_agreements", renewal_lines, order=35))
