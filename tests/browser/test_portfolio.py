"""The portfolio as a person looks at it: three shapes in both themes at two widths, by key, by menu, on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_transaction
from partnerships.choices import Band, Stage
from partnerships.models import Partnership, PartnershipHealth
from tests.browser.axe import check_pages
from tests.browser.conftest import open_page
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_opportunity, make_partnership

NAMES = "Aarhus Enzymes|Borg Sensors|Cimbria Steel|Dania Data|Elbe Robotics|Fjord Water|Grid Storage and Nordic Wind"
COLUMNS = "columns=partner,health,contact,stage,unit,tags,attention,opportunities,weighted,followups"


@pytest.fixture
def portfolio(committed, alpha) -> dict[str, int]:
    """Seven partners over four stages and all bands; their ids by name."""
    now = timezone.now()
    with tenant_transaction(alpha.id):
        for number, name in enumerate(NAMES.split("|")):
            stage, band = Stage.values[number % 4], Band.values[number % 4]
            row = make_partnership(
                make_organization(name=name), stage_declared=stage, stage_suggested="support", owner=alpha.user()
            )
            score = {"healthy": 81.0, "watch": 55.0, "at_risk": 31.0}.get(band)
            last = now - timedelta(days=20 * number)
            PartnershipHealth.objects.filter(partnership=row).update(
                band=band, score=score, last_contact_at=last, computed_at=now
            )
            make_opportunity(row, value=100_000 * number, currency="EUR")
        return dict(Partnership.objects.values_list("organization__name", "pk"))


def stage_of(alpha, pk: int) -> str:
    with tenant_transaction(alpha.id):
        return Partnership.objects.get(pk=pk).stage_declared


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_shape(chromium, server, portfolio, theme):
    paths = [f"/partners/?{query}" for query in (COLUMNS, "shape=board", "shape=chart")]
    check_pages(chromium, server, paths, theme, role="manager")


def test_a_partner_moves_by_key_and_by_menu_only(chromium, server, portfolio, alpha):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/?shape=board&q=s")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Aarhus Enzymes"
    page.keyboard.press("m")
    page.locator("details.board-move[open] button:focus").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Support (suggested)"
    page.keyboard.press("Enter")
    page.wait_for_selector("#status >> text=Aarhus Enzymes moved to Support.")
    page.wait_for_load_state()
    assert page.url.endswith("/partners/?shape=board&q=s")
    assert stage_of(alpha, portfolio["Aarhus Enzymes"]) == "support"
    assert page.locator("#stage-support [data-row-link]").all_inner_texts() == [
        "Aarhus Enzymes",
        "Cimbria Steel",
        "Grid Storage and Nordic Wind",
    ]
    assert page.faults == []


def test_filters_and_columns_are_ticked_by_their_labels(chromium, server, portfolio):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/")
    page.click("summary:has-text('Filter')")
    page.click(".filter-panel [data-field=band] label:has-text('Watch')")
    page.click(".filter-panel [data-field=band] label:has-text('At risk')")
    page.click("button:has-text('Show results')")
    page.wait_for_selector(".chip:has-text('Watch, At risk')")
    page.click("summary:has-text('Columns')")
    page.click(".menu[open] label:has-text('Country')")
    page.click(".menu[open] button:has-text('Apply')")
    page.wait_for_selector("thead th:has-text('Country')")
    assert page.locator(".chip:has-text('Watch, At risk')").count() == 1
    assert page.faults == []


def test_the_sheet_of_keys_names_those_of_rows_and_cards(chromium, server, portfolio):
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/")
    page.keyboard.press("?")
    sheet = page.wait_for_selector("dialog[open] [data-keys]").inner_text()
    assert all(words in sheet for words in ("Search this list", "Next row", "Previous row", "Select the row"))
    assert "Move the card" not in sheet
    page.goto(f"{server}/t/alpha/partners/?shape=board")
    page.keyboard.press("?")
    assert "Move the card" in page.wait_for_selector("dialog[open] [data-keys]").inner_text()
    assert page.faults == []


def test_a_phone_shows_one_stage_at_a_time(chromium, server, portfolio):
    page = open_page(chromium, server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{server}/t/alpha/partners/?shape=board")
    assert page.locator(".board-column:visible h2").all_inner_texts() == ["Awareness"]
    page.click(".board-tabs a:has-text('Sponsorship')")
    assert page.locator(".board-column:visible h2").all_inner_texts() == ["Sponsorship"]
    page.reload()
    assert page.locator(".board-column:visible h2").all_inner_texts() == ["Sponsorship"]
    assert page.faults == []


def test_without_javascript(chromium, server, portfolio, alpha):
    page = open_page(chromium, server, java_script_enabled=False)
    page.goto(f"{server}/t/alpha/partners/?shape=chart")
    page.click(".heat-table tbody tr:has-text('Involvement') td:nth-child(3) a")
    page.wait_for_url("**stage=**")
    assert page.locator("tbody tr").count() == 2
    page.click("main a:has-text('Board')")
    page.click(f"[data-card='{portfolio['Borg Sensors']}'] .board-move summary")
    page.click(f"[data-card='{portfolio['Borg Sensors']}'] .board-move button:has-text('Strategic partner')")
    page.wait_for_selector("#status >> text=Borg Sensors moved to Strategic partner.")
    assert stage_of(alpha, portfolio["Borg Sensors"]) == "strategic"
