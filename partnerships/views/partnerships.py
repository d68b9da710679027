"""Partners: the list, adding and changing; the one page about each stands in views.partner."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import page, render_form
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing
from partnerships.actions.partnerships import create_partnership, edit_partnership
from partnerships.filters import PartnershipFilter
from partnerships.forms.partnerships import NewPartnershipForm, PartnershipForm
from partnerships.models import Partnership
from partnerships.queries.health_series import snapshots_since
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.portfolio import portfolio
from partnerships.views.attention import attention_reasons
from partnerships.views.bulk import PARTNER_OPERATIONS
from partnerships.views.portfolio import board_context, chart_context, totals_in_words


def tag_words(row: Partnership) -> str:
    """The tags of the organization as one line."""
    return ", ".join(row.tag_names)


def attention_words(row: Partnership) -> str:
    """Why the partner needs attention, as one line; empty for one that does not."""
    return ". ".join(attention_reasons(row, timezone.localdate()))


PARTNERS = register_list(
    List(
        code="partners",
        label=gettext_lazy("Partners"),
        url_name="partnerships:partners",
        reads=portfolio,
        filterset_class=PartnershipFilter,
        columns=[
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="organization__name_key",
                css="long-name",
                value="organization.name",
            ),
            Column("health", gettext_lazy("Health"), sort="health__score", css="lead", value="health.score"),
            Column("trend", gettext_lazy("12 months"), wide_only=True, css="hide-phone"),
            Column(
                "contact",
                gettext_lazy("Last contact"),
                sort="health__last_contact_at",
                value="health.last_contact_at",
            ),
            Column("stage", gettext_lazy("Stage"), sort="stage_place", value="get_stage_declared_display"),
            Column("tier", gettext_lazy("Tier"), sort="tier_place", value="get_tier_display"),
            Column("owner", gettext_lazy("Owner"), sort="owner__name", value="owner.name"),
            Column("status", gettext_lazy("Status"), sort="status", shown=False, value="get_status_display"),
            Column(
                "kind",
                gettext_lazy("Kind of organization"),
                sort="organization__kind",
                shown=False,
                value="organization.get_kind_display",
            ),
            Column(
                "country",
                gettext_lazy("Country"),
                sort="organization__country",
                shown=False,
                value="organization.country",
            ),
            Column(
                "region",
                gettext_lazy("Region"),
                sort="organization__region",
                shown=False,
                value="organization.region",
            ),
            Column(
                "sector",
                gettext_lazy("Sector"),
                sort="organization__sector_code",
                shown=False,
                value="organization.sector_code",
            ),
            Column("tags", gettext_lazy("Tags"), shown=False, css="wrap", value=tag_words),
            Column("unit", gettext_lazy("Lead unit"), sort="unit__name", shown=False, value="unit.name"),
            Column("started", gettext_lazy("Partner since"), sort="started_on", shown=False, value="started_on"),
            Column("attention", gettext_lazy("Needs attention"), shown=False, css="wrap", value=attention_words),
            Column(
                "opportunities",
                gettext_lazy("Open opportunities"),
                sort="open_opportunities",
                numeric=True,
                shown=False,
                value="open_opportunities",
            ),
            Column(
                "weighted",
                gettext_lazy("Weighted value"),
                sort="weighted",
                numeric=True,
                shown=False,
                value="weighted",
                currency="currency",
            ),
            Column(
                "followups",
                gettext_lazy("Open follow-ups"),
                sort="open_followups",
                numeric=True,
                shown=False,
                value="open_followups",
            ),
        ],
        default_sort="partner",
        row_template="partnerships/partnerships/_row.html",
        counted=ngettext_lazy("%(n)d partner", "%(n)d partners", "n"),
        empty=Empty(
            gettext_lazy("No partners yet. Add the first organization and make it a partner."),
            icon="building-community",
            action=gettext_lazy("Add partner"),
            url_name="organizations:organization_new",
            permission="partnerships.create_partnership",
        ),
        no_match=gettext_lazy("No partner matches the filter. Remove one of its parts, or clear it."),
        api="partnerships",
        shapes=[
            Shape("board", gettext_lazy("Board"), "layout-board", "components/board.html"),
            Shape("chart", gettext_lazy("Chart"), "chart-bar", "partnerships/partnerships/_chart.html"),
        ],
        bulk=PARTNER_OPERATIONS,
    )
)


@page("partnerships.view_partnerships")
def partners(request: HttpRequest) -> HttpResponse:
    """The portfolio as a table, a board or a chart; filter, sort and page live in the URL."""
    actor = request.actor
    listing = build_listing(request, PARTNERS, totals=lambda rows, columns: totals_in_words(actor, rows, columns))
    shape = listing.shape.name if listing.shape else "table"
    context = SHAPES[shape](request, listing)
    return render_listing(request, listing, "partnerships/partnerships/list.html", **context)


def _table(request: HttpRequest, listing: Listing) -> dict:
    """The rows of the page; with their scores of a year and their reasons where the reader has these columns."""
    rows, shown, today = list(listing.rows), {column.name for column in listing.columns}, timezone.localdate()
    scored = [row.pk for row in rows] if "trend" in shown else []
    series = snapshots_since(scored, today - timedelta(days=365))
    for row in rows:
        row.scores = [score for _day, score in series.get(row.pk, [])]
        row.attention = attention_words(row) if "attention" in shown else ""
    return {"rows": rows}


SHAPES = {"table": _table, "board": board_context, "chart": chart_context}


@page("partnerships.create_partnership", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an organization a partner."""
    initial = {
        "organization": request.GET.get("organization"),
        "owner": request.actor.user_id,
        "started_on": timezone.localdate(),
    }
    form = NewPartnershipForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        partnership = form.perform(create_partnership, actor=request.actor)
        if partnership is not None:
            messages.success(request, _("%s is a partner now.") % partnership.organization.name)
            return redirect(partnership)
    return render_form(request, "partnerships/partnerships/form.html", form)


@page("partnerships.edit_partnership", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a partnership."""
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    form = PartnershipForm(request.POST or None, actor=request.actor, initial=PartnershipForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_partnership, actor=request.actor, partnership=row, seen=seen) is not None:
            messages.success(request, form.told(_("%s changed.") % row.organization.name))
            return redirect(row)
    return render_form(request, "partnerships/partnerships/form.html", form, partnership=row)


@page("partnerships.view_partnerships")
def lookup(request: HttpRequest) -> HttpResponse:
    """Options for the partner combobox: the ten first whose name or alias contains what was typed."""
    found = PartnershipFilter(
        {"q": request.GET.get("q", "")[:100]}, visible_partnerships(request.actor), request=request
    ).qs[:10]
    options = [
        {
            "value": each.pk,
            "label": each.organization.name,
            "hint": " · ".join(filter(None, [each.get_tier_display(), each.organization.city])),
        }
        for each in found
    ]
    return render(request, "components/options.html", {"options": options})
