"""Agreements as a list and as a board, and the page about each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.filters import AgreementFilter
from agreements.queries.ageing import board_of, with_ages
from agreements.queries.agreements import visible_agreements
from agreements.views.heads import head_of
from agreements.views.moves import open_moves
from agreements.views.tabs import links_of_tabs, tabs_for
from core.pages import page
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing

CARDS = 50
TARGET = "tab"

AGREEMENTS = register_list(
    List(
        code="agreements",
        label=gettext_lazy("Agreements"),
        url_name="agreements:agreements",
        reads=visible_agreements,
        filterset_class=AgreementFilter,
        columns=[
            Column("title", gettext_lazy("Agreement"), sort="title", css="long-name", value="title"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("workflow", gettext_lazy("Where it stands"), sort="workflow", value="get_workflow_display"),
            Column("age", gettext_lazy("Day"), sort="complete_on"),
            Column("clarity", gettext_lazy("Clarity"), sort="clarity", numeric=True, value="clarity"),
            Column("value", gettext_lazy("Value"), sort="value", numeric=True, value="value", currency="currency"),
            Column("expires", gettext_lazy("Expires"), sort="expires_on", value="expires_on"),
            Column("owner", gettext_lazy("Handled by"), sort="owner__name", value="owner.name"),
            Column("reference", gettext_lazy("Reference"), sort="reference", shown=False, value="reference"),
            Column("kind", gettext_lazy("Kind"), sort="kind", shown=False, value="get_kind_display"),
            Column("court", gettext_lazy("In whose court"), sort="court", shown=False, value="get_court_display"),
            Column("since", gettext_lazy("There since"), sort="court_since", shown=False, value="court_since"),
            Column("requested", gettext_lazy("Requested"), sort="requested_on", shown=False, value="requested_on"),
            Column("level", gettext_lazy("Who may read it"), sort="level", shown=False, value="get_level_display"),
        ],
        default_sort="-requested",
        row_template="agreements/agreements/_row.html",
        counted=ngettext_lazy("%(n)d agreement", "%(n)d agreements", "n"),
        empty=Empty(
            gettext_lazy("No agreements yet that you may read. Add the first one when somebody asks for it."),
            icon="file-text",
            action=gettext_lazy("Add agreement"),
            url_name="agreements:agreement_new",
            permission="agreements.create_agreement",
        ),
        no_match=gettext_lazy("No agreement matches the filter."),
        api="agreements",
        shapes=[Shape("board", gettext_lazy("Board"), "layout-board", "components/board.html")],
    )
)


@page("agreements.view_agreements")
def agreements(request: HttpRequest) -> HttpResponse:
    """All agreements that the reader may see, as a table or as a board by where the work stands."""
    # Neither parties nor projects are columns.
    listing = build_listing(request, AGREEMENTS, rows=visible_agreements(request.actor).prefetch_related(None))
    if listing.shape:
        context = _board(request, listing)
    else:
        context = {"rows": with_ages(request.actor, listing.rows), "today": timezone.localdate()}
    return render_listing(request, listing, "agreements/agreements/list.html", **context)


def _board(request: HttpRequest, listing: Listing) -> dict:
    """What the board's template needs; ``rows`` keeps the list from loading a page of the table as well."""
    actor, wanted = request.actor, request.GET.get("column")
    columns = board_of(
        actor, listing.page.paginator.object_list, per_column=CARDS, widened=request.GET.get("more", "")[:12]
    )
    standing = [column for column in columns if not column.is_aside]
    cards = [card for column in columns for card in column.cards]
    for card in cards:
        card.moves = open_moves(actor, card, returns_to=card.age.returns_to)
    return {
        "rows": cards,
        "columns": columns,
        "standing": standing,
        "aside": [column for column in columns if column.is_aside],
        "shown": next((each for each in columns if each.key == wanted), _filled(columns) or standing[0]),
        "here": request.get_full_path(),
        "per_column": CARDS,
        "board": {
            "label": _("Agreements by where the work stands; scrolls sideways where it must"),
            "card": "agreements/agreements/_card.html",
            "more": "agreements/agreements/_more.html",
            "hint": _("Drag a card, or focus it and press") if actor.may("agreements.edit_agreement") else "",
        },
    }


def _filled(columns):
    return next((column for column in columns if column.count and not column.is_aside), None)


@page("agreements.view_agreements")
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement. ``?tab=`` chooses; each tab loads only what it shows, and htmx gets the tab alone."""
    actor = request.actor
    row = get_object_or_404(visible_agreements(actor), pk=pk)
    tabs = tabs_for(actor)
    tab = next((each for each in tabs if each.code == request.GET.get("tab")), tabs[0])
    context = {"agreement": row, "tab": tab, "today": timezone.localdate(), "target": TARGET}
    context |= {"tabs": links_of_tabs(request, row, tabs, tab), **tab.context(request, row)}
    if request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        return render(request, "agreements/agreements/_tab.html", context)
    return render(request, "agreements/agreements/detail.html", {**context, **head_of(actor, row)})
