"""The checklist of one agreement as a page shows it: each rule that fires with its words and what was set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import F, Func, OuterRef, QuerySet, Subquery
from django.utils import timezone

from agreements.models import Agreement, Document, Obligation, RuleOverride
from agreements.queries.clauses import read_facts, visible_overrides
from agreements.queries.documents import visible_documents
from agreements.queries.obligations import OPEN, overdue, visible_obligations
from agreements.rules.clarity import Clarity, Rule, Severity, check_clarity
from agreements.rules.clauses import Answers
from agreements.wording import QUESTIONS, RULES, SEVERITIES, TOPICS, Words
from core.actions import visible
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fires. ``override``: who set it aside, None while nobody has."""

    rule: Rule
    override: RuleOverride | None

    @property
    def words(self) -> Words:
        return RULES[self.rule.code]

    @property
    def severity(self) -> str:
        return str(SEVERITIES[self.rule.severity.value])

    @property
    def blocks(self) -> bool:
        """Whether it stands against signature now."""
        return self.can_block and self.override is None

    @property
    def can_block(self) -> bool:
        return self.rule.severity is Severity.BLOCK

    @property
    def warns(self) -> bool:
        return self.rule.severity is Severity.WARN

    @property
    def topics(self) -> list[str]:
        return [str(TOPICS[topic]) for topic in self.rule.topics]

    @property
    def questions(self) -> list[tuple[str, str]]:
        return [(code, str(QUESTIONS[code])) for code in self.rule.questions]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The score with the rules that fire, the weightiest first, and the words of those that are clear."""

    clarity: Clarity
    fired: Sequence[Fired]

    @property
    def applicable(self) -> int:
        return len(self.clarity.findings)

    @property
    def blocking(self) -> int:
        return len(self.clarity.blocking)

    @property
    def clear(self) -> list[tuple[str, str]]:
        """The rules that are clear, as code and what they would say."""
        return [(f.rule.code, str(RULES[f.rule.code].title)) for f in self.clarity.findings if not f.fired]


@visible("agreements.view_agreements")
def checklist_of(actor: Actor, agreement: Agreement, *, answers: Mapping[str, object] | None = None) -> Checklist:
    """The checklist of an agreement that the actor may read, as of today.

    With ``answers`` as it would be if these were the answers to the questions that they name; nothing is written.
    """
    overrides = {row.code: row for row in visible_overrides(actor, agreement)}
    facts = read_facts([agreement.pk], timezone.localdate())[agreement.pk]
    if answers is not None:
        merged = {**facts.answers.values, **answers}
        facts = replace(facts, answers=Answers({code: value for code, value in merged.items() if value is not None}))
    clarity = check_clarity(facts, frozenset(overrides))
    return Checklist(clarity, [Fired(rule, overrides.get(rule.code)) for rule in clarity.fired])


@dataclass(frozen=True, slots=True)
class PartCounts:
    """What an agreement has that the actor may see; None for what they may not."""

    obligations: int | None
    overdue: int | None
    documents: int | None


@visible("agreements.view_agreements")
def part_counts(actor: Actor, agreement: Agreement) -> PartCounts:
    """How much hangs on an agreement: open obligations, those overdue, and documents; one statement."""
    rows: dict[str, QuerySet] = {}
    if actor.may("agreements.view_obligations"):
        owed = Obligation.objects.filter(pk__in=visible_obligations(actor).order_by().values("pk"))
        mine = owed.filter(agreement=OuterRef("pk"))
        rows |= {"obligations": mine.filter(OPEN), "overdue": mine.filter(overdue(timezone.localdate()))}
    if actor.may("agreements.view_documents"):
        seen = visible_documents(actor).order_by().values("pk")
        rows["documents"] = Document.objects.filter(pk__in=seen, agreement=OuterRef("pk"))
    counts = {
        f"n_{name}": Subquery(each.order_by().annotate(n=Func(F("pk"), function="count")).values("n"))
        for name, each in rows.items()
    }
    found = Agreement.objects.filter(pk=agreement.pk).order_by().values(**counts).get() if counts else {}
    return PartCounts(*(found.get(f"n_{name}") for name in ("obligations", "overdue", "documents")))
