"""Logging an interaction as a person does it: by keyboard, without JavaScript, with a mistake, on a phone."""

from django.conf import settings

from core.tenancy.scope import tenant_transaction
from partnerships.models import HealthSnapshot, Interaction
from tests.browser.conftest import open_page
from tests.cast import session_key
from tests.workers import wait_until


def test_the_score_follows_a_logged_interaction_without_reload(chromium, server, worker, partner, alpha):
    """``L``, a note, Ctrl+Enter: the worker computes, and the open page shows the new score by itself."""
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/{partner.pk}/")
    assert "Not enough data" in page.inner_text("#health-panel h2")
    page.click("a[data-dialog]:has-text('Log interaction')")
    note = page.wait_for_selector("dialog[open] textarea[name=note]")
    note.fill("Lena wants two PhDs.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=Meeting with Nordlys Vindkraft A/S logged.")
    page.locator("#health-panel:not([aria-busy]) h2:not(:has-text('Not enough data'))").wait_for(timeout=30_000)
    with tenant_transaction(alpha.id):
        assert Interaction.objects.filter(note="Lena wants two PhDs.", logged_by=alpha.user()).count() == 1
        assert HealthSnapshot.objects.filter(partnership=partner).count() == 1
    assert page.faults == []


def test_by_keyboard_alone_from_anywhere(chromium, server, partner, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/projects/")
    page.keyboard.press("l")
    page.wait_for_selector("dialog[open] textarea[name=note]")
    page.keyboard.type("nord")
    page.keyboard.press("Enter")  # before the answer came
    page.wait_for_selector("dialog[open] .combo-clear")  # what was chosen can be cleared
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert Interaction.objects.get(note="By keyboard.").partnership_id == partner.pk
    assert page.faults == []


def test_what_is_marked_is_chosen_on_the_way_to_the_next_field(chromium, server, partner, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/log/")
    page.focus("main [role=combobox]")
    page.keyboard.type("nordlys")
    page.wait_for_selector("main [role=option][aria-selected=true]")
    page.keyboard.press("Tab")
    page.keyboard.type("With Tab alone.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert Interaction.objects.get(note="With Tab alone.").partnership_id == partner.pk
    assert page.faults == []


def test_a_mistake_is_named_and_nothing_typed_is_lost(chromium, server, partner, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/log/?partner={partner.pk}")
    page.check("main input[name=kind][value=call]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".error-summary")
    assert "Say what happened" in page.inner_text(".error-summary")
    assert page.is_checked("input[name=kind][value=call]")
    page.fill("textarea[name=note]", "Now with words.")
    page.click("button:has-text('Save') >> nth=0")
    page.wait_for_selector("#status >> text=Call with Nordlys Vindkraft A/S logged.")
    with tenant_transaction(alpha.id):
        assert Interaction.objects.filter(note="Now with words.", kind="call").count() == 1


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(chromium, server, partner, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/{partner.pk}/")
    page.keyboard.press("l")
    page.wait_for_selector("dialog[open] textarea[name=note]").fill("Typed before the session was over.")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=You are signed out. Your text is kept here.")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key("manager@alpha.example"), "url": server}
    page.context.add_cookies([cookie])
    other = page.context.new_page()
    other.goto(f"{server}/t/alpha/")  # with a new token for its forms
    other.wait_for_selector("h1")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert Interaction.objects.filter(note="Typed before the session was over.").count() == 1


def test_without_javascript(chromium, server, partner, alpha):
    page = open_page(chromium, server, java_script_enabled=False)
    page.goto(f"{server}/t/alpha/partners/?sort=-partner")
    assert page.locator("tbody tr").count() == 4
    page.fill("main input[name=q]", "nordlys")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=nordlys**")
    assert page.locator("tbody tr").count() == 1
    page.click("tbody a")
    page.click("main a:has-text('Log interaction')")
    page.fill("textarea[name=note]", "Plain HTML.")
    page.click("main button:has-text('Save') >> nth=0")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert Interaction.objects.filter(note="Plain HTML.").count() == 1


def test_on_a_phone(chromium, server, partner, alpha):
    page = open_page(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{server}/t/alpha/log/?partner={partner.pk}")
    page.fill("textarea[name=note]", "From the train.")
    page.tap("main button:has-text('Save') >> nth=0")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert wait_until(lambda: Interaction.objects.filter(note="From the train.").exists(), 1)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
