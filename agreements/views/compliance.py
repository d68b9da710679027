"""What has to be looked at before signing: NDAs, restricted parties, conflicts of interest, export control."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.actions.compliance import (
    add_conflict_plan,
    approve_conflict_plan,
    decide_screening,
    delete_conflict_plan,
    edit_conflict_plan,
    edit_screening,
    record_screening,
)
from agreements.choices import ScreeningResult
from agreements.filters import ConflictPlanFilter, ExportControlFilter, NdaFilter, ScreeningFilter
from agreements.forms.compliance import (
    ConflictPlanForm,
    DecisionForm,
    NewConflictPlanForm,
    NewScreeningForm,
    ScreeningForm,
)
from agreements.models import Agreement, ConflictPlan, Screening
from agreements.queries.agreements import standing_today
from agreements.queries.compliance import (
    EXPIRING,
    given_under,
    received_under,
    visible_conflict_plans,
    visible_ndas,
    visible_screenings,
)
from agreements.queries.export_control import export_control as read_export_control
from agreements.rules.workflow import is_in_force
from core.errors import ActionRefused
from core.pages import delete_and_tell, next_address, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from tenants.pages import render_history

FOLDER = "agreements/compliance/"
MOST_ROWS = 200


def yes_if(name: str) -> Callable[[object], bool]:
    """The value of a column that says whether something is so."""
    return lambda row: bool(getattr(row, name))


# The register of NDAs


def state_of(row: Agreement) -> str:
    """How an NDA stands today: in_force, expiring, ended, or not_yet."""
    today = timezone.localdate()
    if row.status == "terminated" or standing_today(row) == "expired":
        return "ended"
    if not is_in_force(row.status, row.effective_on, row.expires_on, today):
        return "not_yet"
    return "expiring" if row.expires_on is not None and row.expires_on <= today + EXPIRING else "in_force"


STATES = {
    "in_force": gettext_lazy("In force"),
    "expiring": gettext_lazy("Ends soon"),
    "ended": gettext_lazy("Ended"),
    "not_yet": gettext_lazy("Not in force yet"),
}


def others_of(row: Agreement) -> str:
    """The parties besides the institution, in one line."""
    names = [each.organization.name for each in row.parties.all() if not each.organization.is_own]
    return ", ".join(dict.fromkeys(names))


NDAS = register_list(
    List(
        code="ndas",
        label=gettext_lazy("NDAs"),
        url_name="agreements:ndas",
        reads=visible_ndas,
        filterset_class=NdaFilter,
        columns=[
            Column("title", gettext_lazy("Agreement"), sort="title", css="long-name", value="title"),
            Column("state", gettext_lazy("State"), css="lead", value=lambda row: str(STATES[state_of(row)])),
            Column("with", gettext_lazy("With"), value=others_of),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("reference", gettext_lazy("Reference"), sort="reference", value="reference"),
            Column("from", gettext_lazy("From"), sort="effective_on", shown=False, value="effective_on"),
            Column("until", gettext_lazy("Until"), sort="expires_on", value="expires_on"),
            Column("owner", gettext_lazy("Handled by"), sort="owner__name", value="owner.name"),
        ],
        default_sort="until",
        row_template=f"{FOLDER}_nda_row.html",
        counted=ngettext_lazy("%(n)d NDA", "%(n)d NDAs", "n"),
        empty=Empty(
            gettext_lazy("No NDA yet. Executed agreements that are or contain one stand here."),
            icon="lock",
        ),
        no_match=gettext_lazy("No NDA matches the filter."),
        api="ndas",
    )
)


@page("agreements.view_ndas")
def ndas(request: HttpRequest) -> HttpResponse:
    """Under which agreements something confidential may be given out, those that end first, first."""
    listing = build_listing(request, NDAS)
    rows = list(listing.rows)
    for row in rows:
        row.state, row.others = state_of(row), others_of(row)
    return render_listing(request, listing, f"{FOLDER}ndas.html", rows=rows)


@page("agreements.view_ndas")
def nda(request: HttpRequest, pk: int) -> HttpResponse:
    """What was given out under an NDA, and what was received: that is returned or destroyed when it ends."""
    row = get_object_or_404(visible_ndas(request.actor), pk=pk)
    context = {
        "nda": row,
        "state": state_of(row),
        "state_words": STATES[state_of(row)],
        "others": others_of(row),
        "given": given_under(request.actor, row)[:MOST_ROWS],
        "received": received_under(request.actor, row)[:MOST_ROWS],
    }
    return render(request, f"{FOLDER}nda.html", context)


# Screenings

SCREENINGS = register_list(
    List(
        code="screenings",
        label=gettext_lazy("Screenings"),
        url_name="agreements:screenings",
        reads=visible_screenings,
        filterset_class=ScreeningFilter,
        columns=[
            Column(
                "organization",
                gettext_lazy("Organization"),
                sort="organization__name_key",
                css="long-name",
                value="organization.name",
            ),
            Column("result", gettext_lazy("Result"), sort="result", css="lead", value="get_result_display"),
            Column("screened", gettext_lazy("Screened"), sort="screened_on", value="screened_on"),
            Column("lists", gettext_lazy("Lists"), css="wrap", value="lists"),
            Column("repeat", gettext_lazy("To be repeated by"), sort="valid_until", value="valid_until"),
            Column("who", gettext_lazy("By"), sort="screened_by__name", value="screened_by.name"),
            Column("note", gettext_lazy("What was found"), css="wrap", shown=False, value="note"),
        ],
        default_sort="-screened",
        row_template=f"{FOLDER}_screening_row.html",
        counted=ngettext_lazy("%(n)d screening", "%(n)d screenings", "n"),
        empty=Empty(
            gettext_lazy("No screening yet. Compare a partner with the lists of restricted parties and record it."),
            icon="shield-check",
            action=gettext_lazy("Record screening"),
            url_name="agreements:screening_new",
            permission="agreements.record_screening",
        ),
        no_match=gettext_lazy("No screening matches the filter."),
        api="screenings",
    )
)


@page("agreements.view_screenings")
def screenings(request: HttpRequest) -> HttpResponse:
    """Every comparison with lists of restricted parties, latest first."""
    listing = build_listing(request, SCREENINGS)
    return render_listing(request, listing, f"{FOLDER}screenings.html", today=timezone.localdate())


@page("agreements.view_screenings")
def screening(request: HttpRequest, pk: int) -> HttpResponse:
    """One screening, and the others of the organization."""
    row = _screening(request, pk)
    others = visible_screenings(request.actor).filter(organization=row.organization_id).exclude(pk=pk)
    context = {
        "screening": row,
        "others": others[:20],
        "today": timezone.localdate(),
        "has_hit": row.result != ScreeningResult.CLEAR,
    }
    return render(request, f"{FOLDER}screening.html", context)


@page("agreements.record_screening", methods=["GET", "POST"])
def screening_new(request: HttpRequest) -> HttpResponse:
    """Record a comparison; ``?organization=`` says of whom."""
    initial = {"organization": request.GET.get("organization")}
    form = NewScreeningForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.perform(record_screening, actor=request.actor)
        if row is not None:
            messages.success(request, _("Screening of %s recorded.") % row.organization.name)
            return redirect(next_address(request) or row)
    return render_form(request, f"{FOLDER}screening_form.html", form, next=next_address(request))


@page("agreements.edit_screening", methods=["GET", "POST"])
def screening_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a screening."""
    row = _screening(request, pk)
    form = ScreeningForm(request.POST or None, initial=ScreeningForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_screening, actor=request.actor, screening=row, seen=seen) is not None:
            messages.success(request, form.told(_("Screening corrected.")))
            return redirect(row)
    return render_form(request, f"{FOLDER}screening_form.html", form, screening=row)


