"""Setting when a report is sent, on the page of the report."""

import pytest

from core.tenancy.scope import tenant_scope, tenant_transaction
from reporting.models import ReportDefinition, ReportRecipient, ReportSchedule
from tests.api_kit import nothing_changes
from tests.contracts.markup import document_problems
from tests.factories.partnerships import make_partnership
from tests.factories.reports import make_report, make_schedule


@pytest.fixture
def report(alpha) -> ReportDefinition:
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        return make_report(alpha.user("manager"))


def only_schedule(office) -> ReportSchedule:
    with tenant_scope(office.id), tenant_transaction(office.id):
        return ReportSchedule.objects.get()


def sent(office, **fields) -> dict:
    given = {"cadence": "weekly", "weekday": "3", "day_of_month": "1", "file_format": "xlsx"}
    return {**given, "recipients": [office.user("viewer").pk], **fields}


def test_it_is_set_changed_paused_and_removed(alpha, client_of, report):
    client = client_of(alpha)
    page = client.get(report_page := f"{alpha.prefix}/reports/{report.pk}/")
    assert "It is sent to nobody" in page.content.decode()
    form = client.get(f"{report_page}schedules/new/")
    assert document_problems(form.content.decode()) == []
    assert form.context["form"]["recipients"].value() == [alpha.user("manager").pk]
    assert client.post(f"{report_page}schedules/new/", sent(alpha))["Location"] == report_page
    row = only_schedule(alpha)
    assert (row.cadence, row.weekday, row.day_of_month, row.file_format) == ("weekly", 3, None, "xlsx")
    text = client.get(report_page).content.decode()
    for words in ("Every Wednesday", "Excel", "Alpha Viewer", "Next:", "07:00", "Not sent yet"):
        assert words in text
    assert document_problems(text) == []
    address = f"{alpha.prefix}/report-schedules/{row.pk}"
    version = client.get(f"{address}/edit/").context["form"]["version"].value()
    monthly = sent(alpha, cadence="monthly", day_of_month="31", version=version)
    assert client.post(f"{address}/edit/", monthly)["Location"] == report_page
    assert "On day 31 of the month, or its last" in client.get(report_page).content.decode()
    client.post(f"{address}/pause/", {"paused": "1"})
    text = client.get(report_page).content.decode()
    assert "Paused" in text
    assert "Next:" not in text
    client.post(f"{address}/pause/", {"paused": "0"})
    assert not only_schedule(alpha).is_paused
    history = client.get(f"{report_page}history/").content.decode()
    assert "By e-mail" in history
    client.post(f"{address}/delete/")
    assert "It is sent to nobody" in client.get(report_page).content.decode()


def test_only_readers_are_offered_and_others_refused(alpha, client_of):
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        query = "subject=placements&rows=program_kind"
        row = make_report(alpha.user("manager"), subject="placements", query=query)
    client, address = client_of(alpha), f"{alpha.prefix}/reports/{row.pk}/schedules/new/"
    offered = {user.email for user in client.get(address).context["form"].fields["recipients"].queryset}
    assert "officer@alpha.example" in offered
    assert "viewer@alpha.example" not in offered
    for wrong in (
        sent(alpha),
        sent(alpha, recipients=[]),
        sent(alpha, cadence="monthly", day_of_month="32", recipients=[alpha.user("officer").pk]),
        sent(alpha, weekday="", recipients=[alpha.user("officer").pk]),
    ):
        with nothing_changes():
            assert client.post(address, wrong).status_code == 422


def test_somebody_elses_report_is_not_theirs_to_send(alpha, beta, client_of, report):
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        row = make_schedule(alpha.user("manager"), report=report)
    officer = client_of(alpha, "officer")
    assert "Send by e-mail" not in officer.get(f"{alpha.prefix}/reports/{report.pk}/").content.decode()
    with nothing_changes():
        assert officer.post(f"{alpha.prefix}/reports/{report.pk}/schedules/new/", sent(alpha)).status_code == 422
        officer.post(f"{alpha.prefix}/report-schedules/{row.pk}/pause/", {"paused": "1"})
        officer.post(f"{alpha.prefix}/report-schedules/{row.pk}/delete/")
        foreign = client_of(beta).post(f"{beta.prefix}/report-schedules/{row.pk}/delete/")
        assert foreign.status_code == 404


def test_a_deleted_report_comes_back_with_its_schedules_and_recipients(alpha, client_of, report):
    client = client_of(alpha)
    client.post(f"{alpha.prefix}/reports/{report.pk}/schedules/new/", sent(alpha))
    assert client.post(f"{alpha.prefix}/reports/{report.pk}/delete/")["Location"] == f"{alpha.prefix}/reports/"
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        assert not ReportRecipient.objects.exists()
    [deleted] = client.get(f"{alpha.prefix}/recycle-bin/").context["deleted"]
    client.post(f"{alpha.prefix}/changes/{deleted.request_id}/undo/")
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        row = ReportSchedule.objects.get()
        assert [each.member_id for each in row.recipients.all()] == [alpha.user("viewer").pk]


def recipients(office) -> list[str]:
    with tenant_scope(office.id), tenant_transaction(office.id):
        return list(ReportRecipient.objects.order_by("member__email").values_list("member__email", flat=True))


