"""Money on the pages about partners, projects and opportunities, and on Today."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from partnerships.models import ProjectParticipant
from tests.api_kit import counted
from tests.factories.funding import make_funding, make_scheme
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_opportunity, make_partnership, make_project


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


def words_of(office, client_of, path: str, role: str = "manager") -> str:
    return client_of(office, role).get(f"{office.prefix}/{path}").content.decode()


@pytest.fixture
def catalog(in_alpha):
    make_scheme(name="Fits surely", channels=["RES"], domains=["energy"], trl_from=3, trl_to=6, deadline_on=day(20))
    make_scheme(name="Wants small", sme_only=True)
    make_scheme(name="Other field", domains=["food"])
    make_scheme(name="Gone", deadline_on=day(-1))
    make_scheme(name="Closed", closed_on=day(-1))


@pytest.mark.parametrize("role", ["manager", "viewer"])
def test_a_project_says_which_schemes_would_pay_and_why(in_alpha, client_of, catalog, role):
    partner = make_partnership(make_organization(sme=None, kind="company"))
    project = make_project(partner, channel="RES", domain="energy", trl_now=4)
    words = words_of(in_alpha, client_of, f"projects/{project.pk}/", role)
    assert "Fundable: 1 scheme<" in words
    assert "2 of 3 schemes on offer may pay; of 1 everything they ask for is known to hold." in words
    assert "channel fits, domain fits, TRL fits" in words
    assert "not known whether a small company takes part (asked by 1 scheme)" in words
    assert "1 for other domains" in words
    for name in ("Gone", "Closed"):
        assert name not in words
    assert words.index("Fits surely") < words.index("Wants small")


def test_a_project_that_no_scheme_fits_says_why(in_alpha, client_of):
    make_scheme(name="Voucher", channels=["LAB"], sme_only=True)
    project = make_project(make_partnership(make_organization(sme=False, kind="company")), channel="RES")
    words = words_of(in_alpha, client_of, f"projects/{project.pk}/")
    assert "No scheme on offer would pay" in words
    assert 'title="Of 1 schemes: 1 for other channels, 1 only with a small company"' in words


def test_what_is_over_asks_for_no_money(in_alpha, client_of, catalog):
    project = make_project(make_partnership(), status="completed", ended_on=day(0))
    lost = make_opportunity(stage="Lost", loss_reason="timing", closed_at=timezone.now())
    for path in (f"projects/{project.pk}/", f"opportunities/{lost.pk}/"):
        assert "undable" not in words_of(in_alpha, client_of, path)


def test_an_opportunity_says_so_too(in_alpha, client_of, catalog):
    row = make_opportunity(make_partnership(make_organization(sme=True, kind="company")), channel="RES")
    words = words_of(in_alpha, client_of, f"opportunities/{row.pk}/")
    assert "Fundable: 1 scheme<" in words
    assert "a small company takes part" in words
    assert "TRL not known" in words


def test_the_money_of_a_partner_stands_on_its_page(in_alpha, client_of):
    partner = make_partnership()
    make_funding(partner, amount=Decimal(300))
    make_funding(partner, measure="committed", amount=Decimal(900))
    make_funding(partner, measure="invoiced", amount=Decimal(50), booked_on=day(-200), due_on=day(-100))
    make_funding(make_partnership(), amount=Decimal(777))
    words = words_of(in_alpha, client_of, f"partners/{partner.pk}/?tab=money")
    for shown in ("EUR\xa0300.00", "EUR\xa0900.00", "100 days overdue", "a critical issue for health"):
        assert shown in words
    for hidden in ("777", "1,200.00", "1,250.00"):
        assert hidden not in words
    assert 'aria-label="Received by fiscal year' in words


def test_the_money_of_a_project_stands_on_its_page_with_the_cost_share(in_alpha, client_of):
    partner = make_partnership(make_organization(name="Vestas"))
    project = make_project(partner, total_cost=Decimal(1000), currency="EUR")
    ProjectParticipant.objects.filter(project=project).update(share=Decimal(15))
    make_funding(partner, project=project, amount=Decimal(100), is_cost_share=True)
    make_funding(
        partner, project=project, measure="in_kind", amount=Decimal(20), valuation_basis="List", is_cost_share=True
    )
    make_funding(partner, project=project, amount=Decimal(5000))
    words = words_of(in_alpha, client_of, f"projects/{project.pk}/?tab=money")
    for shown in ("EUR\xa0150.00", "EUR\xa0100.00", "EUR\xa020.00", "EUR\xa030.00", "(15 %)"):
        assert shown in words
    make_funding(partner, project=project, currency="USD", rate=Decimal(1), rate_on=day(0), is_cost_share=True)
    assert "this cannot be told" in words_of(in_alpha, client_of, f"projects/{project.pk}/?tab=money")


def test_who_may_not_see_money_has_no_such_tab(in_alpha, client_of):
    partner = make_partnership()
    make_funding(partner, reference="SECRET")
    project = make_project(partner)
    for path in (f"partners/{partner.pk}/?tab=money", f"projects/{project.pk}/?tab=money"):
        words = words_of(in_alpha, client_of, path, "viewer")
        assert '?tab=money"' not in words.replace(f'{path}"', "")
        assert "SECRET" not in words


def test_today_names_overdue_invoices_of_ones_own_partners(in_alpha, client_of):
    mine = make_partnership(make_organization(name="Mine"), owner=in_alpha.user("manager"))
    other = make_partnership(make_organization(name="Theirs"), owner=in_alpha.user("officer"))
    late = [make_funding(partner, measure="invoiced", booked_on=day(-40), due_on=day(-12)) for partner in (mine, other)]
    make_funding(mine, measure="invoiced", booked_on=day(-40), due_on=day(-12), paid_on=day(-1))
    words = words_of(in_alpha, client_of, "")
    assert words.count("Invoice overdue by 12 days") == 1
    assert [f"/funding/{row.pk}/" in words for row in late] == [True, False]


def test_today_names_deadlines_that_fit_what_one_works_on(in_alpha, client_of):
    partner = make_partnership(owner=in_alpha.user("manager"))
    make_opportunity(partner, title="Blade recycling", channel="RES", owner=in_alpha.user("manager"))
    make_opportunity(partner, title="Not mine", channel="LAB", owner=in_alpha.user("officer"))
    make_scheme(name="Research grant", channels=["RES"], deadline_on=day(9))
    make_scheme(name="For laboratories", channels=["LAB"], deadline_on=day(9))
    make_scheme(name="For everything", deadline_on=day(9))
    make_scheme(name="Far away", channels=["RES"], deadline_on=day(90))
    words = words_of(in_alpha, client_of, "")
    assert "Deadline in 9 days" in words
    assert "may pay for Blade recycling" in words
    for silent in ("For laboratories", "For everything", "Far away"):
        assert silent not in words


def test_a_large_catalog_costs_one_statement(in_alpha, client_of):
    project = make_project(make_partnership())
    member, address = client_of(in_alpha), f"{in_alpha.prefix}/projects/{project.pk}/"
    for number in range(40):
        make_scheme(name=f"Scheme {number}")
    member.get(address)
    with counted() as statements:
        member.get(address)
    assert sum("partnerships_fundingscheme" in each for each in statements) == 1
