"""What people do over several pages, in a real browser: two editors, merging and its way back, leaving, the brief."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy.scope import tenant_transaction
from organizations.models import Affiliation, Contact, Organization
from partnerships.models import FollowUp, Interaction, Partnership
from tests.browser.conftest import open_page
from tests.factories.organizations import make_contact, make_organization
from tests.factories.partnerships import make_interaction, make_partnership


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_editors_choose_field_by_field(chromium, server, partner, alpha, scripted):
    """Both open the form; the second learns who wrote what, chooses, and nothing of either is lost unseen."""
    first, second = (
        open_page(chromium, server, role=role, java_script_enabled=scripted) for role in ("manager", "officer")
    )
    for page in (first, second):
        page.goto(f"{server}/t/alpha/partners/{partner.pk}/edit/")
    first.fill("[name=summary]", "Wind and storage.")
    first.locator("form:has([name=summary]) button[type=submit], form:has([name=summary]) .btn-primary").first.click()
    first.wait_for_url(f"**/partners/{partner.pk}/")
    second.fill("[name=summary]", "Storage only.")
    second.select_option("[name=tier]", "key")
    second.locator("form:has([name=summary]) .btn-primary").first.click()
    second.wait_for_selector(".conflict")
    row = second.locator(".conflict tbody tr")
    assert row.count() == 1
    assert "Storage only." in row.inner_text()
    assert "Wind and storage." in row.inner_text()
    second.check("input[name=keep_summary][value=theirs]")
    second.locator("form:has([name=summary]) .btn-primary").first.click()
    second.wait_for_url(f"**/partners/{partner.pk}/")
    with tenant_transaction(alpha.id):
        saved = Partnership.objects.get(pk=partner.pk)
        assert (saved.summary, saved.tier) == ("Wind and storage.", "key")
    assert first.faults == second.faults == []


def test_merging_two_organizations_and_taking_it_back(chromium, server, committed, alpha):
    """Preview, merge, the old address leads on, Undo in the status bar brings everything back."""
    with tenant_transaction(alpha.id):
        kept, twin = (
            make_organization(name="Nordlys Vindkraft A/S"),
            make_organization(name="Nordlys Wind", city="Aarhus"),
        )
        lena = make_contact(twin, name="Lena Brandt")
        before = list(Affiliation.objects.values_list("contact_id", "organization_id"))
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/organizations/{kept.pk}/merge/?other={twin.pk}")
    assert "What moves" in page.inner_text("main")
    page.get_by_role("button", name="Merge", exact=True).click()
    page.wait_for_selector("#status >> text=Nordlys Wind was merged into Nordlys Vindkraft A/S.")
    with tenant_transaction(alpha.id):
        assert not Organization.objects.filter(pk=twin.pk).exists()
        assert Affiliation.objects.get(contact=lena).organization_id == kept.pk
    page.goto(f"{server}/t/alpha/organizations/{twin.pk}/")
    page.wait_for_url(f"**/organizations/{kept.pk}/")
    page.goto(f"{server}/t/alpha/organizations/{kept.pk}/history/")
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_selector("#status .status-line")
    with tenant_transaction(alpha.id):
        assert Organization.objects.filter(pk=twin.pk, name="Nordlys Wind", city="Aarhus").exists()
        assert list(Affiliation.objects.values_list("contact_id", "organization_id")) == before
    assert page.faults == []


def test_a_colleague_leaves_by_keyboard_alone(chromium, server, partner, alpha):
    """Everything the manager carries is listed, a successor is named once for all, and it changes hands at once."""
    with tenant_transaction(alpha.id):
        FollowUp.objects.create(partnership=partner, title="Send the draft", assignee=alpha.user("manager"))
    page = open_page(chromium, server, role="administrator")
    page.goto(f"{server}/t/alpha/handovers/")
    page.keyboard.press("n")
    page.wait_for_selector("[name=member]")
    page.focus("[name=member]")
    page.keyboard.type("Alpha Manager")
    page.keyboard.press("Tab")
    page.fill("[name=last_day]", (timezone.localdate() + timedelta(days=30)).isoformat())
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[name=for_all]")
    text = page.inner_text("main")
    assert "Nordlys Vindkraft A/S" in text
    assert "Send the draft" in text
    page.get_by_role("button", name="Hand everything over").press("Enter")
    page.wait_for_selector("#status .status-error")
    with tenant_transaction(alpha.id):
        assert Partnership.objects.get(pk=partner.pk).owner_id == alpha.user("manager").pk, "nobody was named yet"
    page.focus("[name=for_all]")
    page.keyboard.type("Alpha Officer")
    page.get_by_role("button", name="Save successors").press("Enter")
    page.wait_for_selector("#status >> text=Successors saved.")
    page.get_by_role("button", name="Hand everything over").press("Enter")
    page.wait_for_selector("#status >> text=Everything has changed hands.")
    with tenant_transaction(alpha.id):
        officer = alpha.user("officer").pk
        assert Partnership.objects.get(pk=partner.pk).owner_id == officer
        assert FollowUp.objects.get(title="Send the draft").assignee_id == officer
    assert page.faults == []


def test_the_brief_prints_on_one_sheet(chromium, server, partner, alpha):
    """From the partner by one key; as the browser prints it and as PDF, a page each."""
    with tenant_transaction(alpha.id):
        contact = Contact.objects.get(name="Lena Brandt")
        for days in range(1, 12):
            make_interaction(partner, days_ago=days, contacts=(contact,), note="A long talk about storage. " * 20)
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/partners/{partner.pk}/")
    page.keyboard.press("b")
    page.wait_for_url("**/brief/")
    assert "Lena Brandt" in page.inner_text(".brief")
    assert sheets(page.pdf(prefer_css_page_size=True)) == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF-")
    assert download.value.suggested_filename == f"nordlys-vindkraft-as-{timezone.localdate().isoformat()}.pdf"
    assert page.faults == []


def sheets(pdf: bytes) -> int:
    """How many pages a PDF of the browser's has."""
    return pdf.count(b"/Type /Page\n")


