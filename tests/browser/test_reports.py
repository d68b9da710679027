"""Building a report in a real browser."""

from tests.browser.conftest import open_page


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
