"""Settings: the stages of the office's pipeline."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page, render_form
from partnerships.actions.stages import add_stage, archive_stage, edit_stage, order_stages, restore_stage
from partnerships.forms.stages import StageForm
from partnerships.models import OpportunityStage
from partnerships.queries.stages import stages_with_counts, visible_stages

LIST = "partnerships:stages"


@page("partnerships.add_stage")
def stages(request: HttpRequest) -> HttpResponse:
    """All stages in their order, archived ones below."""
    rows = list(stages_with_counts(request.actor))
    context = {
        "stages": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "partnerships/stages/list.html", context)


@page("partnerships.add_stage", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a stage."""
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version")
        if form.perform(add_stage, actor=request.actor) is not None:
            messages.success(request, _("Stage added."))
            return redirect(LIST)
    return render_form(request, "partnerships/stages/form.html", form)


@page("partnerships.edit_stage", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a stage."""
    row = _stage(request, pk)
    form = StageForm(request.POST or None, initial=StageForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_stage, actor=request.actor, stage=row, seen=seen) is not None:
            messages.success(request, form.told(_("Stage changed.")))
            return redirect(LIST)
    return render_form(request, "partnerships/stages/form.html", form, stage=row)


@page("partnerships.order_stages", methods=["POST"])
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a stage one place up or down."""
    row = _stage(request, pk)
    ids = [each.pk for each in visible_stages(request.actor) if each.archived_at is None]
    if row.pk in ids:
        place = ids.index(row.pk)
        other = place + (-1 if "up" in request.POST else 1)
        if 0 <= other < len(ids):
            ids[place], ids[other] = ids[other], ids[place]
            _try(request, order_stages, _("%s moved."), row, order=ids)
    return redirect(LIST)


@page("partnerships.archive_stage", methods=["POST"])
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a stage out of use."""
    row = _stage(request, pk)
    _try(request, archive_stage, _("%s archived."), row, stage=row)
    return redirect(LIST)


@page("partnerships.restore_stage", methods=["POST"])
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an archived stage into use again."""
    row = _stage(request, pk)
    _try(request, restore_stage, _("%s is in use again."), row, stage=row)
    return redirect(LIST)


def _stage(request: HttpRequest, pk: int) -> OpportunityStage:
    return get_object_or_404(visible_stages(request.actor), pk=pk)


def _try(request: HttpRequest, action, words: str, row: OpportunityStage, **given: object) -> None:
    """Perform and say so, or say why not: these buttons have no form that could hold an error."""
    try:
        action(actor=request.actor, **given)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, words % row.name)
