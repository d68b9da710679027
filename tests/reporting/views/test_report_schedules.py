"""Setting when a report is sent, on the page of the report."""

import pytest

from core.tenancy.scope import tenant_scope, tenant_transaction
from reporting.models import ReportDefinition, ReportRecipient, ReportSchedule
from tests.api_kit import nothing_changes
from tests.contracts.markup import document_problems
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
