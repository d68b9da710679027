"""The clause questions: what is asked of an agreement, of which kinds, and which values answer it.

An answer is a JSON value of the question's type. No answer is not "no": it means that nobody has looked yet.
The topics are those of UIDP's Contract Accords (0 good faith to 16 software).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agreements.rules.kinds import ALL_KINDS, GRANTING_KINDS, RESEARCH_KINDS

TEXT_LIMIT = 2000
LARGEST_NUMBER = 1_000_000_000


class Answer(StrEnum):
    """The types of answer: true or false, a whole number of 0 or more, one of a list, or a text."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class Question:
    """One clause question. ``choices`` are the codes that a CHOICE allows."""

    code: str
    answer: Answer
    kinds: frozenset[str]
    topic: int | None = None
    choices: tuple[str, ...] = ()


OWNERS = ("university", "sponsor", "joint", "inventorship", "none_expected")

_PAPER = ALL_KINDS - {"gift", "mou"}
_WORK = RESEARCH_KINDS | {"service", "consultancy"}


def _yes_no(code: str, kinds: frozenset[str], topic: int | None = None) -> Question:
    return Question(code, Answer.YES_NO, kinds, topic)


def _number(code: str, kinds: frozenset[str], topic: int | None = None) -> Question:
    return Question(code, Answer.NUMBER, kinds, topic)


def _text(code: str, kinds: frozenset[str], topic: int | None = None) -> Question:
    return Question(code, Answer.TEXT, kinds, topic)


QUESTIONS: dict[str, Question] = {
    question.code: question
    for question in (
        # work
        _yes_no("statement_of_work", _WORK, 1),
        _yes_no("tasks_and_deliverables", _WORK, 1),
        # ownership of results
        Question("foreground_owner", Answer.CHOICE, RESEARCH_KINDS, 6, OWNERS),
        _yes_no("joint_exploitation", RESEARCH_KINDS, 6),
        _yes_no("joint_enforcement", RESEARCH_KINDS, 6),
        _yes_no("joint_costs", RESEARCH_KINDS, 6),
        _yes_no("joint_accounting", RESEARCH_KINDS, 6),
        _yes_no("academic_use", RESEARCH_KINDS, 6),
        _yes_no("sponsor_rights", RESEARCH_KINDS, 6),
        _yes_no("improvements_unlimited", RESEARCH_KINDS | GRANTING_KINDS, 6),
        # options and licenses
        _number("option_exercise_days", GRANTING_KINDS, 6),
        _text("option_start_event", GRANTING_KINDS, 6),
        _number("option_negotiation_days", GRANTING_KINDS, 6),
        _text("prosecution_control", GRANTING_KINDS, 6),
        _text("prosecution_costs", GRANTING_KINDS, 6),
        _yes_no("diligence_milestones", GRANTING_KINDS),
        _yes_no("termination_for_failure", GRANTING_KINDS),
        _yes_no("royalty_bearing", GRANTING_KINDS),
        _text("royalty_base", GRANTING_KINDS),
        _text("royalty_rate", GRANTING_KINDS),
        _text("royalty_reporting", GRANTING_KINDS),
        _yes_no("royalty_audit", GRANTING_KINDS),
        # background
        _yes_no("background_schedule", RESEARCH_KINDS, 5),
        _text("background_license_scope", RESEARCH_KINDS, 5),
        # publication and control
        _yes_no("right_to_publish", RESEARCH_KINDS, 3),
        _number("publication_review_days", RESEARCH_KINDS, 3),
        _number("publication_delay_days", RESEARCH_KINDS, 3),
        _yes_no("theses_carved_out", RESEARCH_KINDS, 3),
        _yes_no("publication_approval", RESEARCH_KINDS, 7),
        _yes_no("nationality_restriction", RESEARCH_KINDS | {"data", "material", "service"}, 7),
        # confidentiality
        _number("confidentiality_years", _PAPER, 9),
        _yes_no("results_confidential", RESEARCH_KINDS, 9),
        # money and people
        _yes_no("public_funding", RESEARCH_KINDS),
        _yes_no("funder_rights", RESEARCH_KINDS),
        _yes_no("students_or_visitors", RESEARCH_KINDS, 8),
        _yes_no("participation_recorded", RESEARCH_KINDS, 8),
        _number("overhead_percent", RESEARCH_KINDS | {"service"}, 12),
        _yes_no("overhead_waiver", RESEARCH_KINDS | {"service"}, 12),
        # gift
        _yes_no("gift_deliverables", frozenset({"gift"}), 11),
        # data, software, material
        _yes_no("data_exchanged", _PAPER, 14),
        _yes_no("data_use_term", _PAPER, 14),
        _yes_no("software_results", RESEARCH_KINDS, 16),
        _yes_no("open_source_position", RESEARCH_KINDS, 16),
        _yes_no("materials_moved", RESEARCH_KINDS | {"service"}, 10),
        _yes_no("material_agreement", RESEARCH_KINDS | {"service"}, 10),
        # the frame
        _yes_no("survival_clause", _PAPER),
        _yes_no("liability_capped", _PAPER, 2),
    )
}


def questions_for(kind: str) -> list[Question]:
    """The questions asked of a kind, in the order of the table; KeyError for an unknown kind."""
    if kind not in ALL_KINDS:
        raise KeyError(kind)
    return [question for question in QUESTIONS.values() if kind in question.kinds]


def check_answer(code: str, value: object) -> object:
    """The value as it is stored; ValueError when the question is unknown or the value is not of its type."""
    question = QUESTIONS.get(code)
    if question is None:
        raise ValueError(f"there is no clause question {code!r}")
    if question.answer is Answer.YES_NO and isinstance(value, bool):
        return value
    if question.answer is Answer.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        if 0 <= value <= LARGEST_NUMBER:
            return value
    if question.answer is Answer.CHOICE and value in question.choices:
        return value
    if question.answer is Answer.TEXT and isinstance(value, str) and 0 < len(value.strip()) <= TEXT_LIMIT:
        return value.strip()
    raise ValueError(f"{value!r} does not answer {code!r}")


@dataclass(frozen=True)
class Answers:
    """The answers of one agreement. Every question may be unanswered; ``yes`` and ``no`` are both false then."""

    values: Mapping[str, object]

    def get(self, code: str) -> object | None:
        """The answer, None when there is none; KeyError for an unknown question, so that no rule misspells one."""
        QUESTIONS[code]
        return self.values.get(code)

    def yes(self, code: str) -> bool:
        return self.get(code) is True

    def no(self, code: str) -> bool:
        return self.get(code) is False

    def given(self, code: str) -> bool:
        return self.get(code) not in (None, "")

    def all_yes(self, *codes: str) -> bool:
        return all(self.yes(code) for code in codes)

    def all_given(self, *codes: str) -> bool:
        return all(self.given(code) for code in codes)


def asked_answers(kind: str, given: Mapping[str, object]) -> Answers:
    """The answers to the questions that are asked of a kind; others were given while it was of another kind."""
    return Answers({each.code: given[each.code] for each in questions_for(kind) if each.code in given})
