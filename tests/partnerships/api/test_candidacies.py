"""Candidates and matchings over HTTP."""

from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.talent import make_candidacy, make_matching, make_position, make_program, make_student


class TestCandidacies(ApiContract):
    resource = Resource(
        prefix="candidacies",
        view="partnerships.view_candidacies",
        create="partnerships.add_candidacy",
        edit="partnerships.edit_candidacy",
        make=lambda author: make_candidacy(),
        payload=lambda: {
            "position": make_position().pk,
            "student": make_student().pk,
            "partner_rank": 2,
            "student_rank": 1,
            "note": "Wrote a good letter",
        },
        patch={"partner_rank": 3, "note": "Met in May"},
        references={
            "position": (make_position, lambda pk: {"position": pk}),
            "student": (make_student, lambda pk: {"student": pk}),
        },
        queries={"list": 2, "detail": 1, "create": 9, "update": 7},
    )


def ranked_pair():
    """A candidate and a position that rank each other."""
    return make_candidacy(make_position(term="T"), student_rank=1, partner_rank=1, status="ranked")


class TestMatchings(ApiContract):
    resource = Resource(
        prefix="matchings",
        view="partnerships.view_matchings",
        create="partnerships.run_matching",
        make=lambda author: make_matching(make_candidacy(), made_by=author),
        payload=lambda: {"program": ranked_pair().position.program_id, "term": "T", "proposes": "positions"},
        references={"program": (make_program, lambda pk: {"program": pk})},
        queries={"list": 2, "detail": 1, "create": 9},
    )


def test_candidates_move_and_offers_are_counted(in_alpha):
    api, position = Api(in_alpha, "officer"), make_position()
    first, second = (make_candidacy(position, status="ranked") for _ in range(2))
    assert api.post(f"candidacies/{first.pk}/move/", {"status": "offered"}).json()["status"] == "offered"
    with nothing_changes():
        refused = error_of(api.post(f"candidacies/{second.pk}/move/", {"status": "offered"}), 409)
        assert (refused["code"], refused["details"]) == ("no_place_left", {"free": 0})
        error_of(api.post(f"candidacies/{second.pk}/move/", {"status": "king"}), 400)
        error_of(api.post(f"candidacies/{second.pk}/move/", {"status": "accepted"}), 409)
        error_of(Api(in_alpha, "viewer").post(f"candidacies/{second.pk}/move/", {"status": "rejected"}), 403)


def test_a_matching_is_explained_and_accepted(in_alpha):
    api, row = Api(in_alpha, "officer"), ranked_pair()
    passed = make_candidacy(row.position, student_rank=1)
    body = {"program": row.position.program_id, "term": "T"}
    made = api.post("matchings/", body).json()
    assert (made["candidates"], made["matched"], made["proposes"]) == (2, 1, "candidates")
    told = api.get(f"matchings/{made['id']}/explanation/").json()
    assert told["is_stable"] is True
    lines = {line["student"]: line for line in told["lines"]}
    assert lines[row.student_id]["position"] == row.position_id
    assert lines[passed.student_id]["passed"] == [{"position": row.position_id, "rank": 1, "why": "not_ranked"}]
    api.post(f"matchings/{made['id']}/accept/")
    assert api.get(f"candidacies/{row.pk}/").json()["status"] == "offered"
    with nothing_changes():
        error_of(api.post(f"matchings/{made['id']}/accept/"), 409)
        error_of(api.post("matchings/", body), 409)
