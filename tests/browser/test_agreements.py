"""Agreements in a real browser: two people execute the same one."""

import pytest

from agreements.models import Agreement, AgreementEvent
from core.tenancy.scope import tenant_transaction
from tenants.choices import Role
from tests.browser.conftest import open_page
from tests.factories.agreements import make_agreement


@pytest.fixture
def nda(alpha, partner) -> Agreement:
    """An NDA that awaits signature and that nothing stands against."""
    with tenant_transaction(alpha.id):
        return make_agreement(
            partner,
            kind="nda",
            title="Mutual NDA with Nordlys",
            status="signature",
            workflow="signing",
            court="partner",
            owner=alpha.user(Role.MANAGER),
            governing_law="Denmark",
        )


@pytest.mark.parametrize("scripts", [True, False])
def test_of_two_browsers_one_executes_and_the_other_learns_who_did(chromium, server, alpha, nda, scripts):
    address = f"{server}/t/alpha/agreements/{nda.pk}/move/?move=execute"
    first = open_page(chromium, server, role="manager", java_script_enabled=scripts)
    second = open_page(chromium, server, role="administrator", java_script_enabled=scripts)
    for page in (first, second):
        page.goto(address)
    for page, answer in (
        (first, "#status .status-info"),
        (second, "main >> text=Somebody else was faster. Nothing of yours was written."),
    ):
        page.locator(
            "main form[method=post] button[type=submit], main form[method=post] button:not([type])"
        ).last.click()
        page.wait_for_selector(answer)
        page.wait_for_load_state()
    assert "Executed" in first.locator("main").inner_text()
    told = second.locator("main").inner_text()
    with tenant_transaction(alpha.id):
        assert alpha.user(Role.MANAGER).name in told
        nda.refresh_from_db()
        assert nda.status == "executed"
        assert list(AgreementEvent.objects.filter(agreement=nda).values_list("to_status", flat=True)) == ["executed"]
    assert first.faults == []
    assert second.faults == []
