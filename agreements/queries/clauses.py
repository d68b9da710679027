"""What an agreement says, clause by clause, and the checklist over it, fed to ``rules.clarity`` from the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DateField, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agreements.choices import ObligationKind, ObligationSide
from agreements.models import (
    Agreement,
    AgreementPolicy,
    AgreementProject,
    ClauseAnswer,
    ConflictPlan,
    DelegatedSigner,
    Grant,
    Obligation,
    RuleOverride,
    Signatory,
)
from agreements.queries.agreements import readable
from agreements.queries.assets import same_deal
from agreements.rules.authority import Delegation, may_sign
from agreements.rules.clarity import Clarity, Facts, Limits, check_clarity
from agreements.rules.clauses import Question, asked_answers, questions_for
from agreements.rules.grants import GrantTerms, overlap
from agreements.rules.kinds import KINDS
from agreements.rules.workflow import IN_LAW
from core.actions import visible
from core.actor import Actor

PROMISED = (ObligationKind.DELIVERABLE, ObligationKind.REPORT)


@visible("agreements.view_agreements")
def visible_answers(actor: Actor, agreement: Agreement) -> QuerySet[ClauseAnswer]:
    """The clause answers of an agreement that the actor may read, by question."""
    mine = Agreement.objects.filter(readable(actor), pk=agreement.pk)
    return ClauseAnswer.objects.filter(agreement__in=mine).order_by("code")


@visible("agreements.view_agreements")
def visible_overrides(actor: Actor, agreement: Agreement) -> QuerySet[RuleOverride]:
    """The rules that were set aside for an agreement that the actor may read."""
    mine = Agreement.objects.filter(readable(actor), pk=agreement.pk)
    return RuleOverride.objects.filter(agreement__in=mine).select_related("overridden_by").order_by("code")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the agreement's kind, and the answer where there is one."""

    question: Question
    answer: ClauseAnswer | None


@visible("agreements.view_agreements")
def asked_of(actor: Actor, agreement: Agreement) -> list[Asked]:
    """The questions of an agreement's kind in the order of the table, answered or not."""
    given = {answer.code: answer for answer in visible_answers(actor, agreement)}
    return [Asked(question, given.get(question.code)) for question in questions_for(agreement.kind)]


@visible("agreements.view_agreements")
def clarity_of(actor: Actor, agreement: Agreement) -> Clarity:
    """The checklist of one agreement as of today, computed from what the database holds now."""
    return check_now([agreement.pk], timezone.localdate())[agreement.pk]


def check_now(agreement_ids: Collection[int], today: date) -> dict[int, Clarity]:
    """The checklist of each of these agreements; seven statements, however many they are."""
    aside: defaultdict[int, set[str]] = defaultdict(set)
    for pk, code in RuleOverride.objects.filter(agreement_id__in=agreement_ids).values_list("agreement_id", "code"):
        aside[pk].add(code)
    facts = read_facts(agreement_ids, today)
    return {pk: check_clarity(each, frozenset(aside[pk])) for pk, each in facts.items()}


def read_facts(agreement_ids: Collection[int], today: date) -> dict[int, Facts]:
    """The facts of these agreements as of a day, six statements in all. No permission is asked: actions decide.

    Work has started when a project of the agreement has, up to ``today``. A signatory is ours who is a colleague, or
    signs for the institution itself. Rights of other agreements count when those are executed and not ended; where
    one collides, two statements for each step of the deal tell whether it is another deal at all. Answers that were
    given while it was of another kind do not count.
    """
    rows = list(Agreement.objects.filter(pk__in=agreement_ids).annotate(**_counts(today)))
    answers = _answers(agreement_ids)
    grants = _grants(agreement_ids)
    signers = _signers(agreement_ids)
    delegations = _delegations() if signers else []
    limits = office_limits()
    found = {}
    for row in rows:
        own = grants.get(row.pk, [])
        ours = signers.get(row.pk, [])
        found[row.pk] = facts_of(
            row,
            answers=asked_answers(row.kind, answers.get(row.pk, {})),
            grants=tuple(each.terms for each in own),
            colliding=_colliding(row.pk, grants),
            conflicts_open=row.conflicts_open,
            obligations=row.duties,
            signatories=len(ours),
            unauthorized=sum(
                not may_sign(delegations, member, row_value(row), row.currency, signed_on or row.executed_on or today)
                for member, signed_on in ours
            ),
            work_started_on=row.work_started_on,
            limits=limits,
        )
    return found


