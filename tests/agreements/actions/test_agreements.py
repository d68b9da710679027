"""Writing agreements: what no agreement may say, who may say it, and that an executed one stays as it is."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agreements.actions.agreements import create_agreement, delete_agreement, edit_agreement
from agreements.actions.clauses import answer_clauses, override_rule
from agreements.actions.money import set_money
from agreements.actions.moves import move_agreement
from agreements.actions.parties import set_parties
from agreements.actions.signatories import set_signatories
from agreements.models import Agreement, AgreementEvent, MoneyLine, Party
from core.errors import ActionRefused, InvalidInput, StaleEdit
from core.trees import DEEPEST
from organizations.models import Organization
from tenants.actions.history import undo_changes
from tenants.models import Job
from tests.api_kit import nothing_changes
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project

DAY = timedelta(days=1)


def edited(office, row: Agreement, role: str = "officer", **changes) -> Agreement:
    return edit_agreement(actor=office.actor(role), agreement=row, **changes)


def refused(office, row: Agreement, code: str, role: str = "officer", **changes) -> ActionRefused:
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        edited(office, row, role, **changes)
    assert refusal.value.code == code
    return refusal.value


# Parties


def test_an_agreement_is_between_parties_with_one_main_counterparty(in_alpha):
    one, other = make_organization(name="Cog"), make_organization(name="Dredge")
    own = Organization.objects.create(name="Alpha University", is_own=True)
    for parties, code in (
        ([], "no_primary"),
        ([{"organization": one}], "no_primary"),
        ([{"organization": one, "is_primary": True}, {"organization": other, "is_primary": True}], "second_primary"),
        ([{"organization": one, "is_primary": True}, {"organization": one}], "party_twice"),
        ([{"organization": own, "is_primary": True}], "own_primary"),
    ):
        with nothing_changes(), pytest.raises(InvalidInput) as refusal:
            create_agreement(actor=in_alpha.actor("officer"), title="A frame", parties=parties)
        assert (refusal.value.code, refusal.value.field) == (code, "parties")
        with nothing_changes(), pytest.raises(InvalidInput) as refusal:
            set_parties(actor=in_alpha.actor("officer"), agreement=make_only(), parties=parties)
        assert refusal.value.code == code
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        create_agreement(actor=in_alpha.actor("officer"), title="A frame")
    assert refusal.value.field == "partnership"


def make_only() -> Agreement:
    return Agreement.objects.first() or make_agreement()


@pytest.fixture(autouse=True)
def _one_agreement(in_alpha):
    """There before anything is compared, for tests that need some agreement."""
    make_agreement()


def test_the_partner_is_one_of_the_parties(in_alpha):
    one, other = make_partnership(), make_partnership()
    row = make_agreement(one)
    parties = [{"organization": other.organization, "is_primary": True}]
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edited(in_alpha, row, parties=parties, partnership=one)
    assert refusal.value.code == "partner_no_party"
    before = row.version
    row = set_parties(actor=in_alpha.actor("officer"), agreement=row, parties=parties)
    assert (row.partnership_id, row.version) == (other.pk, before + 1)
    assert [party.organization_id for party in row.parties.all()] == [other.organization_id]
    stranger = make_organization()
    parties.append({"organization": stranger, "role": "funder"})
    row = set_parties(actor=in_alpha.actor("officer"), agreement=row, parties=parties)
    assert row.partnership_id == other.pk
    with nothing_changes():
        set_parties(actor=in_alpha.actor("officer"), agreement=row, parties=parties)
    row = set_parties(
        actor=in_alpha.actor("officer"), agreement=row, parties=[{"organization": stranger, "is_primary": True}]
    )
    assert row.partnership_id is None


def test_the_main_counterparty_may_change_places(in_alpha):
    row, other = make_agreement(), make_organization()
    first = row.parties.get()
    edited(in_alpha, row, parties=[{"organization": first.organization}, {"organization": other, "is_primary": True}])
    assert Party.objects.get(agreement=row, is_primary=True).organization_id == other.pk


def test_a_party_for_which_somebody_signs_stays(in_alpha):
    row, other = make_agreement(), make_organization()
    signatories = [{"party": row.parties.get().pk, "name": "Lena"}]
    set_signatories(actor=in_alpha.actor("officer"), agreement=row, signatories=signatories)
    refusal = refused(in_alpha, row, "party_signs", parties=[{"organization": other, "is_primary": True}])
    assert "Lena" in refusal.message


# Dates, money, currency


def test_what_no_agreement_may_say(in_alpha):
    today = timezone.localdate()
    row = make_agreement(effective_on=today)
    for changes, field in (
        ({"title": "  "}, "title"),
        ({"expires_on": today - DAY}, "expires_on"),
        ({"effective_on": today + DAY, "expires_on": today}, "expires_on"),
        ({"notice_days": 3651}, "notice_days"),
        ({"requested_on": today + DAY}, "requested_on"),
        ({"currency": "XXQ"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"kind": "work_order"}, "parent"),
    ):
        with nothing_changes(), pytest.raises(InvalidInput) as refusal:
            edited(in_alpha, row, **changes)
        assert refusal.value.field == field, changes
    assert edited(in_alpha, row, expires_on=today).expires_on == today  # one day is a term


def test_a_value_below_zero_is_refused_by_name(in_alpha):
    row = make_agreement()
    for value in ("-0.01", "-10"):
        with nothing_changes(), pytest.raises(InvalidInput, match="Give an amount from 0") as refusal:
            edited(in_alpha, row, value=Decimal(value))
        assert refusal.value.field == "value"


def test_what_stays_on_record_says_how_it_ends_instead(in_alpha):
    executed = make_executed()
    moved = make_agreement(workflow="triaged", status="negotiation")
    for row, words in ((executed, "Amend or terminate it instead"), (moved, "Withdraw it instead")):
        with nothing_changes(), pytest.raises(ActionRefused, match=words):
            delete_agreement(actor=in_alpha.actor("officer"), agreement=row)


def test_a_schedule_adds_up_to_the_value(in_alpha):
    row, actor = make_agreement(value=Decimal(1000)), in_alpha.actor("officer")
    for amounts, words in (
        (["400", "599.99"], "falls short of the value by 0.01"),
        (["1400", "1599.99"], "exceeds the value by 1,999.99"),
        (["400", "600.01"], "exceeds the value by 0.01"),
    ):
        with nothing_changes(), pytest.raises(InvalidInput, match=words) as refusal:
            set_money(actor=actor, agreement=row, lines=[{"amount": Decimal(each)} for each in amounts])
        assert refusal.value.field == "lines"
    for amount in ("0", "-1"):
        with nothing_changes(), pytest.raises(InvalidInput):
            set_money(actor=actor, agreement=row, lines=[{"amount": Decimal(amount)}], value=Decimal(amount))
    set_money(actor=actor, agreement=row, lines=[{"amount": Decimal(1000)}])
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edited(in_alpha, row, value=Decimal(999))
    assert refusal.value.field == "value"
    row = set_money(actor=actor, agreement=row, lines=[], value=None)
    assert (row.value, MoneyLine.objects.count()) == (None, 0)
    row = set_money(actor=actor, agreement=row, lines=[{"amount": Decimal("12.5")}])
    assert row.value == Decimal("12.5")  # where none is known, the sum becomes it


def test_a_value_that_grows_past_a_signers_limit_blocks_at_once(in_alpha):
    from agreements.models import DelegatedSigner

    row, signer = make_agreement(kind="service", value=Decimal(100)), in_alpha.user("administrator")
    own = Organization.objects.create(name="Alpha University", is_own=True)
    ours = Party.objects.create(agreement=row, organization=own, role="university")
    DelegatedSigner.objects.create(member=signer, up_to=100)
    actor = in_alpha.actor("officer")
    row = set_signatories(actor=actor, agreement=row, signatories=[{"party": ours.pk, "member": signer}])
    assert row.blocking == 0
    row = set_money(actor=actor, agreement=row, lines=[{"amount": Decimal(101)}], value=Decimal(101))
    assert row.blocking == 1


# Parents


def test_nothing_stands_under_itself(in_alpha):
    top, middle = make_agreement(kind="master"), make_agreement(kind="master")
    bottom = make_agreement(kind="master", parent=middle)
    edited(in_alpha, middle, parent=top)
    for row, parent in ((top, top), (top, middle), (top, bottom), (middle, bottom)):
        assert refused(in_alpha, row, "circular_parent", parent=parent).field == "parent"


def test_chains_end(in_alpha):
    above = None
    for _ in range(DEEPEST - 1):
        above = make_agreement(kind="master", parent=above)
    last = make_agreement()
    assert edited(in_alpha, last, parent=above).parent_id == above.pk
    deeper = make_agreement(kind="master", parent=above)
    assert refused(in_alpha, make_only(), "too_deep", parent=deeper).field == "parent"


def test_what_can_be_a_parent(in_alpha):
    row = make_agreement(kind="work_order", parent=make_agreement(kind="master"))
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edited(in_alpha, row, parent=make_only())
    assert refusal.value.code == "no_frame"
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        edited(in_alpha, row, parent=None)
    assert refusal.value.code == "needs_parent"
    for status in ("terminated", "withdrawn"):
        made = make_executed(kind="consortium", status=status)
        assert refused(in_alpha, row, "parent_ended", parent=made).field == "parent"
    assert edited(in_alpha, row, parent=make_executed(kind="consortium")).parent.kind == "consortium"


# After execution


def test_an_executed_agreement_is_never_edited(in_alpha):
    row, project = make_executed(kind="research", value=100), make_project()
    actor, day = in_alpha.actor("administrator"), timezone.localdate()
    for changes in (
        {"title": "Another"},
        {"value": Decimal(1)},
        {"expires_on": day},
        {"effective_on": day},
        {"kind": "service"},
        {"summary": "More"},
        {"parties": [{"organization": make_only().parties.get().organization, "is_primary": True}]},
        {"projects": [project]},
        {"owner": in_alpha.user("manager"), "currency": "USD"},
    ):
        refused(in_alpha, row, "not_open", "administrator", **changes)
    for write in (
        lambda: set_money(actor=actor, agreement=row, lines=[{"amount": Decimal(100)}]),
        lambda: set_parties(actor=actor, agreement=row, parties=[]),
        lambda: set_signatories(actor=actor, agreement=row, signatories=[]),
        lambda: answer_clauses(actor=actor, agreement=row, answers=[{"code": "statement_of_work", "value": True}]),
        lambda: override_rule(actor=actor, agreement=row, code="P02", why="Because."),
    ):
        with nothing_changes(), pytest.raises(ActionRefused) as refusal:
            write()
        assert refusal.value.code == "not_open"
    handled = edited(in_alpha, row, owner=in_alpha.user("manager"), level="confidential", role="manager")
    assert (handled.owner_id, handled.level) == (in_alpha.user("manager").pk, "confidential")


def test_undoing_is_no_way_round_that(in_alpha):
    """What was changed before execution is not put back after it; who handles it is."""
    actor = in_alpha.actor("manager")
    row = make_agreement(kind="nda", workflow="signing", status="signature", title="Before")
    edit_agreement(actor=replace(actor, request_id="terms"), agreement=row, title="After", value=Decimal(5))
    set_money(actor=replace(actor, request_id="money"), agreement=row, lines=[{"amount": Decimal(5)}])
    row.refresh_from_db()
    move_agreement(actor=replace(actor, request_id="move"), agreement=row, code="execute")
    for request_id, code in (("terms", "not_open"), ("money", "not_open"), ("move", None)):
        with nothing_changes(), pytest.raises(ActionRefused) as refusal:
            undo_changes(actor=actor, request_id=request_id)
        assert code in (None, refusal.value.code)
    edit_agreement(actor=replace(actor, request_id="handling"), agreement=row, owner=in_alpha.user("officer"))
    undo_changes(actor=actor, request_id="handling")
    row.refresh_from_db()
    assert (row.title, row.owner_id) == ("After", None)


def test_a_draft_is_put_back_with_its_checklist(in_alpha):
    actor, row = in_alpha.actor("officer"), make_agreement()
    answers = [{"code": "foreground_owner", "value": "university"}]
    row = answer_clauses(actor=replace(actor, request_id="answers"), agreement=row, answers=answers)
    clarity = row.clarity
    undo_changes(actor=actor, request_id="answers")
    row.refresh_from_db()
    assert row.clarity < clarity
    assert not row.answers.exists()


# Drafts, levels, versions


def test_a_draft_that_moved_is_a_record(in_alpha):
    actor = in_alpha.actor("officer")
    row = make_agreement()
    move_agreement(actor=actor, agreement=row, code="complete_request")
    with nothing_changes(), pytest.raises(ActionRefused) as refusal:
        delete_agreement(actor=actor, agreement=row)
    assert refusal.value.code == "has_moved"
    fresh = create_agreement(actor=actor, title="A frame", partnership=make_partnership(), projects=[make_project()])
    delete_agreement(actor=actor, agreement=fresh)
    assert not Agreement.objects.filter(pk=fresh.pk).exists()
    assert AgreementEvent.objects.filter(agreement=row).count() == 1


def test_a_project_is_named_once(in_alpha):
    project = make_project()
    actor = in_alpha.actor("officer")
    row = create_agreement(actor=actor, title="A", partnership=make_partnership(), projects=[project, project])
    assert row.projects.count() == 1
    with nothing_changes():
        edited(in_alpha, row, projects=[project, project])


def test_a_level_is_lowered_by_those_who_may_read_it(in_alpha):
    row = make_agreement(level="restricted", owner=in_alpha.user("officer"))
    refused(in_alpha, row, "may_not_lower", level="internal")
    refused(in_alpha, row, "may_not_lower", "manager", level="confidential")
    assert edited(in_alpha, row, "administrator", level="confidential").level == "confidential"
    refused(in_alpha, row, "out_of_sight", "manager", level="restricted")


def test_whoever_saves_second_is_told(in_alpha):
    row = make_agreement()
    seen = row.version
    edited(in_alpha, row, title="First", seen=seen)
    with nothing_changes(), pytest.raises(StaleEdit):
        edited(in_alpha, row, title="Second", seen=seen)
    for write in (
        lambda actor: set_money(actor=actor, agreement=row, lines=[], seen=seen),
        lambda actor: set_parties(actor=actor, agreement=row, parties=[], seen=seen),
        lambda actor: answer_clauses(actor=actor, agreement=row, answers=[], seen=seen),
    ):
        with nothing_changes(), pytest.raises(StaleEdit):
            write(in_alpha.actor("officer"))


def test_answers_of_another_kind_do_not_count(in_alpha):
    """A license with royalties and no base is blocked; made a service agreement, it is not asked any more."""
    actor, row = in_alpha.actor("officer"), make_agreement(kind="license")
    row = answer_clauses(actor=actor, agreement=row, answers=[{"code": "royalty_bearing", "value": True}])
    assert row.blocking == 1
    row = edited(in_alpha, row, kind="service")
    assert row.blocking == 0
    assert edited(in_alpha, row, kind="license").blocking == 1


def test_references_are_numbered_by_year_and_office(in_alpha, beta):
    from core.tenancy.scope import tenant_scope

    year = timezone.localdate().year
    make_agreement(reference=f"AGR-{year}-0041")
    make_agreement(reference=f"AGR-{year - 1}-0099")
    make_agreement(reference=f"AGR-{year}-X7")
    made = create_agreement(actor=in_alpha.actor("officer"), title="A", partnership=make_partnership())
    assert made.reference == f"AGR-{year}-0042"
    with tenant_scope(beta.id):
        other = create_agreement(actor=beta.actor("officer"), title="B", partnership=make_partnership())
        assert other.reference == f"AGR-{year}-0001"


def test_rules_of_a_draft_move_no_health(in_alpha):
    Job.objects.all().delete()
    edited(in_alpha, make_agreement(), title="Another")
    assert not Job.objects.filter(name="partnerships.recompute_health").exists()
