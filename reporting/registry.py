"""The questions that the office's records answer: each once, for pages, drawings, files and the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from reporting.rules.answers import Kind


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a question that an office may set a target for."""

    code: str
    label: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True, slots=True)
class Question:
    """``answer`` is a function marked with @visible that takes the actor and a ``queries.scopes.Scope``.

    ``chart`` names a drawing of ``reporting.drawing``, empty for the table alone. ``years``: how many fiscal years it
    covers while nobody asks for others, 0 for what holds today. ``also``: further permissions that it needs.
    """

    code: str
    title: str
    answer: Callable[..., Any]
    chart: str = ""
    years: int = 0
    measures: Sequence[Measure] = ()
    also: Sequence[str] = ()

    @property
    def permission(self) -> str:
        return self.answer.code

    @property
    def permissions(self) -> list[str]:
        """All that the actor must be allowed."""
        return [self.permission, *self.also]


_questions: dict[str, Question] = {}


def register_question(*questions: Question) -> None:
    """Make questions known by their codes. The same code twice, or an answer without a permission, raises."""
    for question in questions:
        if question.code in _questions:
            raise ImproperlyConfigured(f"Two questions are called {question.code}")
        if not hasattr(question.answer, "code"):
            raise ImproperlyConfigured(f"The question {question.code} must be answered by a function marked @visible")
        _questions[question.code] = question


def question_of(code: str) -> Question | None:
    """The question with this code; None when there is none."""
    return _questions.get(code)


def questions() -> list[Question]:
    """Every question, in the order in which they were registered."""
    return list(_questions.values())


def measures() -> list[tuple[Question, Measure]]:
    """Every figure that can have a target, with its question."""
    return [(question, measure) for question in questions() for measure in question.measures]


# What every report is narrowed by, given in ready() because filters stand above queries.
_scope_filters: list[type] = []


def register_scope_filter(filterset_class: type) -> None:
    """Let kept queries be read with the filter that the pages have."""
    _scope_filters[:] = [filterset_class]


def scope_filter_class() -> type:
    """The filter of all reports."""
    return _scope_filters[0]
