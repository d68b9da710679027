"""Every resource of the API keeps the contract, and its viewset is sealed."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.urls_api import router
from core.actions import visible
from core.rest.references import Reference
from core.rest.serializers import Rows, TenantSerializer
from core.rest.viewsets import SEALED, TenantViewSet, part
from organizations.models import Organization
from organizations.queries.organizations import visible_organizations
from tests.api_contract import contracts

RESOURCES = {prefix: viewset for prefix, viewset, _name in router.registry if issubclass(viewset, TenantViewSet)}


def test_every_resource_has_a_contract():
    assert RESOURCES.keys() == contracts().keys()
    assert len(RESOURCES) >= 7


def test_every_write_that_a_viewset_has_is_in_its_contract():
    for prefix, contract in contracts().items():
        assert RESOURCES[prefix].reads.code == contract.resource.view
        resource = contract.resource
        named = {"create": resource.create, "update": resource.edit, "delete": resource.delete}
        written = {name: action.code for name, action in RESOURCES[prefix].writes.items()}
        assert written == {name: code for name, code in named.items() if code}


def test_every_reference_that_can_be_written_is_in_its_contract():
    for prefix, contract in contracts().items():
        serializer = RESOURCES[prefix].serializer_class()
        paths = set(serializer.related_reads)
        for name, field in serializer.fields.items():
            if isinstance(field, Rows):
                paths |= {f"{name}.0.{inner}" for inner in field.child.related_reads}
        assert paths == set(contract.resource.references), prefix


class _Serializer(TenantSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name"]


@pytest.mark.parametrize("name", SEALED)
def test_a_viewset_cannot_open_itself(name):
    body = {"serializer_class": _Serializer, "reads": staticmethod(visible_organizations), name: None}
    with pytest.raises(ImproperlyConfigured):
        type("Open", (TenantViewSet,), body)


def test_a_viewset_reads_and_writes_through_marked_functions_alone():
    def unmarked(actor):
        return Organization.objects.all()

    with pytest.raises(ImproperlyConfigured):
        type("Open", (TenantViewSet,), {"reads": staticmethod(unmarked)})
    reads = {"reads": staticmethod(visible_organizations)}
    with pytest.raises(ImproperlyConfigured):
        type("Open", (TenantViewSet,), {**reads, "writes": {"create": unmarked}})
    with pytest.raises(ImproperlyConfigured):
        type("Open", (TenantViewSet,), {**reads, "writes": {"update": visible("organizations.x")(unmarked)}})
    with pytest.raises(ImproperlyConfigured):
        part(unmarked, _Serializer, summary="")


def test_a_reference_that_is_no_reference_is_refused():
    class Automatic(TenantSerializer):
        class Meta:
            model = Organization
            fields = ["parent"]

    class Unread(TenantSerializer):
        parent = Reference()

        class Meta:
            model = Organization
            fields = ["parent"]

    for serializer_class in (Automatic, Unread):
        with pytest.raises(ImproperlyConfigured):
            serializer_class().fields
