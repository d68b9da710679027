"""Reading saved views of lists."""

from collections.abc import Sequence

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet, Value
from django.db.models.functions import Lower

from core.actions import visible
from core.actor import Actor
from core.lists import lists
from tenants.models import SavedView, ViewMark
from tenants.queries.sharing import seen_and_held

MOST_PINNED = 12


@visible("tenants.view_saved_views")
def visible_views(actor: Actor) -> QuerySet[SavedView]:
    """One's own views, those of one's teams and the office's, by name; who manages shared ones sees all shared.

    A view of a list that the actor may not open is not among them. Each row knows ``is_pinned``, ``is_default`` and
    ``may_change`` for the actor.
    """
    seen, change = seen_and_held(actor)
    marks = ViewMark.objects.filter(view_id=OuterRef("pk"), member_id=actor.user_id)
    may_change = ExpressionWrapper(change, BooleanField()) if actor.may("tenants.edit_view") else Value(False)
    open_to_me = [each.code for each in lists() if actor.may(each.reads.code)]
    return (
        SavedView.objects.filter(seen, list_code__in=open_to_me)
        .select_related("owner", "unit")
        .annotate(
            is_pinned=Exists(marks.filter(is_pinned=True)),
            is_default=Exists(marks.filter(is_default=True)),
            may_change=may_change,
        )
        .order_by(Lower("name"), "pk")
    )


class KeptViews:
    """What ``core.views_of_lists`` asks for."""

    def of_list(self, actor: Actor, code: str) -> Sequence[SavedView]:
        return list(visible_views(actor).filter(list_code=code)) if actor.may("tenants.view_saved_views") else []

    def pinned(self, actor: Actor) -> Sequence[SavedView]:
        if actor.user_id is None or not actor.may("tenants.view_saved_views"):
            return []
        return list(visible_views(actor).filter(is_pinned=True)[:MOST_PINNED])


def lock_view(pk: int) -> SavedView:
    """The row, locked and read anew; call inside an action."""
    return SavedView.objects.select_for_update(of=("self",)).get(pk=pk)
