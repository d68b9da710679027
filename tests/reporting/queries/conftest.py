"""An office full of records, and what part of it is asked about."""

import pytest

from core.tenancy.scope import tenant_scope
from core.urls import in_office
from tests.reporting.counting import EVERYTHING, SOME
from tests.reporting.generated import fill


@pytest.fixture(params=["everything", "some partners"])
def given(request):
    return EVERYTHING if request.param == "everything" else SOME


@pytest.fixture
def office(alpha):
    with tenant_scope(alpha.id), in_office("alpha"):
        fill(alpha)
        yield alpha
