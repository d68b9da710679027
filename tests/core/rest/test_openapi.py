"""The description of the API is complete, valid and the one that is stored."""

from pathlib import Path

import pytest
import yaml

from core.rest.schema import ApiGenerator

OPENAPI = Path(__file__).resolve().parents[3] / "config" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> dict:
    return ApiGenerator().get_schema(request=None, public=True)


def operations(document: dict):
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    found = operations(document)
    assert len(found) >= 25
    for name, operation in found:
        assert operation["summary"], name
        assert {"401", "403", "429"} <= operation["responses"].keys(), name
        assert {"token": []} in operation["security"], name
        assert {"session": []} in operation["security"], name
        if "{id}" in name:
            assert "404" in operation["responses"], name
        if name.startswith(("POST", "PATCH")):
            assert {"400", "409"} <= operation["responses"].keys(), name


def test_names_of_choices_are_those_of_the_domain(document):
    names = document["components"]["schemas"].keys()
    assert not [name for name in names if name.endswith("Enum") and name not in ("BlankEnum", "NullEnum")]
    assert {"Band", "Stage", "InteractionKind", "OrganizationKind", "Role", "Problem", "Named"} <= names


def test_references_are_ids_in_and_names_out(document):
    schemas = document["components"]["schemas"]
    asked, shown = (schemas[name]["properties"]["partnership"] for name in ("InteractionRequest", "Interaction"))
    assert asked["type"] == "integer"
    assert shown["$ref"].endswith("/Named")
    assert "version" in schemas["PatchedInteractionRequest"]["properties"]
    assert "version" not in schemas["InteractionRequest"]["properties"]
    assert "secret" in schemas["NewToken"]["properties"]
    assert "secret" not in schemas["Token"]["properties"]


def test_the_stored_document_is_the_generated_one(document):
    stored = yaml.safe_load(OPENAPI.read_text())
    assert stored["paths"].keys() == document["paths"].keys()
    assert stored["components"]["securitySchemes"].keys() == {"token", "session"}


def test_the_document_and_its_explorer_answer(client, db):
    document = client.get("/api/schema/")
    assert document.status_code == 200
    assert b"/v1/partnerships/{id}/health/" in document.content
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b"swagger" in page.content.lower()
