"""The library of reports: saving from the builder, opening, changing, history, and what no longer holds."""

import pytest

from core.tenancy.scope import tenant_scope, tenant_transaction
from reporting.models import ReportDefinition
from tenants.models import Unit
from tests.api_kit import counted, nothing_changes
from tests.contracts.markup import document_problems
from tests.factories.reports import make_report
from tests.reporting.generated import fill

QUERY = "subject=projects&rows=channel&columns=year&measure=award&chart=stacks&country=DK"


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


def only_report(office) -> ReportDefinition:
    with tenant_scope(office.id), tenant_transaction(office.id):
        return ReportDefinition.objects.get()


def test_an_empty_library_points_to_the_builder(alpha, client_of):
    text = client_of(alpha, "viewer").get(f"{alpha.prefix}/reports/").content.decode()
    assert "No report is saved yet" in text
    assert f'href="{alpha.prefix}/reports/new/"' in text
    assert document_problems(text) == []


def test_what_was_built_is_saved_and_opens_with_the_same_numbers(generated, client_of):
    client = client_of(generated, "officer")
    built = client.get(f"{generated.prefix}/reports/new/?{QUERY}")
    assert f"/reports/new/save/?{QUERY}".replace("&", "&amp;") in built.content.decode()
    form = client.get(f"{generated.prefix}/reports/new/save/?{QUERY}")
    assert "Projects: Channel × Fiscal year" in form.content.decode()
    saved = client.post(
        f"{generated.prefix}/reports/new/save/",
        {"name": "Awards in Denmark", "description": "For the dean", "visibility": "private", "query": QUERY},
    )
    row = only_report(generated)
    assert saved["Location"] == f"{generated.prefix}/reports/{row.pk}/"
    page = client.get(saved["Location"])
    text = page.content.decode()
    assert page.context["panel"].answer.rows == built.context["panel"].answer.rows
    assert page.context["panel"].answer.rows[0].cells[0].url in text.replace("&amp;", "&")
    for words in ("Awards in Denmark", "For the dean", "Only me", "Country", "Denmark"):
        assert words in text
    assert document_problems(text) == []
    listed = client.get(f"{generated.prefix}/reports/").content.decode()
    assert "Awards in Denmark" in listed
    assert "Alpha Officer" in listed


def test_a_report_costs_little(generated, client_of):
    with tenant_scope(generated.id), tenant_transaction(generated.id):
        row = make_report(generated.user("manager"), subject="projects", query=QUERY)
    client = client_of(generated)
    client.get(f"{generated.prefix}/reports/{row.pk}/")
    with counted() as statements:
        client.get(f"{generated.prefix}/reports/{row.pk}/")
    assert len(statements) <= 12


def test_the_builder_saves_into_the_report_that_it_was_opened_with(alpha, client_of):
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        row = make_report(alpha.user("manager"))
    client = client_of(alpha)
    page = client.get(f"{alpha.prefix}/reports/{row.pk}/")
    assert f"/reports/new/?report={row.pk}&{row.query}" in page.content.decode().replace("&amp;", "&")
    built = client.get(f"{alpha.prefix}/reports/new/?report={row.pk}&subject=partners&rows=country")
    assert f'action="{alpha.prefix}/reports/{row.pk}/query/"' in built.content.decode()
    assert "Save as new" in built.content.decode()
    answer = client.post(f"{alpha.prefix}/reports/{row.pk}/query/", {"query": built.context["query"]})
    assert answer["Location"] == f"{alpha.prefix}/reports/{row.pk}/"
    assert only_report(alpha).query == "subject=partners&rows=country"
    others = client_of(alpha, "officer").get(f"{alpha.prefix}/reports/new/?report={row.pk}&{row.query}")
    assert others.context["report"] is None
    with nothing_changes():
        client_of(alpha, "officer").post(f"{alpha.prefix}/reports/{row.pk}/query/", {"query": row.query})
        client.post(f"{alpha.prefix}/reports/{row.pk}/query/", {"query": "subject=nothing"})


def test_a_filter_value_that_is_gone_is_said_with_the_way_to_mend_it(alpha, client_of):
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        unit = Unit.objects.create(name="Law", closed_on="2026-01-01")
        row = make_report(alpha.user("manager"), query=f"subject=partners&rows=tier&unit={unit.pk}")
    mine = client_of(alpha).get(f"{alpha.prefix}/reports/{row.pk}/")
    text = mine.content.decode()
    assert "This report no longer holds" in text
    assert "Lead unit of the partner" in text
    assert "choose anew and save it" in text
    assert "panel" not in mine.context
    assert document_problems(text) == []
    theirs = client_of(alpha, "officer").get(f"{alpha.prefix}/reports/{row.pk}/").content.decode()
    assert "Tell Alpha Manager" in theirs


def test_history_undo_and_the_recycle_bin(alpha, client_of):
    client = client_of(alpha)
    client.post(
        f"{alpha.prefix}/reports/new/save/",
        {"name": "Tiers", "visibility": "office", "query": "subject=partners&rows=tier"},
    )
    row = only_report(alpha)
    form = client.get(f"{alpha.prefix}/reports/{row.pk}/edit/").context["form"]
    sent = {"name": "Tiers now", "visibility": "office", "version": form["version"].value()}
    assert client.post(f"{alpha.prefix}/reports/{row.pk}/edit/", sent).status_code == 302
    history = client.get(f"{alpha.prefix}/reports/{row.pk}/history/")
    assert "Tiers now" in history.content.decode()
    latest = history.context["history"].sets[0]
    assert latest.may_undo
    client.post(f"{alpha.prefix}/changes/{latest.request_id}/undo/")
    assert only_report(alpha).name == "Tiers"
    assert client.post(f"{alpha.prefix}/reports/{row.pk}/delete/")["Location"] == f"{alpha.prefix}/reports/"
    assert "Tiers" in client.get(f"{alpha.prefix}/recycle-bin/").content.decode()
    with tenant_scope(alpha.id), tenant_transaction(alpha.id):
        assert not ReportDefinition.objects.exists()


def test_a_private_report_that_was_deleted_is_nobody_elses_to_see(alpha, client_of):
    client = client_of(alpha, "officer")
    client.post(
        f"{alpha.prefix}/reports/new/save/",
        {"name": "Secret plan", "visibility": "private", "query": "subject=partners&rows=tier"},
    )
    client.post(f"{alpha.prefix}/reports/{only_report(alpha).pk}/delete/")
    assert "Secret plan" in client.get(f"{alpha.prefix}/recycle-bin/").content.decode()
    assert "Secret plan" not in client_of(alpha, "administrator").get(f"{alpha.prefix}/recycle-bin/").content.decode()


def test_insights_is_current_on_the_library(alpha, client_of):
    page = client_of(alpha).get(f"{alpha.prefix}/reports/")
    assert [each["label"] for each in page.context["navigation"] if each["current"]] == ["Insights"]
