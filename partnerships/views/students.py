"""Students: the list and the page about each, for those who may know who they are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.errors import ActionRefused
from core.pages import next_address, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from partnerships.actions.candidacies import rank_positions
from partnerships.actions.students import create_student, edit_student, erase_student
from partnerships.filters_talent import StudentFilter
from partnerships.forms.students import RankingForm, StudentForm, told_apart
from partnerships.models import Candidacy
from partnerships.queries.candidacies import candidacies_of
from partnerships.queries.placements import visible_placements
from partnerships.queries.students import known_students, visible_students
from tenants.pages import render_history

FOLDER = "partnerships/talent/"

STUDENTS = register_list(
    List(
        code="students",
        label=gettext_lazy("Students"),
        url_name="partnerships:students",
        reads=visible_students,
        filterset_class=StudentFilter,
        columns=[
            Column("name", gettext_lazy("Student"), sort="name", value="name"),
            Column("number", gettext_lazy("Number"), sort="number", value="number"),
            Column("field", gettext_lazy("Field of study"), sort="field_of_study", value="field_of_study"),
            Column("degree", gettext_lazy("Degree"), sort="degree", value="degree"),
            Column("graduates", gettext_lazy("Graduates"), sort="graduates_on", value="graduates_on"),
            Column("candidate", gettext_lazy("Candidacies"), sort="candidate", numeric=True, value="candidate"),
            Column("placed", gettext_lazy("Placements"), sort="placed", numeric=True, value="placed"),
            Column("email", gettext_lazy("E-mail"), shown=False, value="email"),
            Column("basis", gettext_lazy("Legal basis"), shown=False, value="get_basis_display"),
            Column("erased", gettext_lazy("Erased"), sort="erased_at", shown=False, value="erased_at"),
        ],
        default_sort="name",
        row_template=f"{FOLDER}_student_row.html",
        counted=ngettext_lazy("%(n)d student", "%(n)d students", "n"),
        empty=Empty(
            gettext_lazy("No students yet. Add one when somebody applies or is to be placed."),
            icon="user",
            action=gettext_lazy("Add student"),
            url_name="partnerships:student_new",
            permission="partnerships.create_student",
        ),
        no_match=gettext_lazy("No student matches the filter."),
        api="students",
    )
)


@page("partnerships.view_students")
def students(request: HttpRequest) -> HttpResponse:
    """The office's students."""
    return render_listing(request, build_listing(request, STUDENTS), f"{FOLDER}students.html")


@page("partnerships.view_students")
def lookup(request: HttpRequest) -> HttpResponse:
    """Options for the student combobox: the ten first whose name contains, or whose number is, what was typed."""
    rows = known_students(request.actor)
    found = StudentFilter({"q": request.GET.get("q", "")[:100]}, rows, request=request).qs[:10]
    options = [
        {
            "value": each.pk,
            "label": told_apart(each),
            "hint": " · ".join(filter(None, [each.degree, each.field_of_study])),
        }
        for each in found
    ]
    return render(request, "components/options.html", {"options": options})


@page("partnerships.view_students")
def student(request: HttpRequest, pk: int) -> HttpResponse:
    """One student: what they are a candidate for, and where they were placed."""
    row = get_object_or_404(visible_students(request.actor), pk=pk)
    context = {
        "student": row,
        "candidacies": candidacies_of(request.actor, row)[:100],
        "placements": visible_placements(request.actor).prefetch_related(None).filter(student=row)[:100],
    }
    return render(request, f"{FOLDER}student.html", context)


@page("partnerships.create_student", methods=["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a student."""
    form = StudentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("version", None)
        row = form.perform(create_student, actor=request.actor)
        if row is not None:
            messages.success(request, _("Student added."))
            return redirect(next_address(request) or row)
    context = {"heading": _("Add student"), "list_url": reverse("partnerships:students")}
    return render_form(request, f"{FOLDER}form.html", form, **context)


@page("partnerships.edit_student", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a student."""
    row = get_object_or_404(visible_students(request.actor), pk=pk)
    form = StudentForm(request.POST or None, initial=StudentForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_student, actor=request.actor, student=row, seen=seen) is not None:
            messages.success(request, form.told(_("Student changed.")))
            return redirect(row)
    context = {"heading": _("Edit student"), "list_url": reverse("partnerships:students"), "row": row}
    return render_form(request, f"{FOLDER}form.html", form, cancel_url=row.get_absolute_url(), **context)


@page("partnerships.erase_student", methods=["GET", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget who a student was; asks first, because nothing brings it back."""
    row = get_object_or_404(visible_students(request.actor), pk=pk)
    if request.method == "POST":
        try:
            erase_student(actor=request.actor, student=row)
            messages.info(request, _("The student was erased. What they count for stays."))
        except ActionRefused as refused:
            messages.error(request, refused.message)
        return redirect(row)
    return render(request, f"{FOLDER}erase.html", {"student": row})


@page("partnerships.view_students")
def student_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a student."""
    row = get_object_or_404(visible_students(request.actor), pk=pk)
    return render_history(request, row)


@page("partnerships.rank_positions", methods=["GET", "POST"])
def rank(request: HttpRequest, pk: int) -> HttpResponse:
    """How a student ranks the positions of one program and term: the one of the candidacy in the address."""
    row = get_object_or_404(visible_students(request.actor), pk=pk)
    everything = list(candidacies_of(request.actor, row))
    rows = _one_list(everything, request.GET.get("of", ""))
    given = request.POST if request.method == "POST" else None
    form = RankingForm(given, rows=rows, column="student_rank", named="position")
    if request.method == "POST" and form.is_valid():
        if form.perform(rank_positions, actor=request.actor, student=row) is not None:
            messages.success(request, _("Ranking saved."))
            return redirect(row)
    context = {"heading": _("Rank positions"), "list_url": reverse("partnerships:students"), "row": row}
    words = _("1 is the best. Positions without a number are not ranked, and nobody is matched to them.")
    return render_form(request, f"{FOLDER}form.html", form, cancel_url=row.get_absolute_url(), intro=words, **context)


def _one_list(rows: list[Candidacy], wanted: str) -> list[Candidacy]:
    """The candidacies that are ranked together with the one asked for, else with the first."""
    if not rows:
        return []
    first = next((row for row in rows if str(row.pk) == wanted), rows[0])
    key = (first.position.program_id, first.position.term)
    return [row for row in rows if (row.position.program_id, row.position.term) == key]


urlpatterns = [
    path("students/", students, name="students"),
    path("students/new/", new, name="student_new"),
    path("students/<int:pk>/", student, name="student"),
    path("students/<int:pk>/edit/", edit, name="student_edit"),
    path("students/<int:pk>/erase/", erase, name="student_erase"),
    path("students/<int:pk>/history/", student_history, name="student_history"),
    path("ui/lookup/students/", lookup, name="student_lookup"),
    path("students/<int:pk>/rank/", rank, name="student_rank"),
]