def facts_of(row: Agreement, **more: object) -> Facts:
    """The facts that stand in the agreement's own row; the others as given, or as of one that has just been begun."""
    return Facts(
        kind=row.kind,
        expires_on=row.expires_on,
        notice_days=row.notice_days,
        renews_automatically=row.renews_automatically,
        has_owner=row.owner_id is not None,
        governing_law=row.governing_law,
        signed_on=row.executed_on,
        **more,
    )


def _colliding(pk: int, grants: Mapping[int, list["_Held"]]) -> int:
    """How many standing rights of other deals collide with those of an agreement."""
    own = grants.get(pk, [])
    rivals = [each for holder, others in grants.items() if holder != pk for each in others if each.stands]
    found = [other for other in rivals if any(overlap(mine.terms, other.terms) for mine in own)]
    deal = same_deal(pk) if found else set()
    return sum(each.terms.agreement not in deal for each in found)


def row_value(row: Agreement) -> Decimal | None:
    """What a signature binds the institution to: nothing for a kind without money, None when nobody knows."""
    return Decimal(0) if row.value is None and not KINDS[row.kind].money else row.value


def office_limits() -> Limits:
    """The office's limits, the usual ones where it has set none."""
    policy = AgreementPolicy.objects.first()
    if policy is None:
        return Limits()
    return Limits(
        policy.publication_review_days,
        policy.publication_delay_days,
        policy.confidentiality_years,
        policy.overhead_percent,
    )


def _counts(today: date) -> dict[str, object]:
    def number_of(rows: QuerySet) -> Coalesce:
        counted = rows.filter(agreement=OuterRef("pk")).order_by().values("agreement").annotate(n=Count("pk"))
        return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)

    started = AgreementProject.objects.filter(agreement=OuterRef("pk"), project__started_on__lte=today)
    first = started.order_by().values("agreement").annotate(first=Min("project__started_on")).values("first")
    return {
        "conflicts_open": number_of(ConflictPlan.objects.filter(approved_on=None)),
        "duties": number_of(Obligation.objects.filter(side=ObligationSide.OURS, kind__in=PROMISED)),
        "work_started_on": Subquery(first, output_field=DateField()),
    }


def _answers(agreement_ids: Collection[int]) -> dict[int, dict[str, object]]:
    found: defaultdict[int, dict[str, object]] = defaultdict(dict)
    rows = ClauseAnswer.objects.filter(agreement_id__in=agreement_ids).values_list("agreement_id", "code", "value")
    for pk, code, value in rows:
        found[pk][code] = value
    return found


@dataclass(frozen=True, slots=True)
class _Held:
    terms: GrantTerms
    stands: bool


def _grants(agreement_ids: Collection[int]) -> dict[int, list[_Held]]:
    """The rights that these agreements grant, and all others in the same assets, by agreement."""
    own = Grant.objects.filter(agreement_id__in=agreement_ids)
    assets = own.filter(asset__isnull=False).values("asset_id")
    found: defaultdict[int, list[_Held]] = defaultdict(list)
    rows = Grant.objects.filter(Q(agreement_id__in=agreement_ids) | Q(asset_id__in=assets)).annotate(
        begins=Coalesce(F("starts_on"), F("agreement__effective_on")),
        ends=Coalesce(F("ends_on"), F("agreement__expires_on")),
        status=F("agreement__status"),
        amends=F("agreement__amends_id"),
    )
    for row in rows.order_by("pk"):
        terms = GrantTerms(
            row.pk,
            row.agreement_id,
            row.kind,
            row.exclusivity,
            row.asset_id,
            frozenset(row.fields),
            frozenset(row.territories),
            row.begins,
            row.ends,
        )
        found[row.agreement_id].append(_Held(terms, row.status in IN_LAW and row.amends is None))
    return found


def _signers(agreement_ids: Collection[int]) -> dict[int, list[tuple[int | None, date | None]]]:
    ours = Q(party__organization__is_own=True) | Q(member__isnull=False)
    found: defaultdict[int, list[tuple[int | None, date | None]]] = defaultdict(list)
    rows = Signatory.objects.filter(ours, agreement_id__in=agreement_ids)
    for pk, member, signed_on in rows.values_list("agreement_id", "member_id", "signed_on"):
        found[pk].append((member, signed_on))
    return found


def _delegations() -> Iterable[Delegation]:
    rows = DelegatedSigner.objects.values_list("member_id", "up_to", "currency", "starts_on", "ends_on")
    return [Delegation(*row) for row in rows]
