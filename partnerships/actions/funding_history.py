"""What of money has a history, and the health that follows when some of it is put back."""

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partnerships.actions.partnerships import recompute_soon
from partnerships.models import FundingEntry, FundingScheme, Partnership
from partnerships.queries.funding import visible_funding
from partnerships.queries.schemes import visible_schemes
from tenants.registry import States, register_follower, register_history


def register_funding_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        FundingEntry,
        label=_("Funding entry"),
        visible=visible_funding,
        create="partnerships.add_funding_entry",
        edit="partnerships.edit_funding_entry",
        delete="partnerships.delete_funding_entry",
        home="partnerships:funding",
    )
    register_history(
        FundingScheme,
        label=_("Funding scheme"),
        visible=visible_schemes,
        create="partnerships.add_scheme",
        edit="partnerships.edit_scheme",
        delete="partnerships.delete_scheme",
        home="partnerships:schemes",
    )
    register_follower(score_with_money_put_back)


def score_with_money_put_back(*, actor: Actor, states: States) -> None:
    """Partners whose money was put back are scored anew."""
    touched = {values["partnership_id"] for values in states.get(FundingEntry, ()) if values.get("partnership_id")}
    recompute_soon(sorted(Partnership.objects.filter(pk__in=touched).values_list("pk", flat=True)))
