"""Answering the clause questions, and setting a rule aside."""

from collections.abc import Collection, Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.parts import refuse_after_execution, replace_parts
from agreements.models import Agreement, ClauseAnswer, RuleOverride
from agreements.queries.agreements import lock_agreement
from agreements.queries.clauses import check_now
from agreements.rules.clarity import RULES, Severity
from agreements.rules.clauses import QUESTIONS, Answer, check_answer, questions_for
from agreements.wording import RULES as WORDS
from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit

BLOCKING = frozenset(rule.code for rule in RULES if rule.severity is Severity.BLOCK)


@action("agreements.answer_clauses")
def answer_clauses(
    *, actor: Actor, agreement: Agreement, answers: Iterable[Mapping[str, object]], seen: int | None = None
) -> Agreement:
    """Set or clear answers of an agreement that is not executed; the checklist is computed anew.

    Each has ``code`` and ``value`` (None clears), and may have ``clause_number`` and ``note``. Questions that are not
    named keep their answers. A question that is not asked of this kind, or a value of another type, is refused.
    """
    row = lock_agreement(agreement.pk)
    apply_edit(row, {}, seen=seen)
    refuse_after_execution(row)
    asked = {question.code for question in questions_for(row.kind)}
    wanted = {each.code: _stored(each) for each in ClauseAnswer.objects.filter(agreement=row)}
    for given in answers:
        code = str(given["code"])
        if code not in asked:
            raise InvalidInput("not_asked", _("%s is not asked of this kind of agreement.") % code[:40], field=code)
        if given.get("value") is None:
            wanted.pop(code, None)
            continue
        wanted[code] = {
            "code": code,
            "value": _checked(code, given["value"]),
            "clause_number": str(given.get("clause_number") or "").strip(),
            "note": str(given.get("note") or "").strip(),
        }
    if replace_parts(ClauseAnswer, row, list(wanted.values()), same=lambda value_of: (value_of("code"),)):
        count_edit(row)
        recheck([row.pk])
        row.refresh_from_db(fields=["clarity", "blocking"])
    return row


@action("agreements.override_rule")
def override_rule(*, actor: Actor, agreement: Agreement, code: str, why: str, seen: int | None = None) -> Agreement:
    """Set a rule aside that stands against signature, with the reason; it still counts in the score.

    Refused for a rule that only warns, one that does not fire, and one that was set aside before.
    """
    row = lock_agreement(agreement.pk)
    apply_edit(row, {}, seen=seen)
    refuse_after_execution(row)
    why = why.strip()
    if code not in BLOCKING:
        words = _("Only a rule that blocks signature can be set aside: %s.") % ", ".join(sorted(BLOCKING))
        raise InvalidInput("not_blocking", words, field="code")
    if not why:
        raise InvalidInput("no_reason", _("Say why it is set aside."), field="reason")
    if RuleOverride.objects.filter(agreement=row, code=code).exists():
        raise ActionRefused("overridden_already", _("%s was set aside already.") % code, field="code")
    if code not in check_now([row.pk], timezone.localdate())[row.pk].blocking:
        words = _("%(code)s does not stand against signature: %(title)s") % {"code": code, "title": WORDS[code].title}
        raise ActionRefused("not_firing", words, field="code")
    RuleOverride.objects.create(agreement=row, code=code, reason=why, overridden_by_id=actor.user_id)
    count_edit(row)
    recheck([row.pk])
    row.refresh_from_db(fields=["clarity", "blocking"])
    return row


def recheck(agreement_ids: Collection[int]) -> None:
    """Compute the checklist of these agreements anew and store what changed; call inside an action.

    Whoever writes what the checklist reads calls it: answers, rights granted, conflict plans, obligations, projects.
    """
    found = check_now(agreement_ids, timezone.localdate())
    for row in Agreement.objects.filter(pk__in=agreement_ids).order_by("pk").only("clarity", "blocking"):
        clarity = found[row.pk]
        score, blocking = round(clarity.score, 2), len(clarity.blocking)
        if (row.clarity, row.blocking) != (score, blocking):
            Agreement.objects.filter(pk=row.pk).update(clarity=score, blocking=blocking)


def _stored(row: ClauseAnswer) -> dict[str, object]:
    return {"code": row.code, "value": row.value, "clause_number": row.clause_number, "note": row.note}


def _checked(code: str, value: object) -> object:
    try:
        return check_answer(code, value)
    except ValueError:
        question = QUESTIONS[code]
        words = {
            Answer.YES_NO: _("Answer true or false."),
            Answer.NUMBER: _("Give a whole number of 0 or more."),
            Answer.CHOICE: _("Choose one of %s.") % ", ".join(question.choices),
            Answer.TEXT: _("Give a text of at most 2,000 characters."),
        }
        raise InvalidInput("wrong_answer", words[question.answer], field=code) from None
