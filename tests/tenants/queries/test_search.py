"""What search finds, in which order, and what it keeps to itself."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import PermissionRefused
from core.search.finding import MOST_FOUND
from core.search.registry import kinds_for
from core.tenancy.scope import tenant_scope
from organizations.models import Affiliation, OrganizationAlias, OrganizationIdentifier
from partnerships.models import Project
from tenants.choices import Role
from tenants.queries.search import search, search_listing, suggestions
from tests.api_kit import HOUSEKEEPING
from tests.factories.organizations import make_capability, make_contact, make_need, make_organization
from tests.factories.partnerships import make_interaction, make_opportunity, make_partnership, make_project
from tests.factories.talent import make_candidacy, make_position, make_program, make_student

pytestmark = pytest.mark.urls("config.urls_tenant")


def names(answer, kind="partners") -> list[str]:
    return [row.name for row in answer.found[kind]]


@pytest.fixture
def office(in_alpha):
    """Three partners, an organization that is none, people, a project and notes of three levels."""
    nordlys = make_organization(
        name="Nordlys Vindkraft A/S",
        city="Aarhus",
        legal_name="NV Holding",
        website="https://www.nordlys-vind.example/x",
    )
    OrganizationAlias.objects.create(organization=nordlys, name="Northern Light")
    OrganizationIdentifier.objects.create(organization=nordlys, scheme="grid", value="grid.4711.1")
    partner = make_partnership(nordlys)
    make_partnership(make_organization(name="Müller Maschinenbau GmbH", city="Köln"))
    make_partnership(make_organization(name="Zakłady Łódzkie", city="Łódź"))
    make_organization(name="Nordbank", city="Kiel")
    lena = make_contact(nordlys, name="Lena Ørsted", email="lena@nordlys.example")
    Affiliation.objects.filter(contact=lena).update(title="Head of research")
    make_contact(name="Zygmunt Wójcik", email="zw@elsewhere.example")
    manager, officer = in_alpha.user(Role.MANAGER), in_alpha.user(Role.OFFICER)
    make_interaction(partner, days_ago=9, note="We priced the zeppelin/airship budget.", logged_by=manager)
    make_interaction(partner, days_ago=5, note="A zeppelin again.", logged_by=manager)
    make_interaction(partner, days_ago=1, note="Secret zeppelin.", confidentiality="confidential", logged_by=manager)
    make_interaction(partner, days_ago=2, note="Their zeppelin.", confidentiality="restricted", logged_by=officer)
    make_project(partner, title="Grid storage for islands", acronym="GRISTO", programme="Horizon Europe")
    return in_alpha


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("nordlys", ["Nordlys Vindkraft A/S"]),
        ("NORDLYS vind", ["Nordlys Vindkraft A/S"]),
        ("nordlys vindkraft a/s", ["Nordlys Vindkraft A/S"]),
        ("vindkraft aarhus", ["Nordlys Vindkraft A/S"]),
        ("nv holding", ["Nordlys Vindkraft A/S"]),
        ("northern li", ["Nordlys Vindkraft A/S"]),
        ("northern aarhus", ["Nordlys Vindkraft A/S"]),
        ("grid.4711.1", ["Nordlys Vindkraft A/S"]),
        ("nordlys-vind.example", ["Nordlys Vindkraft A/S"]),
        ("muller", ["Müller Maschinenbau GmbH"]),
        ("MÜLLER", ["Müller Maschinenbau GmbH"]),
        ("mueller", ["Müller Maschinenbau GmbH"]),
        ("mu\u0308ller", ["Müller Maschinenbau GmbH"]),
        ("lodz", ["Zakłady Łódzkie"]),
        ("zaklady", ["Zakłady Łódzkie"]),
        ("nrodlys", ["Nordlys Vindkraft A/S"]),
        ("Nordlis", ["Nordlys Vindkraft A/S"]),
        ("nordlys köln", []),
        ("nowhere", []),
    ],
)
def test_partners_are_found_by_what_people_remember(office, question, found):
    assert names(search(office.actor(), q=question)) == found


@pytest.mark.parametrize(
    "question", ["", "  ", "🎉", "%", "_", "'", "\\", "!!", "&|!():*<->", "--", "\0", "@", "#", ">"]
)
def test_questions_without_words_find_nothing(office, question):
    assert search(office.actor(), q=question).total == 0


@pytest.mark.parametrize(
    "question",
    [
        "%nordlys%",
        "nordlys:*",
        "nordlys & ",
        "(nordlys",
        "'nordlys'",
        "!nordlys",
        "nordlys <->",
        "nordlys\\",
        "nordlys\0",
    ],
)
def test_signs_of_query_languages_are_but_signs(office, question):
    assert names(search(office.actor(), q=question)) == ["Nordlys Vindkraft A/S"]


def test_long_questions_and_other_scripts(office):
    assert search(office.actor(), q="nordlys " * 2000).found["partners"]
    assert search(office.actor(), q="x" * 10_000).total == 0
    for name, question in (
        ("شركة النور", "النور"),
        ("Газпром Нефть", "газпром"),
        ("東京大学", "東京"),
        ("Ωmega", "ωm"),
    ):
        make_partnership(make_organization(name=name))
        assert names(search(office.actor(), q=question)) == [name]


def test_the_very_name_comes_first_then_beginnings_then_words_then_misspelled_ones(office):
    for name in ("Balt", "Baltica", "Grand Balt"):
        make_partnership(make_organization(name=name))
    OrganizationAlias.objects.create(
        organization=make_partnership(make_organization(name="Zeta")).organization, name="Old Balt"
    )
    found = search(office.actor(), q="balt").found["partners"]
    assert [(row.name, row.hit.rank) for row in found] == [("Balt", 0), ("Baltica", 1), ("Grand Balt", 2), ("Zeta", 3)]
    similar = search(office.actor(), q="baltika").found["partners"]
    assert similar[0].name == "Baltica"
    assert {row.hit.rank for row in similar} == {4}


def test_why_it_was_found(office):
    by_alias = search(office.actor(), q="northern").found["partners"][0]
    assert (by_alias.reason, by_alias.hit.label) == ("Also known as", "Northern Light")
    by_number = search(office.actor(), q="grid.4711").found["partners"][0]
    assert (by_number.reason, by_number.hit.label) == ("Identifier", "grid.4711.1")
    by_name = search(office.actor(), q="nordlys").found["partners"][0]
    assert by_name.reason == ""


def test_a_partner_is_not_listed_as_an_organization_too(office):
    answer = search(office.actor(), q="nord")
    assert names(answer) == ["Nordlys Vindkraft A/S"]
    assert names(answer, "organizations") == ["Nordbank"]
    assert names(search(office.actor(), q="nord", kind="organizations"), "organizations") == ["Nordbank"]


@pytest.mark.parametrize(
    "question", ["orsted", "lena nordlys", "head of research", "lena@nordlys.example", "lena aarsted", "oersted"]
)
def test_people_are_found_by_name_address_title_and_place_of_work(office, question):
    assert names(search(office.actor(), q=question), "people") == ["Lena Ørsted"]


def test_projects_and_notes(office):
    assert names(search(office.actor(), q="gristo"), "projects") == ["Grid storage for islands"]
    assert names(search(office.actor(), q="horizon grid"), "projects") == ["Grid storage for islands"]
    notes = search(office.actor(), q="airship").found["interactions"]
    assert [(row.name, row.about, row.reason) for row in notes] == [("Meeting", "Nordlys Vindkraft A/S", "In the note")]


def found_notes(office, role) -> list[str]:
    listed = search_listing(office.actor(role), q="zeppelin", kind="interactions")
    return [row.excerpt for row in listed]


def test_notes_one_may_not_read_are_neither_found_nor_counted_nor_quoted(office):
    internal = ["A zeppelin again.", "We priced the zeppelin/airship budget."]
    assert found_notes(office, Role.MANAGER) == ["Secret zeppelin.", *internal]
    assert found_notes(office, Role.OFFICER) == ["Their zeppelin.", *internal]
    assert found_notes(office, Role.RESEARCHER) == internal
    assert found_notes(office, Role.ADMINISTRATOR) == ["Secret zeppelin.", "Their zeppelin.", *internal]
    assert search(office.actor(Role.RESEARCHER), q="secret").total == 0
    assert search(office.actor(Role.RESEARCHER), q="zeppelin").total == 2
    assert suggestions(office.actor(Role.RESEARCHER), q="secret")["records"] == []
    quoted = [row.text for row in suggestions(office.actor(Role.RESEARCHER), q="zeppelin")["records"]]
    assert quoted == internal


def test_a_viewer_finds_neither_people_nor_notes(office):
    viewer = office.actor(Role.VIEWER)
    answer = search(viewer, q="zeppelin")
    kinds = {"partners", "organizations", "projects", "opportunities", "needs", "capabilities", "agreements"}
    assert set(answer.found) == kinds | {"positions", "talent-programs"}
    assert answer.total == 0
    assert search(viewer, q="lena").total == 0
    assert names(search(viewer, q="nordlys")) == ["Nordlys Vindkraft A/S"]
    assert search(viewer, q="lena", kind="people").found == {}
    assert suggestions(viewer, q="lena")["people"] == []


def test_another_office_finds_its_own(office, beta):
    with tenant_scope(beta.id):
        assert search(beta.actor(), q="nordlys").total == 0
        assert search(beta.actor(), q="zeppelin").total == 0
        make_partnership(make_organization(name="Nordlys of Boston"))
        assert names(search(beta.actor(), q="nordlys")) == ["Nordlys of Boston"]
        assert names(search(beta.actor(), q="nordlis")) == ["Nordlys of Boston"]


def test_the_views_fail_without_an_office_and_show_one_alone(office, beta):
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from partnerships_interaction_search")
        assert cursor.fetchone() == (4,)
    with tenant_scope(beta.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from partnerships_interaction_search")
        assert cursor.fetchone() == (0,)


def test_what_changes_is_found_at_once(office):
    row = search(office.actor(), q="gristo", kind="projects").found["projects"][0]
    Project.objects.filter(pk=row.pk).update(acronym="NEWNAME")
    assert search(office.actor(), q="gristo").total == 0
    assert search(office.actor(), q="newname").total == 1


def test_a_search_stops_counting(office):
    for _each in range(MOST_FOUND + 5):
        make_organization(name="Samename")
    assert len(search(office.actor(), q="samename").found["organizations"]) == MOST_FOUND


@pytest.mark.parametrize(
    ("question", "filled"), [("@lena", {"people"}), ("#gristo", {"records"}), (">log", {"actions"})]
)
def test_the_palette_keeps_to_the_group_asked_for(office, question, filled):
    found = suggestions(office.actor(), q=question)
    assert {group for group, rows in found.items() if rows} == filled


def test_without_a_question_the_palette_shows_what_one_did_last(office):
    found = suggestions(office.actor(), q="")
    assert sorted(row.name for row in found["recent"]) == ["Meeting", "Meeting", "Meeting", "Nordlys Vindkraft A/S"]
    assert found["actions"]
    assert suggestions(office.actor(Role.RESEARCHER), q="")["recent"] == []


@pytest.mark.parametrize(("read", "most"), [(search, 2), (suggestions, 3)])
@pytest.mark.parametrize(
    "question", ["nordlys", "zeppelin", "nordlys aarhus zeppelin", "nowhere", "nrodlys", "", "@lena"]
)
def test_few_statements_whatever_the_question(office, read, most, question):
    actor = office.actor()
    with CaptureQueriesContext(connection) as captured:
        read(actor, q=question)
    asked = [query["sql"] for query in captured if not query["sql"].startswith(HOUSEKEEPING)]
    assert len(asked) <= most


def test_who_may_not_search(office):
    with pytest.raises(PermissionRefused):
        search(replace(office.actor(), role="nobody"), q="x")


def test_opportunities_needs_and_capabilities_are_found_by_what_may_be_shared(office):
    """A need's full text is for few; nobody finds it by a word that stands only there."""
    partner = make_partnership(make_organization(name="Gullfaks ASA"))
    make_opportunity(partner, title="Membrane laboratory", description="With the desalination group.")
    make_need(
        partner.organization, title="Quieter pumps", text="Because of the Tiberius case.", public_summary="Low noise."
    )
    make_capability(title="Acoustic chamber", text="Hidden Tiberius.", public_summary="Anechoic down to 50 hertz.")
    for role in (Role.MANAGER, Role.VIEWER):
        actor = office.actor(role)
        assert names(search(actor, q="membrane"), "opportunities") == ["Membrane laboratory"]
        assert names(search(actor, q="desalination"), "opportunities") == ["Membrane laboratory"]
        assert names(search(actor, q="quiter pumps"), "needs") == ["Quieter pumps"]
        assert names(search(actor, q="noise"), "needs") == ["Quieter pumps"]
        assert names(search(actor, q="anechoic"), "capabilities") == ["Acoustic chamber"]
        assert not any(search(actor, q="tiberius").found.values())


