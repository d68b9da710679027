"""What a partner's header says, edited where it stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.inline import Inline, edit_inline
from core.pages import page
from partnerships.actions.partnerships import edit_partnership
from partnerships.choices import Stage
from partnerships.forms.partnerships import PartnershipForm
from partnerships.queries.partnerships import visible_partnerships

PARTNER = Inline(
    form_of=lambda request, row, data: PartnershipForm(
        data, actor=request.actor, initial=PartnershipForm.initial_of(row)
    ),
    action=edit_partnership,
    subject="partnership",
    fields={"stage_declared": True, "tier": True, "owner": False, "status": False, "started_on": False},
    edit_url=lambda row: reverse("partnerships:partner_edit", args=[row.pk]),
)


@page("partnerships.edit_partnership", methods=["GET", "POST"])
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """One value of a partner: its field, and saving it. Stage and tier want the explicit tick."""
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    stage = dict(Stage.choices).get(request.POST.get("stage_declared", ""))
    told = _("%(partner)s moved to %(stage)s.") if stage else _("%(partner)s changed.")
    return edit_inline(request, row, PARTNER, told=told % {"partner": row.organization.name, "stage": stage})
