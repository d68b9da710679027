"""Many rows at once in a real browser: filter, keep the view, select, change, and stand where one stood."""

import re

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.models import Partnership
from tests.browser.axe import problems
from tests.browser.conftest import open_page
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership


@pytest.fixture
def portfolio(committed, alpha) -> list[int]:
    """Three key partners and a prospect, all of the manager; the ids of the key ones."""
    with tenant_transaction(alpha.id):
        made = [
            make_partnership(make_organization(name=name), tier=tier, owner=alpha.user("manager"))
            for name, tier in (("Arla", "key"), ("Borealis", "key"), ("Coloplast", "key"), ("Danfoss", "prospect"))
        ]
    return [row.pk for row in made[:3]]


def owned_by_officer(alpha) -> list[str]:
    with tenant_transaction(alpha.id):
        found = Partnership.objects.filter(owner=alpha.user("officer")).order_by("organization__name_key")
        return list(found.values_list("organization__name", flat=True))


def focused(page) -> str:
    words = "document.activeElement.name || document.activeElement.textContent.trim()"
    return page.evaluate(f"document.activeElement === document.body ? '' : {words}")


def tab_to(page, words: str) -> None:
    """Press Tab until the focus is on what has this name or these words."""
    for _each in range(60):
        if words in focused(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {words}")


def test_filter_save_select_and_change_by_keyboard_alone(chromium, server, portfolio, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/?view=&tier=key&sort=-partner")
    page.focus(".view-menu > summary")
    page.keyboard.press("Enter")
    tab_to(page, "Save as a new view")
    page.keyboard.press("Enter")
    page.wait_for_selector("#dialog [name=name]")
    page.keyboard.type("Key ones")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/partners/\?view=\d+"))
    where = page.url
    assert page.locator("#bulk").is_hidden()
    for _each in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    assert page.locator("#bulk").is_visible()
    page.wait_for_selector("#live:has-text('2 selected')", state="attached")
    page.keyboard.press("b")
    assert focused(page) == "scope"
    tab_to(page, "operation")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Change the owner of 2 partners')")
    tab_to(page, "owner")
    for _each in range(3):  # past the administrator and the manager
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=2 will change.")
    assert owned_by_officer(alpha) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=Owner changed for 2 partners.")
    assert page.url == where
    assert owned_by_officer(alpha) == ["Borealis", "Coloplast"]
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#status >> text=Undone for 2 records.")
    assert page.url == where
    assert owned_by_officer(alpha) == []
    assert page.faults == []


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_all_matching(chromium, server, portfolio, alpha, scripted):
    page = open_page(chromium, server, java_script_enabled=scripted)
    where = f"{server}/t/alpha/partners/?view=&tier=key&sort=-partner"
    page.goto(where)
    if scripted:
        page.check(f"[data-select][value='{portfolio[0]}']")
    page.check("#bulk [value=all]")
    page.click("#bulk button[value=owner]")
    page.select_option("[name=owner]", label=alpha.user("officer").name)
    page.click("main form .btn-primary")
    page.wait_for_selector("text=3 will change.")
    page.click("#preview .btn-primary")
    page.wait_for_selector("#status >> text=Owner changed for 3 partners.")
    assert page.url == where
    assert owned_by_officer(alpha) == ["Arla", "Borealis", "Coloplast"]
    assert page.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_bar_and_the_preview_at_every_width(chromium, server, portfolio, alpha, theme, width):
    page = open_page(chromium, server, color_scheme=theme, viewport={"width": width, "height": 844})
    page.goto(f"{server}/t/alpha/partners/?view=&tier=key")
    page.locator(f"[data-select][value='{portfolio[1]}']").check()
    check_page(page)
    page.click("#bulk button[value=followup]")
    page.fill("[name=title]", "Ask about 2027")
    check_page(page)
    page.click("main form .btn-primary")
    page.wait_for_selector("text=1 will change.")
    check_page(page)
    assert page.faults == []


def check_page(page) -> None:
    page.evaluate("scrollTo(0, 0)")  # nothing half below the bar on top
    assert problems(page) == []
