"""The IP clarity checklist: twenty-eight rules over what an agreement says.

A rule applies to an agreement or does not; if it applies it fires or is clear. Score = 100 · (1 − Σ weight of fired /
Σ weight of applicable), with weight 5 for a rule that blocks signature, 2 for a warning, 0.5 for a hint. With nothing
applicable the score is 100. What is not answered counts as missing: that is what the checklist is for.

The words for people are in ``agreements.wording``, by code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from agreements.rules.clauses import Answers
from agreements.rules.grants import GrantTerms
from agreements.rules.kinds import KINDS


class Severity(StrEnum):
    """How much a rule weighs, and whether it stands against signature."""

    BLOCK = "B"
    WARN = "W"
    INFO = "I"


WEIGHTS: dict[Severity, float] = {Severity.BLOCK: 5.0, Severity.WARN: 2.0, Severity.INFO: 0.5}


@dataclass(frozen=True)
class Limits:
    """The office's own limits, from its agreement policy."""

    publication_review_days: int = 30
    publication_delay_days: int = 60
    confidentiality_years: int = 5
    overhead_percent: Decimal = Decimal(30)


@dataclass(frozen=True)
class Facts:
    """One agreement as the rules see it.

    grants: the rights it grants. colliding: exclusive rights of other agreements that overlap with them.
    conflicts_open: colleagues with an interest in a counterparty and no approved plan. unauthorized: signatories of
    ours who are not on the delegation list for this value and day. signed_on: None before signature.
    work_started_on: the earliest recorded start of work, None when none is known.
    """

    kind: str
    answers: Answers = field(default_factory=lambda: Answers({}))
    grants: tuple[GrantTerms, ...] = ()
    colliding: int = 0
    expires_on: date | None = None
    notice_days: int | None = None
    renews_automatically: bool = False
    has_owner: bool = True
    governing_law: str = ""
    conflicts_open: int = 0
    signatories: int = 0
    unauthorized: int = 0
    obligations: int = 0
    signed_on: date | None = None
    work_started_on: date | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def is_research(self) -> bool:
        return KINDS[self.kind].research

    @property
    def is_gift(self) -> bool:
        return KINDS[self.kind].gift

    @property
    def is_statement_of_intent(self) -> bool:
        return self.kind == "mou"

    @property
    def options(self) -> list[GrantTerms]:
        return [grant for grant in self.grants if grant.kind == "option"]

    @property
    def exclusive(self) -> list[GrantTerms]:
        return [grant for grant in self.grants if grant.shuts_out and grant.kind != "assignment"]

    @property
    def exclusive_licenses(self) -> list[GrantTerms]:
        return [grant for grant in self.exclusive if grant.kind == "license"]


@dataclass(frozen=True)
class Rule:
    """One rule. ``questions``: the clause questions that answer it, for links and for asking live."""

    code: str
    severity: Severity
    topics: tuple[int, ...]
    applies: Callable[[Facts], bool]
    fires: Callable[[Facts], bool]
    questions: tuple[str, ...] = ()


def _research(facts: Facts) -> bool:
    return facts.is_research


def _paper(facts: Facts) -> bool:
    return not (facts.is_gift or facts.is_statement_of_intent)


