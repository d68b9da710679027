"""Who sees what members keep for themselves, a team or the office: one rule for views of lists and for reports."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import InvalidInput
from tenants.choices import ViewVisibility
from tenants.models import Unit, UnitMember


def seen_and_held(actor: Actor) -> tuple[Q, Q]:
    """Which rows with owner, visibility and unit the actor sees, and which of them are theirs to change.

    Seen are one's own, those of one's teams and the office's; who manages shared ones sees and changes all shared.
    """
    mine = UnitMember.objects.filter(member_id=actor.user_id).values("unit_id")
    seen = Q(owner_id=actor.user_id) | Q(visibility=ViewVisibility.OFFICE)
    seen |= Q(visibility=ViewVisibility.TEAM, unit_id__in=mine)
    held = Q(owner_id=actor.user_id)
    if actor.may("tenants.manage_shared_views"):
        shared = Q(visibility__in=[ViewVisibility.TEAM, ViewVisibility.OFFICE])
        seen, held = seen | shared, held | shared
    return seen, held


def holds(actor: Actor, row) -> bool:
    """Whether a row with owner and visibility is the actor's to change: the same rule as of ``seen_and_held``."""
    shared = row.visibility != ViewVisibility.PRIVATE
    return row.owner_id == actor.user_id or (shared and actor.may("tenants.manage_shared_views"))


@visible("tenants.view_saved_views")
def teams_of(actor: Actor, *, besides: int | None = None) -> QuerySet[Unit]:
    """The open units that the actor is a member of, by name, and the unit ``besides``."""
    mine = UnitMember.objects.filter(member_id=actor.user_id).values("unit_id")
    return Unit.objects.filter(Q(pk__in=mine, closed_on=None) | Q(pk=besides)).order_by("name", "pk")


def sharing_choices(actor: Actor, row=None) -> tuple[list[tuple[str, str]], QuerySet[Unit]]:
    """What a form offers: the kinds of sharing that the actor may choose or that the row has, and the teams."""
    teams = teams_of(actor, besides=row.unit_id if row else None)
    offered = {ViewVisibility.PRIVATE}
    if actor.may("tenants.share_with_team") and teams:
        offered.add(ViewVisibility.TEAM)
    if actor.may("tenants.share_with_office"):
        offered.add(ViewVisibility.OFFICE)
    if row is not None:
        offered.add(ViewVisibility(row.visibility))
    return [each for each in ViewVisibility.choices if each[0] in offered], teams


def check_sharing(actor: Actor, visibility: str, unit: Unit | None, *, owner_id: int | None = None) -> None:
    """Raises InvalidInput for a sharing that is unknown, beyond the actor's role, or with a team not theirs.

    ``owner_id`` is that of a row there is: what is somebody else's cannot be hidden from everybody but them.
    """
    if visibility not in ViewVisibility.values:
        raise InvalidInput("unknown_visibility", _("Choose who sees it."), field="visibility")
    if visibility == ViewVisibility.PRIVATE and owner_id not in (None, actor.user_id):
        words = _("Only its owner can keep it for themselves. Share it with others, or delete it.")
        raise InvalidInput("not_yours", words, field="visibility")
    if visibility == ViewVisibility.TEAM:
        if not actor.may("tenants.share_with_team"):
            words = _("Your role cannot share. Keep it for yourself and copy its address to a colleague.")
            raise InvalidInput("may_not_share", words, field="visibility")
        if unit is None:
            raise InvalidInput("team_missing", _("Choose the team that sees it."), field="unit")
        if not teams_of(actor).filter(pk=unit.pk).exists():
            raise InvalidInput("not_your_team", _("Choose a team that you are a member of."), field="unit")
    elif unit is not None:
        raise InvalidInput("team_not_wanted", _("Only what a team sees names one."), field="unit")
    if visibility == ViewVisibility.OFFICE and not actor.may("tenants.share_with_office"):
        words = _("Your role cannot share with the whole office. Share it with a team, or ask a manager.")
        raise InvalidInput("may_not_share", words, field="visibility")
