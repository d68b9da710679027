"""Candidates: moves, ranks that stay unique, and never more offers than places."""

import pytest

from core.errors import ActionRefused, InvalidInput
from partnerships.actions.candidacies import (
    add_candidacy,
    edit_candidacy,
    move_candidacy,
    rank_candidates,
    rank_positions,
)
from partnerships.actions.matching import accept_matching, run_matching
from partnerships.actions.positions import approve_position, create_position, edit_position, submit_position
from partnerships.actions.students import edit_student, erase_student
from partnerships.models import Candidacy, MatchRun
from partnerships.queries.matching import explained_matching, preview_matching
from tests.api_kit import nothing_changes
from tests.factories.partnerships import make_partnership
from tests.factories.talent import make_candidacy, make_placement, make_position, make_program, make_student


def refused(code: str, action, **arguments) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as caught:
        action(**arguments)
    assert caught.value.code == code
    return caught.value


def status_of(*rows: Candidacy) -> list[str]:
    return [Candidacy.objects.get(pk=row.pk).status for row in rows]


# Positions


def test_a_position_is_posted_when_a_manager_approves_it(in_alpha):
    officer, manager = in_alpha.actor("officer"), in_alpha.actor("manager")
    row = create_position(actor=officer, program=make_program(), partnership=make_partnership(), title="Sensors")
    assert (row.status, row.currency) == ("draft", "EUR")
    refused("incomplete", submit_position, actor=officer, position=row)
    row = edit_position(actor=officer, position=row, starts_on="2030-01-01", description="Build one")
    refused("no_such_move", approve_position, actor=manager, position=row)
    row = submit_position(actor=officer, position=row)
    assert approve_position(actor=manager, position=row).status == "posted"


def test_a_position_never_has_fewer_places_than_offers(in_alpha):
    position = make_position(openings=3)
    for _ in range(2):
        make_candidacy(position, status="offered")
    refused("places_taken", edit_position, actor=in_alpha.actor(), position=position, openings=1)
    assert edit_position(actor=in_alpha.actor(), position=position, openings=2).openings == 2


# Moves


def test_there_are_never_more_offers_than_places(in_alpha):
    actor, position = in_alpha.actor(), make_position(openings=2)
    rows = [make_candidacy(position, status="ranked") for _ in range(3)]
    for row in rows[:2]:
        move_candidacy(actor=actor, candidacy=row, status="offered")
    refused("no_place_left", move_candidacy, actor=actor, candidacy=rows[2], status="offered")
    move_candidacy(actor=actor, candidacy=rows[0], status="declined")
    move_candidacy(actor=actor, candidacy=rows[2], status="offered")
    assert status_of(*rows) == ["declined", "offered", "offered"]


def test_moves_that_are_not_in_the_table_are_refused(in_alpha):
    actor, row = in_alpha.actor(), make_candidacy()
    refused("no_such_move", move_candidacy, actor=actor, candidacy=row, status="accepted")
    refused("no_such_move", move_candidacy, actor=actor, candidacy=row, status="offered")
    move_candidacy(actor=actor, candidacy=row, status="shortlisted")
    refused("moved_meanwhile", move_candidacy, actor=actor, candidacy=row, status="ranked", was="applied")


def test_a_student_accepts_one_place_of_a_term(in_alpha):
    actor, student, program = in_alpha.actor(), make_student(), make_program()
    first, second = (make_candidacy(make_position(program=program), student, status="offered") for _ in range(2))
    other = make_candidacy(make_position(program=program, term="later"), student, status="offered")
    move_candidacy(actor=actor, candidacy=first, status="accepted")
    refused("accepted_elsewhere", move_candidacy, actor=actor, candidacy=second, status="accepted")
    move_candidacy(actor=actor, candidacy=other, status="accepted")


def test_candidates_are_added_once_and_to_posted_positions(in_alpha):
    actor, position, student = in_alpha.actor(), make_position(), make_student()
    add_candidacy(actor=actor, position=position, student=student)
    refused("candidate_already", add_candidacy, actor=actor, position=position, student=student)
    refused("not_posted", add_candidacy, actor=actor, position=make_position(status="closed"), student=student)


# Ranks


def test_ranks_are_unique_within_their_lists(in_alpha):
    actor, position, program = in_alpha.actor(), make_position(), make_program()
    first, second = (make_candidacy(position) for _ in range(2))
    edit_candidacy(actor=actor, candidacy=first, partner_rank=1)
    refused("rank_taken", edit_candidacy, actor=actor, candidacy=second, partner_rank=1)
    edit_candidacy(actor=actor, candidacy=first, partner_rank=1, note="again")
    student = make_student()
    one, other = (make_candidacy(make_position(program=program), student) for _ in range(2))
    elsewhere = make_candidacy(make_position(), student)
    edit_candidacy(actor=actor, candidacy=one, student_rank=1)
    refused("rank_taken", edit_candidacy, actor=actor, candidacy=other, student_rank=1)
    edit_candidacy(actor=actor, candidacy=elsewhere, student_rank=1)


