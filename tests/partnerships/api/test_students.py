"""Students over HTTP."""

from itertools import count

from core.tenancy.scope import tenant_scope
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.talent import make_candidacy, make_placement, make_position, make_program, make_student

_numbers = count(5000)


class TestStudents(ApiContract):
    resource = Resource(
        prefix="students",
        view="partnerships.view_students",
        create="partnerships.create_student",
        edit="partnerships.edit_student",
        make=lambda author: make_student(),
        payload=lambda: {
            "name": "Ana Alvarez",
            "email": "ana@campus.example",
            "number": f"A{next(_numbers)}",
            "field_of_study": "Physics",
            "basis": "contract",
        },
        patch={"degree": "MSc", "graduates_on": "2027-06-30"},
        duplicate=lambda row: {"number": row.number},
        queries={"list": 2, "detail": 1, "create": 3, "update": 4},
    )


def test_an_erased_student_has_no_name(in_alpha):
    api, row = Api(in_alpha, "manager"), make_student(name="Ana Alvarez")
    make_placement(student=row, status="completed")
    with nothing_changes():
        error_of(Api(in_alpha, "officer").post(f"students/{row.pk}/erase/"), 403)
    erased = api.post(f"students/{row.pk}/erase/").json()
    assert (erased["name"], erased["email"], erased["number"]) == ("Erased student", "", "")
    with nothing_changes():
        error_of(api.post(f"students/{row.pk}/erase/"), 409)
        error_of(api.patch(f"students/{row.pk}/", {"name": "Ana"}), 409)


def test_a_student_ranks_positions_over_http(in_alpha):
    api, row, program = Api(in_alpha, "officer"), make_student(), make_program()
    one, two = (make_candidacy(make_position(program=program), row) for _ in range(2))
    assert api.post(f"students/{row.pk}/rank/", {"order": [two.pk, one.pk]}).status_code == 200
    ranks = {
        each["id"]: each["student_rank"] for each in api.get("candidacies/", {"student": row.pk}).json()["results"]
    }
    assert ranks == {two.pk: 1, one.pk: 2}


def test_students_can_be_narrowed(alpha):
    with tenant_scope(alpha.id):
        row, _other = make_student(name="Deep Waves", field_of_study="Oceans", number="X1"), make_student()
        program = make_placement(student=row).program
    api = Api(alpha, "officer")
    for query in ({"q": "wav"}, {"q": "x1"}, {"field": "ocean"}, {"program": program.pk}):
        assert [each["id"] for each in api.get("students/", query).json()["results"]] == [row.pk], query
    assert api.get("students/", {"erased": "true"}).json()["count"] == 0
