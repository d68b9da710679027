"""The pipeline as a person works it: by key, by menu, by dragging, without JavaScript, on a phone."""

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.models import Opportunity, OpportunityMove, OpportunityStage
from tests.browser.axe import check_pages
from tests.browser.conftest import open_page
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_opportunity, make_partnership, stage_named


@pytest.fixture
def board(committed, alpha) -> dict[str, int]:
    """Four opportunities, by title; and the ids of the stages, by name."""
    with tenant_transaction(alpha.id):
        partner = make_partnership(make_organization(name="Nordlys Vindkraft A/S"))
        for title, stage, days in (("Enzymes", "Lead", 3), ("Sensors", "Lead", 45), ("Robots", "Scoping", 1)):
            make_opportunity(partner, title=title, stage=stage, days_in_stage=days, value=1000, owner=alpha.user())
        make_opportunity(partner, title="Old drones", stage="Lost", loss_reason="timing")
        ids = dict(OpportunityStage.objects.values_list("name", "pk"))
        return ids | dict(Opportunity.objects.values_list("title", "pk"))


def titles(page, stage: int) -> list[str]:
    return page.locator(f"#stage-{stage} [data-row-link]").all_inner_texts()


def stage_of(alpha, pk: int) -> str:
    with tenant_transaction(alpha.id):
        return Opportunity.objects.select_related("stage").get(pk=pk).stage.name


def test_by_key(chromium, server, board, alpha):
    """Arrows to the card, M, down, Enter: the card goes, focus stays on it, and it is said."""
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/opportunities/")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Sensors"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Robots"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.textContent") == "Enzymes"
    page.keyboard.press("m")
    page.locator("details.board-move[open] button:focus").wait_for()
    for _each in range(2):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Proposal"
    page.keyboard.press("Enter")
    page.wait_for_selector("#status >> text=Enzymes moved to Proposal.")
    page.locator("[data-row-link]:focus:has-text('Enzymes')").wait_for()
    assert "Enzymes moved to Proposal." in page.inner_text("#live")
    assert titles(page, board["Proposal"]) == ["Enzymes"]
    assert page.inner_text(f"#stage-{board['Lead']} [data-count]") == "1"
    assert stage_of(alpha, board["Enzymes"]) == "Proposal"
    with tenant_transaction(alpha.id):
        assert OpportunityMove.objects.filter(opportunity=board["Enzymes"], moved_by=alpha.user()).count() == 1
    assert page.faults == []


def test_losing_asks_why_in_a_dialog(chromium, server, board, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/opportunities/")
    page.click(f"#card-{board['Robots']} .board-move summary")
    page.click(f"#card-{board['Robots']} .board-move button:has-text('Lost')")
    page.wait_for_selector("dialog[open] select[name=loss_reason]")
    page.locator("dialog[open] :focus").first.wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog[open] .error-summary >> text=Choose why it was lost.")
    assert stage_of(alpha, board["Robots"]) == "Scoping"
    page.select_option("dialog[open] select[name=loss_reason]", "price")
    page.fill("dialog[open] textarea[name=loss_note]", "Ask for less.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=Robots moved to Lost.")
    page.locator(f"#card-{board['Robots']} [data-row-link]:focus").wait_for()
    assert stage_of(alpha, board["Robots"]) == "Lost"
    assert page.faults == []


def drag(page, pk: int, stage: int) -> None:
    start = page.locator(f"#card-{pk} .board-partner").bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=4)
    target = page.locator(f"#stage-{stage} [data-cards]").bounding_box()
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 20, steps=12)
    page.wait_for_timeout(150)
    page.mouse.up()


