"""Opportunities: board and table, the page about each, adding, changing and moving."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.actor import Actor
from core.pages import next_address, page, render_form
from core.tables import Column, Empty, List, Listing, Shape, build_listing, register_list, render_listing
from partnerships.actions.opportunities import create_opportunity, edit_opportunity, move_opportunity
from partnerships.filters import OpportunityFilter
from partnerships.forms.opportunities import MoveForm, NewOpportunityForm, NextStepForm, OpportunityForm
from partnerships.models import OpportunityStage, Partnership
from partnerships.queries.followups import visible_followups
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import (
    Sums,
    board_of,
    opportunities_in_full,
    opportunities_with,
    sums_by_stage,
    titled_alike,
    visible_moves,
    visible_opportunities,
    way_of,
)
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.stages import stages_in_use, visible_stages
from partnerships.views.fundable import fundable_opportunity
from tenants.queries.tenants import currency_of

CARDS = 50
TOUCHES = 10

OPPORTUNITIES = register_list(
    List(
        code="opportunities",
        label=gettext_lazy("Pipeline"),
        url_name="partnerships:opportunities",
        reads=visible_opportunities,
        filterset_class=OpportunityFilter,
        columns=[
            Column("title", gettext_lazy("Opportunity"), sort="title", css="long-name", value="title"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("stage", gettext_lazy("Stage"), sort="stage__position", css="lead", value="stage.name"),
            Column("age", gettext_lazy("In stage"), sort="stage_since", value="stage_since"),
            Column("value", gettext_lazy("Value"), sort="value", numeric=True, value="value", currency="currency"),
            Column(
                "weighted",
                gettext_lazy("Weighted"),
                numeric=True,
                shown=False,
                value="weighted",
                currency="currency",
            ),
            Column("next", gettext_lazy("Next step"), sort="next_step_on", css="wrap", value="next_step"),
            Column("next_on", gettext_lazy("Next step due"), sort="next_step_on", shown=False, value="next_step_on"),
            Column("owner", gettext_lazy("Owner"), sort="owner__name", value="owner.name"),
            Column("chance", gettext_lazy("Probability"), numeric=True, shown=False, value="chance"),
            Column("channel", gettext_lazy("Channel"), sort="channel", shown=False, value="get_channel_display"),
            Column(
                "source",
                gettext_lazy("Push or pull"),
                sort="lead_source",
                shown=False,
                value="get_lead_source_display",
            ),
            Column(
                "decision",
                gettext_lazy("Expected decision"),
                sort="expected_close_on",
                shown=False,
                value="expected_close_on",
            ),
            Column("closed", gettext_lazy("Closed"), sort="closed_at", shown=False, value="closed_at"),
            Column("reason", gettext_lazy("Why lost"), shown=False, value="get_loss_reason_display"),
        ],
        default_sort="next",
        row_template="partnerships/opportunities/_row.html",
        counted=ngettext_lazy("%(n)d opportunity", "%(n)d opportunities", "n"),
        empty=Empty(
            gettext_lazy("No opportunities yet. Add the first thing that could become an agreement."),
            icon="target-arrow",
            action=gettext_lazy("Add opportunity"),
            url_name="partnerships:opportunity_new",
            permission="partnerships.create_opportunity",
        ),
        no_match=gettext_lazy("No opportunity matches the filter."),
        api="opportunities",
        shapes=[Shape("board", gettext_lazy("Board"), "layout-board", "components/board.html")],
        default_shape="board",
    )
)


@page("partnerships.view_opportunities")
def opportunities(request: HttpRequest) -> HttpResponse:
    """The pipeline as a board, or the same opportunities as a table."""
    listing = build_listing(request, OPPORTUNITIES)
    found = listing.page.paginator.object_list
    stages, sums = list(visible_stages(request.actor)), sums_by_stage(found)
    running = sum((sums[stage.pk] for stage in stages if stage.meaning == "open" and stage.pk in sums), Sums())
    context = {"running": running}
    if listing.shape:
        context |= _board(request, listing, found, stages, sums)
    return render_listing(request, listing, "partnerships/opportunities/list.html", **context)


def _board(request: HttpRequest, listing: Listing, found, stages: list[OpportunityStage], sums) -> dict:
    """What the board's template needs; ``rows`` keeps the list from loading a page of the table as well."""
    columns = board_of(stages, found, sums, per_column=CARDS, widened=_number(request.GET.get("more")))
    standing = [column for column in columns if not column.is_aside]
    wanted, may_move = _number(request.GET.get("column")), request.actor.may("partnerships.move_opportunity")
    shown = next((each for each in columns if each.stage.pk == wanted), None) or standing[0]
    return {
        "rows": [card for column in columns for card in column.cards],
        "standing": standing,
        "aside": [column for column in columns if column.is_aside],
        "columns": columns,
        "shown": shown,
        "targets": [stage for stage in stages if stage.archived_at is None],
        "here": request.get_full_path(),
        "per_column": CARDS,
        "board": {
            "label": _("Pipeline; scrolls sideways where it must"),
            "card": "partnerships/opportunities/_card.html",
            "sums": "partnerships/opportunities/_sums.html",
            "more": "partnerships/opportunities/_more.html",
            "hint": _("Drag a card, or focus it and press") if may_move else "",
        },
    }


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 18 else None


