"""Every page in both themes at three widths: axe finds nothing, nothing overflows, the console stays silent."""

import pytest

from core.tenancy.scope import tenant_transaction
from organizations.models import Contact
from partnerships.models import Interaction, Project
from tests.browser.conftest import AXE, open_page
from tests.contracts.stage import set_stage

WIDTHS = {1440: 900, 768: 1024, 390: 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def paths(partner) -> list[str]:
    contact, interaction, project = Contact.objects.first(), Interaction.objects.first(), Project.objects.first()
    return [
        "/",
        "/log/",
        "/partners/",
        "/partners/?q=nowhere",
        "/search/?q=nord",
        "/search/?q=nowhere",
        "/partners/new/",
        f"/partners/{partner.pk}/",
        f"/partners/{partner.pk}/?tab=health",
        f"/partners/{partner.pk}/edit/",
        f"/interactions/{interaction.pk}/",
        f"/interactions/{interaction.pk}/edit/",
        "/follow-ups/",
        "/follow-ups/new/",
        f"/partners/{partner.pk}/?tab=activity",
        "/projects/",
        "/projects/new/",
        f"/projects/{project.pk}/",
        "/organizations/",
        "/organizations/new/",
        f"/organizations/{partner.organization_id}/",
        "/people/",
        f"/people/{contact.pk}/",
        f"/people/{contact.pk}/edit/",
        "/health-settings/",
        "/health-settings/1/",
        "/health-settings/change/",
        "/health-validation/",
        "/insights/",
        "/insights/portfolio/",
        "/insights/channels/",
        "/insights/map/",
        "/insights/impact/",
        "/insights/board-pack/",
        "/reports/new/?subject=projects&rows=channel&columns=domain",
        "/insights/records/projects/",
        "/insight-filters/director/",
        f"/partners/{partner.pk}/scorecard/",
        "/targets/",
        "/members/",
        "/tokens/",
        "/preferences/",
    ]


# Of what stands above partners: agreements, money, people who move. A number in braces is a row of the stage.
RECORDS = [
    "/agreements/",
    "/agreements/?shape=board",
    "/agreements/new/",
    "/agreements/{agreements}/",
    "/agreements/{agreements}/?tab=clauses",
    "/agreements/{agreements}/move/",
    "/obligations/",
    "/obligations/?shape=month",
    "/renewals/",
    "/turnaround/",
    "/clause-report/",
    "/model-agreement/",
    "/ndas/",
    "/screenings/",
    "/ip-assets/{ip-assets}/",
    "/freedom/",
    "/health-alerts/",
    "/projects/{projects}/?tab=delivery",
    "/projects/{projects}/?tab=issues",
    "/funding/",
    "/funding/trends/",
    "/schemes/",
    "/talent/",
    "/positions/{positions}/",
    "/placements/{placements}/",
    "/students/",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page(chromium, server, partner, alpha, theme):
    with tenant_transaction(alpha.id):
        pages = paths(partner)
    check(chromium, server, pages, theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_page_above_partners(chromium, server, committed, alpha, theme):
    with tenant_transaction(alpha.id):
        stage = set_stage(alpha)
    check(chromium, server, [path.format_map(stage.ids) for path in RECORDS], theme)


def check(chromium, server, pages: list[str], theme: str) -> None:
    """Look at pages at every width: what axe finds, what overflows, what the console says."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    page = open_page(chromium, server, role="administrator", color_scheme=theme)
    problems = []
    for path in pages:
        page.goto(f"{server}/t/alpha{path}")
        page.evaluate(AXE.read_text())
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems.append(f"{path} overflows at {width}")
            found = page.evaluate(
                "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
                RULES,
            )
            problems += [
                f"{path} at {width}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found["violations"]
            ]
    assert "\n".join(problems) == ""
    assert page.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signing_in(chromium, server, theme):
    page = open_page(chromium, server, role=None, color_scheme=theme)
    page.goto(f"{server}/accounts/login/")
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    assert [each["id"] for each in found["violations"]] == []
    page.fill("input[name=login]", "nobody@alpha.example")
    page.fill("input[name=password]", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    assert page.faults == []
