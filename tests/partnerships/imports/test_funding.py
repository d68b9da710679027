"""Importing money: what is found, what is refused with why, and that a second time changes nothing."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.imports.report import Outcome, Tally
from core.tenancy.scope import tenant_scope
from organizations.models import Organization, OrganizationAlias
from partnerships.actions.imports.funding import Rate, import_funding, import_schemes
from partnerships.imports.funding import award_rows, read_calls_file, read_funding_file
from partnerships.models import FundingEntry, FundingScheme, Partnership, PartnershipHealth, ProjectParticipant
from tenants.models import Change, Job
from tests.api_kit import counted, nothing_changes
from tests.factories.funding import make_funding, make_scheme
from tests.factories.organizations import make_organization
from tests.factories.partnerships import make_partnership, make_project

HEADER = "id,date,measure,amount"


def write(folder: Path, *lines: str, name: str = "money.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(office, path: Path, **options) -> Tally:
    tally = Tally()
    rows = read_funding_file(path, tally)
    import_funding(actor=office.actor(), file=path.name, rows=rows, tally=tally, **options)
    return tally


def why(tally: Tally) -> list[tuple[int, str]]:
    return [(remark.line, remark.text) for remark in tally.remarks if remark.rejected]


def test_a_table_brings_entries_with_all_that_it_says(in_alpha, tmp_path):
    partner = make_partnership(make_organization(name="Vestas", external_id="P1"))
    project = make_project(partner, channel="LAB")
    type(project).objects.filter(pk=project.pk).update(external_id="H2020-1")
    scheme = make_scheme(external_id="S-1")
    path = write(
        tmp_path,
        f"{HEADER},currency,rate,rate_on,source,domain,partner_id,project,scheme,funder,reference,valuation_basis,"
        "due_on,paid_on,is_cost_share,overhead_base,overhead_rate,note",
        "1,2026-03-09,In_kind,1000,USD,0.9,2026-03-09,industry,energy,P1,H2020-1,S-1,,R-1,List,,,Y,800,25,Two parts",
        "2,2026-03-09,invoiced,500,,,,,,P1,,,,,,2026-04-09,2026-04-01,,,,",
        "3,2026-03-10,received,-20.005,,,,,,P1,,,,,,,,,,,",
    )
    tally = run(in_alpha, path)
    assert why(tally) == []
    one, two, three = FundingEntry.objects.order_by("external_id")
    assert (one.measure, one.base_amount, one.rate_on, one.channel) == ("in_kind", 900, date(2026, 3, 9), "LAB")
    assert (one.partnership, one.project, one.scheme, one.domain) == (partner, project, scheme, "energy")
    assert (one.is_cost_share, one.overhead_base, one.overhead_rate, one.note) == (True, 800, 25, "Two parts")
    assert (two.currency, two.due_on, two.paid_on, two.project) == ("EUR", date(2026, 4, 9), date(2026, 4, 1), None)
    assert (three.amount, three.fiscal_year) == (Decimal("-20.00"), 2026)
    assert [remark.text for remark in tally.remarks] == ["amount is rounded from -20.005 to -20.00"]


def test_a_second_time_nothing_is_written(in_alpha, tmp_path):
    make_partnership(make_organization(name="Vestas"))
    path = write(tmp_path, f"{HEADER},partner", "1,2026-03-09,received,1000,vestas", "2,2026-03-09,spent,10,Vestas")
    run(in_alpha, path)
    with nothing_changes():
        tally = run(in_alpha, path)
    assert tally.total(Outcome.UNCHANGED) == 2
    assert not tally.has_changes


def test_what_the_table_says_counts_and_what_it_leaves_empty_stays(in_alpha, tmp_path):
    make_partnership(make_organization(name="Vestas"))
    run(in_alpha, write(tmp_path, f"{HEADER},partner", "1,2026-03-09,received,1000,Vestas"))
    FundingEntry.objects.update(note="By hand", amount=7, base_amount=7)
    tally = run(in_alpha, write(tmp_path, f"{HEADER},partner,note", "1,2026-03-09,received,1000,Vestas,"))
    row = FundingEntry.objects.get()
    assert tally.total(Outcome.UPDATED) == 1
    assert (row.amount, row.base_amount, row.note, row.version) == (1000, 1000, "By hand", 2)


def test_each_row_that_does_not_hold_is_named_with_why(in_alpha, tmp_path):
    make_partnership(make_organization(name="Vestas"))
    make_organization(name="Known")
    for country in ("DK", "SE"):
        make_partnership(make_organization(name="Twin", country=country))
    make_organization(name="Alpha University", is_own=True)
    project = make_project(make_partnership())
    type(project).objects.filter(pk=project.pk).update(external_id="H2020-1")
    path = write(
        tmp_path,
        f"{HEADER},currency,partner,partner_country,project,scheme,due_on",
        "1,2026-03-09,received,1000,,Nobody,,,,",
        "2,2026-03-09,received,1000,,Known,,,,",
        "3,2026-03-09,received,1000,,Twin,,,,",
        "4,2026-03-09,received,1000,,Alpha University,,,,",
        "5,2026-03-09,received,1000,,,,X-9,,",
        "6,2026-03-09,received,1000,,Vestas,,H2020-1,,",
        "7,2026-03-09,received,1000,,Vestas,,,S-9,",
        "8,2026-03-09,received,1000,USD,Vestas,,,,",
        "9,2026-03-09,in_kind,1000,,Vestas,,,,",
        "10,2026-03-09,received,0,,Vestas,,,,",
        "11,2026-03-09,received,10,,Vestas,,,,2026-04-01",
        "12,2026-03-09,promised,10,,Vestas,,,,",
        "13,9.3.2026,received,ten,,Vestas,,,,",
        "14,2026-03-09,received,10,,,,,,",
        "15,2026-03-09,received,10,,Vestas,,,,",
        "15,2026-03-10,received,11,,Vestas,,,,",
        "16,2026-03-09,committed,-1,,Vestas,,,,",
    )
    assert why(run(in_alpha, path)) == [
        (13, "measure has the unknown code promised"),
        (14, "date is no date in the form YYYY-MM-DD: 9.3.2026; amount is no amount in plain digits: ten"),
        (15, "partner is empty"),
        (17, "15 stands in the file before"),
        (2, "no partner is called Nobody"),
        (3, "Known is here, but is no partner"),
        (4, "several organizations are called Twin"),
        (5, "Alpha University is the institution itself"),
        (6, "no project has the id X-9 in its source"),
        (7, "This partner does not take part in the project. Choose another one, or leave it out."),
        (8, "no scheme has the id S-9 in its source"),
        (9, "Give the rate: how many EUR one USD is worth."),
        (10, "Say how it was valued: a price list, hours times a rate, an agreed figure."),
        (11, "Give an amount other than 0, up to 999,999,999,999.99."),
        (12, "Only an invoice falls due and is paid."),
        (18, "Only what was received or spent can be corrected by a negative amount. Change the entry instead."),
    ]
    assert list(FundingEntry.objects.values_list("external_id", flat=True)) == ["15"]


def test_the_country_tells_namesakes_apart_and_other_names_are_known(in_alpha, tmp_path):
    twins = [make_partnership(make_organization(name="Twin", country=country)) for country in ("DK", "SE")]
    aliased = make_partnership()
    OrganizationAlias.objects.create(organization=aliased.organization, name="The Pump People")
    path = write(
        tmp_path,
        f"{HEADER},partner,partner_country",
        "1,2026-03-09,received,1,Twin,SE",
        "2,2026-03-09,received,2,the pump people,",
    )
    assert why(run(in_alpha, path)) == []
    assert {row.external_id: row.partnership for row in FundingEntry.objects.all()} == {"1": twins[1], "2": aliased}


def test_partners_are_added_since_their_first_money(in_alpha, tmp_path):
    known = make_organization(name="Known")
    path = write(
        tmp_path,
        f"{HEADER},partner,partner_country,partner_id",
        "1,2026-03-09,received,1,New Co,SE,N1",
        "2,2024-01-02,received,2,new co,,",
        "3,2026-03-09,received,3,Known,,",
    )
    tally = run(in_alpha, path, add_partners=True)
    assert (why(tally), dict(tally.made)) == ([], {"organizations": 1, "partnerships": 2})
    new = Partnership.objects.get(organization__name="New Co")
    assert (new.started_on, new.organization.country, new.organization.external_id) == (date(2024, 1, 2), "SE", "N1")
    assert PartnershipHealth.objects.filter(partnership__organization__in=[known, new.organization]).count() == 2
    assert FundingEntry.objects.filter(partnership=new).count() == 2
    with nothing_changes():
        run(in_alpha, path, add_partners=True)


def test_a_rate_may_be_given_for_all_rows_of_a_currency(in_alpha, tmp_path):
    make_partnership(make_organization(name="Vestas"))
    path = write(tmp_path, f"{HEADER},currency,partner", "1,2016-12-31,committed,1000,USD,Vestas")
    rates = {"USD": Rate(Decimal("0.95"), date(2016, 12, 30))}
    run(in_alpha, path, rates=rates)
    row = FundingEntry.objects.get()
    assert (row.base_amount, row.rate_on) == (950, date(2016, 12, 30))
    with nothing_changes():
        run(in_alpha, path)


def test_the_statements_do_not_grow_with_the_rows(in_alpha, tmp_path):
    partners = [make_partnership(make_organization(name=f"Partner {number}")) for number in range(6)]
    costs = []
    for size in (2, 6):
        lines = [
            f"{size}-{place},2026-03-09,received,5,{each.organization.name}" for place, each in enumerate(partners)
        ]
        path = write(tmp_path, f"{HEADER},partner", *lines[:size])
        with counted() as statements:
            run(in_alpha, path)
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_health_follows_once_for_each_partner_or_for_all(in_alpha, tmp_path):
    partner = make_partnership(make_organization(name="Vestas"))
    run(in_alpha, write(tmp_path, f"{HEADER},partner", "1,2026-03-09,received,1,Vestas", "2,2026-03-09,spent,1,Vestas"))
    assert list(Job.objects.values_list("key", flat=True)) == [f"partnership-{partner.pk}"]
    Job.objects.all().delete()
    many = [f"m{number},2026-03-09,received,1,Partner {number}" for number in range(60)]
    run(in_alpha, write(tmp_path, f"{HEADER},partner", *many), add_partners=True)
    assert list(Job.objects.values_list("name", "key")) == [("partnerships.recompute_all_health", "import")]


def test_the_history_names_the_import(in_alpha, tmp_path):
    make_partnership(make_organization(name="Vestas"))
    run(in_alpha, write(tmp_path, f"{HEADER},partner", "1,2026-03-09,received,1,Vestas"))
    change = Change.objects.filter(table_name="partnerships_fundingentry").get()
    assert change.action == "partnerships.import_funding"


# Section 117


CONTRACTS = (
    "contract_id,opeid,university,city,state,control,date,amount_usd,counterparty,counterparty_country_raw,"
    "counterparty_country",
    "S117-1,00232500,University,Ann Arbor,MI,Public,2016-12-31,324867,Novo Nordisk,DENMARK,DK",
    "S117-2,00232500,University,Ann Arbor,MI,Public,,27420,Samsung Group,KOREA,KR",
)


def test_contracts_of_section_117_are_recognized_by_their_header(in_alpha, tmp_path):
    path = write(tmp_path, *CONTRACTS, name="contracts.csv")
    rates = {"USD": Rate(Decimal("0.95"), date(2016, 12, 30))}
    tally = run(in_alpha, path, add_partners=True, rates=rates)
    assert why(tally) == [(3, "date is empty")]
    row = FundingEntry.objects.get()
    assert (row.external_id, row.measure, row.source, row.channel) == ("S117-1", "committed", "international", "RES")
    assert (row.amount, row.currency, row.partnership.organization.country) == (324867, "USD", "DK")
    FundingEntry.objects.update(source="industry", channel="CLI")
    with nothing_changes():
        run(in_alpha, path, add_partners=True, rates=rates)


# Awards of projects


def own() -> Organization:
    return make_organization(name="Alpha University", is_own=True)


def imported_project(own_award, *, partner_award=None, started_on=date(2019, 5, 1), number=1, **fields):
    partner = make_partnership(make_organization(name=f"Partner {number}", external_id=f"9{number}"))
    project = make_project(partner, started_on=started_on, **fields)
    type(project).objects.filter(pk=project.pk).update(external_id=f"H2020-{number}")
    ProjectParticipant.objects.filter(project=project).update(award=partner_award)
    organization = Organization.objects.get(is_own=True)
    ProjectParticipant.objects.create(project=project, organization=organization, award=own_award)
    return project, partner


def take_over(office, **options) -> Tally:
    tally = Tally()
    import_funding(actor=office.actor(), file="awards", rows=award_rows(tally, **options), tally=tally)
    return tally


def test_the_institutions_own_awards_become_commitments(in_alpha):
    own()
    project, _partner = imported_project(Decimal("250000.50"), partner_award=Decimal(999), channel="GRD", domain="food")
    imported_project(None, number=2)
    imported_project(Decimal(10), started_on=None, number=3)
    tally = take_over(in_alpha)
    assert [text for _line, text in why(tally)] == [
        "H2020-2:own: the award is not known",
        "H2020-3:own: the project has no start, so the year is not known",
    ]
    row = FundingEntry.objects.get()
    assert (row.project, row.partnership, row.amount, row.fiscal_year) == (project, None, Decimal("250000.50"), 2019)
    assert (row.measure, row.source, row.channel, row.domain) == ("committed", "international", "GRD", "food")
    with nothing_changes():
        assert take_over(in_alpha).total(Outcome.UNCHANGED) == 1


def test_the_awards_of_the_whole_consortium_are_asked_for(in_alpha):
    own()
    project, partner = imported_project(Decimal(100), partner_award=Decimal(70))
    take_over(in_alpha, whole_consortium=True)
    rows = {row.partnership: row.amount for row in FundingEntry.objects.filter(project=project)}
    assert rows == {None: 100, partner: 70}


# Calls


CALLS = (
    "topic_id,title,programme,call_id,call_title,type_of_action,stage,status,deadline,budget_min_eur,budget_max_eur,"
    "expected_grants,url",
    "HORIZON-HLTH-2026-01,Healthy aging,Horizon Europe,C,Health 2026,HORIZON Innovation Actions,two-stage,open,"
    "2026-10-08,,4000000,,https://ec.europa.eu/x",
    "HORIZON-MSCA-2026-PF-01,Postdocs,Horizon Europe,C,MSCA,HORIZON TMA MSCA Postdoctoral Fellowships,single,closed,"
    "2026-03-17,,,,",
    "CEF-1,,Connecting Europe Facility,C,,Works,two-stage,open,2026-10-08,,,,",
)


def take_calls(office, path: Path) -> Tally:
    tally = Tally()
    import_schemes(actor=office.actor(), file=path.name, rows=read_calls_file(path, tally), tally=tally)
    return tally


def test_calls_become_schemes(in_alpha, tmp_path):
    path = write(tmp_path, *CALLS, name="calls.csv")
    assert why(take_calls(in_alpha, path)) == [(4, "title is empty")]
    health, postdocs = FundingScheme.objects.order_by("external_id")
    assert (health.name, health.funder, health.kind, health.cap) == (
        "Healthy aging",
        "Horizon Europe",
        "grant",
        4000000,
    )
    assert (health.domains, health.channels, health.deadline_on) == (["life_sciences"], [], date(2026, 10, 8))
    assert (postdocs.kind, postdocs.channels, postdocs.closed_on) == ("fellowship", ["GRD"], date(2026, 3, 17))
    with nothing_changes():
        assert take_calls(in_alpha, path).total(Outcome.UNCHANGED) == 2


# Commands


def command(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_the_command_accounts_for_every_row(alpha, tmp_path):
    path = str(write(tmp_path, *CONTRACTS, name="contracts.csv"))
    given = ("--tenant", "alpha", "--add-partners", "--rate", "USD=0.95@2016-12-30")
    with nothing_changes():
        words = command("import_funding", path, *given, "--dry-run")
    assert words.splitlines() == [
        "alpha: dry run, nothing written",
        "  contracts.csv  1 created, 0 updated, 0 unchanged, 1 rejected",
        "  organizations  1 created",
        "  partnerships  1 created",
        "  contracts.csv, line 3: rejected: date is empty",
    ]
    assert command("import_funding", path, *given).startswith("alpha: imported")
    with nothing_changes():
        assert "0 created, 0 updated, 1 unchanged, 1 rejected" in command("import_funding", path, *given)


def test_the_commands_refuse_what_they_cannot_do(alpha, tmp_path):
    path = str(write(tmp_path, "a,b", "1,2"))
    with nothing_changes():
        for args, words in (
            ((path, "--tenant", "nowhere"), "no office nowhere"),
            (("--tenant", "alpha"), "Name a file"),
            ((path, "--awards", "--tenant", "alpha"), "Name a file"),
            ((path, "--tenant", "alpha"), "has no columns id, date, measure, amount"),
            ((path, "--tenant", "alpha", "--rate", "USD=one"), "Give a rate as USD"),
        ):
            with pytest.raises(CommandError, match=words):
                command("import_funding", *args)
        with pytest.raises(CommandError, match="has no columns"):
            command("import_schemes", path, "--tenant", "alpha")


def test_the_command_takes_calls(alpha, tmp_path):
    path = str(write(tmp_path, *CALLS, name="calls.csv"))
    assert "2 created, 0 updated, 0 unchanged, 1 rejected" in command("import_schemes", path, "--tenant", "alpha")


def test_another_offices_partners_are_not_found(in_alpha, beta, tmp_path):
    with tenant_scope(beta.id):
        make_partnership(make_organization(name="Vestas"))
        make_funding()
    path = write(tmp_path, f"{HEADER},partner", "1,2026-03-09,received,1,Vestas")
    assert why(run(in_alpha, path)) == [(2, "no partner is called Vestas")]