@page("agreements.decide_screening", methods=["GET", "POST"])
def screening_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether a hit is true."""
    row = _screening(request, pk)
    form = DecisionForm(request.POST or None, initial=DecisionForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        decided = form.perform(decide_screening, actor=request.actor, screening=row, seen=seen)
        if decided is not None:
            messages.success(request, _("Decided: %s.") % decided.get_result_display())
            return redirect(row)
    return render_form(request, f"{FOLDER}screening_decide.html", form, screening=row)


@page("agreements.view_screenings")
def screening_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a screening."""
    return render_history(request, _screening(request, pk))


def _screening(request: HttpRequest, pk: int) -> Screening:
    return get_object_or_404(visible_screenings(request.actor), pk=pk)


# Conflicts of interest

CONFLICT_PLANS = register_list(
    List(
        code="conflict-plans",
        label=gettext_lazy("Conflicts of interest"),
        url_name="agreements:conflict_plans",
        reads=visible_conflict_plans,
        filterset_class=ConflictPlanFilter,
        columns=[
            Column("member", gettext_lazy("Who has the interest"), sort="member__name", value="member.name"),
            Column("approved", gettext_lazy("Approved"), sort="approved_on", css="lead", value="approved_on"),
            Column("agreement", gettext_lazy("Agreement"), sort="agreement__reference", value="agreement.reference"),
            Column("interest", gettext_lazy("Interest"), css="wrap", value="interest"),
            Column("plan", gettext_lazy("How it is managed"), css="wrap", value="plan"),
            Column("by", gettext_lazy("Approved by"), sort="approved_by__name", value="approved_by.name"),
            Column("added", gettext_lazy("Written down"), sort="created_at", shown=False, value="created_at"),
        ],
        default_sort="-added",
        row_template=f"{FOLDER}_conflict_row.html",
        counted=ngettext_lazy("%(n)d conflict of interest", "%(n)d conflicts of interest", "n"),
        empty=Empty(
            gettext_lazy("No interest is on record. Write down who has one in a counterparty, before it is signed."),
            icon="scale",
            action=gettext_lazy("Write down an interest"),
            url_name="agreements:conflict_plan_new",
            permission="agreements.add_conflict_plan",
        ),
        no_match=gettext_lazy("No conflict of interest matches the filter."),
        api="conflict-plans",
    )
)


