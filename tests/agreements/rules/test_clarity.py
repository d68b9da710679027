"""Every rule of the checklist fires once and stays quiet once; the score by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.rules.clarity import RULES, WEIGHTS, Facts, Limits, Severity, check_clarity
from agreements.rules.clauses import QUESTIONS, Answer, Answers, check_answer, questions_for
from agreements.rules.grants import GrantTerms
from agreements.rules.kinds import ALL_KINDS

EXCLUSIVE = GrantTerms(
    1, 1, "license", "exclusive", asset=1, fields=frozenset({"batteries"}), territories=frozenset({"*"})
)
PLAIN = replace(EXCLUSIVE, exclusivity="nonexclusive")
OPTION = replace(PLAIN, kind="option")


def facts(kind="research", grants=(), **given):
    """Facts from answers and, with a leading capital letter, from fields: ``Expires_on`` is the field."""
    fields = {name.lower(): value for name, value in given.items() if name[0].isupper()}
    answers = {name: value for name, value in given.items() if not name[0].isupper()}
    assert answers.keys() <= QUESTIONS.keys()
    return Facts(kind=kind, answers=Answers(answers), grants=tuple(grants), **fields)


JOINT = dict.fromkeys(("joint_exploitation", "joint_enforcement", "joint_costs", "joint_accounting"), True)
OPTION_TERMS = {
    "option_exercise_days": 90,
    "option_start_event": "receipt of the report",
    "option_negotiation_days": 60,
}
ROYALTY = {"royalty_base": "net sales", "royalty_rate": "3 %", "royalty_reporting": "every six months"}
PUBLISH = {"right_to_publish": True, "theses_carved_out": True}

CASES = {
    "P01": (facts(statement_of_work=True), facts(statement_of_work=True, tasks_and_deliverables=True)),
    "P02": (facts(), facts(foreground_owner="university")),
    "P03": (
        facts(foreground_owner="joint", **(JOINT | {"joint_costs": False})),
        facts(foreground_owner="joint", **JOINT),
    ),
    "P04": (facts(foreground_owner="sponsor"), facts(foreground_owner="sponsor", academic_use=True)),
    "P05": (facts(foreground_owner="university"), facts(grants=[OPTION], foreground_owner="university")),
    "P06": (
        facts("option", [OPTION], **(OPTION_TERMS | {"option_start_event": ""})),
        facts("option", [OPTION], **OPTION_TERMS),
    ),
    "P07": (facts("license", [replace(EXCLUSIVE, territories=frozenset())]), facts("license", [EXCLUSIVE])),
    "P08": (facts("license", [EXCLUSIVE], Colliding=1), facts("license", [EXCLUSIVE], Colliding=0)),
    "P09": (
        facts(background_schedule=True),
        facts(background_schedule=True, background_license_scope="research only"),
    ),
    "P10": (
        facts(**PUBLISH, publication_review_days=60, publication_delay_days=31),
        facts(**PUBLISH, publication_review_days=30, publication_delay_days=60),
    ),
    "P11": (facts(publication_approval=True), facts(publication_approval=False, nationality_restriction=False)),
    "P12": (facts("nda", confidentiality_years=6), facts("nda", confidentiality_years=5)),
    "P13": (
        facts("license", [PLAIN], prosecution_control="university"),
        facts("license", [PLAIN], prosecution_control="university", prosecution_costs="licensee"),
    ),
    "P14": (
        facts("license", [EXCLUSIVE], diligence_milestones=True),
        facts("license", [EXCLUSIVE], diligence_milestones=True, termination_for_failure=True),
    ),
    "P15": (
        facts("license", [PLAIN], royalty_bearing=True, **ROYALTY),
        facts("license", [PLAIN], royalty_bearing=True, royalty_audit=True, **ROYALTY),
    ),
    "P16": (facts(improvements_unlimited=True), facts(improvements_unlimited=False)),
    "P17": (facts(public_funding=True), facts(public_funding=True, funder_rights=True)),
    "P18": (facts(students_or_visitors=True), facts(students_or_visitors=True, participation_recorded=True)),
    "P19": (facts("gift", Obligations=1), facts("gift", gift_deliverables=False)),
    "P20": (facts("data"), facts("data", data_use_term=True)),
    "P21": (facts(software_results=True), facts(software_results=True, open_source_position=True)),
    "P22": (facts(materials_moved=True), facts(materials_moved=True, material_agreement=True)),
    "P23": (facts(Conflicts_open=1), facts(Conflicts_open=0)),
    "P24": (facts(overhead_percent=29), facts(overhead_percent=30)),
    "P25": (
        facts("nda", Expires_on=date(2027, 1, 1), Notice_days=30),
        facts("nda", Expires_on=date(2027, 1, 1), Notice_days=30, survival_clause=True),
    ),
    "P26": (facts("nda", liability_capped=True), facts("nda", liability_capped=True, Governing_law="Denmark")),
    "P27": (facts(Signatories=2, Unauthorized=1), facts(Signatories=2, Unauthorized=0)),
    "P28": (
        facts(Work_started_on=date(2026, 3, 1), Signed_on=date(2026, 3, 2)),
        facts(Work_started_on=date(2026, 3, 2), Signed_on=date(2026, 3, 2)),
    ),
}


def outcome(code, case):
    found = [finding.fired for finding in check_clarity(case).findings if finding.rule.code == code]
    return found[0] if found else None


def test_every_rule_has_a_case():
    assert list(CASES) == [rule.code for rule in RULES] == [f"P{number:02}" for number in range(1, 29)]


@pytest.mark.parametrize("code", sorted(CASES))
def test_it_fires(code):
    assert outcome(code, CASES[code][0]) is True


@pytest.mark.parametrize("code", sorted(CASES))
def test_it_stays_quiet_when_it_applies_and_all_is_clear(code):
    assert outcome(code, CASES[code][1]) is False


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("P01", facts("nda")),
        ("P03", facts(foreground_owner="university")),
        ("P08", facts("license", [PLAIN])),
        ("P12", facts("gift")),
        ("P14", facts("option", [replace(EXCLUSIVE, kind="option")])),
        ("P19", facts("research")),
        ("P25", facts("mou")),
        ("P28", facts()),
    ],
)
def test_it_does_not_apply(code, case):
    assert outcome(code, case) is None


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("P10", facts(**(PUBLISH | {"theses_carved_out": False}))),
        ("P10", facts(theses_carved_out=True)),
        ("P11", facts("data", nationality_restriction=True)),
        ("P12", facts("nda")),
        ("P12", facts(confidentiality_years=3, results_confidential=True)),
        ("P19", facts("gift", [PLAIN])),
        ("P19", facts("gift", gift_deliverables=True)),
        ("P25", facts("nda", Expires_on=date(2027, 1, 1), Notice_days=30, survival_clause=True,
                      Renews_automatically=True, Has_owner=False)),
        ("P26", facts("nda", Governing_law="Denmark")),
        ("P28", facts(Work_started_on=date(2026, 3, 1))),
    ],
)  # fmt: skip
def test_the_other_ways_to_fire(code, case):
    assert outcome(code, case) is True


def test_a_waiver_settles_low_overhead():
    assert outcome("P24", facts(overhead_percent=10, overhead_waiver=True)) is False


def test_the_offices_own_limits_count():
    case = facts(overhead_percent=29, **PUBLISH, publication_review_days=20)
    strict = replace(case, limits=Limits(10, 0, 5, Decimal(20)))
    assert (outcome("P24", strict), outcome("P10", strict)) == (False, True)


def test_the_score_by_hand():
    """An NDA: P12, P25, P26 warn (2 each), P23 blocks (5). P12 and P26 fire: 100 · (1 − 4/11)."""
    case = facts("nda", Expires_on=date(2027, 1, 1), Notice_days=30, survival_clause=True)
    clarity = check_clarity(case)
    assert [finding.rule.code for finding in clarity.findings] == ["P12", "P23", "P25", "P26"]
    assert clarity.score == pytest.approx(100 * (1 - 4 / 11), abs=1e-9)
    assert [rule.code for rule in clarity.fired] == ["P12", "P26"]
    assert (clarity.clear, clarity.blocking) == (2, [])


def test_an_override_unblocks_and_leaves_the_score():
    case = facts("gift", Obligations=1, Conflicts_open=1)
    before, after = check_clarity(case), check_clarity(case, frozenset({"P19"}))
    assert (before.blocking, after.blocking) == (["P19", "P23"], ["P23"])
    assert before.score == after.score == 0


VALUES = {
    Answer.YES_NO: st.booleans(),
    Answer.NUMBER: st.integers(0, 1000),
    Answer.TEXT: st.text(min_size=1, max_size=20).filter(str.strip),
}


@st.composite
def any_facts(draw):
    kind = draw(st.sampled_from(sorted(ALL_KINDS)))
    answers = {}
    for question in questions_for(kind):
        if draw(st.booleans()):
            values = VALUES[question.answer] if question.answer in VALUES else st.sampled_from(question.choices)
            answers[question.code] = check_answer(question.code, draw(values))
    return Facts(kind=kind, answers=Answers(answers), grants=draw(st.sampled_from([(), (PLAIN,), (EXCLUSIVE, OPTION)])))


@given(any_facts())
def test_the_score_is_the_share_of_weight_that_is_clear(case):
    clarity = check_clarity(case)
    weights = [(WEIGHTS[finding.rule.severity], finding.fired) for finding in clarity.findings]
    assert 0 <= clarity.score <= 100
    clear = sum(weight for weight, fired in weights if not fired)
    assert clarity.score == pytest.approx(100 * clear / sum(weight for weight, _fired in weights))
    assert len(clarity.fired) + clarity.clear == len(clarity.findings)
    assert set(clarity.blocking) == {rule.code for rule in clarity.fired if rule.severity is Severity.BLOCK}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("no_such_clause", True),
        ("right_to_publish", "yes"),
        ("right_to_publish", None),
        ("publication_review_days", True),
        ("publication_review_days", -1),
        ("publication_review_days", 1.5),
        ("foreground_owner", "everybody"),
        ("option_start_event", "  "),
        ("option_start_event", "x" * 2001),
    ],
)
def test_wrong_answers_are_refused(code, value):
    with pytest.raises(ValueError, match=code):
        check_answer(code, value)


def test_a_rule_cannot_misspell_a_question():
    with pytest.raises(KeyError):
        Answers({}).get("foreground_ower")
    assert {code for rule in RULES for code in rule.questions} <= QUESTIONS.keys()


def test_every_question_but_the_frame_serves_a_rule():
    assert QUESTIONS.keys() == {code for rule in RULES for code in rule.questions}
