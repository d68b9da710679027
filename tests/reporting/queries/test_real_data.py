"""The answers about the real folder: the same numbers row by row, and what is behind each number adds up to it."""

import pytest

from core.actor import Actor
from core.tenancy.scope import tenant_transaction
from core.urls import in_office
from partnerships.actions.health import recompute_health
from partnerships.models import Partnership, Project
from tenants.choices import Role
from tenants.models import Membership, Tenant, User
from tests.cast import Office
from tests.folders import REAL, needs_real, printed, realdata
from tests.reporting.counting import EVERYTHING, asked
from tests.reporting.queries import test_answers, test_places_and_impact

pytestmark = [realdata, needs_real]
SLUG = "ntnu"
# Those of the oracles that ask about what the folder holds: partners, projects, participants, awards.
ORACLES = [
    test_answers.test_health,
    test_answers.test_tiers_silence_and_single_threads,
    test_answers.test_value_by_awards_counts_each_project_once,
    test_answers.test_the_pipeline,
    test_answers.test_outcomes_of_channels,
    test_places_and_impact.test_channels,
    test_places_and_impact.test_places_and_countries,
    test_places_and_impact.test_regional_impact,
]
SELECTIONS = [EVERYTHING, {"country": "de"}]


@pytest.fixture
def office(committed) -> Office:
    printed("import_projects", REAL, "--create-tenants")
    tenant = Tenant.objects.get(slug=SLUG)
    for role in Role:
        user = User.objects.create(email=f"{role}@{SLUG}.example", name=role.label)
        Membership.objects.create(tenant=tenant, user=user, role=role)
    return Office.load(SLUG)


def test_every_answer_about_the_real_folder(office):
    """In one test, because the import is its costly part."""
    with tenant_transaction(office.id), in_office(SLUG):
        recompute_health(actor=Actor.system(office.id))
        assert Partnership.objects.count() > 100
        assert Project.objects.count() > 50
        for given in SELECTIONS:
            for oracle in ORACLES:
                oracle(office, given)
            test_answers.check_awards(office, given, asked(office, "money", given, "viewer"))
