"""Building a report in a real browser."""

from core.tenancy.scope import tenant_transaction
from tests.browser.conftest import open_page
from tests.factories.partnerships import make_project


def test_rows_follow_what_is_counted_as_soon_as_it_is_chosen(chromium, server, committed, alpha):
    page = open_page(chromium, server, role="manager")
    page.goto(f"{server}/t/alpha/reports/new/")
    assert page.locator("[name=rows] option", has_text="Initiative").count() == 0
    page.focus("[name=subject]")
    page.select_option("[name=subject]", "interactions")
    page.wait_for_selector("[name=rows] option:has-text('Initiative')", state="attached")
    assert page.input_value("[name=subject]") == "interactions"
    assert page.evaluate("document.activeElement.name") == "subject"
    page.select_option("[name=subject]", "projects")
    page.wait_for_selector("[name=rows] option:has-text('Principal investigator')", state="attached")
    assert page.url.endswith("/reports/new/")
    assert page.faults == []


def test_in_print_totals_stand_once_and_not_below_every_page(chromium, server, committed, alpha):
    with tenant_transaction(alpha.id):
        make_project()
    page = open_page(chromium, server, role="manager")
    page.goto(f"{server}/t/alpha/reports/new/?subject=projects&rows=channel")
    page.emulate_media(media="print")
    foot = page.locator(".table tfoot").first
    assert foot.evaluate("each => getComputedStyle(each).display") == "table-row-group"
