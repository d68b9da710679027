"""Saving, sharing, pinning and deleting views of lists."""

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from core.views_of_lists import checked_list, checked_query
from tenants.choices import ViewVisibility
from tenants.models import SavedView, Unit, ViewMark
from tenants.queries.sharing import check_sharing, holds
from tenants.queries.views import lock_view


@action("tenants.save_view")
def save_view(
    *,
    actor: Actor,
    name: str,
    list_code: str,
    query: str = "",
    visibility: str = ViewVisibility.PRIVATE,
    unit: Unit | None = None,
) -> SavedView:
    """Keep a query of a list under a name. Refused: a filter that does not hold, a name one has already, a sharing
    beyond one's rights."""
    declared = checked_list(actor, list_code)
    query = checked_query(actor, declared, query)
    check_sharing(actor, visibility, unit)
    view = SavedView(
        list_code=list_code,
        name=_checked_name(name),
        query=query,
        visibility=visibility,
        unit=unit,
        owner_id=actor.user_id,
    )
    _refuse_twin(view)
    view.save()
    return view


@action("tenants.edit_view")
def edit_view(*, actor: Actor, view: SavedView, seen: int | None = None, **changes: object) -> SavedView:
    """Change name, query or sharing; the list stays. One's own, or a shared one for who manages those."""
    row = lock_view(view.pk)
    _require_hold(actor, row)
    if "list_code" in changes and changes["list_code"] != row.list_code:
        raise InvalidInput("list_stays", _("A view stays with its list. Save a new one there."), field="list_code")
    changes.pop("list_code", None)
    if "query" in changes:
        changes["query"] = checked_query(actor, checked_list(actor, row.list_code), str(changes["query"]))
    if "name" in changes:
        changes["name"] = _checked_name(str(changes["name"]))
    visibility = str(changes.get("visibility", row.visibility))
    if "visibility" in changes and visibility != ViewVisibility.TEAM:
        changes.setdefault("unit", None)
    unit = changes.get("unit", row.unit)
    if (visibility, unit) != (row.visibility, row.unit):
        check_sharing(actor, visibility, unit, owner_id=row.owner_id)
    _refuse_twin(row, str(changes.get("name", row.name)))
    apply_edit(row, changes, seen=seen)
    return row


@action("tenants.delete_view")
def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Delete a view, with everybody's pins of it. One's own, or a shared one for who manages those."""
    row = lock_view(view.pk)
    _require_hold(actor, row)
    row.delete()


@action("tenants.pin_view")
def pin_view(*, actor: Actor, view: SavedView, pinned: bool = True) -> SavedView:
    """Put a view into one's own rail, or take it out."""
    _mark(actor, view, is_pinned=pinned)
    return view


@action("tenants.choose_default_view")
def choose_default_view(*, actor: Actor, view: SavedView, default: bool = True) -> SavedView:
    """Open the list with this view from now on, for oneself; or with everything again."""
    if default:
        earlier = ViewMark.objects.filter(member_id=actor.user_id, list_code=view.list_code, is_default=True)
        earlier.exclude(view=view).update(is_default=False)
    _mark(actor, view, is_default=default)
    return view


def _mark(actor: Actor, view: SavedView, **values: bool) -> None:
    if actor.user_id is None:
        raise ActionRefused("nobody", _("Only a person can mark a view."))
    ViewMark.objects.bulk_create(
        [ViewMark(member_id=actor.user_id, view=view, list_code=view.list_code, **values)],
        update_conflicts=True,
        unique_fields=["tenant", "member", "view"],
        update_fields=list(values),
    )


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("name_missing", _("Give the view a name."), field="name")
    return name


def _refuse_twin(view: SavedView, name: str = "") -> None:
    twins = SavedView.objects.filter(owner_id=view.owner_id, list_code=view.list_code, name=name or view.name)
    if twins.exclude(pk=view.pk).exists():
        words = _("There is a view of this list with that name already. Choose another name, or change that view.")
        raise ActionRefused("name_taken", words, field="name")


def _require_hold(actor: Actor, view: SavedView) -> None:
    if not holds(actor, view):
        words = _("This view belongs to somebody else. Save a copy under another name.")
        raise ActionRefused("not_yours", words)
