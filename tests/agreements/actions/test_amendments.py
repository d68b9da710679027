"""Amendments take their terms over, renewals succeed, and what amends an agreement ends with it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agreements.actions.agreements import delete_agreement, edit_agreement
from agreements.actions.amendments import amend_agreement, decline_renewal, renew_agreement
from agreements.actions.clauses import answer_clauses
from agreements.actions.money import set_money
from agreements.actions.moves import move_agreement
from agreements.models import Agreement, AgreementEvent, ClauseAnswer, Grant, MoneyLine, Obligation
from agreements.queries.compliance import nda_in_force
from agreements.queries.renewals import renewals_due
from core.errors import ActionRefused, InvalidInput, StaleEdit
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_grant, make_ip_asset, make_nda, make_obligation
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization

DAY = timedelta(days=1)
WAY = ("complete_request", "start_drafting", "request_approval", "route_for_signature", "execute")


def moved(office, row: Agreement, *codes: str, **more) -> Agreement:
    for code in codes:
        row = move_agreement(actor=office.actor(), agreement=row, code=code, **(more if code == codes[-1] else {}))
    return row


def refused(code: str, write, **arguments) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        write(**arguments)
    assert refusal.value.code == code
    return refusal.value


# Amendments


@pytest.mark.parametrize("status", ["draft", "negotiation", "signature", "withdrawn", "terminated"])
@pytest.mark.parametrize("write", [amend_agreement, renew_agreement, decline_renewal])
def test_only_what_stands_is_amended_or_renewed(in_alpha, status, write):
    make = make_executed if status == "terminated" else make_agreement
    row = make(kind="nda", status=status)
    refused("not_executed", write, actor=in_alpha.actor(), agreement=row)


def test_what_has_run_out_is_renewed_and_not_amended(in_alpha):
    row = make_executed(kind="nda", days_ago=400)
    refused("run_out", amend_agreement, actor=in_alpha.actor(), agreement=row)
    assert renew_agreement(actor=in_alpha.actor(), agreement=row).renews_id == row.pk


def test_one_amendment_at_a_time_and_none_of_an_amendment(in_alpha):
    row = make_executed(kind="nda")
    amendment = amend_agreement(actor=in_alpha.actor(), agreement=row)
    refused("open_already", amend_agreement, actor=in_alpha.actor(), agreement=row)
    amendment = moved(in_alpha, amendment, *WAY)
    refused("amends_itself", amend_agreement, actor=in_alpha.actor(), agreement=amendment)
    refused("amends", renew_agreement, actor=in_alpha.actor(), agreement=amendment)
    assert amend_agreement(actor=in_alpha.actor(), agreement=row).pk != amendment.pk


def test_an_executed_amendment_hands_its_terms_over(in_alpha):
    """Terms, answers, money and rights; the amended agreement counts a version and is amended from then on."""
    actor, today = in_alpha.actor(), timezone.localdate()
    asset = make_ip_asset()
    row = make_executed(kind="license", value=Decimal(100), expires_on=today + 100 * DAY, notice_days=30)
    MoneyLine.objects.create(agreement=row, amount=100, due_on=today + 10 * DAY)
    ClauseAnswer.objects.create(agreement=row, code="liability_capped", value=True)
    ClauseAnswer.objects.create(agreement=row, code="survival_clause", value=False)
    kept = make_grant(row, asset, exclusivity="exclusive", fields=["Cars"], territories=["DK"])
    amendment = amend_agreement(actor=actor, agreement=row, title="First amendment")
    assert (amendment.value, amendment.expires_on, amendment.effective_on) == (100, row.expires_on, None)
    assert [line.amount for line in amendment.money.all()] == [100]
    assert amendment.grants.get().fields == ["Cars"]
    later = today + 500 * DAY
    amendment = edit_agreement(actor=actor, agreement=amendment, expires_on=later, notice_days=60)
    lines = [{"amount": Decimal(100), "due_on": today + 10 * DAY}, {"amount": Decimal(50), "due_on": later}]
    amendment = set_money(actor=actor, agreement=amendment, lines=lines, value=Decimal(150))
    amendment = answer_clauses(
        actor=actor,
        agreement=amendment,
        answers=[{"code": "survival_clause", "value": True}, {"code": "liability_capped", "value": None}],
    )
    Grant.objects.filter(agreement=amendment).update(territories=["DK", "SE"])
    row.refresh_from_db()
    assert (row.value, row.expires_on) == (100, today + 100 * DAY)  # nothing before it is executed
    amendment = moved(in_alpha, amendment, *WAY)
    before = row.version
    row.refresh_from_db()
    assert (row.status, row.value, row.expires_on, row.notice_days) == ("amended", 150, later, 60)
    assert row.version > before
    assert dict(row.answers.values_list("code", "value")) == {"liability_capped": True, "survival_clause": True}
    assert [line.amount for line in row.money.order_by("due_on")] == [100, 50]
    assert (row.grants.get().pk, row.grants.get().territories) == (kept.pk, ["DK", "SE"])
    payments = Obligation.objects.filter(agreement=row, kind="payment").order_by("due_on")
    assert [each.due_on for each in payments] == [today + 10 * DAY, later]
    assert not Obligation.objects.filter(agreement=amendment).exists()
    assert amendment.blocking == 0


def test_an_amendment_owes_nothing_for_the_past(in_alpha):
    """Milestones agreed three years in fall due for the first time after the amendment, on the day of the month."""
    actor, today = in_alpha.actor(), timezone.localdate()
    row = make_executed(kind="license", days_ago=1100, expires_on=today + 1000 * DAY)
    make_obligation(row, rule="screening", kind="screening", due_in=5)
    amendment = amend_agreement(actor=actor, agreement=row)
    answers = [{"code": "diligence_milestones", "value": True}, {"code": "termination_for_failure", "value": True}]
    moved(in_alpha, answer_clauses(actor=actor, agreement=amendment, answers=answers), *WAY)
    [made] = Obligation.objects.filter(agreement=row, rule="diligence")
    assert today <= made.due_on <= today + 366 * DAY
    assert Obligation.objects.filter(agreement=row, rule="screening").count() == 1


def test_the_last_day_of_an_amendment_is_held_against_what_it_amends(in_alpha):
    actor, today = in_alpha.actor(), timezone.localdate()
    row = make_executed(kind="nda", days_ago=10, expires_on=today + 10 * DAY)
    amendment = amend_agreement(actor=actor, agreement=row)
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edit_agreement(actor=actor, agreement=amendment, expires_on=row.effective_on - DAY)
    assert refusal.value.code == "dates_reversed"
    make_executed(kind="nda", renews=row, effective_on=today + 11 * DAY)
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edit_agreement(actor=actor, agreement=amendment, expires_on=today + 11 * DAY)
    assert refusal.value.code == "terms_overlap"


def test_what_amends_an_agreement_ends_with_it(in_alpha):
    organization, today = make_organization(), timezone.localdate()
    row = make_nda(organization)
    done = moved(in_alpha, amend_agreement(actor=in_alpha.actor(), agreement=row), *WAY)
    row.refresh_from_db()
    draft = amend_agreement(actor=in_alpha.actor(), agreement=row)
    assert nda_in_force(organization, today) == row
    row.refresh_from_db()
    moved(in_alpha, row, "terminate", why="They were bought.")
    for each, status in ((row, "terminated"), (done, "terminated"), (draft, "withdrawn")):
        each.refresh_from_db()
        assert (each.status, each.workflow, each.end_reason) == (status, "closed", "They were bought.")
        assert each.ended_on == today
        assert AgreementEvent.objects.filter(agreement=each, to_status=status).count() == 1
    assert nda_in_force(organization, today) is None


# Renewals


def test_a_renewal_begins_the_day_after_with_what_there_is(in_alpha):
    actor, asset = in_alpha.actor("officer"), make_ip_asset()
    row = make_executed(kind="license", value=10, governing_law="Danish law", level="confidential")
    Agreement.objects.filter(pk=row.pk).update(owner=in_alpha.user("officer"))
    ClauseAnswer.objects.create(agreement=row, code="survival_clause", value=True)
    make_grant(row, asset, exclusivity="exclusive", ends_on=row.expires_on)
    Job.objects.all().delete()
    made = renew_agreement(actor=actor, agreement=row)
    assert made.effective_on == row.expires_on + DAY
    assert (made.expires_on, made.value, made.governing_law, made.level) == (None, 10, "Danish law", "confidential")
    assert (made.status, made.workflow) == ("draft", "intake")
    assert made.answers.get().value is True
    right = made.grants.get()
    assert (right.asset_id, right.exclusivity, right.ends_on) == (asset.pk, "exclusive", None)
    row.refresh_from_db()
    assert row.renewal_progress == "proposed"
    assert Job.objects.filter(name="partnerships.recompute_health", key=f"partnership-{row.partnership_id}").exists()
    refused("open_already", renew_agreement, actor=actor, agreement=row)
    refused("open_already", decline_renewal, actor=actor, agreement=row)
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edit_agreement(actor=actor, agreement=made, effective_on=row.expires_on)
    assert refusal.value.code == "terms_overlap"


def test_the_work_on_a_renewal_tells_how_far_it_has_come(in_alpha):
    row = make_executed(kind="nda")
    made = renew_agreement(actor=in_alpha.actor(), agreement=row)
    told = []
    steps = (
        ("complete_request", {}),
        ("start_drafting", {}),
        ("send_to_partner", {}),
        ("hold", {"why": "Summer."}),
        ("resume", {}),
        ("request_approval", {}),
        ("route_for_signature", {}),
    )
    for code, more in steps:
        made = moved(in_alpha, made, code, **more)
        row.refresh_from_db()
        told.append(row.renewal_progress)
    negotiating = "negotiating"
    expected = ["proposed", "drafted", *(negotiating,) * 4, "awaiting_signature"]
    assert told == expected
    moved(in_alpha, made, "withdraw", why="Another way was found.")
    row.refresh_from_db()
    assert row.renewal_progress == "none"
    assert renew_agreement(actor=in_alpha.actor(), agreement=row)


def test_a_deleted_renewal_was_none(in_alpha):
    row = make_executed(kind="nda")
    made = renew_agreement(actor=in_alpha.actor(), agreement=row)
    Job.objects.all().delete()
    delete_agreement(actor=in_alpha.actor(), agreement=made)
    row.refresh_from_db()
    assert row.renewal_progress == "none"
    assert Job.objects.filter(name="partnerships.recompute_health", key=f"partnership-{row.partnership_id}").exists()


def test_a_declined_renewal_is_due_no_more(in_alpha):
    actor, today = in_alpha.actor(), timezone.localdate()
    row = make_executed(kind="nda", days_ago=360)
    later = make_executed(kind="nda", days_ago=0, expires_on=today + 181 * DAY)
    assert list(renewals_due(actor, today)) == [row]
    seen = row.version
    row = decline_renewal(actor=actor, agreement=row)
    assert (row.renewal_progress, row.renewal_intended) == ("declined", False)
    assert list(renewals_due(actor, today)) == []
    with nothing_changes(), pytest.raises(StaleEdit):
        renew_agreement(actor=actor, agreement=row, seen=seen)
    renew_agreement(actor=actor, agreement=row)
    row.refresh_from_db()
    assert (row.renewal_progress, row.renewal_intended) == ("proposed", True)
    assert later not in renewals_due(actor, today)
