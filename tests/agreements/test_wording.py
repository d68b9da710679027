"""Nothing the rules can say is without words, and no word is left over."""

from agreements import wording
from agreements.choices import AgreementKind, Court, LegalStatus, WorkflowState
from agreements.rules import clarity, clauses, kinds, model_choice, workflow


def test_every_code_has_its_words():
    assert wording.QUESTIONS.keys() == clauses.QUESTIONS.keys()
    assert wording.RULES.keys() == {rule.code for rule in clarity.RULES}
    assert wording.SEVERITIES.keys() == set(clarity.Severity)
    assert wording.OWNERS.keys() == set(clauses.OWNERS)
    assert tuple(wording.OWNERSHIP_TEST) == model_choice.OWNERSHIP_QUESTIONS
    assert tuple(wording.LICENSE_TEST) == model_choice.LICENSE_QUESTIONS
    topics = {topic for rule in clarity.RULES for topic in rule.topics}
    asked = {question.topic for question in clauses.QUESTIONS.values()} - {None}
    assert topics | asked <= wording.TOPICS.keys()


def test_the_closed_lists_are_those_of_the_rules():
    assert set(AgreementKind.values) == kinds.ALL_KINDS
    assert tuple(WorkflowState.values) == workflow.WORKFLOW
    moves = workflow.MOVES.values()
    assert {move.to_status for move in moves} - {None} <= set(LegalStatus.values)
    assert {move.court for move in moves} - {None} <= set(Court.values)