def _owner_is(owner: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.is_research and facts.answers.get("foreground_owner") == owner


def _publication_unclear(facts: Facts) -> bool:
    answers, limits = facts.answers, facts.limits
    if not answers.yes("right_to_publish") or not answers.yes("theses_carved_out"):
        return True
    review, delay = answers.get("publication_review_days"), answers.get("publication_delay_days")
    return (review or 0) + (delay or 0) > limits.publication_review_days + limits.publication_delay_days


def _confidentiality_unclear(facts: Facts) -> bool:
    years = facts.answers.get("confidentiality_years")
    return years is None or years > facts.limits.confidentiality_years or facts.answers.yes("results_confidential")


def _overhead_low(facts: Facts) -> bool:
    percent = facts.answers.get("overhead_percent")
    return percent is not None and percent < facts.limits.overhead_percent and not facts.answers.yes("overhead_waiver")


def _term_unclear(facts: Facts) -> bool:
    missing = facts.expires_on is None or facts.notice_days is None or not facts.answers.given("survival_clause")
    return missing or (facts.renews_automatically and not facts.has_owner)


_JOINT = ("joint_exploitation", "joint_enforcement", "joint_costs", "joint_accounting")
_OPTION = ("option_exercise_days", "option_start_event", "option_negotiation_days")
_ROYALTY = ("royalty_base", "royalty_rate", "royalty_reporting")
B, W = Severity.BLOCK, Severity.WARN

RULES: tuple[Rule, ...] = (
    Rule(
        "P01",
        B,
        (1,),
        _research,
        lambda f: not f.answers.all_yes("statement_of_work", "tasks_and_deliverables"),
        ("statement_of_work", "tasks_and_deliverables"),
    ),
    Rule("P02", B, (6,), _research, lambda f: not f.answers.given("foreground_owner"), ("foreground_owner",)),
    Rule("P03", B, (6,), _owner_is("joint"), lambda f: not f.answers.all_yes(*_JOINT), _JOINT),
    Rule("P04", B, (6,), _owner_is("sponsor"), lambda f: not f.answers.yes("academic_use"), ("academic_use",)),
    Rule(
        "P05",
        W,
        (6,),
        _owner_is("university"),
        lambda f: not (f.grants or f.answers.yes("sponsor_rights")),
        ("sponsor_rights",),
    ),
    Rule("P06", B, (6,), lambda f: bool(f.options), lambda f: not f.answers.all_given(*_OPTION), _OPTION),
    Rule(
        "P07",
        B,
        (6,),
        lambda f: bool(f.exclusive),
        lambda f: any(not grant.fields or not grant.territories for grant in f.exclusive),
    ),
    Rule("P08", B, (6,), lambda f: any(grant.restrictive for grant in f.grants), lambda f: f.colliding > 0),
    Rule(
        "P09",
        W,
        (5,),
        _research,
        lambda f: not (f.answers.yes("background_schedule") and f.answers.given("background_license_scope")),
        ("background_schedule", "background_license_scope"),
    ),
    Rule(
        "P10",
        B,
        (3,),
        _research,
        _publication_unclear,
        ("right_to_publish", "publication_review_days", "publication_delay_days", "theses_carved_out"),
    ),
    Rule(
        "P11",
        B,
        (7,),
        lambda f: _research(f) or f.kind in {"data", "material", "service"},
        lambda f: f.answers.yes("publication_approval") or f.answers.yes("nationality_restriction"),
        ("publication_approval", "nationality_restriction"),
    ),
    Rule("P12", W, (9,), _paper, _confidentiality_unclear, ("confidentiality_years", "results_confidential")),
    Rule(
        "P13",
        W,
        (6,),
        lambda f: bool(f.grants),
        lambda f: not f.answers.all_given("prosecution_control", "prosecution_costs"),
        ("prosecution_control", "prosecution_costs"),
    ),
    Rule(
        "P14",
        W,
        (),
        lambda f: bool(f.exclusive_licenses),
        lambda f: not f.answers.all_yes("diligence_milestones", "termination_for_failure"),
        ("diligence_milestones", "termination_for_failure"),
    ),
    Rule(
        "P15",
        B,
        (),
        lambda f: f.answers.yes("royalty_bearing"),
        lambda f: not (f.answers.all_given(*_ROYALTY) and f.answers.yes("royalty_audit")),
        ("royalty_bearing", *_ROYALTY, "royalty_audit"),
    ),
    Rule(
        "P16",
        W,
        (4, 6),
        lambda f: _research(f) or KINDS[f.kind].grants,
        lambda f: f.answers.yes("improvements_unlimited"),
        ("improvements_unlimited",),
    ),
    Rule(
        "P17",
        B,
        (),
        lambda f: f.answers.yes("public_funding"),
        lambda f: not f.answers.yes("funder_rights"),
        ("public_funding", "funder_rights"),
    ),
    Rule(
        "P18",
        W,
        (8,),
        lambda f: f.answers.yes("students_or_visitors"),
        lambda f: not f.answers.yes("participation_recorded"),
        ("students_or_visitors", "participation_recorded"),
    ),
    Rule(
        "P19",
        B,
        (11,),
        lambda f: f.is_gift,
        lambda f: f.answers.yes("gift_deliverables") or bool(f.grants) or f.obligations > 0,
        ("gift_deliverables",),
    ),
    Rule(
        "P20",
        B,
        (14,),
        lambda f: f.kind == "data" or f.answers.yes("data_exchanged"),
        lambda f: not f.answers.yes("data_use_term"),
        ("data_exchanged", "data_use_term"),
    ),
    Rule(
        "P21",
        W,
        (16,),
        lambda f: f.answers.yes("software_results"),
        lambda f: not f.answers.yes("open_source_position"),
        ("software_results", "open_source_position"),
    ),
    Rule(
        "P22",
        W,
        (10,),
        lambda f: f.answers.yes("materials_moved"),
        lambda f: not f.answers.yes("material_agreement"),
        ("materials_moved", "material_agreement"),
    ),
    Rule("P23", B, (15,), lambda f: True, lambda f: f.conflicts_open > 0),
    Rule(
        "P24",
        W,
        (12,),
        lambda f: _research(f) or f.kind == "service",
        _overhead_low,
        ("overhead_percent", "overhead_waiver"),
    ),
    Rule("P25", W, (), _paper, _term_unclear, ("survival_clause",)),
    Rule(
        "P26",
        W,
        (2,),
        _paper,
        lambda f: not f.answers.yes("liability_capped") or not f.governing_law.strip(),
        ("liability_capped",),
    ),
    Rule("P27", B, (), lambda f: f.signatories > 0, lambda f: f.unauthorized > 0),
    Rule(
        "P28",
        W,
        (),
        lambda f: f.work_started_on is not None,
        lambda f: f.signed_on is None or f.work_started_on < f.signed_on,
    ),
)


@dataclass(frozen=True)
class Finding:
    """One applicable rule: whether it fired."""

    rule: Rule
    fired: bool


@dataclass(frozen=True)
class Clarity:
    """The checklist of one agreement. score: 0 to 100. blocking: codes of fired rules that stand against signature."""

    score: float
    findings: tuple[Finding, ...]
    overridden: frozenset[str]

    @property
    def fired(self) -> list[Rule]:
        """What is unclear, the weightiest first, else in the order of the table."""
        rules = [finding.rule for finding in self.findings if finding.fired]
        return sorted(rules, key=lambda rule: -WEIGHTS[rule.severity])

    @property
    def clear(self) -> int:
        return sum(not finding.fired for finding in self.findings)

    @property
    def blocking(self) -> list[str]:
        return [r.code for r in self.fired if r.severity is Severity.BLOCK and r.code not in self.overridden]


def check_clarity(facts: Facts, overridden: frozenset[str] = frozenset()) -> Clarity:
    """Apply all rules. An override takes a blocking rule out of ``blocking`` and leaves the score as it is."""
    findings = tuple(Finding(rule, rule.fires(facts)) for rule in RULES if rule.applies(facts))
    possible = sum(WEIGHTS[finding.rule.severity] for finding in findings)
    lost = sum(WEIGHTS[finding.rule.severity] for finding in findings if finding.fired)
    return Clarity(100 * (1 - lost / possible) if possible else 100.0, findings, overridden)
