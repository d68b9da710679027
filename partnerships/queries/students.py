"""Reading students, for those roles that may know who they are."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.actions import visible
from core.actor import Actor
from partnerships.models import Candidacy, Placement, Student


@visible("partnerships.view_students")
def visible_students(actor: Actor) -> QuerySet[Student]:
    """The office's students by name, with how often each is a ``candidate`` and ``placed``; erased ones come last."""
    return Student.objects.annotate(candidate=_number(Candidacy), placed=_number(Placement)).order_by(
        "erased_at", "name", "pk"
    )


def _number(model: type) -> Coalesce:
    rows = model.objects.filter(student=OuterRef("pk")).order_by().values("student")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0)


@visible("partnerships.view_students")
def known_students(actor: Actor) -> QuerySet[Student]:
    """Those who were not erased: whom forms offer."""
    return Student.objects.filter(erased_at=None).order_by("name", "pk")


def lock_student(pk: int) -> Student:
    """The row, locked and read anew; call inside an action."""
    return Student.objects.select_for_update(of=("self",)).get(pk=pk)
