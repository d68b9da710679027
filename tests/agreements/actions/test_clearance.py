"""What stands against signature: rules, restricted parties, conflicts of interest, rights that collide."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agreements.actions.clauses import override_rule, recheck
from agreements.actions.compliance import approve_conflict_plan, decide_screening, edit_conflict_plan
from agreements.actions.moves import execute_agreement, move_agreement
from agreements.models import Agreement, Grant, Obligation, RuleOverride
from agreements.queries.assets import collisions_of
from core.errors import ActionRefused, InvalidInput, PermissionRefused
from core.tenancy.scope import tenant_transaction
from organizations.models import Organization
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import (
    make_conflict_plan,
    make_grant,
    make_ip_asset,
    make_screening,
)
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.partnerships import make_partnership

DAY = timedelta(days=1)


def at_signature(**fields) -> Agreement:
    """Ready to be executed: an NDA asks for nothing that blocks."""
    return make_agreement(**{"kind": "nda", "workflow": "signing", "status": "signature", **fields})


def blocked(office, row: Agreement, code: str, role: str = "manager") -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        execute_agreement(actor=office.actor(role), agreement=row)
    assert refusal.value.code == code
    return refusal.value


# Rules


def test_a_blocking_rule_is_set_aside_with_a_reason_by_those_who_may(in_alpha):
    row, manager = at_signature(kind="research"), in_alpha.actor("manager")
    for code in ("P01", "P02"):
        assert code in blocked(in_alpha, row, "rules_block").details["rules"]
        with nothing_changes(), pytest.raises(PermissionRefused):
            override_rule(actor=in_alpha.actor("officer"), agreement=row, code=code, why="Because.")
        with nothing_changes(), pytest.raises(InvalidInput) as refusal:
            override_rule(actor=manager, agreement=row, code=code, why="  ")
        assert refusal.value.field == "reason"
        row = override_rule(actor=manager, agreement=row, code=code, why="The dean agreed.")
        with nothing_changes(), pytest.raises(ActionRefused) as again:
            override_rule(actor=manager, agreement=row, code=code, why="The dean agreed.")
        assert again.value.code == "overridden_already"
    assert blocked(in_alpha, row, "rules_block").details["rules"] == ["P10"]
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        override_rule(actor=manager, agreement=row, code="P25", why="Only a warning.")
    assert refusal.value.code == "not_blocking"
    row = override_rule(actor=manager, agreement=row, code="P10", why="The dean agreed.")
    done = execute_agreement(actor=manager, agreement=row)
    assert (done.status, done.blocking) == ("executed", 0)
    said = RuleOverride.objects.filter(agreement=row)
    assert {(each.reason, each.overridden_by_id) for each in said} == {("The dean agreed.", manager.user_id)}


# Restricted parties


@pytest.mark.parametrize(
    ("results", "code"),
    [
        (["open"], "screening_open"),
        (["open", "clear"], "screening_open"),
        (["true_hit"], "screening_hit"),
        (["clear", "true_hit"], "screening_hit"),
        (["false_hit"], None),
        (["true_hit", "clear"], None),
        (["true_hit", "false_hit"], None),
        (["clear"], None),
        ([], None),
    ],
)
def test_nothing_is_signed_with_a_restricted_party(in_alpha, results, code):
    """The last screening counts, and one that nobody has decided counts as long as that."""
    row, day = at_signature(), timezone.localdate() - 10 * DAY
    organization = row.parties.get().organization
    for place, result in enumerate(results):
        note = "" if result == "clear" else "A namesake."
        make_screening(organization, result=result, note=note, screened_on=day + place * DAY)
    if code is None:
        assert execute_agreement(actor=in_alpha.actor(), agreement=row).status == "executed"
        return
    refusal = blocked(in_alpha, row, code, "administrator")
    assert refusal.details == {"parties": [organization.pk]}
    assert organization.name in refusal.message


def test_a_hit_that_is_decided_false_frees_the_party(in_alpha):
    row = at_signature()
    hit = make_screening(row.parties.get().organization, result="open", note="A namesake.")
    blocked(in_alpha, row, "screening_open")
    decide_screening(actor=in_alpha.actor(), screening=hit, result="false_hit", note="Another birthday.")
    assert execute_agreement(actor=in_alpha.actor(), agreement=row).status == "executed"


def test_the_institution_itself_is_not_looked_at(in_alpha):
    own = Organization.objects.create(name="Alpha University", is_own=True)
    row = at_signature()
    row.parties.create(organization=own, role="university")
    make_screening(own, result="open", note="A namesake.")
    assert execute_agreement(actor=in_alpha.actor(), agreement=row).status == "executed"


# Conflicts of interest


def test_an_interest_needs_an_approved_plan(in_alpha):
    row, manager = at_signature(), in_alpha.actor("manager")
    plan = make_conflict_plan(in_alpha.user("researcher"), row)
    assert blocked(in_alpha, row, "rules_block").details["rules"] == ["P23"]
    plan = approve_conflict_plan(actor=manager, conflict_plan=plan)
    plan = edit_conflict_plan(actor=in_alpha.actor("researcher"), conflict_plan=plan, interest="More shares.")
    assert blocked(in_alpha, row, "rules_block").details["rules"] == ["P23"]
    assert Job.objects.filter(name="agreements.recheck", key=f"agreement-{row.pk}").exists()
    approve_conflict_plan(actor=manager, conflict_plan=plan)
    assert execute_agreement(actor=manager, agreement=row).status == "executed"


# Rights


def granting(asset, *, make=at_signature, agreement=None, **terms) -> Agreement:
    """An agreement that grants an exclusive right in the IP, for cars in Denmark."""
    row = make(**{"kind": "license", **(agreement or {})})
    right = {"exclusivity": "exclusive", "fields": ["Cars"], "territories": ["DK"], **terms}
    make_grant(row, asset, **right)
    return row


def test_the_same_exclusive_right_is_not_granted_twice(in_alpha):
    asset = make_ip_asset(level="internal")
    held = granting(asset, make=make_executed)
    draft = granting(asset)
    assert blocked(in_alpha, draft, "rules_block").details["rules"] == ["P08"]
    actor = in_alpha.actor()
    assert [each.agreement for each in collisions_of(actor, draft)] == [held]
    for free in (
        {"fields": ["Ships"]},
        {"territories": ["SE"]},
        {"starts_on": held.expires_on + DAY, "ends_on": held.expires_on + 9 * DAY},
        {"exclusivity": "nonexclusive"},
    ):
        other = granting(asset, **free)
        assert collisions_of(actor, other) == []
        assert execute_agreement(actor=actor, agreement=other).status == "executed"
        Grant.objects.filter(agreement=other).delete()
    for taken in ({"fields": [" cars "]}, {"fields": []}, {"territories": ["*"]}, {"kind": "option"}):
        answers = [("option_exercise_days", 30), ("option_start_event", "x"), ("option_negotiation_days", 30)]
        other = granting(asset, **taken)
        for code, value in answers:
            other.answers.create(code=code, value=value)
        assert "P08" in blocked(in_alpha, other, "rules_block").details["rules"], taken


def test_a_right_is_free_again_when_its_agreement_ended(in_alpha):
    asset, manager = make_ip_asset(), in_alpha.actor("manager")
    held, draft = granting(asset, make=make_executed), granting(asset)
    recheck([draft.pk])
    Job.objects.all().delete()
    move_agreement(actor=manager, agreement=held, code="terminate", why="It was never used.")
    assert Job.objects.filter(name="agreements.recheck", key=f"agreement-{draft.pk}").exists()
    assert execute_agreement(actor=manager, agreement=Agreement.objects.get(pk=draft.pk)).status == "executed"


def test_one_deal_is_not_its_own_rival(in_alpha):
    """A renewal that runs on and the amendments of an agreement say the same right again."""
    asset, actor = make_ip_asset(), in_alpha.actor()
    held = granting(asset, make=make_executed, agreement={"expires_on": None})
    renewal = granting(asset, agreement={"renews": held})
    amendment = granting(asset, make=make_executed, agreement={"amends": held})
    second = granting(asset, agreement={"amends": held})
    for row in (held, renewal, amendment, second):
        recheck([row.pk])
        row.refresh_from_db()
        assert (row.blocking, collisions_of(actor, row)) == (0, []), row.pk
    stranger = granting(asset)
    assert [each.agreement for each in collisions_of(actor, stranger)] == [held]  # which the amendment speaks for
    assert execute_agreement(actor=actor, agreement=second).status == "executed"


def test_of_two_that_grant_the_same_right_at_once_one_is_executed(committed, alpha):
    """Neither is in law when both begin; the second waits for the first and is then blocked by it."""
    with tenant_transaction(alpha.id):
        asset = make_ip_asset()
        drafts = [granting(asset, agreement={"partnership": make_partnership()}) for _ in range(2)]
    together, outcomes = threading.Barrier(2), []

    def execute(row: Agreement) -> None:
        try:
            with tenant_transaction(alpha.id):
                together.wait(20)
                execute_agreement(actor=alpha.actor("manager"), agreement=row)
            outcomes.append("executed")
        except ActionRefused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    hands = [threading.Thread(target=execute, args=(row,)) for row in drafts]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert sorted(outcomes) == ["executed", "rules_block"]
    with tenant_transaction(alpha.id):
        assert Agreement.objects.filter(status="executed").count() == 1
        assert Obligation.objects.values("agreement").distinct().count() == 1
