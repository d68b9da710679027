"""Organizations over HTTP."""

from organizations.models import Organization, OrganizationIdentifier
from tests.api_contract import ApiContract, Resource
from tests.api_kit import Api, error_of, nothing_changes
from tests.factories.organizations import make_organization

NOVO_LEI = "549300DAQ1CVT6CXN342"


def make_known(author) -> Organization:
    organization = make_organization()
    numbers = Organization.objects.filter(identifiers__scheme="company_number").count()
    OrganizationIdentifier.objects.create(
        organization=organization, scheme="company_number", value=f"DK{10000000 + numbers}"
    )
    return organization


class TestOrganizations(ApiContract):
    resource = Resource(
        prefix="organizations",
        view="organizations.view_organizations",
        create="organizations.create_organization",
        edit="organizations.edit_organization",
        delete="organizations.delete_organization",
        make=make_known,
        payload=lambda: {
            "name": "Novo Nordisk",
            "kind": "company",
            "country": "DK",
            "latitude": "55.75000",
            "longitude": "12.46000",
            "website": "https://www.novonordisk.com/",
            "sme": False,
            "parent": make_organization().pk,
            "aliases": ["Novo", "Novo Nordisk A/S"],
            "identifiers": [{"scheme": "lei", "value": NOVO_LEI}],
        },
        patch={"city": "Bagsværd", "aliases": ["Novo"]},
        references={"parent": (make_organization, lambda pk: {"parent": pk})},
        duplicate=lambda row: {
            "identifiers": [{"scheme": each.scheme, "value": each.value} for each in row.identifiers.all()]
        },
        queries={"list": 4, "detail": 3, "create": 9, "update": 8},
    )


def test_names_and_identifiers_are_replaced_and_count_as_an_edit(in_alpha):
    api, row = Api(in_alpha, "manager"), make_organization(name="Novo Nordisk")
    path = f"organizations/{row.pk}/"
    body = {"aliases": ["Novo", "NN"], "identifiers": [{"scheme": "lei", "value": NOVO_LEI.lower()}]}
    answer = api.patch(path, {**body, "version": 1}).json()
    assert (answer["aliases"], answer["version"]) == (["NN", "Novo"], 2)
    assert answer["identifiers"] == [{"scheme": "lei", "value": NOVO_LEI}]
    assert api.patch(path, body).json()["version"] == 2, "the same again is no edit"
    assert api.patch(path, {"aliases": ["novo"]}).json()["aliases"] == ["novo"]
    error_of(api.patch(path, {"aliases": [], "version": 1}), 409)


def test_wrong_values_are_named(in_alpha):
    api = Api(in_alpha, "manager")
    for body, where in (
        ({"country": "XX"}, "country"),
        ({"latitude": "91", "longitude": "0"}, "latitude"),
        ({"latitude": "55.0"}, "latitude"),
        ({"latitude": "NaN", "longitude": "0"}, "latitude"),
        ({"identifiers": [{"scheme": "lei", "value": "549300DAQ1CVT6CXN343"}]}, "identifiers"),
        ({"identifiers": [{"scheme": "none", "value": "1"}]}, "identifiers.0.scheme"),
        ({"identifiers": [{"scheme": "lei"}]}, "identifiers.0.value"),
        ({"aliases": "Novo"}, "aliases"),
        ({"aliases": [""]}, "aliases"),
        ({"aliases": [{}]}, "aliases"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"parent": "1"}, "parent"),
        ({"parent": True}, "parent"),
        ({"parent": 1.5}, "parent"),
        ({"parent": 10**30}, "parent"),
        ({"parent": -1}, "parent"),
        ({"sme": "perhaps"}, "sme"),
        ({"name": " "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "\u0000"}, "name"),
        ({"version": 1}, "version"),
    ):
        with nothing_changes():
            error = error_of(api.post("organizations/", {"name": "A", **body}), 400)
        assert where in error["fields"], (body, error)


def test_an_organization_is_not_its_own_parent(in_alpha):
    api, parent = Api(in_alpha, "manager"), make_organization()
    child = make_organization(parent=parent)
    with nothing_changes():
        error = error_of(api.patch(f"organizations/{parent.pk}/", {"parent": child.pk}), 409)
        assert error["code"] == "circular_parent"
        error_of(api.patch(f"organizations/{parent.pk}/", {"parent": parent.pk}), 409)


def test_the_institution_itself_is_not_listed(in_alpha):
    own = make_organization(is_own=True)
    api = Api(in_alpha, "manager")
    assert api.get("organizations/").json()["count"] == 0
    error_of(api.get(f"organizations/{own.pk}/"), 404)


def test_organizations_can_be_narrowed(in_alpha):
    api = Api(in_alpha, "manager")
    make_organization(name="Novo Nordisk", country="DK", kind="company")
    make_organization(name="Uppsala universitet", country="SE", kind="university", sme=False)
    for query, names in (
        ({"q": "novo"}, ["Novo Nordisk"]),
        ({"country": "se"}, ["Uppsala universitet"]),
        ({"kind": "company"}, ["Novo Nordisk"]),
        ({"kind": ["company", "university"], "ordering": "-name"}, ["Uppsala universitet", "Novo Nordisk"]),
        ({"sme": "false"}, ["Uppsala universitet"]),
    ):
        assert [each["name"] for each in api.get("organizations/", query).json()["results"]] == names, query
    assert list(error_of(api.get("organizations/", {"kind": "planet"}), 400)["fields"]) == ["kind"]