@page("agreements.view_conflict_plans")
def conflict_plans(request: HttpRequest) -> HttpResponse:
    """Interests in counterparties and how they are managed: one's own; staff see everybody's."""
    return render_listing(request, build_listing(request, CONFLICT_PLANS), f"{FOLDER}conflicts.html")


@page("agreements.view_conflict_plans")
def conflict_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One interest with its plan."""
    row = _conflict_plan(request, pk)
    may_approve = request.actor.may("agreements.approve_conflict_plan") and row.approved_on is None and bool(row.plan)
    is_own = row.member_id == request.actor.user_id
    context = {"conflict": row, "may_approve": may_approve and not is_own, "is_own": is_own}
    return render(request, f"{FOLDER}conflict.html", context)


@page("agreements.add_conflict_plan", methods=["GET", "POST"])
def conflict_plan_new(request: HttpRequest) -> HttpResponse:
    """Write down an interest; ``?agreement=`` says in the counterparty of which agreement."""
    initial = {"agreement": request.GET.get("agreement"), "member": request.actor.user_id}
    form = NewConflictPlanForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.perform(add_conflict_plan, actor=request.actor)
        if row is not None:
            messages.success(request, _("Interest written down."))
            return redirect(row)
    return render_form(request, f"{FOLDER}conflict_form.html", form)


@page("agreements.edit_conflict_plan", methods=["GET", "POST"])
def conflict_plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an interest or its plan; an approval falls away with that."""
    row = _conflict_plan(request, pk)
    form = ConflictPlanForm(request.POST or None, initial=ConflictPlanForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_conflict_plan, actor=request.actor, conflict_plan=row, seen=seen) is not None:
            messages.success(request, form.told(_("Interest changed.")))
            return redirect(row)
    return render_form(request, f"{FOLDER}conflict_form.html", form, conflict=row)


@page("agreements.approve_conflict_plan", methods=["POST"])
def conflict_plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the plan that the page showed; nobody approves their own."""
    row = _conflict_plan(request, pk)
    given = request.POST.get("version", "")
    seen = int(given) if given.isdecimal() and len(given) < 10 else row.version
    try:
        approve_conflict_plan(actor=request.actor, conflict_plan=row, seen=seen)
        messages.success(request, _("Plan approved."))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect(row)


@page("agreements.delete_conflict_plan", methods=["POST"])
def conflict_plan_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an interest that was written down by mistake."""
    row, onward = _conflict_plan(request, pk), reverse("agreements:conflict_plans")
    return delete_and_tell(request, row, delete_conflict_plan, subject="conflict_plan", onward=onward)


@page("agreements.view_conflict_plans")
def conflict_plan_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about an interest."""
    return render_history(request, _conflict_plan(request, pk))


def _conflict_plan(request: HttpRequest, pk: int) -> ConflictPlan:
    return get_object_or_404(visible_conflict_plans(request.actor), pk=pk)


# Export control

EXPORT_CONTROL = register_list(
    List(
        code="export-control",
        label=gettext_lazy("Export control"),
        url_name="agreements:export_control",
        reads=read_export_control,
        filterset_class=ExportControlFilter,
        columns=[
            Column("title", gettext_lazy("Agreement"), sort="title", css="long-name", value="title"),
            Column("status", gettext_lazy("Status"), sort="status", css="lead", value="get_status_display"),
            Column("reference", gettext_lazy("Reference"), sort="reference", shown=False, value="reference"),
            Column(
                "partner",
                gettext_lazy("Partner"),
                sort="partnership__organization__name_key",
                value="partnership.organization.name",
            ),
            Column("parties", gettext_lazy("Screening of the parties")),
            Column("approval", gettext_lazy("Approval to publish"), sort="by_approval", value=yes_if("by_approval")),
            Column("nationality", gettext_lazy("Nationality"), sort="by_nationality", value=yes_if("by_nationality")),
            Column("aside", gettext_lazy("Rule set aside"), shown=False, value=yes_if("is_set_aside")),
            Column("hit", gettext_lazy("Hit not decided"), shown=False, value=yes_if("has_hit")),
            Column("restricted", gettext_lazy("Restricted party"), shown=False, value=yes_if("is_restricted")),
            Column("unscreened", gettext_lazy("Never screened"), shown=False, value=yes_if("is_unscreened")),
            Column("owner", gettext_lazy("Handled by"), sort="owner__name", value="owner.name"),
        ],
        default_sort="title",
        row_template=f"{FOLDER}_control_row.html",
        counted=ngettext_lazy("%(n)d agreement", "%(n)d agreements", "n"),
        empty=Empty(gettext_lazy("No agreement is at work or in force."), icon="shield-check"),
        no_match=gettext_lazy("No agreement carries such a flag."),
    )
)


@page("agreements.view_screenings")
def export_control(request: HttpRequest) -> HttpResponse:
    """Agreements at work or in force, with what export control has to look at."""
    return render_listing(request, build_listing(request, EXPORT_CONTROL), f"{FOLDER}control.html")