@page("partnerships.view_opportunities")
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """One opportunity: where it stands, how it came there, what is next."""
    row = get_object_or_404(opportunities_in_full(request.actor), pk=pk)
    moves = list(visible_moves(request.actor, row))
    stages = list(visible_stages(request.actor))
    touches, followups = [], []
    if request.actor.may("partnerships.view_interactions"):
        touches = visible_interactions(request.actor).filter(opportunity=row)[:TOUCHES]
    if request.actor.may("partnerships.view_followups"):
        followups = visible_followups(request.actor).filter(opportunity=row)[:TOUCHES]
    context = {
        "opportunity": row,
        "moves": moves,
        "way": way_of(row, stages, moves, now=timezone.now()),
        "targets": [stage for stage in stages if stage.archived_at is None],
        "interactions": touches,
        "followups": followups,
        "alike": titled_alike(request.actor, partnership_id=row.partnership_id, title=row.title, but=row.pk),
        "step_form": NextStepForm(initial=NextStepForm.initial_of(row)),
        "fundable": fundable_opportunity(request.actor, row),
        "here": row.get_absolute_url(),
        "log_about": f"partner={row.partnership_id}&opportunity={row.pk}",
    }
    return render(request, "partnerships/opportunities/detail.html", context)


@page("partnerships.create_opportunity", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add an opportunity, from the list or from a partner's page."""
    actor, partnership = request.actor, None
    given = _number(request.POST.get("partnership") or request.GET.get("partner"))
    if given is not None:
        partnership = visible_partnerships(actor).filter(pk=given).first()
    stages = stages_in_use(actor)
    initial = {
        "partnership": partnership,
        "owner": actor.user_id,
        "currency": currency_of(actor),
        "stage": stages.filter(pk=_number(request.GET.get("stage"))).first() or stages.first(),
    }
    form = NewOpportunityForm(request.POST or None, actor=actor, partnership=partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        for name in ("version", "anyway"):
            form.cleaned_data.pop(name, None)
        row = form.perform(create_opportunity, actor=actor)
        if row is not None:
            # No success, which would offer to undo it: an opportunity has moves, and those are never taken back.
            messages.info(request, _("Opportunity added."))
            return redirect(row)
    return render_form(request, "partnerships/opportunities/form.html", form, partnership=partnership)


@page("partnerships.edit_opportunity", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an opportunity."""
    row = get_object_or_404(visible_opportunities(request.actor), pk=pk)
    form = OpportunityForm(
        request.POST or None,
        actor=request.actor,
        partnership=row.partnership,
        opportunity=row,
        initial=OpportunityForm.initial_of(row),
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_opportunity, actor=request.actor, opportunity=row, seen=seen) is not None:
            messages.success(request, form.told(_("Opportunity changed.")))
            return redirect(next_address(request) or row)
    return render_form(request, "partnerships/opportunities/form.html", form, opportunity=row)


@page("partnerships.edit_opportunity", methods=["GET", "POST"])
def next_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is next and by when."""
    row = get_object_or_404(visible_opportunities(request.actor), pk=pk)
    form = NextStepForm(request.POST or None, initial=NextStepForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_opportunity, actor=request.actor, opportunity=row, seen=seen) is not None:
            messages.success(request, form.told(_("Next step saved.")))
            return redirect(next_address(request) or row)
    return render_form(
        request, "partnerships/opportunities/next_step.html", form, opportunity=row, next=next_address(request)
    )


@page("partnerships.move_opportunity", methods=["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an opportunity to another stage; asks for what a won or lost stage needs, then goes back to the board."""
    row = get_object_or_404(visible_opportunities(request.actor), pk=pk)
    chosen = _number(request.POST.get("stage") or request.GET.get("stage"))
    stage = stages_in_use(request.actor).exclude(pk=row.stage_id).filter(pk=chosen).first()
    initial = {"was": row.stage_id, "stage": stage, "value": row.value}
    form = MoveForm(request.POST or None, actor=request.actor, opportunity=row, stage=stage, initial=initial)
    if request.method == "POST" and form.is_valid():
        moved = form.perform(move_opportunity, actor=request.actor, opportunity=row)
        if moved is not None:
            words = {"title": moved.title, "stage": moved.stage.name}
            messages.success(request, _("%(title)s moved to %(stage)s.") % words)
            return redirect(next_address(request) or moved)
        form.show_present_stage()
    back = next_address(request)
    return render_form(
        request, "partnerships/opportunities/move.html", form, opportunity=row, stage=stage, next=back, back=back
    )


def pipeline_context(actor: Actor, partnership: Partnership) -> dict:
    """What the Pipeline tab of a partner's page needs: its opportunities by meaning, and what is open."""
    if not actor.may("partnerships.view_opportunities"):
        return {"opportunities": [], "new_opportunity": ""}
    rows = list(opportunities_with(actor, partnership))
    new_url = f"{reverse('partnerships:opportunity_new')}?partner={partnership.pk}"
    return {
        "opportunities": rows,
        "running_opportunities": [row for row in rows if not row.stage.is_closed],
        "closed_opportunities": [row for row in rows if row.stage.is_closed],
        "new_opportunity": new_url if actor.may("partnerships.create_opportunity") else "",
    }