def test_by_dragging(chromium, server, board, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/opportunities/")
    drag(page, board["Sensors"], board["Qualified"])
    page.wait_for_selector("#status >> text=Sensors moved to Qualified.")
    assert titles(page, board["Qualified"]) == ["Sensors"]
    assert stage_of(alpha, board["Sensors"]) == "Qualified"
    drag(page, board["Sensors"], board["Won"])
    page.wait_for_selector("dialog[open] input[name=value]")
    assert titles(page, board["Qualified"]) == ["Sensors"]
    page.fill("dialog[open] input[name=value]", "2500")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#status >> text=Sensors moved to Won.")
    with tenant_transaction(alpha.id):
        assert Opportunity.objects.get(pk=board["Sensors"]).value == 2500
    assert page.faults == []


def test_a_refused_move_comes_back_and_says_why(chromium, server, board, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/opportunities/")
    with tenant_transaction(alpha.id):
        Opportunity.objects.filter(pk=board["Enzymes"]).update(stage=stage_named("Negotiation"))
    drag(page, board["Enzymes"], board["Qualified"])
    page.wait_for_selector("[data-board-problem] >> text=Enzymes was not moved. It is back in Lead.")
    assert "Somebody else moved it to Negotiation meanwhile" in page.inner_text("[data-board-problem]")
    assert "Enzymes" in titles(page, board["Lead"])
    page.locator("[data-row-link]:focus:has-text('Enzymes')").wait_for()
    assert stage_of(alpha, board["Enzymes"]) == "Negotiation"
    page.context.set_offline(True)
    drag(page, board["Sensors"], board["Qualified"])
    page.wait_for_selector("[data-board-problem] >> text=Sensors was not moved. It is back in Lead.")
    assert "Sensors" in titles(page, board["Lead"])


def test_without_javascript(chromium, server, board, alpha):
    page = open_page(chromium, server, java_script_enabled=False)
    page.goto(f"{server}/t/alpha/opportunities/?owner=me")
    page.click(f"#card-{board['Enzymes']} .board-move summary")
    page.click(f"#card-{board['Enzymes']} .board-move button:has-text('Negotiation')")
    page.wait_for_selector("#status >> text=Enzymes moved to Negotiation.")
    assert page.url.endswith("/opportunities/?owner=me")
    page.click(f"#card-{board['Enzymes']} .board-move summary")
    page.click(f"#card-{board['Enzymes']} .board-move button:has-text('Lost')")
    page.select_option("main select[name=loss_reason]", "timing")
    page.click("main button:has-text('Move to Lost')")
    page.wait_for_selector("#status >> text=Enzymes moved to Lost.")
    assert stage_of(alpha, board["Enzymes"]) == "Lost"
    page.click("main a:has-text('Table')")
    page.wait_for_url("**shape=table**")
    assert page.locator("tbody tr").count() == 3


def test_on_a_phone(chromium, server, board, alpha):
    page = open_page(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{server}/t/alpha/opportunities/")
    assert page.locator(".board-column:visible").count() == 1
    page.tap(".board-tabs a:has-text('Scoping')")
    assert page.locator("[data-row-link]:visible").all_inner_texts() == ["Robots"]
    page.tap(f"#card-{board['Robots']} .board-move summary")
    page.tap(f"#card-{board['Robots']} .board-move button:has-text('Proposal')")
    page.wait_for_selector("#status >> text=Robots moved to Proposal.")
    assert stage_of(alpha, board["Robots"]) == "Proposal"
    assert page.inner_text(".board-tabs a:has-text('Proposal') .count") == "1"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_at_three_widths(chromium, server, board, theme):
    paths = (
        "/opportunities/",
        "/opportunities/?shape=table",
        "/opportunities/?q=nowhere",
        "/opportunities/new/",
        f"/opportunities/{board['Sensors']}/",
        f"/opportunities/{board['Old drones']}/",
        f"/opportunities/{board['Old drones']}/edit/",
        f"/opportunities/{board['Sensors']}/move/?stage={board['Lost']}",
        "/stages/",
        f"/stages/{board['Lead']}/edit/",
    )
    check_pages(chromium, server, paths, theme, role="manager")
