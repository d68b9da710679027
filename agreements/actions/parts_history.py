"""What of obligations, documents, compliance and IP has a history, and the health that follows when it is put back."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from agreements.actions.rechecks import recheck_soon
from agreements.models import Agreement, ConflictPlan, Document, Grant, IpAsset, Obligation, Screening
from agreements.queries.agreements import levels_of
from agreements.queries.assets import visible_grants, visible_ip_assets
from agreements.queries.compliance import visible_conflict_plans, visible_screenings
from agreements.queries.documents import visible_documents
from agreements.queries.obligations import visible_obligations
from core.actor import Actor
from partnerships.actions.partnerships import recompute_soon
from tenants.registry import States, Values, register_follower, register_history

HOME = "partnerships:today"


def register_part_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        Obligation,
        label=_("Obligation"),
        visible=visible_obligations,
        create="agreements.add_obligation",
        edit="agreements.edit_obligation",
        delete="agreements.delete_obligation",
        home=HOME,
        derived=["last_reminder"],
    )
    register_history(
        Document,
        label=_("Document"),
        visible=visible_documents,
        create="agreements.add_document",
        edit="agreements.edit_document",
        delete="agreements.delete_document",
        home=HOME,
        conceals=concealed_document,
    )
    register_history(
        Screening,
        label=_("Screening"),
        visible=visible_screenings,
        create="agreements.record_screening",
        edit="agreements.edit_screening",
        delete="agreements.edit_screening",
        home=HOME,
        named_by=["organization"],
    )
    register_history(
        ConflictPlan,
        label=_("Conflict of interest"),
        visible=visible_conflict_plans,
        create="agreements.add_conflict_plan",
        edit="agreements.edit_conflict_plan",
        delete="agreements.delete_conflict_plan",
        home=HOME,
        conceals=concealed_interest,
        named_by=["member", "agreement"],
    )
    register_history(
        IpAsset,
        label=_("IP"),
        visible=visible_ip_assets,
        create="agreements.create_ip_asset",
        edit="agreements.edit_ip_asset",
        delete="agreements.delete_ip_asset",
        home=HOME,
        conceals=concealed_ip,
    )
    register_history(
        Grant,
        label=_("Right granted"),
        visible=visible_grants,
        create="agreements.add_grant",
        edit="agreements.edit_grant",
        delete="agreements.delete_grant",
        home=HOME,
        conceals=concealed_asset,
    )
    register_follower(bring_up_to_date)


def concealed_document(actor: Actor, values: Values) -> Collection[str]:
    """What a document above the actor's levels was about, unless they added it, or handle or lead its agreement."""
    if values.get("level") in levels_of(actor) or _is(actor, values.get("added_by_id")):
        return ()
    agreement = Agreement.objects.filter(pk=values.get("agreement_id")).first()
    if agreement is not None and (_is(actor, agreement.owner_id) or _is(actor, agreement.principal_investigator_id)):
        return ()
    return ("title", "text", "file_id")


def concealed_ip(actor: Actor, values: Values) -> Collection[str]:
    """What IP above the actor's levels was about, unless they handled it then."""
    shown = values.get("level") in levels_of(actor) or _is(actor, values.get("lead_id"))
    return () if shown else ("title", "text", "public_summary")


def _is(actor: Actor, user_id: object) -> bool:
    return actor.user_id is not None and actor.user_id == user_id


def concealed_interest(actor: Actor, values: Values) -> Collection[str]:
    """Somebody else's interest, from whoever is not entitled to it."""
    return (
        ()
        if _is(actor, values.get("member_id")) or actor.may("agreements.view_all_conflict_plans")
        else ("interest", "plan", "member_id")
    )


def concealed_asset(actor: Actor, values: Values) -> Collection[str]:
    """Which IP a right is in, where the actor may not read that."""
    asset = values.get("asset_id")
    if asset is None or (actor.may("agreements.view_ip_assets") and visible_ip_assets(actor).filter(pk=asset).exists()):
        return ()
    return ("asset_id",)


def bring_up_to_date(*, actor: Actor, states: States) -> None:
    """Partners whose obligations were put back are scored anew, agreements whose parts were are checked anew."""
    owed = _agreements(states, Obligation)
    rows = Agreement.objects.filter(pk__in=owed, partnership__isnull=False).order_by("partnership_id")
    recompute_soon(sorted(set(rows.values_list("partnership_id", flat=True))))
    touched = owed | _agreements(states, Grant) | _agreements(states, ConflictPlan)
    recheck_soon(sorted(Agreement.objects.filter(pk__in=touched).values_list("pk", flat=True)))


def _agreements(states: States, model: type) -> set[int]:
    return {values["agreement_id"] for values in states.get(model, ()) if values.get("agreement_id") is not None}
