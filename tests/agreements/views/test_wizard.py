"""The questions that lead to a model agreement, and the draft that begins from it."""

from urllib.parse import urlencode

import pytest

from agreements.models import Agreement, ClauseAnswer
from agreements.rules.clauses import check_answer, questions_for
from agreements.rules.model_choice import LICENSE_QUESTIONS, MODEL_TERMS, OWNERSHIP_QUESTIONS, choose_model
from agreements.wording_models import MODELS, OWNERSHIPS
from tests.api_kit import nothing_changes
from tests.factories.partnerships import make_partnership


def answers(questions: tuple[str, ...], yes: int) -> dict[str, str]:
    return {code: "yes" if place < yes else "no" for place, code in enumerate(questions)}


def test_every_model_that_can_be_suggested_has_its_words_and_terms():
    suggested = set()
    for yes in range(11):
        ownership = {code: place < yes for place, code in enumerate(OWNERSHIP_QUESTIONS)}
        for terms in range(7):
            choice = choose_model(ownership, {code: place < terms for place, code in enumerate(LICENSE_QUESTIONS)})
            suggested |= set(choice.models)
            assert choice.ownership in OWNERSHIPS
    assert suggested == MODELS.keys() == MODEL_TERMS.keys()
    asked = {question.code for question in questions_for("research")}
    for terms in MODEL_TERMS.values():
        assert set(terms.look_at) <= asked
        assert all(check_answer(code, value) == value for code, value in terms.answers.items())
        assert terms.answers.keys() <= asked


def test_from_the_first_question_to_the_result(alpha, client_of):
    member, page = client_of(alpha, "researcher"), f"{alpha.prefix}/model-agreement/"
    assert "Step 1 of 2" in member.get(page).content.decode()
    bare = member.get(f"{page}?ownership=1").content.decode()
    assert bare.count("Answer yes or no.") >= 10
    first = answers(OWNERSHIP_QUESTIONS, 2)
    second = member.get(f"{page}?{urlencode(first)}").content.decode()
    assert "Step 2 of 2" in second
    assert "2 of 10 answers speak for the sponsor." in second
    assert 'name="commissioned_by_sponsor" value="yes"' in second
    both = urlencode({**first, **answers(LICENSE_QUESTIONS, 4)})
    result = member.get(f"{page}?{both}").content.decode()
    assert result.index("Model 2") < result.index("Model 3") < result.index("Model 1")
    assert "4 of 6 speak for a license" in result
    assert "Option: what starts the period?" in result
    assert "Start the draft" not in result
    changed = member.get(f"{page}?{both}&change=ownership").content.decode()
    assert "Step 1 of 2" in changed
    assert "checked" in changed


@pytest.mark.parametrize(("yes", "first_model"), [(5, "Model 4"), (10, "Model 4")])
def test_where_the_sponsor_owns_nothing_more_is_asked(alpha, client_of, yes, first_model):
    address = f"{alpha.prefix}/model-agreement/?{urlencode(answers(OWNERSHIP_QUESTIONS, yes))}"
    text = client_of(alpha).get(address).content.decode()
    assert "The sponsor should own the results." in text
    assert first_model in text
    assert "Model 1" not in text


def test_three_of_six_is_balanced(alpha, client_of):
    sent = {**answers(OWNERSHIP_QUESTIONS, 0), **answers(LICENSE_QUESTIONS, 3)}
    text = client_of(alpha).get(f"{alpha.prefix}/model-agreement/?{urlencode(sent)}").content.decode()
    assert "the test does not decide between model 2 and model 3" in text
    assert "fits as well" in text


def test_a_draft_says_what_the_model_says(in_alpha, client_of):
    partnership = make_partnership()
    sent = {**answers(OWNERSHIP_QUESTIONS, 3), **answers(LICENSE_QUESTIONS, 6)}
    sent |= {"partnership": partnership.pk, "title": "Enzymes at work", "model": "2"}
    made = client_of(in_alpha, "officer").post(f"{in_alpha.prefix}/model-agreement/draft/", sent)
    row = Agreement.objects.get()
    assert made["Location"] == f"{in_alpha.prefix}/agreements/{row.pk}/"
    assert (row.title, row.kind, row.partnership_id) == ("Enzymes at work", "research", partnership.pk)
    assert "Did the sponsor commission the work? Yes" in row.summary
    stored = dict(ClauseAnswer.objects.values_list("code", "value"))
    assert stored == {"foreground_owner": "university", "sponsor_rights": True}


def test_drafts_are_refused_without_answers_or_for_another_model(in_alpha, beta, client_of):
    page, partnership = f"{in_alpha.prefix}/model-agreement/draft/", make_partnership()
    whole = {**answers(OWNERSHIP_QUESTIONS, 8), "partnership": partnership.pk, "title": "Enzymes", "model": "4"}
    member = client_of(in_alpha, "officer")
    with nothing_changes():
        told = member.post(page, {"partnership": partnership.pk, "title": "Enzymes", "model": "4"}, follow=True)
        assert "Answer the questions first." in told.content.decode()
        for wrong in ({"model": "2"}, {"title": " "}, {"partnership": 999_999}):
            assert member.post(page, {**whole, **wrong}).status_code == 422
        assert client_of(in_alpha, "viewer").post(page, whole).status_code == 403
        assert client_of(in_alpha, "researcher").post(page, whole).status_code == 403
