"""Asking questions: what the actor may ask, and an answer with the office's targets."""

from collections.abc import Mapping
from decimal import Decimal

from core.actor import Actor
from reporting.models import Target
from reporting.queries.scopes import Scope
from reporting.registry import Question
from reporting.rules.answers import Answer


def may_ask(actor: Actor, question: Question) -> bool:
    """Whether the actor holds everything that the question needs."""
    return all(actor.may(code) for code in question.permissions)


def targets_of(actor: Actor, year: int) -> dict[str, dict[str, Decimal]]:
    """Question → figure → what the office wants it to be in the fiscal year; one statement."""
    if not actor.may("reporting.view_targets"):
        return {}
    found: dict[str, dict[str, Decimal]] = {}
    for measure, value in Target.objects.filter(fiscal_year=year).values_list("measure", "value"):
        question, _dot, figure = measure.partition(".")
        found.setdefault(question, {})[figure] = value
    return found


def ask(
    actor: Actor, question: Question, scope: Scope, targets: Mapping[str, Mapping[str, Decimal]] | None = None
) -> Answer:
    """The answer to a question, with the targets of the scope's last fiscal year. Raises PermissionRefused."""
    for code in question.permissions:
        actor.require(code)
    if targets is None:
        targets = targets_of(actor, scope.last_year or scope.this_year)
    return question.answer(actor, scope).with_targets(dict(targets.get(question.code, {})))
