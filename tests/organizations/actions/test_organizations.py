"""Writing organizations: places, parents, other names, identifiers, two editors at once."""

from decimal import Decimal

import pytest

from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from organizations.actions.organizations import create_organization, edit_organization
from organizations.models import Organization, OrganizationIdentifier
from tenants.choices import Role
from tenants.models import Change
from tests.api_kit import nothing_changes
from tests.factories.organizations import make_organization

ROR, LEI = {"scheme": "ror", "value": "05dxps055"}, {"scheme": "lei", "value": "5493001KJTIIGC8Y1R12"}
READERS = [Role.RESEARCHER, Role.VIEWER]


def create(office, role=Role.MANAGER, **fields) -> Organization:
    return create_organization(actor=office.actor(role), **{"name": "Cog Works", **fields})


def edit(office, row, role=Role.MANAGER, **changes) -> Organization:
    return edit_organization(actor=office.actor(role), organization=row, **changes)


def refused(error, attempt) -> ActionRefused:
    with nothing_changes(), pytest.raises(error) as caught:
        attempt()
    return caught.value


def names(row) -> list[str]:
    return list(row.aliases.order_by("name").values_list("name", flat=True))


def identifiers(row) -> list[tuple[str, str]]:
    return list(row.identifiers.order_by("scheme").values_list("scheme", "value"))


def test_an_organization_with_everything(in_alpha):
    row = create(
        in_alpha,
        name="  Cog Works ",
        country="dk",
        latitude=Decimal("55.67"),
        longitude=Decimal("12.56"),
        aliases=["CW", " cw ", "Zahnrad", "", "cog works"],
        identifiers=[ROR, LEI],
    )
    row = Organization.objects.get(pk=row.pk)
    assert (row.name, row.country, row.version) == ("Cog Works", "DK", 1)
    assert sorted(name.lower() for name in names(row)) == ["cw", "zahnrad"]
    assert identifiers(row) == [("lei", LEI["value"]), ("ror", ROR["value"])]
    changes = Change.objects.filter(action="organizations.create_organization")
    assert set(changes.values_list("user_id", flat=True)) == {in_alpha.user().pk}
    assert changes.filter(table_name="organizations_organization", row_id=row.pk, kind="I").count() == 1


@pytest.mark.parametrize("role", READERS)
def test_whoever_only_reads_changes_nothing(in_alpha, role):
    row = make_organization()
    refused(PermissionRefused, lambda: create(in_alpha, role))
    refused(PermissionRefused, lambda: edit(in_alpha, row, role, name="Taken"))


def test_an_actor_of_the_other_office_is_a_fault(in_alpha, beta):
    row = make_organization()
    refused(RuntimeError, lambda: edit_organization(actor=beta.actor(), organization=row, name="Taken"))


# Places


@pytest.mark.parametrize("country", ["XX", "Denmark", "ZZ", "EU", "D"])
def test_a_country_that_is_none(in_alpha, country):
    assert refused(InvalidInput, lambda: create(in_alpha, country=country)).field == "country"


@pytest.mark.parametrize(
    ("place", "field", "code"),
    [
        ({"latitude": Decimal("90.1"), "longitude": Decimal("0")}, "latitude", "out_of_range"),
        ({"latitude": Decimal("0"), "longitude": Decimal("-180.1")}, "longitude", "out_of_range"),
        ({"latitude": Decimal("1")}, "latitude", "half_a_place"),
        ({"longitude": Decimal("1")}, "latitude", "half_a_place"),
        ({"latitude": None, "longitude": Decimal("1")}, "latitude", "half_a_place"),
    ],
)
def test_a_place_that_is_none(in_alpha, place, field, code):
    problem = refused(InvalidInput, lambda: create(in_alpha, **place))
    assert (problem.field, problem.code) == (field, code)


def test_a_place_is_changed_and_taken_away_as_a_whole(in_alpha):
    row = create(in_alpha, latitude=Decimal("90"), longitude=Decimal("-180"))
    assert edit(in_alpha, row, latitude=Decimal("-90")).longitude == Decimal("-180")
    refused(InvalidInput, lambda: edit(in_alpha, row, longitude=None))
    assert edit(in_alpha, row, latitude=None, longitude=None).latitude is None


# Parents


def test_a_parent_and_a_grandparent(in_alpha):
    top, middle, leaf = (make_organization() for _each in range(3))
    edit(in_alpha, middle, parent=top)
    edit(in_alpha, leaf, parent=middle)
    assert Organization.objects.get(pk=leaf.pk).parent.parent == top
    assert edit(in_alpha, leaf, parent=None).parent is None