def test_positions_and_programs_are_found_by_what_they_offer_and_by_nobodys_name(office, beta):
    program = make_program(name="Industrial doctorate", coordinator=office.user(Role.OFFICER))
    position = make_position(
        make_partnership(make_organization(name="Gullfaks ASA")),
        title="Turbine thesis",
        description="Measure the gearbox.",
        learning_goals="Understand tribology.",
        term="Autumn",
        program=program,
        supervisor=make_contact(name="Quirin Supervisor"),
    )
    make_candidacy(position, make_student(name="Quirina Candidate"))
    for role in Role.values:
        actor = office.actor(role)
        for question in ("turbine", "turbnie", "gearbox", "tribology thesis"):
            found = search(actor, q=question).found["positions"]
            assert [(row.name, row.about) for row in found] == [("Turbine thesis", "Gullfaks ASA, Autumn")], question
        for question in ("industrial", "doctorate indus", "industrail doctorate"):
            assert names(search(actor, q=question), "talent-programs") == ["Industrial doctorate"], question
        for question in ("quirin", "quirina", office.user(Role.OFFICER).name):
            answer = search(actor, q=question)
            assert answer.found["positions"] == answer.found["talent-programs"] == []
    with tenant_scope(beta.id):
        assert search(beta.actor(), q="turbine").total == search(beta.actor(), q="doctorate").total == 0


def test_who_may_not_see_talent_finds_none_of_it(office):
    make_position(title="Turbine thesis", program=make_program(name="Turbine program"))
    assert search(office.actor(), q="turbine").total == 2
    nobody = replace(office.actor(), role="nobody")
    assert not {"positions", "talent-programs"} & {kind.code for kind in kinds_for(nobody)}
