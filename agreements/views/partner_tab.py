"""The Agreements tab of a partner's page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.queries.sections import count_agreements, partner_agreements
from partnerships.models import Partnership
from partnerships.registry import Tab, register_tab


def agreements(request: HttpRequest, partnership: Partnership) -> dict[str, Any]:
    """What is being worked on with the partner, what stands, and what has ended."""
    new = f"{reverse('agreements:agreement_new')}?partner={partnership.pk}"
    may = request.actor.may("agreements.create_agreement")
    return {**partner_agreements(request.actor, partnership), "new_agreement": new if may else ""}


register_tab(
    Tab(
        "agreements",
        _("Agreements"),
        "agreements/agreements/_partner_tab.html",
        agreements,
        order=45,
        permission="agreements.view_agreements",
        count=count_agreements,
    )
)