def test_nobody_is_above_themselves(in_alpha):
    top = make_organization()
    middle = make_organization(parent=top)
    leaf = make_organization(parent=middle)
    for parent in (top, middle, leaf):
        problem = refused(ActionRefused, lambda parent=parent: edit(in_alpha, top, parent=parent))
        assert (problem.code, problem.field) == ("circular_parent", "parent")


# Other names


def test_other_names_are_replaced_and_counted_as_one_edit(in_alpha):
    row = create(in_alpha, aliases=["CW", "Zahnrad"])
    assert edit(in_alpha, row, aliases=["CW", "Roue dentée"]).version == 2
    assert names(row) == ["CW", "Roue dentée"]
    assert edit(in_alpha, row, aliases=["Roue dentée", "CW"]).version == 2
    assert edit(in_alpha, row, city="Aarhus").version == 3
    assert names(row) == ["CW", "Roue dentée"]
    assert edit(in_alpha, row, aliases=[]).version == 4
    assert names(row) == []


def test_another_name_changes_its_letters(in_alpha):
    row = create(in_alpha, aliases=["cw"])
    edit(in_alpha, row, aliases=["CW"])
    assert names(row) == ["CW"]


# Identifiers


@pytest.mark.parametrize(
    "wrong",
    [
        {"scheme": "ror", "value": "05dxps056"},
        {"scheme": "lei", "value": "5493001KJTIIGC8Y1R13"},
        {"scheme": "ror", "value": ""},
        {"scheme": "isni", "value": "0000000121032680"},
    ],
)
def test_an_identifier_with_a_wrong_checksum(in_alpha, wrong):
    problem = refused(InvalidInput, lambda: create(in_alpha, identifiers=[LEI, wrong]))
    assert (problem.code, problem.field) == ("invalid_identifier", "identifiers")
    row = create(in_alpha)
    refused(InvalidInput, lambda: edit(in_alpha, row, name="Other", identifiers=[wrong]))


def test_an_identifier_is_kept_in_one_form(in_alpha):
    row = create(in_alpha, identifiers=[{"scheme": "ror", "value": "https://ror.org/05DXPS055"}, ROR])
    assert identifiers(row) == [("ror", "05dxps055")]


def test_an_identifier_belongs_to_one_organization(in_alpha):
    first = create(in_alpha, identifiers=[ROR])
    other = make_organization()
    for attempt in (
        lambda: create(in_alpha, name="Second", identifiers=[ROR]),
        lambda: edit(in_alpha, other, identifiers=[LEI, ROR]),
    ):
        problem = refused(ActionRefused, attempt)
        assert (problem.code, problem.details) == ("identifier_taken", {"organization": first.pk})
        assert "Cog Works" in problem.message
    assert edit(in_alpha, first, identifiers=[ROR]).version == 1
    edit(in_alpha, first, identifiers=[LEI])
    assert identifiers(edit(in_alpha, other, identifiers=[ROR])) == [("ror", ROR["value"])]


def test_the_same_identifier_may_stand_in_the_other_office(in_alpha, beta):
    from core.tenancy.scope import tenant_scope

    create(in_alpha, identifiers=[ROR])
    with tenant_scope(beta.id):
        create(beta, identifiers=[ROR])
        assert OrganizationIdentifier.objects.count() == 1


# Two editors


def test_the_second_editor_is_told_and_overwrites_nothing(in_alpha):
    row = create(in_alpha, city="Aarhus")
    edit(in_alpha, row, seen=1, city="Odense")
    problem = refused(StaleEdit, lambda: edit(in_alpha, row, seen=1, city="Vejle", aliases=["CW"]))
    assert problem.details == {"version": 2, "current": {"city": "Odense"}}
    assert edit(in_alpha, row, seen=2, city="Vejle").version == 3


def test_an_edit_that_changes_nothing_is_none(in_alpha):
    row = create(in_alpha, city="Aarhus", aliases=["CW"], identifiers=[ROR])
    with nothing_changes():
        edit(in_alpha, row, seen=1, name="Cog Works", city="Aarhus", aliases=["CW"], identifiers=[ROR])


def test_the_history_says_who_and_why(in_alpha):
    row = create(in_alpha, city="Aarhus")
    edit(in_alpha, row, city="Odense", reason="They moved.")
    change = Change.objects.get(table_name="organizations_organization", row_id=row.pk, kind="U")
    assert (change.action, change.reason, change.user_id) == (
        "organizations.edit_organization",
        "They moved.",
        in_alpha.user().pk,
    )
    assert (change.before["city"], change.after["city"]) == ("Aarhus", "Odense")
