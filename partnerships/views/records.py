"""Adding and changing what belongs to one partnership: roles, objectives, the ledger, reviews, events, ratings.

Each kind says what is particular of it; its pages come with that.
"""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import page
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.governance import (
    add_ledger_entry,
    add_objective,
    delete_evaluation,
    delete_ledger_entry,
    delete_objective,
    delete_partner_event,
    delete_review,
    edit_evaluation,
    edit_ledger_entry,
    edit_objective,
    edit_partner_event,
    edit_review,
    record_evaluation,
    record_partner_event,
    record_review,
)
from partnerships.actions.teams import add_team_member, edit_team_member
from partnerships.filters import LessonFilter
from partnerships.forms.governance import (
    EvaluationForm,
    LedgerForm,
    ObjectiveForm,
    ObjectiveStatusForm,
    PartnerEventForm,
    ReviewForm,
)
from partnerships.forms.teams import NewRoleForm, RoleForm
from partnerships.queries.governance import (
    visible_evaluations,
    visible_ledger,
    visible_objectives,
    visible_partner_events,
    visible_reviews,
)
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.teams import visible_team
from partnerships.views.record_pages import Owner, RecordPages

PARTNER = Owner("partnership", "partners", visible_partnerships, "partnerships/partnerships/record.html")
of_partner = partial(RecordPages, owner=PARTNER)

KINDS = [
    of_partner(
        stem="team",
        subject="team_member",
        tab="people",
        form=RoleForm,
        new_form=NewRoleForm,
        reads=visible_team,
        create=add_team_member,
        edit=edit_team_member,
        new_words=gettext_lazy("New role"),
        edit_words=gettext_lazy("Change a role"),
        saved_words=gettext_lazy("Role saved."),
        starts=("role", "member", "contact"),
    ),
    of_partner(
        stem="objectives",
        subject="objective",
        tab="governance",
        form=ObjectiveForm,
        reads=visible_objectives,
        create=add_objective,
        edit=edit_objective,
        remove=delete_objective,
        new_words=gettext_lazy("New objective"),
        edit_words=gettext_lazy("Change an objective"),
        saved_words=gettext_lazy("Objective saved."),
        starts=("side",),
    ),
    of_partner(
        stem="ledger",
        subject="ledger_entry",
        tab="value",
        form=LedgerForm,
        reads=visible_ledger,
        create=add_ledger_entry,
        edit=edit_ledger_entry,
        remove=delete_ledger_entry,
        new_words=gettext_lazy("Given or got"),
        edit_words=gettext_lazy("Correct what was given or got"),
        saved_words=gettext_lazy("Ledger saved; health follows within seconds."),
        starts=("direction",),
    ),
    of_partner(
        stem="reviews",
        subject="review",
        tab="governance",
        form=ReviewForm,
        reads=visible_reviews,
        create=record_review,
        edit=edit_review,
        remove=delete_review,
        new_words=gettext_lazy("Review the partnership"),
        edit_words=gettext_lazy("Correct a review"),
        saved_words=gettext_lazy("Review saved."),
    ),
    of_partner(
        stem="partner-events",
        subject="partner_event",
        tab="governance",
        form=PartnerEventForm,
        reads=visible_partner_events,
        create=record_partner_event,
        edit=edit_partner_event,
        remove=delete_partner_event,
        new_words=gettext_lazy("Change at the partner"),
        edit_words=gettext_lazy("Correct a change at the partner"),
        saved_words=gettext_lazy("Change at the partner saved."),
    ),
    of_partner(
        stem="evaluations",
        subject="evaluation",
        tab="value",
        form=EvaluationForm,
        reads=visible_evaluations,
        create=record_evaluation,
        edit=edit_evaluation,
        remove=delete_evaluation,
        new_words=gettext_lazy("New rating"),
        edit_words=gettext_lazy("Correct a rating"),
        saved_words=gettext_lazy("Rating saved; health follows within seconds."),
    ),
]

urlpatterns = [pattern for kind in KINDS for pattern in kind.urlpatterns]


@page("partnerships.edit_objective", methods=["POST"])
def objective_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how an objective stands, from its line on the partner's page."""
    row = get_object_or_404(visible_objectives(request.actor), pk=pk)
    form = ObjectiveStatusForm(request.POST, initial={"version": row.version})
    if form.is_valid():
        seen = form.cleaned_data.pop("version")
        form.perform(edit_objective, actor=request.actor, objective=row, seen=seen)
    if form.errors:
        messages.error(request, " ".join(words for errors in form.errors.values() for words in errors))
    else:
        messages.success(request, _("Objective saved."))
    return redirect(f"{row.partnership.get_absolute_url()}?tab=governance")


LESSONS = register_list(
    List(
        code="lessons",
        label=gettext_lazy("Lessons"),
        url_name="partnerships:lessons",
        reads=visible_reviews,
        filterset_class=LessonFilter,
        columns=[
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                css="long-name",
                value="partnership.organization.name",
            ),
            Column("held", gettext_lazy("Review of"), sort="held_on", css="lead", value="held_on"),
            Column("worked", gettext_lazy("What worked"), css="wrap", value="worked"),
            Column("did_not", gettext_lazy("What did not"), css="wrap", value="did_not_work"),
            Column("changes", gettext_lazy("What changes"), css="wrap", value="changes"),
            Column("held_by", gettext_lazy("Led by"), sort="held_by__name", shown=False, value="held_by.name"),
        ],
        default_sort="-held",
        row_template="partnerships/lessons/_row.html",
        counted=ngettext_lazy("%(n)d review", "%(n)d reviews", "n"),
        empty=Empty(
            gettext_lazy("No lessons yet. Review a partnership: what worked, what did not, what changes."), icon="book"
        ),
        no_match=gettext_lazy("No review says that. Try another word, or clear the filter."),
        api="reviews",
    )
)


@page("partnerships.view_reviews")
def lessons(request: HttpRequest) -> HttpResponse:
    """What reviews of all partnerships taught, by word, partner, tier and time."""
    return render_listing(request, build_listing(request, LESSONS))
