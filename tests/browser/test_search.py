"""The palette by keyboard, and the page of results without a script."""

import pytest

from core.tenancy.scope import tenant_transaction
from tests.browser.axe import problems
from tests.browser.conftest import open_page
from tests.factories.partnerships import make_interaction


@pytest.fixture
def noted(partner, alpha):
    with tenant_transaction(alpha.id):
        make_interaction(partner, note="They asked for a zeppelin.", logged_by=alpha.user("manager"))
    return partner


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_palette(chromium, server, noted, theme, width):
    """Ctrl K, a few letters, arrow down, Enter: the partner's page; axe has nothing to say of the open list."""
    page = open_page(chromium, server, color_scheme=theme, viewport={"width": width, "height": 844})
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=group][aria-label=Recent] [role=option]:has-text('Nordlys Vindkraft')")
    page.keyboard.type("nordl", delay=20)
    page.wait_for_selector("[role=group][aria-label=Partners] [role=option]:has-text('Nordlys Vindkraft')")
    page.wait_for_selector("[role=option]:has-text('All results for “nordl”')")
    assert problems(page, theme) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/partners/{noted.pk}/")
    assert page.faults == []


def test_enter_alone_shows_all_results(chromium, server, noted):
    page = open_page(chromium, server)
    page.keyboard.press("Control+k")
    page.keyboard.type("zepp", delay=20)
    page.wait_for_selector("[role=group][aria-label=Records] [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=zepp")
    assert page.inner_text("mark") == "zeppelin"
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert page.locator("[role=listbox].palette").is_hidden()
    assert page.faults == []


def test_the_results_without_a_script(chromium, server, noted):
    page = open_page(chromium, server, java_script_enabled=False)
    page.fill("#global-search", "lena")
    page.press("#global-search", "Enter")
    page.wait_for_url("**/search/?q=lena")
    page.click("main a:has-text('Lena Brandt')")
    page.wait_for_url("**/people/*/")