def test_a_stranger_to_confidential_notes_meets_none_of_them_on_the_way(chromium, server, partner, alpha):
    """An officer walks the pages on which a colleague's confidential note could show: not one says it."""
    with tenant_transaction(alpha.id):
        make_interaction(
            partner, note="The zirconium takeover.", confidentiality="confidential", members=(alpha.user("manager"),)
        )
        assert Interaction.objects.filter(note__contains="zirconium").exists()
    page = open_page(chromium, server, role="officer")
    paths = [
        "",
        f"partners/{partner.pk}/",
        f"partners/{partner.pk}/?tab=activity",
        f"partners/{partner.pk}/?tab=history",
    ]
    paths += [
        f"partners/{partner.pk}/brief/?confidential",
        "search/?q=zirconium",
        "partners/?q=zirconium",
        "follow-ups/",
    ]
    for path in paths:
        page.goto(f"{server}/t/alpha/{path}")
        assert "takeover" not in page.content(), path
    assert page.faults == []


def test_two_partners_with_one_name_are_told_apart_when_adding(chromium, server, committed, alpha):
    """The form names the one that is there; adding anyway keeps what was typed."""
    with tenant_transaction(alpha.id):
        make_partnership(make_organization(name="Vestas Wind Systems A/S", city="Aarhus"))
    page = open_page(chromium, server)
    page.goto(f"{server}/t/alpha/organizations/new/")
    page.fill("[name=name]", "Vestas Wind Systems")
    page.fill("[name=city]", "Randers")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Is it one of these?")
    assert page.input_value("[name=city]") == "Randers"
    with tenant_transaction(alpha.id):
        assert Organization.objects.filter(name__startswith="Vestas").count() == 1
    page.get_by_role("button", name="None of these; add it").click()
    page.wait_for_selector("#status .status-line")
    with tenant_transaction(alpha.id):
        assert Organization.objects.filter(name="Vestas Wind Systems", city="Randers").count() == 1
    assert page.faults == []