def test_a_whole_list_is_ranked_at_once(in_alpha):
    actor, position = in_alpha.actor(), make_position()
    rows = [make_candidacy(position, partner_rank=number) for number in (1, 2, 3)]
    rank_candidates(actor=actor, position=position, order=[rows[2], rows[0]])
    ranks = [Candidacy.objects.get(pk=row.pk).partner_rank for row in rows]
    assert ranks == [2, None, 1]
    with nothing_changes(), pytest.raises(InvalidInput):
        rank_candidates(actor=actor, position=position, order=[rows[0], rows[0]])
    refused("other_list", rank_candidates, actor=actor, position=position, order=[make_candidacy()])


def test_a_student_ranks_the_positions_of_one_term(in_alpha):
    actor, student, program = in_alpha.actor(), make_student(), make_program()
    rows = [make_candidacy(make_position(program=program), student) for _ in range(2)]
    other = make_candidacy(make_position(program=program, term="later"), student, student_rank=1)
    rank_positions(actor=actor, student=student, order=rows[::-1])
    assert [Candidacy.objects.get(pk=row.pk).student_rank for row in (*rows, other)] == [2, 1, 1]
    refused("other_list", rank_positions, actor=actor, student=student, order=[rows[0], other])


# Matching


@pytest.fixture
def market(in_alpha):
    """Two positions of one place and three candidates; Ana would rather be in the shop, nobody ranks Ben."""
    program = make_program()
    lab, shop = (make_position(program=program, term="T", title=title) for title in ("Lab", "Shop"))
    ana, ben, cai = (make_student(name=name) for name in ("Ana", "Ben", "Cai"))
    return {
        "program": program,
        "ana": [
            make_candidacy(shop, ana, student_rank=1, partner_rank=2),
            make_candidacy(lab, ana, student_rank=2, partner_rank=1),
        ],
        "ben": [make_candidacy(lab, ben, student_rank=1)],
        "cai": [make_candidacy(shop, cai, student_rank=1, partner_rank=1)],
    }


def test_a_preview_explains_and_writes_nothing(in_alpha, market):
    with nothing_changes():
        seen = preview_matching(in_alpha.actor(), market["program"], term="T", proposes="candidates")
    assert seen.is_stable
    assert (seen.matched, seen.candidates, seen.free) == (2, 3, 0)
    got = {line.student.name: (line.position and line.position.title, line.rank) for line in seen.lines}
    assert got == {"Ana": ("Lab", 2), "Cai": ("Shop", 1), "Ben": (None, None)}
    why = {line.student.name: [(one.position.title, one.why) for one in line.passed] for line in seen.lines}
    assert why == {"Ana": [("Shop", "full")], "Cai": [], "Ben": [("Lab", "not_ranked")]}


def test_a_matching_is_kept_marks_its_proposals_and_becomes_offers(in_alpha, market):
    actor = in_alpha.actor()
    run = run_matching(actor=actor, program=market["program"], term="T")
    assert (run.candidates, run.matched, run.made_by_id) == (3, 2, actor.user_id)
    assert set(Candidacy.objects.filter(matching=run)) == {market["ana"][1], market["cai"][0]}
    assert explained_matching(actor, run).matched == 2
    accept_matching(actor=actor, matching=run)
    assert status_of(*market["ana"], *market["cai"]) == ["applied", "offered", "offered"]
    refused("nothing_proposed", accept_matching, actor=actor, matching=run)
    refused("nobody_matched", run_matching, actor=actor, program=market["program"], term="T")


def test_a_later_matching_replaces_the_earlier_proposal(in_alpha, market):
    actor = in_alpha.actor()
    first = run_matching(actor=actor, program=market["program"], term="T")
    rank_candidates(actor=actor, position=market["ana"][0].position, order=[market["ana"][0], market["cai"][0]])
    second = run_matching(actor=actor, program=market["program"], term="T", proposes="positions")
    assert set(Candidacy.objects.filter(matching=second)) == {market["ana"][0]}
    refused("nothing_proposed", accept_matching, actor=actor, matching=first)
    assert MatchRun.objects.count() == 2


def test_offers_of_a_matching_are_made_for_all_or_none(in_alpha, market):
    actor = in_alpha.actor()
    run = run_matching(actor=actor, program=market["program"], term="T")
    late = make_candidacy(market["cai"][0].position, status="ranked")
    move_candidacy(actor=actor, candidacy=late, status="offered")
    refused("no_place_left", accept_matching, actor=actor, matching=run)


# Students


def test_an_erased_student_is_nobody_and_still_counts(in_alpha):
    actor, student = in_alpha.actor(), make_student(name="Ana Alvarez")
    placement = make_placement(student=student, status="in_progress", check_note="Ana is ill")
    candidacy = make_candidacy(student=student, note="Ana's note")
    refused("placed", erase_student, actor=actor, student=student)
    placement.status = "completed"
    placement.save()
    erase_student(actor=actor, student=student)
    student.refresh_from_db()
    placement.refresh_from_db()
    candidacy.refresh_from_db()
    assert (student.name, student.email, student.number) == ("Erased student", "", "")
    assert (placement.status, placement.check_note, candidacy.note) == ("completed", "", "")
    refused("erased", edit_student, actor=actor, student=student, name="Ana again")
    refused("erased", add_candidacy, actor=actor, position=make_position(), student=student)
