"""The two tests of the decision guide, at their borders."""

import pytest

from agreements.rules.model_choice import LICENSE_QUESTIONS, OWNERSHIP_QUESTIONS, choose_model


def answers(questions, yes):
    return {question: number < yes for number, question in enumerate(questions)}


@pytest.mark.parametrize(
    ("yes", "ownership", "models"),
    [
        (0, "keeps", ("1", "2", "3")),
        (2, "keeps", ("1", "2", "3")),
        (3, "reconsider", ("1", "2", "3")),
        (4, "reconsider", ("1", "2", "3")),
        (5, "sponsor_owns", ("4", "5")),
        (10, "sponsor_owns", ("4", "5")),
    ],
)
def test_who_owns(yes, ownership, models):
    choice = choose_model(answers(OWNERSHIP_QUESTIONS, yes))
    assert (choice.ownership, choice.models, choice.ownership_yes) == (ownership, models, yes)


@pytest.mark.parametrize(
    ("yes", "first", "balanced"),
    [(0, "3", False), (2, "3", False), (3, "2", True), (4, "2", False), (6, "2", False)],
)
def test_license_or_assignment(yes, first, balanced):
    choice = choose_model(answers(OWNERSHIP_QUESTIONS, 1), answers(LICENSE_QUESTIONS, yes))
    assert (choice.models[0], choice.balanced, choice.license_yes) == (first, balanced, yes)


def test_unanswered_questions_are_named():
    given = answers(OWNERSHIP_QUESTIONS, 1)
    del given["critical_to_sponsor"]
    with pytest.raises(ValueError, match="critical_to_sponsor"):
        choose_model(given)
    with pytest.raises(ValueError, match="no_such_question"):
        choose_model(answers(OWNERSHIP_QUESTIONS, 1) | {"no_such_question": True})
