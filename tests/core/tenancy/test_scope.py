"""The scope, the setter and the savepoints, in the database as the application's role."""

import pytest

from core.tenancy.scope import NoTenantScope, tenant_scope
from organizations.models import Organization
from tests.factories.organizations import make_organization


def test_rows_are_seen_only_in_their_tenants_scope(alpha, beta):
    with tenant_scope(alpha.id):
        make_organization(name="Of alpha")
    with tenant_scope(beta.id):
        assert Organization.objects.count() == 0
    with tenant_scope(alpha.id):
        assert Organization.objects.get().name == "Of alpha"


def test_a_query_without_scope_is_refused(db):
    with pytest.raises(NoTenantScope):
        Organization.objects.count()
