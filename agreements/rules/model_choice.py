"""Which of the Lambert model agreements to start from (UK Intellectual Property Office, one-to-one models 1 to 6).

Two short tests of the decision guide. It assumes that the project, its full economic cost and its budget are agreed.
The answer is a starting point for two people in a room, not advice; the models themselves are the Office's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWNERSHIP_QUESTIONS: tuple[str, ...] = (
    "commissioned_by_sponsor",
    "critical_to_sponsor",
    "relies_on_sponsor_materials",
    "impossible_without_sponsor_materials",
    "tests_sponsor_materials",
    "sponsor_led_workplan",
    "sponsor_sets_deliverables",
    "separable_from_other_work",
    "harmless_to_future_research",
    "full_cost_and_profit",
)
LICENSE_QUESTIONS: tuple[str, ...] = (
    "exclusive_license_is_enough",
    "fields_sponsor_will_not_use",
    "integral_to_research",
    "based_on_university_background",
    "university_can_manage_patents",
    "sponsor_needs_no_tax_credit",
)
KEEPS, RECONSIDER, SPONSOR_OWNS = "keeps", "reconsider", "sponsor_owns"


@dataclass(frozen=True)
class ModelChoice:
    """What the tests suggest.

    ownership: "keeps" (the university owns the results), "reconsider" (it does, but look again), "sponsor_owns".
    models: the models to start from, the better fit first. balanced: the second test does not decide. yes counts:
    of ten and of six, the latter None where the second test does not matter.
    """

    ownership: str
    models: tuple[str, ...]
    balanced: bool
    ownership_yes: int
    license_yes: int | None


def choose_model(ownership: Mapping[str, bool], license_terms: Mapping[str, bool] | None = None) -> ModelChoice:
    """The suggestion from the answers to both tests.

    Up to 2 yes in the first test: models 1 to 3; 3 or 4: the same, but reconsider; more: the sponsor-owned models 4
    and 5. Where the university owns, the second test decides between 2 (an exclusive license, 4 to 6 yes) and 3
    (assignment, up to 2 yes); exactly 3 is balanced. Model 1 stays open: no exclusive right may be needed at all.
    ValueError when a question is unanswered or unknown; ``license_terms`` may be left out while nobody has asked.
    """
    count = _count(ownership, OWNERSHIP_QUESTIONS)
    if count >= 5:
        return ModelChoice(SPONSOR_OWNS, ("4", "5"), False, count, None)
    kept = RECONSIDER if count >= 3 else KEEPS
    if license_terms is None:
        return ModelChoice(kept, ("1", "2", "3"), False, count, None)
    terms = _count(license_terms, LICENSE_QUESTIONS)
    models = ("2", "3", "1") if terms >= 3 else ("3", "2", "1")
    return ModelChoice(kept, models, terms == 3, count, terms)


def _count(answers: Mapping[str, bool], questions: tuple[str, ...]) -> int:
    if set(answers) != set(questions):
        missing = sorted(set(questions) - set(answers)) or sorted(set(answers) - set(questions))
        raise ValueError(f"not answered, or not asked: {', '.join(missing)}")
    return sum(answers[question] is True for question in questions)


@dataclass(frozen=True)
class ModelTerms:
    """What a model says from the start (answers to clause questions), and which questions to look at with care."""

    answers: Mapping[str, object]
    look_at: tuple[str, ...]


_KEEPS_ACADEMIC_USE = {"foreground_owner": "sponsor", "academic_use": True}
_UNIVERSITY_OWNS = {"foreground_owner": "university", "sponsor_rights": True}
_OPTION = ("option_start_event", "option_exercise_days", "option_negotiation_days")
_PUBLISHING = ("right_to_publish", "publication_review_days", "publication_delay_days", "theses_carved_out")

MODEL_TERMS: Mapping[str, ModelTerms] = {
    "1": ModelTerms(_UNIVERSITY_OWNS, ("sponsor_rights", "background_license_scope", *_PUBLISHING)),
    "2": ModelTerms(
        _UNIVERSITY_OWNS,
        (*_OPTION, "diligence_milestones", "termination_for_failure", "prosecution_control", "prosecution_costs"),
    ),
    "3": ModelTerms(
        _UNIVERSITY_OWNS,
        (*_OPTION, "academic_use", "improvements_unlimited", "prosecution_control", "prosecution_costs"),
    ),
    "4": ModelTerms(_KEEPS_ACADEMIC_USE, ("academic_use", "overhead_percent", "improvements_unlimited", *_PUBLISHING)),
    "5": ModelTerms(
        {**_KEEPS_ACADEMIC_USE, "publication_approval": True},
        ("publication_approval", "theses_carved_out", "results_confidential", "overhead_percent", "liability_capped"),
    ),
}
