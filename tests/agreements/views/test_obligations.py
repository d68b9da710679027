"""The pages of what each side owes: list, month, doing with evidence, waiving, and the calendar address."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agreements.models import CalendarFeed, Obligation
from core.tenancy.scope import tenant_scope
from tenants.models import FileAccess
from tests.api_kit import nothing_changes
from tests.factories.agreement_parts import make_obligation
from tests.factories.agreements import make_executed


def test_from_adding_to_done_with_a_link(in_alpha, client_of):
    member, agreement = client_of(in_alpha, "officer"), make_executed()
    sent = {
        "agreement": agreement.pk,
        "title": "Second report",
        "side": "ours",
        "kind": "report",
        "due_on": "2030-01-31",
        "recurrence": "monthly",
        "weight": "1.0",
        "owner": in_alpha.user("officer").pk,
    }
    added = member.post(f"{in_alpha.prefix}/obligations/new/", sent)
    row = Obligation.objects.get()
    assert added["Location"] == f"{in_alpha.prefix}/obligations/{row.pk}/"
    page = f"{in_alpha.prefix}/obligations/{row.pk}/"
    today = timezone.localdate().isoformat()
    proof = {"evidence": "https://files.example/report", "done_on": today, "version": row.version}
    done = member.post(f"{page}complete/", proof, follow=True)
    text = done.content.decode()
    assert "It is due again on 28 Feb 2030." in text
    assert 'href="https://files.example/report"' in text
    row.refresh_from_db()
    assert (row.evidence, row.done_by_id) == ("https://files.example/report", in_alpha.user("officer").pk)
    following = Obligation.objects.exclude(pk=row.pk).get()
    assert f"/obligations/{following.pk}/" in text


def test_nothing_is_done_without_evidence(in_alpha, client_of):
    member, row = client_of(in_alpha, "officer"), make_obligation()
    page, today = f"{in_alpha.prefix}/obligations/{row.pk}/complete/", timezone.localdate()
    with nothing_changes():
        bare = member.post(page, {"evidence": " ", "done_on": today.isoformat(), "version": row.version})
        assert bare.status_code == 422
        assert "Nothing is done without evidence." in bare.content.decode()
        tomorrow = (today + timedelta(days=1)).isoformat()
        early = member.post(page, {"evidence": "Sent", "done_on": tomorrow, "version": row.version})
        assert early.status_code == 422
        program = SimpleUploadedFile("tool.exe", b"MZ\x90\x00" + b"\x00" * 200)
        wrong = member.post(page, {"file": program, "done_on": today.isoformat(), "version": row.version})
        assert wrong.status_code == 422
        assert client_of(in_alpha, "viewer").post(page, {"evidence": "Sent"}).status_code == 403


def test_a_file_is_evidence_and_each_fetch_is_written_down(in_alpha, client_of):
    member, led = client_of(in_alpha, "researcher"), make_executed(principal_investigator=in_alpha.user("researcher"))
    row = make_obligation(led)
    page = f"{in_alpha.prefix}/obligations/{row.pk}/"
    file = SimpleUploadedFile("report.txt", b"The report\n")
    sent = {"file": file, "done_on": timezone.localdate().isoformat(), "version": row.version}
    assert member.post(f"{page}complete/", sent).status_code == 302
    assert "report.txt" in member.get(page).content.decode()
    proof = f"{in_alpha.prefix}/evidence/{row.pk}/"
    answer = member.get(proof)
    assert b"".join(answer.streaming_content) == b"The report\n"
    assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert answer["Cache-Control"] == "no-store, private"
    assert FileAccess.objects.get().member_id == in_alpha.user("researcher").pk
    without = make_obligation(row.agreement)
    with nothing_changes():
        assert client_of(in_alpha, "viewer").get(proof).status_code == 403
        assert member.get(f"{in_alpha.prefix}/evidence/{without.pk}/").status_code == 404


def test_a_second_editor_is_told_and_not_overwritten(in_alpha, client_of):
    member, row = client_of(in_alpha, "officer"), make_obligation(title="First", weight=1)
    page = f"{in_alpha.prefix}/obligations/{row.pk}/edit/"
    sent = {
        "title": "Mine",
        "side": row.side,
        "kind": row.kind,
        "due_on": row.due_on.isoformat(),
        "recurrence": "once",
        "weight": "1.0",
        "version": row.version,
    }
    assert member.post(page, {**sent, "title": "Theirs"}).status_code == 302
    with nothing_changes():
        late = member.post(page, sent)
    assert late.status_code == 409
    text = late.content.decode()
    assert "Theirs" in text
    assert "keep_title" in text
    row.refresh_from_db()
    kept = member.post(page, {**sent, "version": row.version, "keep_title": "yours"})
    row.refresh_from_db()
    assert (kept.status_code, row.title) == (302, "Mine")


def test_what_is_done_or_waived_is_not_changed_any_more(in_alpha, client_of):
    member = client_of(in_alpha, "manager")
    done = make_obligation(done_on=timezone.localdate(), evidence="Sent")
    waived = make_obligation(waived_reason="The project ended")
    with nothing_changes():
        for row in (done, waived):
            page = f"{in_alpha.prefix}/obligations/{row.pk}/"
            text = member.get(page).content.decode()
            assert f"{row.pk}/edit/" not in text
            sent = {"evidence": "Again", "done_on": timezone.localdate().isoformat(), "version": row.version}
            assert member.post(f"{page}complete/", sent).status_code == 422
            assert member.post(f"{page}waive/", {"why": "Again", "version": row.version}).status_code == 422
        told = member.post(f"{in_alpha.prefix}/obligations/{done.pk}/delete/", follow=True)
        assert "It cannot be deleted." in told.content.decode()


def test_waiving_takes_a_manager_and_a_reason(in_alpha, client_of):
    row = make_obligation()
    page = f"{in_alpha.prefix}/obligations/{row.pk}/waive/"
    with nothing_changes():
        assert client_of(in_alpha, "officer").get(page).status_code == 403
        assert client_of(in_alpha, "officer").post(page, {"why": "No need"}).status_code == 403
        assert client_of(in_alpha).post(page, {"why": " ", "version": row.version}).status_code == 422
    client_of(in_alpha).post(page, {"why": "The project ended early", "version": row.version})
    row.refresh_from_db()
    assert row.waived_reason == "The project ended early"


def test_deleting_can_be_undone(in_alpha, client_of):
    row, member = make_obligation(title="By mistake"), client_of(in_alpha, "officer")
    after = member.post(f"{in_alpha.prefix}/obligations/{row.pk}/delete/", follow=True).content.decode()
    assert not Obligation.objects.exists()
    address = next(part.split('"')[0] for part in after.split('action="') if "/undo/" in part.split('"')[0])
    member.post(address)
    assert Obligation.objects.get().title == "By mistake"


def test_the_month_shows_the_same_rows_under_the_same_filter(in_alpha, client_of):
    member, agreement = client_of(in_alpha, "viewer"), make_executed()
    for number in range(6):
        make_obligation(agreement, title=f"On the fourth {number}", due_on=date(2030, 3, 4))
    make_obligation(agreement, title="In April", due_on=date(2030, 4, 20))
    make_obligation(agreement, title="Of theirs", side="theirs", due_on=date(2030, 3, 5))
    page = f"{in_alpha.prefix}/obligations/"
    text = member.get(f"{page}?shape=month&month=2030-03&side=ours").content.decode()
    assert "March 2030" in text
    assert text.count("On the fourth") == 4
    assert "2 more" in text
    assert "In April" not in text
    assert "Of theirs" not in text
    assert "month=2030-02" in text
    assert "month=2030-04" in text
    assert '<input type="hidden" name="month" value="2030-03">' in text
    day = member.get(f"{page}?side=ours&due_after=2030-03-04&due_before=2030-03-05").content.decode()
    assert day.count("On the fourth") == 6
    for odd in ("2030-13", "0000-01", "9999-12", "abc", "2030-1"):
        assert member.get(f"{page}?shape=month&month={odd}").status_code == 200


def test_what_is_owed_under_a_hidden_agreement_is_absent(alpha, client_of):
    with tenant_scope(alpha.id):
        row = make_obligation(make_executed(level="confidential"), title="Secret duty")
    member = client_of(alpha, "officer")
    with nothing_changes():
        assert "Secret duty" not in member.get(f"{alpha.prefix}/obligations/").content.decode()
        for more in ("", "edit/", "complete/", "history/"):
            assert member.get(f"{alpha.prefix}/obligations/{row.pk}/{more}").status_code == 404
        hidden = {"agreement": row.agreement_id, "title": "More", "side": "ours", "kind": "report"}
        assert member.post(f"{alpha.prefix}/obligations/new/", hidden).status_code == 422


def test_a_calendar_address_is_shown_once_and_withdrawn(in_alpha, client_of):
    member, page = client_of(in_alpha, "officer"), f"{in_alpha.prefix}/calendar-feeds/"
    mine = make_obligation(title="Mine to do", owner=in_alpha.user("officer"))
    made = member.post(f"{page}new/", {})
    text, feed = made.content.decode(), CalendarFeed.objects.get()
    assert made["Cache-Control"] == "no-store"
    address = text.split('data-copy="', 1)[1].split('"', 1)[0]
    assert address.endswith(".ics")
    assert address not in member.get(page).content.decode()
    assert mine.title in client_of(None).get(address.replace("http://testserver", "")).content.decode()
    with nothing_changes():
        assert client_of(in_alpha, "viewer").post(f"{page}{feed.pk}/revoke/").status_code == 404
    member.post(f"{page}{feed.pk}/revoke/")
    assert client_of(None).get(address.replace("http://testserver", "")).status_code == 404


def test_the_eleventh_calendar_address_is_refused(in_alpha, client_of):
    member, page = client_of(in_alpha, "viewer"), f"{in_alpha.prefix}/calendar-feeds/new/"
    for _number in range(10):
        member.post(page, {"everything": "on"})
    with nothing_changes():
        refused = member.post(page, {})
    assert refused.status_code == 422
    assert "Withdraw one that is not used." in refused.content.decode()


def test_the_rail_marks_agreements_on_every_page_of_their_area(alpha, client_of):
    member = client_of(alpha, "officer")
    for address in ("agreements/", "obligations/", "renewals/", "ndas/", "grants/", "turnaround/", "model-agreement/"):
        text = member.get(f"{alpha.prefix}/{address}").content.decode()
        rail = text.split('class="rail', 1)[1].split("</nav>", 1)[0]
        current = [part for part in rail.split("<a ") if 'aria-current="page"' in part.split(">", 1)[0]]
        assert (address, len(current)) == (address, 1)
        assert f'href="{alpha.prefix}/agreements/"' in current[0]