@pytest.fixture
def shared(alpha, report) -> ReportSchedule:
    """The manager's report, which goes to the officer and the viewer."""
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        return make_schedule(alpha.user("manager"), alpha.user("officer"), alpha.user("viewer"), report=report)


def test_a_recipient_leaves_by_the_page_that_the_mail_names_and_may_come_back(alpha, client_of, report, shared):
    officer, address = client_of(alpha, "officer"), f"{alpha.prefix}/report-schedules/{shared.pk}/"
    text = officer.get(address).content.decode()
    assert document_problems(text) == []
    for words in ("Every Monday", "Alpha Manager chose that it comes to you", f'action="{address}leave/"'):
        assert words in text
    assert officer.get(f"{address}leave/").status_code == 405
    left = officer.post(f"{address}leave/", follow=True)
    assert left.redirect_chain == [(address, 302)]
    text = left.content.decode()
    assert "comes to you no longer in this way" in text
    assert "It does not come to you in this way. Alpha Manager can have it sent to you." in text
    assert f'action="{address}leave/"' not in text
    assert recipients(alpha) == ["viewer@alpha.example"]
    change = client_of(alpha).get(f"{alpha.prefix}/reports/{report.pk}/history/").context["history"].sets[0]
    assert (change.who, change.action) == ("Alpha Officer", "Get a report no longer by e-mail")
    [line] = [each for each in change.lines if each.kind == "D"]
    assert {each["label"]: each["before"] for each in line.changes} == {
        "Member": "Alpha Officer", "Schedule": f"{report.name}, Every week",
    }  # fmt: skip
    assert f"/changes/{change.request_id}/undo/" in text
    officer.post(f"{alpha.prefix}/changes/{change.request_id}/undo/")
    assert recipients(alpha) == ["officer@alpha.example", "viewer@alpha.example"]
    assert f'action="{address}leave/"' in officer.get(address).content.decode()


def test_one_leaves_from_the_list_and_the_report_too(alpha, client_of, report, shared):
    viewer, way_out = client_of(alpha, "viewer"), f"/report-schedules/{shared.pk}/leave/"
    for place in (f"{alpha.prefix}/reports/?comes_to_me=true", f"{alpha.prefix}/reports/{report.pk}/"):
        assert way_out in viewer.get(place).content.decode()
        assert way_out not in client_of(alpha).get(place).content.decode()
    back = f"{alpha.prefix}/reports/?q=Rep"
    assert viewer.post(f"{alpha.prefix}{way_out}", {"next": back})["Location"] == back
    assert list(viewer.get(f"{alpha.prefix}/reports/?comes_to_me=true").context["rows"]) == []
    assert [row.pk for row in viewer.get(f"{alpha.prefix}/reports/?comes_to_me=false").context["rows"]] == [report.pk]


def test_nobody_leaves_for_others(alpha, beta, client_of, shared):
    way_out = f"/report-schedules/{shared.pk}/leave/"
    with nothing_changes():
        refused = client_of(alpha).post(f"{alpha.prefix}{way_out}", {"member": alpha.user("viewer").pk}, follow=True)
        assert "It does not come to you in this way." in refused.content.decode()
        assert client_of(beta).post(f"{beta.prefix}{way_out}").status_code == 404
    assert recipients(alpha) == ["officer@alpha.example", "viewer@alpha.example"]


def test_when_the_last_one_left_it_stays_and_its_owner_is_told(alpha, client_of, report, shared):
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        make_partnership()
    owner, words = client_of(alpha), "Everybody left, so this report is sent to nobody"
    client_of(alpha, "officer").post(f"{alpha.prefix}/report-schedules/{shared.pk}/leave/")
    assert words not in owner.get(f"{alpha.prefix}/").content.decode()
    client_of(alpha, "viewer").post(f"{alpha.prefix}/report-schedules/{shared.pk}/leave/")
    assert only_schedule(alpha).pk == shared.pk
    assert words in owner.get(f"{alpha.prefix}/").content.decode()
    assert words not in client_of(alpha, "officer").get(f"{alpha.prefix}/").content.decode()
    text = owner.get(f"{alpha.prefix}/reports/{report.pk}/").content.decode()
    assert "Everybody left, so it is sent to nobody. Choose who gets it, or remove it." in text
    assert "Next:" not in text
    form = owner.get(f"{alpha.prefix}/report-schedules/{shared.pk}/edit/").context["form"]
    again = sent(alpha, weekday="1", file_format="csv", version=form["version"].value())
    owner.post(f"{alpha.prefix}/report-schedules/{shared.pk}/edit/", again)
    assert recipients(alpha) == ["viewer@alpha.example"]
    assert words not in owner.get(f"{alpha.prefix}/").content.decode()


def test_a_form_that_was_open_meanwhile_brings_nobody_back(alpha, client_of, shared):
    owner, address = client_of(alpha), f"{alpha.prefix}/report-schedules/{shared.pk}"
    version = owner.get(f"{address}/edit/").context["form"]["version"].value()
    client_of(alpha, "viewer").post(f"{address}/leave/")
    both = [alpha.user("officer").pk, alpha.user("viewer").pk]
    answer = owner.post(f"{address}/edit/", sent(alpha, recipients=both, version=version), follow=True)
    assert "Kept what somebody else changed meanwhile: Who gets it." in answer.content.decode()
    assert (only_schedule(alpha).weekday, recipients(alpha)) == (3, ["officer@alpha.example"])
