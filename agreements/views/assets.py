"""IP and the rights granted in it: what there is, who has what, and what could still be granted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.actions.assets import (
    add_grant,
    create_ip_asset,
    delete_grant,
    delete_ip_asset,
    disclose_ip_asset,
    edit_grant,
    edit_ip_asset,
)
from agreements.filters import GrantFilter, IpAssetFilter
from agreements.forms.assets import DiscloseForm, FreedomForm, GrantForm, IpAssetForm, NewGrantForm
from agreements.models import Grant, IpAsset
from agreements.queries.assets import freedom_of, grants_of_asset, visible_grants, visible_ip_assets
from core.pages import delete_and_tell, next_address, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from tenants.pages import render_history

FOLDER = "agreements/assets/"
MOST_ROWS = 200

IP_ASSETS = register_list(
    List(
        code="ip-assets",
        label=gettext_lazy("IP"),
        url_name="agreements:ip_assets",
        reads=visible_ip_assets,
        filterset_class=IpAssetFilter,
        columns=[
            Column("title", gettext_lazy("Title"), sort="title", css="long-name", value="title"),
            Column("reference", gettext_lazy("Reference"), sort="reference", css="lead", value="reference"),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("level", gettext_lazy("Who may read it"), sort="level", value="get_level_display"),
            Column("unit", gettext_lazy("Unit"), sort="unit__name", value="unit.name"),
            Column("lead", gettext_lazy("Handled by"), sort="lead__name", value="lead.name"),
            Column(
                "summary",
                gettext_lazy("Summary that may be shared"),
                css="wrap",
                shown=False,
                value="public_summary",
            ),
            Column("added", gettext_lazy("Added"), sort="created_at", shown=False, value="created_at"),
        ],
        default_sort="reference",
        row_template=f"{FOLDER}_row.html",
        counted=ngettext_lazy("%(n)d piece of IP", "%(n)d pieces of IP", "n"),
        empty=Empty(
            gettext_lazy("No IP yet that you may read. Add what the institution owns and could license."),
            icon="bulb",
            action=gettext_lazy("Add IP"),
            url_name="agreements:ip_asset_new",
            permission="agreements.create_ip_asset",
        ),
        no_match=gettext_lazy("No IP matches the filter."),
        api="ip-assets",
    )
)


@page("agreements.view_ip_assets")
def ip_assets(request: HttpRequest) -> HttpResponse:
    """The IP that the reader may see."""
    return render_listing(request, build_listing(request, IP_ASSETS), f"{FOLDER}list.html")


@page("agreements.view_ip_assets")
def lookup(request: HttpRequest) -> HttpResponse:
    """The ten first pieces of IP whose reference or title contains what was typed."""
    rows = visible_ip_assets(request.actor)
    found = IpAssetFilter({"q": request.GET.get("q", "")[:100]}, rows, request=request).qs[:10]
    options = [{"value": each.pk, "label": str(each), "hint": each.get_kind_display()} for each in found]
    return render(request, "components/options.html", {"options": options})


@page("agreements.view_ip_assets")
def ip_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of IP: what it is, and who has which right in it."""
    row = _asset(request, pk)
    grants = grants_of_asset(request.actor, row)[:MOST_ROWS] if request.actor.may("agreements.view_grants") else []
    return render(request, f"{FOLDER}detail.html", {"asset": row, "grants": grants})


