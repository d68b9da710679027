"""Talent on pages: counts for everybody, names for staff alone; importing; matching; a board that moves people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.tenancy.scope import tenant_scope
from partnerships.models import Candidacy, MatchRun, Position, Student
from tests.api_kit import nothing_changes
from tests.contracts.stage import set_stage
from tests.contracts.urls import pages
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership
from tests.factories.talent import make_candidacy, make_placement, make_position, make_program, make_student

COUNTS_ALONE = ["viewer", "researcher"]
OPEN_TO_ALL = {"talent", "talent-programs", "positions"}
CLOSED = {"students", "candidacies", "matchings", "placements", "talent-events"}


@pytest.mark.parametrize("role", COUNTS_ALONE)
def test_no_page_names_a_student_to_who_sees_counts_alone(alpha, client_of, role):
    stage = set_stage(alpha)
    name = "Only-the-student"
    with tenant_scope(alpha.id):
        Student.objects.update(name=name, email="only@campus.example", number="N-0815")
    member, seen = client_of(alpha, role), 0
    for each in pages():
        if "GET" not in each.methods or each.resource not in OPEN_TO_ALL | CLOSED:
            continue
        answer = member.get(alpha.prefix + each.path(stage.ids.get(each.resource, 1)))
        if each.resource in CLOSED:
            assert answer.status_code == 403, each.route
        text = answer.content.decode()
        assert not any(words in text for words in (name, "only@campus.example", "N-0815")), each.route
        seen += 1
    partner = member.get(f"{alpha.prefix}/partners/{stage.ids['partners']}/?tab=talent").content.decode()
    found = member.get(f"{alpha.prefix}/search/?q={name}").content.decode()
    assert name not in partner
    assert f"{name}</a>" not in found
    assert seen > 15


@pytest.mark.parametrize("code", ["students", "placements", "talent-events", "matchings"])
def test_no_file_holds_a_name_for_who_sees_counts_alone(alpha, client_of, code):
    set_stage(alpha)
    for form in ("csv", "xlsx"):
        address = f"{alpha.prefix}/lists/{code}/export/"
        assert client_of(alpha, "researcher").post(address, {"format": form}).status_code in (403, 404)
        assert client_of(alpha, "officer").post(address, {"format": form}).status_code == 200


def test_the_overview_hides_small_counts_unless_staff_ask(alpha, client_of):
    with tenant_scope(alpha.id):
        partnership, program = make_partnership(make_organization(name="Tiny Partner")), make_program()
        for _ in range(3):
            make_placement(partnership, program=program, status="completed", days_ago=0)
    page = client_of(alpha, "officer").get(f"{alpha.prefix}/talent/").content.decode()
    assert "Tiny Partner" in page
    assert "&lt;5" in page
    assert "&lt;5" in client_of(alpha, "viewer").get(f"{alpha.prefix}/talent/?exact=on").content.decode()
    shown = client_of(alpha, "officer").get(f"{alpha.prefix}/talent/?exact=on").content.decode()
    assert "&lt;5" not in shown


def test_a_candidate_is_moved_and_refused_in_place(alpha, client_of):
    with tenant_scope(alpha.id):
        position = make_position(openings=1)
        first, second = (make_candidacy(position, status="ranked") for _ in range(2))
    member, address = client_of(alpha, "officer"), f"{alpha.prefix}/positions/{position.pk}/"

    def send(row: Candidacy, status: str, was: str = "ranked"):
        given = {"stage": status, "was": was, "next": address}
        return member.post(f"{alpha.prefix}/candidacies/{row.pk}/move/", given)

    assert send(first, "offered")["Location"] == address
    with nothing_changes():
        late = send(second, "offered")
        assert late.status_code == 422
        assert b"error-summary" in late.content
        assert send(second, "applied", was="applied").status_code == 422
        assert send(second, "nowhere").status_code == 422
    with tenant_scope(alpha.id):
        assert Candidacy.objects.get(pk=first.pk).status == "offered"


def test_a_preview_of_a_matching_keeps_nothing_and_sending_it_does(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_candidacy(make_position(term="T"), student_rank=1, partner_rank=1, status="ranked")
        program = row.position.program_id
    member = client_of(alpha, "officer")
    with nothing_changes():
        page = member.get(f"{alpha.prefix}/matchings/new/?program={program}&term=T")
        assert b"Stable" in page.content
    answer = member.post(f"{alpha.prefix}/matchings/new/", {"program": program, "term": "T", "proposes": "positions"})
    with tenant_scope(alpha.id):
        run = MatchRun.objects.get()
    assert answer["Location"] == f"{alpha.prefix}/matchings/{run.pk}/"
    member.post(f"{alpha.prefix}/matchings/{run.pk}/accept/")
    with tenant_scope(alpha.id):
        assert Candidacy.objects.get(pk=row.pk).status == "offered"


# Importing

POSITIONS = "id,title,partner,program,status,openings,starts_on,paid\n"


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("table.csv", text.encode(), "text/csv")


@pytest.fixture
def importing(alpha, client_of):
    """A manager before the import page; a partner Acme and a program Summer are there."""
    with tenant_scope(alpha.id):
        make_partnership(make_organization(name="Acme"))
        make_program(name="Summer")
    member, address = client_of(alpha, "manager"), f"{alpha.prefix}/talent/import/"
    return lambda **given: member.post(address, given)


def test_an_import_is_shown_before_it_is_kept(alpha, importing):
    text = POSITIONS + "P1,Sensors,Acme,Summer,posted,2,2026-09-01,yes\n"
    with nothing_changes():
        assert importing(file=upload(text)).status_code == 200
    assert importing(content=text, name="t", confirm="yes").status_code == 302
    with tenant_scope(alpha.id):
        row = Position.objects.get(external_id="P1")
        assert (row.status, row.openings, row.is_paid) == ("posted", 2, True)
    with nothing_changes():
        assert importing(content=text, name="t", confirm="yes").status_code == 302


def test_rows_that_do_not_hold_are_named_and_left_out(alpha, importing):
    text = POSITIONS + (
        "P1,Sensors,Nobody,Summer,,,,\n"
        "P2,Sensors,Acme,Winter,,,,\n"
        "P3,,Acme,Summer,,,,\n"
        "P4,Sensors,Acme,Summer,,,31.12.2026,\n"
        "P5,Sensors,Acme,Summer,open,0,,maybe\n"
        "P6,Sensors,Acme,Summer,,,,\n"
    )
    page = importing(file=upload(text)).content.decode()
    for words in (
        "no partner is called Nobody",
        "no program is called Winter",
        "title is empty",
        "31.12.2026 is no date",
        "open is none of",
        "0 is no whole number",
        "maybe is none of",
    ):
        assert words in page, words
    importing(content=text, name="t", confirm="yes")
    with tenant_scope(alpha.id):
        assert list(Position.objects.values_list("external_id", flat=True)) == ["P6"]


def test_candidates_come_with_their_students_and_keep_their_ranks(alpha, importing):
    importing(content=POSITIONS + "P1,Sensors,Acme,Summer,posted,2,,\n", name="t", confirm="yes")
    head = "position,student_number,student_name,email,student_rank,partner_rank\n"
    text = head + "P1,S1,Ana Alvarez,ana@campus.example,1,1\nP1,S2,Ben Berg,,1,1\nP9,S3,Cai,,,\n"
    page = importing(file=upload(text)).content.decode()
    assert "rank 1" in page
    assert "no position has the id P9" in page
    importing(content=text, name="t", confirm="yes")
    with tenant_scope(alpha.id):
        assert list(Candidacy.objects.values_list("student__name", "partner_rank")) == [("Ana Alvarez", 1)]
        make_student()
    with nothing_changes():
        importing(content=head + "P1,S1,Ana Alvarez,ana@campus.example,1,1\n", name="t", confirm="yes")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "id;title\n", '"id,title\n'])
def test_a_table_that_is_none_is_refused(importing, text):
    with nothing_changes():
        assert importing(file=upload(text)).status_code == 422


def test_an_officer_does_not_import(alpha, client_of):
    assert client_of(alpha, "officer").get(f"{alpha.prefix}/talent/import/").status_code == 403


def test_the_trend_of_a_partner_names_it_as_it_is_written(alpha, client_of):
    with tenant_scope(alpha.id):
        partner = make_partnership(make_organization(name="Finn & Frost"))
        make_placement(partner, program=make_program(), status="completed", days_ago=0)
    page = client_of(alpha, "officer").get(f"{alpha.prefix}/talent/").content.decode()
    assert 'aria-label="People who moved, Finn &amp; Frost, last five years: ' in page


def test_students_are_looked_up_by_name_and_number_by_who_may_know_them(alpha, beta, client_of):
    with tenant_scope(alpha.id):
        position = make_position(make_partnership())
        make_student(name="Mei Dahl", number="S10077", degree="MSc")
        gone = make_student(name="Mei Gone", erased_at=timezone.now())
    with tenant_scope(beta.id):
        make_student(name="Mei Elsewhere")
    officer = client_of(alpha, "officer")
    for query in ("mei", "S10077"):
        found = officer.get(f"{alpha.prefix}/ui/lookup/students/?q={query}").content.decode()
        assert "Mei Dahl (S10077)" in found
        assert "Gone" not in found
        assert "Elsewhere" not in found
    assert client_of(alpha, "researcher").get(f"{alpha.prefix}/ui/lookup/students/?q=mei").status_code == 403
    for address in ("placements/new/", f"positions/{position.pk}/candidates/new/"):
        page = officer.get(f"{alpha.prefix}/{address}").content.decode()
        assert 'data-src="/t/alpha/ui/lookup/students/"' in page, address
    with nothing_changes():
        answer = officer.post(f"{alpha.prefix}/positions/{position.pk}/candidates/new/", {"student": gone.pk})
    assert "Choose a student from the list" in answer.content.decode()
