"""What agreements say, summed up: how many answered each question, for how many each rule of the checklist fires."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind
from agreements.models import Agreement, ClauseAnswer
from agreements.queries.agreements import in_force, readable
from agreements.queries.clauses import check_now
from agreements.rules.clarity import RULES, Rule
from agreements.rules.clauses import QUESTIONS, Question
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actions import visible
from core.actor import Actor

MOST_CHECKED = 5_000
OPEN, IN_FORCE = "open", "in_force"
STANDINGS: Mapping[str, Promise] = {OPEN: _("Not executed yet"), IN_FORCE: _("In force")}


def standing_of(code: str, today: date) -> Q:
    """Agreements at work, those in force today, or with an empty code all of them."""
    if code == OPEN:
        return Q(status__in=BEFORE_EXECUTION)
    return in_force(today) if code == IN_FORCE else Q()


def answering(code: str) -> Q:
    """Agreements that are asked a question by their kind and have answered it."""
    return Q(kind__in=QUESTIONS[code].kinds) & Q(Exists(_answers(code)))


def not_answering(code: str) -> Q:
    """Agreements that are asked a question and have not answered it."""
    return Q(kind__in=QUESTIONS[code].kinds) & ~Q(Exists(_answers(code)))


def firing(rows: QuerySet[Agreement], code: str, today: date) -> Q:
    """Those of the agreements for which a rule fires today; of more than 5,000 the latest are looked at."""
    checked = check_now(_latest(rows), today)
    return Q(pk__in=[pk for pk, found in checked.items() if any(rule.code == code for rule in found.fired)])


def _answers(code: str) -> QuerySet[ClauseAnswer]:
    return ClauseAnswer.objects.filter(agreement=OuterRef("pk"), code=code)


def _latest(rows: QuerySet[Agreement]) -> list[int]:
    ordered = rows.order_by("-requested_on", "-pk").prefetch_related(None)
    return list(ordered.values_list("pk", flat=True)[:MOST_CHECKED])


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How many agreements are asked a question and how many answered it, by kind; both leave out kinds not asked."""

    question: Question
    asked: Mapping[str, int]
    answered: Mapping[str, int]

    @property
    def total(self) -> tuple[int, int]:
        return sum(self.asked.values()), sum(self.answered.values())


@dataclass(frozen=True, slots=True)
class RuleCount:
    """To how many agreements a rule applies, for how many it fires, and for how many it was set aside, by kind."""

    rule: Rule
    applies: Mapping[str, int]
    fires: Mapping[str, int]
    aside: Mapping[str, int]

    @property
    def total(self) -> tuple[int, int, int]:
        return sum(self.applies.values()), sum(self.fires.values()), sum(self.aside.values())


@dataclass(frozen=True, slots=True)
class ClauseReport:
    """``kinds``: those that there are, in the order of the list. ``left_out``: agreements beyond the latest 5,000."""

    number: int
    left_out: int
    kinds: Sequence[str]
    questions: Sequence[QuestionCount]
    rules: Sequence[RuleCount]


@visible("agreements.view_clause_report")
def clause_report(actor: Actor, *, kind: str = "", unit: int | None = None, standing: str = "") -> ClauseReport:
    """The sums over the agreements that the actor may read, as of today; ten statements, however many they are."""
    today = timezone.localdate()
    rows = Agreement.objects.filter(readable(actor), standing_of(standing, today))
    if kind:
        rows = rows.filter(kind=kind)
    if unit is not None:
        rows = rows.filter(unit_id=unit)
    ids = _latest(rows)
    kinds = dict(Agreement.objects.filter(pk__in=ids).values_list("pk", "kind"))
    present = Counter(kinds.values())
    return ClauseReport(
        number=len(ids),
        left_out=rows.count() - len(ids) if len(ids) == MOST_CHECKED else 0,
        kinds=[code for code in AgreementKind.values if code in present],
        questions=_count_questions(present, kinds),
        rules=_count_rules(kinds, today),
    )


def _count_questions(present: Counter[str], kinds: Mapping[int, str]) -> list[QuestionCount]:
    answered: dict[str, Counter[str]] = {code: Counter() for code in QUESTIONS}
    for pk, code in ClauseAnswer.objects.filter(agreement_id__in=kinds.keys()).values_list("agreement_id", "code"):
        if code in answered and kinds[pk] in QUESTIONS[code].kinds:
            answered[code][kinds[pk]] += 1
    counts = []
    for code, question in QUESTIONS.items():
        asked = {kind: number for kind, number in present.items() if kind in question.kinds}
        if asked:
            counts.append(QuestionCount(question, asked, answered[code]))
    return counts


def _count_rules(kinds: Mapping[int, str], today: date) -> list[RuleCount]:
    applies, fires, aside = ({rule.code: Counter() for rule in RULES} for _each in range(3))
    for pk, found in check_now(kinds.keys(), today).items():
        for finding in found.findings:
            code = finding.rule.code
            applies[code][kinds[pk]] += 1
            fires[code][kinds[pk]] += finding.fired
        for code in found.overridden & aside.keys():
            aside[code][kinds[pk]] += 1
    return [
        RuleCount(rule, applies[rule.code], fires[rule.code], aside[rule.code])
        for rule in RULES
        if applies[rule.code] or aside[rule.code]
    ]
