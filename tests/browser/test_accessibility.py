"""Every page in both themes at three widths: axe finds nothing, nothing overflows, the console stays silent."""

import pytest

from core.tenancy.scope import tenant_transaction
from organizations.models import Contact
from partnerships.models import Interaction, Project
from tests.browser.axe import check, check_pages
from tests.browser.conftest import open_page
from tests.contracts.stage import set_stage


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
        "/exports/",
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
    "/funding/import/",
    "/schemes/",
    "/talent/",
    "/talent-programs/{talent-programs}/",
    "/partners/{partners}/?tab=talent",
    "/positions/?shape=board",
    "/positions/{positions}/",
    "/matchings/new/",
    "/placements/{placements}/",
    "/placements/{placements}/approvers/",
    "/students/",
    "/exports/",
    "/reports/",
    "/reports/{reports}/",
    "/reports/{reports}/schedules/new/",
    "/report-schedules/{report-schedules}/",
    "/report-schedules/{report-schedules}/edit/",
    "/reports/new/save/?subject=partners&rows=tier",
    "/reports/new/?report={reports}&subject=partners&rows=tier&tier=key",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page(chromium, server, partner, alpha, theme):
    with tenant_transaction(alpha.id):
        pages = paths(partner)
    check_pages(chromium, server, pages, theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_page_above_partners(chromium, server, committed, alpha, theme):
    with tenant_transaction(alpha.id):
        stage = set_stage(alpha)
    check_pages(chromium, server, [path.format_map(stage.ids) for path in RECORDS], theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signing_in(chromium, server, theme):
    page = open_page(chromium, server, role=None, color_scheme=theme)
    page.goto(f"{server}/accounts/login/")
    check(page, theme)
    page.fill("input[name=login]", "nobody@alpha.example")
    page.fill("input[name=password]", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    assert page.faults == []
