"""Agreements that end so soon that the next one has to be begun, and who sees to it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.actions.agreements import edit_agreement
from agreements.choices import AgreementKind
from agreements.filters import RenewalFilter
from agreements.forms.bulk import OwnerForm
from agreements.queries.renewals import count_by_owner, renewal_leads, visible_renewals
from core.lists import Operation
from core.pages import page
from core.tables import Column, Empty, List, build_listing, register_list, render_listing

OWNER = Operation(
    code="owner",
    label=gettext_lazy("Handled by"),
    icon="user",
    action=edit_agreement,
    subject="agreement",
    form_class=OwnerForm,
    title=ngettext_lazy("Hand over %(n)d agreement", "Hand over %(n)d agreements", "n"),
    told=ngettext_lazy("%(n)d agreement handed over.", "%(n)d agreements handed over.", "n"),
    is_done=lambda row, values: row.owner == values["owner"],
)

RENEWALS = register_list(
    List(
        code="renewals",
        label=gettext_lazy("Renewals"),
        url_name="agreements:renewals",
        reads=visible_renewals,
        filterset_class=RenewalFilter,
        columns=[
            Column("title", gettext_lazy("Agreement"), sort="title", css="long-name", value="title"),
            Column("ends", gettext_lazy("Ends"), sort="expires_on", css="lead", value="expires_on"),
            Column("reference", gettext_lazy("Reference"), sort="reference", shown=False, value="reference"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("notice", gettext_lazy("Notice by"), sort="notice_on", value="notice_on"),
            Column("owner", gettext_lazy("Handled by"), sort="owner__name", value="owner.name"),
            Column(
                "intended",
                gettext_lazy("Meant to be renewed"),
                sort="renewal_intended",
                shown=False,
                value="renewal_intended",
            ),
            Column(
                "progress",
                gettext_lazy("Renewal"),
                sort="renewal_progress",
                value="get_renewal_progress_display",
            ),
            Column("next", gettext_lazy("Next step")),
            Column(
                "value",
                gettext_lazy("Value"),
                sort="value",
                numeric=True,
                shown=False,
                value="value",
                currency="currency",
            ),
            Column("kind", gettext_lazy("Kind"), sort="kind", shown=False, value="get_kind_display"),
            Column("begin", gettext_lazy("Begin by"), sort="begin_on", shown=False, value="begin_on"),
            Column("successor", gettext_lazy("Renewed by"), shown=False, value="successor_reference"),
        ],
        default_sort="ends",
        row_template="agreements/renewals/_row.html",
        counted=ngettext_lazy("%(n)d agreement ends soon", "%(n)d agreements end soon", "n"),
        empty=Empty(
            gettext_lazy("Nothing ends so soon that its renewal has to begin."),
            icon="refresh",
        ),
        no_match=gettext_lazy("No agreement that ends soon matches the filter."),
        bulk=(OWNER,),
    )
)


@page("agreements.view_agreements")
def renewals(request: HttpRequest) -> HttpResponse:
    """What ends within its lead: by owner, with intent, progress and the day by which notice has to be given."""
    listing = build_listing(request, RENEWALS)
    leads = renewal_leads(request.actor)
    context = {
        "today": timezone.localdate(),
        "owners": [
            {
                "name": name or _("nobody"),
                "number": number,
                "query": listing.query_with(owner=pk or "none"),
                "current": request.GET.get("owner") == str(pk or "none"),
            }
            for pk, name, number in count_by_owner(listing.filterset.queryset.filter(renewal_intended=True))
        ],
        "leads": sorted(((AgreementKind(kind).label, days) for kind, days in leads.items()), key=lambda each: each[1]),
    }
    return render_listing(request, listing, "agreements/renewals/list.html", **context)
