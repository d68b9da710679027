"""The pages of what is looked at before signing: NDAs, screenings, conflicts of interest, export control."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements.actions.documents import share_document
from agreements.models import ClauseAnswer, ConflictPlan, RuleOverride, Screening
from agreements.queries.compliance import compliance_blocks
from core.tenancy.scope import tenant_scope
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_conflict_plan, make_document, make_nda, make_screening
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership

DAY = timedelta(days=1)


def today() -> str:
    return timezone.localdate().isoformat()


# NDAs


def test_the_register_says_what_stands_and_with_whom(in_alpha, client_of):
    organization = make_organization(name="Acme")
    soon = timezone.localdate() + 30 * DAY
    make_nda(organization, title="Ends soon", expires_on=soon)
    make_nda(title="Stands", expires_on=None)
    make_nda(title="Is over", expires_on=timezone.localdate() - DAY)
    make_executed(kind="service", title="No NDA in it")
    member, page = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/ndas/"

    def shown(query: str = "") -> set[str]:
        text = member.get(page + query).content.decode()
        titles = ("Ends soon", "Stands", "Is over", "No NDA in it")
        return {title for title in titles if f">{title}</a>" in text}

    assert shown() == {"Ends soon", "Stands", "Is over"}
    assert shown("?state=expiring") == {"Ends soon"}
    assert shown("?state=ended") == {"Is over"}
    assert shown("?q=acme") == {"Ends soon"}
    with nothing_changes():
        assert client_of(in_alpha, "viewer").get(page).status_code == 403


def test_an_nda_lists_what_was_received_and_given(in_alpha, client_of):
    organization = make_organization()
    nda = make_nda(organization, title="Mutual NDA")
    theirs = make_document(nda, label="exhibit", title="Their data sheet")
    ours = make_document(nda, label="exhibit", title="Our data sheet")
    share_document(actor=in_alpha.actor(), document=ours, organization=organization)
    page = f"{in_alpha.prefix}/ndas/{nda.pk}/"
    text = client_of(in_alpha).get(page).content.decode()
    received, given = text.split('id="given-title"')
    assert theirs.title in received
    assert ours.title in given
    assert "It has ended" not in text
    type(nda).objects.filter(pk=nda.pk).update(expires_on=timezone.localdate() - DAY)
    assert "Return or destroy what was received" in client_of(in_alpha).get(page).content.decode()


def test_an_nda_that_one_may_not_read_is_absent(alpha, client_of):
    with tenant_scope(alpha.id):
        nda = make_nda(level="confidential", title="Secret NDA")
    member = client_of(alpha, "officer")
    assert "Secret NDA" not in member.get(f"{alpha.prefix}/ndas/").content.decode()
    assert member.get(f"{alpha.prefix}/ndas/{nda.pk}/").status_code == 404


# Screenings


def test_from_a_hit_to_its_decision(in_alpha, client_of):
    agreement = make_agreement()
    organization = agreement.partnership.organization
    officer, manager = client_of(in_alpha, "officer"), client_of(in_alpha, "manager")
    sent = {"organization": organization.pk, "screened_on": today(), "lists": "EU, UN", "result": "open"}
    with nothing_changes():
        bare = officer.post(f"{in_alpha.prefix}/screenings/new/", sent)
        assert bare.status_code == 422
        assert "Say what was found." in bare.content.decode()
    officer.post(f"{in_alpha.prefix}/screenings/new/", {**sent, "note": "Same name as a listed firm."})
    row = Screening.objects.get()
    page = f"{in_alpha.prefix}/screenings/{row.pk}/"
    assert [each.code for each in compliance_blocks(agreement)] == ["screening_open"]
    decision = {"result": "false_hit", "note": "Other country.", "version": row.version}
    with nothing_changes():
        assert officer.post(f"{page}decide/", decision).status_code == 403
        assert manager.post(f"{page}decide/", {**decision, "note": ""}).status_code == 422
        assert manager.post(f"{page}decide/", {**decision, "result": "clear"}).status_code == 422
    assert manager.post(f"{page}decide/", decision).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.note) == ("false_hit", "Same name as a listed firm.\n\nOther country.")
    assert compliance_blocks(agreement) == []


def test_result_and_organization_stay_as_they_were_recorded(in_alpha, client_of):
    row, other = make_screening(), make_organization()
    page = f"{in_alpha.prefix}/screenings/{row.pk}/edit/"
    sent = {
        "organization": other.pk,
        "result": "true_hit",
        "screened_on": today(),
        "lists": "EU",
        "version": row.version,
    }
    assert client_of(in_alpha, "officer").post(page, sent).status_code == 302
    before = row.organization_id
    row.refresh_from_db()
    assert (row.organization_id, row.result, row.lists) == (before, "clear", "EU")
    with nothing_changes():
        future = {**sent, "screened_on": (timezone.localdate() + DAY).isoformat(), "version": row.version}
        assert client_of(in_alpha, "officer").post(page, future).status_code == 422
        clear = {"result": "true_hit", "note": "Why", "version": row.version}
        assert client_of(in_alpha).post(f"{in_alpha.prefix}/screenings/{row.pk}/decide/", clear).status_code == 422


def test_of_two_who_decide_the_second_is_told_and_may_decide_anew(in_alpha, client_of):
    """The form shows nothing of the row, so there is nothing to merge: a decision is not overwritten unseen."""
    row, member = make_screening(result="open", note="Same name"), client_of(in_alpha)
    page = f"{in_alpha.prefix}/screenings/{row.pk}/decide/"
    first = {"result": "true_hit", "note": "It is them.", "version": row.version}
    second = {"result": "false_hit", "note": "Another street.", "version": row.version}
    assert member.post(page, first).status_code == 302
    with nothing_changes():
        answer = member.post(page, second)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Another street." in text
    assert "It is them." in text
    shown = {"version": answer.context["form"]["version"].value()}
    assert member.post(page, {**second, **shown}).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.note) == ("false_hit", "Same name\n\nIt is them.\n\nAnother street.")


def test_a_screening_that_somebody_else_corrected_is_not_overwritten(in_alpha, client_of):
    row, member = make_screening(), client_of(in_alpha, "officer")
    page = f"{in_alpha.prefix}/screenings/{row.pk}/edit/"
    sent = {"screened_on": row.screened_on.isoformat(), "version": row.version}
    member.post(page, {**sent, "lists": "Theirs"})
    with nothing_changes():
        late = member.post(page, {**sent, "lists": "Mine"})
    assert late.status_code == 409
    assert "keep_lists" in late.content.decode()


# Conflicts of interest


def test_a_plan_is_approved_by_somebody_else(in_alpha, client_of):
    agreement, manager = make_agreement(), in_alpha.user("manager")
    member = client_of(in_alpha, "manager")
    sent = {"agreement": agreement.pk, "member": manager.pk, "interest": "Owns shares.", "plan": "Takes no part."}
    member.post(f"{in_alpha.prefix}/conflict-plans/new/", sent)
    row = ConflictPlan.objects.get()
    page = f"{in_alpha.prefix}/conflict-plans/{row.pk}/"
    assert "Approve the plan" not in member.get(page).content.decode()
    with nothing_changes():
        told = member.post(f"{page}approve/", {"version": row.version}, follow=True)
        assert "Somebody else has to approve" in told.content.decode()
        assert client_of(in_alpha, "officer").post(f"{page}approve/").status_code == 403
    other = client_of(in_alpha, "administrator")
    assert "Approve the plan" in other.get(page).content.decode()
    other.post(f"{page}approve/", {"version": row.version})
    row.refresh_from_db()
    assert row.approved_by_id == in_alpha.user("administrator").pk
    member.post(f"{page}edit/", {"interest": "Owns more shares.", "plan": row.plan, "version": row.version})
    row.refresh_from_db()
    assert row.approved_on is None


def test_a_plan_that_changed_since_it_was_read_is_not_approved(in_alpha, client_of):
    row = make_conflict_plan(in_alpha.user("researcher"))
    page = f"{in_alpha.prefix}/conflict-plans/{row.pk}/"
    changed = {"interest": row.interest, "plan": "Another plan.", "version": row.version}
    client_of(in_alpha, "officer").post(f"{page}edit/", changed)
    with nothing_changes():
        client_of(in_alpha).post(f"{page}approve/", {"version": row.version})
    row.refresh_from_db()
    assert row.approved_on is None


def test_researchers_see_and_write_down_their_own(in_alpha, client_of):
    led = make_agreement(principal_investigator=in_alpha.user("researcher"))
    other = make_conflict_plan(in_alpha.user("officer"), led, interest="Of the officer")
    member = client_of(in_alpha, "researcher")
    assert "Of the officer" not in member.get(f"{in_alpha.prefix}/conflict-plans/").content.decode()
    assert member.get(f"{in_alpha.prefix}/conflict-plans/{other.pk}/").status_code == 404
    sent = {"agreement": led.pk, "interest": "A board seat"}
    with nothing_changes():
        foreign = {**sent, "member": in_alpha.user("manager").pk}
        assert member.post(f"{in_alpha.prefix}/conflict-plans/new/", foreign).status_code == 422
    own = {**sent, "member": in_alpha.user("researcher").pk}
    assert member.post(f"{in_alpha.prefix}/conflict-plans/new/", own).status_code == 302
    with nothing_changes():
        twice = member.post(f"{in_alpha.prefix}/conflict-plans/new/", own)
    assert twice.status_code == 422
    assert "There is one for this colleague already." in twice.content.decode()


# Export control


@pytest.fixture
def flagged(in_alpha):
    """One agreement for each flag, and one without any, by title."""

    def agreement(title: str, *, screened: bool = True):
        row = make_agreement(make_partnership(), title=title)
        if screened:
            make_screening(row.partnership.organization, screened_on=timezone.localdate() - 10 * DAY)
        return row

    def party(title: str):
        return agreement(title).partnership.organization

    agreement("plain")
    ClauseAnswer.objects.create(agreement=agreement("approval"), code="publication_approval", value=True)
    barred = agreement("nationality")
    ClauseAnswer.objects.create(agreement=barred, code="nationality_restriction", value=True)
    ClauseAnswer.objects.create(agreement=barred, code="publication_approval", value=False)
    RuleOverride.objects.create(
        agreement=barred, code="P11", reason="A license is on file", overridden_by=in_alpha.user("manager")
    )
    make_screening(party("hit"), result="open", note="Same name")
    make_screening(party("restricted"), result="true_hit", note="It is them")
    cleared = party("cleared since")
    make_screening(cleared, result="true_hit", note="It was", screened_on=timezone.localdate() - 5 * DAY)
    make_screening(cleared)
    make_screening(party("repeat"), valid_until=timezone.localdate() - DAY, screened_on=timezone.localdate() - 2 * DAY)
    agreement("never", screened=False)
    make_agreement(title="withdrawn", status="withdrawn", workflow="closed", court="nobody")


def test_flags_of_export_control(in_alpha, client_of, flagged):
    member, page = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/export-control/"
    titles = ("plain", "approval", "nationality", "hit", "restricted", "cleared since", "repeat", "never", "withdrawn")

    def shown(query: str = "") -> set[str]:
        text = member.get(page + query).content.decode()
        return {title for title in titles if f">{title}</a>" in text}

    assert shown() == {*titles} - {"withdrawn"}
    for flag in ("approval", "nationality", "hit", "restricted", "repeat", "never"):
        assert shown(f"?flag={flag}") == {flag}
    assert shown("?flag=any") == {"approval", "nationality", "hit", "restricted", "repeat"}
    assert "set aside" in member.get(f"{page}?flag=nationality").content.decode()
    with nothing_changes():
        assert client_of(in_alpha, "researcher").get(page).status_code == 403
