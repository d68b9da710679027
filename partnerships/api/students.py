"""Students over HTTP, for those who may know who they are."""

from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from partnerships.actions.candidacies import rank_positions
from partnerships.actions.students import create_student, edit_student, erase_student
from partnerships.api.positions import RankingInput
from partnerships.filters_talent import StudentFilter
from partnerships.models import Student
from partnerships.queries.students import visible_students


class StudentSerializer(TenantSerializer):
    class Meta:
        model = Student
        fields = [
            "id",
            "version",
            "name",
            "email",
            "number",
            "field_of_study",
            "degree",
            "graduates_on",
            "basis",
            "erased_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["erased_at"]
        extra_kwargs = {"number": {"help_text": "Belongs to one student of the office."}}


class StudentViewSet(TenantViewSet):
    """The office's students by name. Whoever may not see them reads counts in talent/pipeline."""

    serializer_class = StudentSerializer
    filterset_class = StudentFilter
    reads = staticmethod(visible_students)
    writes = {"create": create_student, "update": edit_student}
    subject = "student"
    sorting = {"name": "name", "graduates_on": "graduates_on", "created_at": "created_at", "updated_at": "updated_at"}
    erase = verb(
        erase_student,
        subject="student",
        summary="Forget who a student was",
        description="Placements and candidacies stay as what they count for. It cannot be undone.",
    )
    rank = verb(
        rank_positions,
        RankingInput,
        subject="student",
        summary="Record how a student ranks positions",
        description="Candidacies of the student in one program and term, the whole list at once.",
    )
