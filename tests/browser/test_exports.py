"""Long files in a real browser: a worker writes them while one looks on, and every state can be read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_transaction
from organizations.models import Organization
from tests.browser.axe import check
from tests.browser.conftest import open_page
from tests.factories.exports import make_export
from tests.workers import Worker


def test_a_long_list_is_written_while_one_looks_on(chromium, server, committed, alpha):
    with tenant_transaction(alpha.id):
        Organization.objects.bulk_create([Organization(name=f"Org {number:05}") for number in range(6_000)])
    page = open_page(chromium, server, role="officer")
    page.goto(f"{server}/t/alpha/organizations/")
    page.click(".export-menu > summary")
    assert "it is written in the background" in page.locator(".export-menu").inner_text()
    page.click(".export-menu [value=csv]")
    page.wait_for_url("**/exports/")
    page.focus("[id^=cancel-]")
    page.evaluate("window.stayed = true")
    worker = Worker(committed)
    try:
        page.wait_for_selector("progress", timeout=30_000)
        page.wait_for_selector("[id^=download-]", timeout=60_000)
        page.wait_for_selector("#live:has-text('Nothing is being written any more.')", state="attached")
    finally:
        worker.stop()
    assert page.evaluate("window.stayed"), "the page was not loaded anew"
    with page.expect_download() as download:
        page.click("[id^=download-]")
    with open(download.value.path(), encoding="utf-8-sig") as file:
        assert sum(line.startswith("Org ") for line in file) == 6_000
    assert page.faults == []


def test_what_has_the_focus_keeps_it_while_the_list_is_exchanged(chromium, server, committed, alpha):
    with tenant_transaction(alpha.id):
        export = make_export(alpha.user("officer"), "writing", rows_all=10_000, rows_done=5_000)
    page = open_page(chromium, server, role="officer")
    page.goto(f"{server}/t/alpha/exports/")
    page.focus(f"#cancel-{export.pk}")
    for _each in range(2):
        with page.expect_response("**/exports/"):
            pass
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.id") == f"cancel-{export.pk}"
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#retry-{export.pk}")
    assert page.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_is_fine_with_axe(chromium, server, committed, alpha, theme):
    with tenant_transaction(alpha.id):
        for state in ("waiting", "writing", "ready", "canceled", "failed", "refused"):
            make_export(alpha.user("officer"), state, filter="Tier: Strategic", why="Words.", rows_all=104_210)
        make_export(alpha.user("officer"), "ready", expires_at=timezone.now() - timedelta(days=1))
    page = open_page(chromium, server, role="officer", color_scheme=theme)
    page.goto(f"{server}/t/alpha/exports/")
    check(page, theme)
    assert page.faults == []
