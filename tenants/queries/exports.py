"""Reading the files that one asked for, and as whom they are written."""

from django.db.models import QuerySet

from core.actions import visible
from core.actor import Actor
from tenants.models import LongExport, Membership


@visible("tenants.view_exports")
def visible_exports(actor: Actor) -> QuerySet[LongExport]:
    """The long files that one asked for oneself, newest first; nobody else's, whatever the role."""
    return LongExport.objects.filter(member_id=actor.user_id).select_related("file").order_by("-asked_at", "-pk")


def membership_behind(export: LongExport) -> Membership | None:
    """The membership in which a file was asked for, with user and office; None when it is over."""
    return (
        Membership.objects.filter(
            tenant_id=export.tenant_id,
            user_id=export.member_id,
            ended_at=None,
            user__is_active=True,
            tenant__is_active=True,
        )
        .select_related("user", "tenant")
        .first()
    )


def lock_export(pk: int) -> LongExport:
    """The row, locked and read anew; call inside an action."""
    return LongExport.objects.select_for_update(of=("self",)).get(pk=pk)
