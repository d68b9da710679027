"""What a note proposes is on the screen before it is saved: with a script at once, without one as a second step."""

from core.tenancy.scope import tenant_transaction
from partnerships.models import FollowUp, Interaction
from tests.browser.axe import problems
from tests.browser.conftest import open_page

NOTE = "Lena wants 2 PhDs. next: send template Tue @brandt"


def test_a_follow_up_from_the_note_in_the_dialog(chromium, server, partner, alpha):
    """Typed, read, shown, saved by keyboard, without a page load; then ticked off on Today."""
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/{partner.pk}/")
    page.evaluate("window.stillHere = true")
    page.click("a[data-dialog]:has-text('Log interaction')")
    page.wait_for_selector("dialog[open] textarea[name=note]")
    page.keyboard.type(NOTE)
    page.wait_for_selector("dialog[open] input[value='send template – Lena Brandt']")
    assert page.is_checked("dialog[open] label:has-text('Lena Brandt') input")
    assert page.evaluate("document.activeElement.name") == "note", "writing goes on undisturbed"
    assert problems(page) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=Meeting with Nordlys Vindkraft A/S logged.")
    assert page.evaluate("window.stillHere"), "no page was loaded"
    with tenant_transaction(alpha.id):
        row = Interaction.objects.get(note=NOTE)
        task = FollowUp.objects.get(interaction=row)
        assert task.due_on.weekday() == 1
        assert {each.contact.name for each in row.participants.all() if each.contact} == {"Lena Brandt"}
    page.goto(f"{server}/t/alpha/")
    page.focus(f"#tick-{task.pk}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#followup-{task.pk}.is-done")
    with tenant_transaction(alpha.id):
        assert FollowUp.objects.get(pk=task.pk).done_at is not None
    assert page.faults == []


def test_a_chip_leads_to_its_field_and_shows_the_change(chromium, server, partner, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/log/?partner={partner.pk}")
    page.click("button[data-edit-field=confidentiality]")
    assert page.evaluate("document.activeElement.name") == "confidentiality"
    page.keyboard.type("Conf")
    page.keyboard.press("Tab")
    assert "Confidential" in page.inner_text("button[data-edit-field=confidentiality]")
    page.fill("textarea[name=note]", "Between us.")
    page.wait_for_timeout(900)
    assert page.is_visible("select[name=confidentiality]"), "what was opened stays open"
    page.click("main button:has-text('Save') >> nth=0")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert Interaction.objects.get(note="Between us.").confidentiality == "confidential"
    assert page.faults == []


def test_from_today_and_another_one(chromium, server, partner, alpha):
    page = open_page(chromium, server)
    page.focus("main [role=combobox]")
    page.keyboard.type("nordlys", delay=10)
    page.wait_for_selector("main [role=option]")
    page.keyboard.press("Enter")
    page.fill("main textarea[name=note]", "The first.")
    page.wait_for_selector("main button[data-edit-field=occurred_at]")
    page.click("main button:has-text('Save and log another')")
    page.wait_for_selector("main .log-form >> text=logged")
    with page.expect_response("**/log/fields/"):
        page.fill("main textarea[name=note]", "The second.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("main .log-form.is-compact")
    page.wait_for_selector("main > #status >> text=logged")
    with tenant_transaction(alpha.id):
        logged = Interaction.objects.filter(note__in=["The first.", "The second."])
        assert [row.partnership_id for row in logged] == [partner.pk] * 2
    assert page.faults == []


def test_without_javascript_a_second_step_shows_what_was_read(chromium, server, partner, alpha):
    page = open_page(chromium, server, java_script_enabled=False)
    page.goto(f"{server}/t/alpha/log/?partner={partner.pk}")
    page.fill("textarea[name=note]", NOTE)
    page.click("main button:has-text('Save') >> nth=0")
    page.wait_for_selector("text=Not saved yet.")
    assert page.input_value("textarea[name=note]") == NOTE
    page.fill("input[name=task-0-title]", "Send it myself")
    page.click("main button:has-text('Save') >> nth=0")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert FollowUp.objects.get().title == "Send it myself"


def test_on_a_phone_save_stays_in_view(chromium, server, partner, alpha):
    page = open_page(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{server}/t/alpha/log/?partner={partner.pk}")
    page.fill("textarea[name=note]", "One.\nnext: call tomorrow\nnext: write Fri")
    page.wait_for_selector("input[name=task-1-title]")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    box = page.locator("main .log-form .btn-primary").bounding_box()
    assert box["height"] >= 44
    assert 0 < box["y"] < 844 - box["height"]
    assert problems(page) == []
    page.tap("main .log-form .btn-primary")
    page.wait_for_selector("#status >> text=logged")
    with tenant_transaction(alpha.id):
        assert sorted(FollowUp.objects.values_list("title", flat=True)) == ["call", "write"]