@page("agreements.create_ip_asset", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a piece of IP, restricted and one's own unless said otherwise."""
    form = IpAssetForm(request.POST or None, actor=request.actor, initial={"lead": request.actor.user_id})
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        row = form.perform(create_ip_asset, actor=request.actor)
        if row is not None:
            messages.success(request, _("%s added.") % row.reference)
            return redirect(row)
    return render_form(request, f"{FOLDER}form.html", form)


@page("agreements.edit_ip_asset", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a piece of IP."""
    row = _asset(request, pk)
    form = IpAssetForm(request.POST or None, actor=request.actor, initial=IpAssetForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_ip_asset, actor=request.actor, ip_asset=row, seen=seen) is not None:
            messages.success(request, form.told(_("%s changed.") % row.reference))
            return redirect(row)
    return render_form(request, f"{FOLDER}form.html", form, asset=row)


@page("agreements.disclose_ip_asset", methods=["GET", "POST"])
def disclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the description is given to an organization, under the NDA in force with it."""
    row = _asset(request, pk)
    form = DiscloseForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        if form.perform(disclose_ip_asset, actor=request.actor, ip_asset=row) is not None:
            to = {"reference": row.reference, "name": form.cleaned_data["organization"].name}
            # No success, which would offer to undo it: what was told cannot be taken back.
            messages.info(request, _("%(reference)s is on record as disclosed to %(name)s.") % to)
            return redirect(row)
    return render_form(request, f"{FOLDER}disclose.html", form, asset=row)


@page("agreements.view_ip_assets")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a piece of IP."""
    row = _asset(request, pk)
    return render_history(request, row)


@page("agreements.delete_ip_asset", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a piece of IP in which no agreement grants a right."""
    row, onward = _asset(request, pk), reverse("agreements:ip_assets")
    return delete_and_tell(request, row, delete_ip_asset, subject="ip_asset", onward=onward)


def _asset(request: HttpRequest, pk: int) -> IpAsset:
    return get_object_or_404(visible_ip_assets(request.actor), pk=pk)


# Rights granted


def asset_words(row: Grant) -> str:
    """The IP of a right as its reader may see it."""
    if row.asset_id is None:
        return _("All results")
    return str(row.seen_asset) if row.seen_asset is not None else _("IP that you may not read")


def words_of(name: str):
    """The words of a right as one line; empty means all of them."""
    return lambda row: ", ".join(getattr(row, name)) or _("all")


GRANTS = register_list(
    List(
        code="grants",
        label=gettext_lazy("Rights granted"),
        url_name="agreements:grants",
        reads=visible_grants,
        filterset_class=GrantFilter,
        columns=[
            Column("asset", gettext_lazy("IP"), sort="asset__reference", css="long-name", value=asset_words),
            Column("kind", gettext_lazy("Kind"), sort="kind", css="lead", value="get_kind_display"),
            Column("exclusivity", gettext_lazy("Exclusivity"), sort="exclusivity", value="get_exclusivity_display"),
            Column("fields", gettext_lazy("Fields of use"), css="wrap", value=words_of("fields")),
            Column("territories", gettext_lazy("Territories"), value=words_of("territories")),
            Column("agreement", gettext_lazy("Agreement"), sort="agreement__reference", value="agreement.reference"),
            Column(
                "status",
                gettext_lazy("Status of the agreement"),
                sort="agreement__status",
                value="agreement.get_status_display",
            ),
            Column("from", gettext_lazy("From"), sort="starts_on", shown=False, value="starts_on"),
            Column("until", gettext_lazy("Until"), sort="ends_on", value="ends_on"),
            Column("added", gettext_lazy("Added"), sort="created_at", shown=False, value="created_at"),
        ],
        default_sort="-added",
        row_template=f"{FOLDER}_grant_row.html",
        counted=ngettext_lazy("%(n)d right", "%(n)d rights", "n"),
        empty=Empty(
            gettext_lazy("No right is granted yet under an agreement that you may read."),
            icon="license",
            action=gettext_lazy("Add a right"),
            url_name="agreements:grant_new",
            permission="agreements.add_grant",
        ),
        no_match=gettext_lazy("No right matches the filter."),
        api="grants",
    )
)


@page("agreements.view_grants")
def grants(request: HttpRequest) -> HttpResponse:
    """Who has which right in what."""
    return render_listing(request, build_listing(request, GRANTS), f"{FOLDER}grants.html")


@page("agreements.add_grant", methods=["GET", "POST"])
def grant_new(request: HttpRequest) -> HttpResponse:
    """Add a right to an agreement that is not executed; ``?agreement=`` and ``?asset=`` say to which and in what."""
    initial = {"agreement": request.GET.get("agreement"), "asset": request.GET.get("asset")}
    form = NewGrantForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.perform(add_grant, actor=request.actor)
        if row is not None:
            messages.success(request, _("Right added. The checklist says within seconds what it collides with."))
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}grant_form.html", form, next=next_address(request))


@page("agreements.edit_grant", methods=["GET", "POST"])
def grant_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a right before its agreement is executed."""
    row = get_object_or_404(visible_grants(request.actor), pk=pk)
    form = GrantForm(request.POST or None, actor=request.actor, grant=row, initial=GrantForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_grant, actor=request.actor, grant=row, seen=seen) is not None:
            messages.success(request, form.told(_("Right changed.")))
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}grant_form.html", form, grant=row, next=next_address(request))


@page("agreements.delete_grant", methods=["POST"])
def grant_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a right out of an agreement that is not executed."""
    row = get_object_or_404(visible_grants(request.actor), pk=pk)
    onward = row.agreement.get_absolute_url()
    return delete_and_tell(request, row, delete_grant, subject="grant", onward=onward)


@page("agreements.view_freedom")
def freedom(request: HttpRequest) -> HttpResponse:
    """Whether a right could still be granted, answered while one types; the address keeps the question."""
    form = FreedomForm(request.GET if "asset" in request.GET else None, actor=request.actor)
    context = {"form": form, "today": timezone.localdate()}
    if form.is_bound and form.is_valid():
        wanted = dict(form.cleaned_data)
        asset = wanted.pop("asset")
        wanted["fields"] = wanted.pop("fields_of_use")
        wanted["territories"] = [code.upper() for code in wanted["territories"]]
        wanted["exclusivity"] = wanted["exclusivity"] or "exclusive"
        context["asset"], context["answer"] = asset, freedom_of(request.actor, asset=asset.pk, **wanted)
        context["grants"] = grants_of_asset(request.actor, asset)[:MOST_ROWS]
    template = (
        f"{FOLDER}_freedom.html" if request.htmx and request.htmx.target == "freedom" else f"{FOLDER}freedom.html"
    )
    return render(request, template, context)
