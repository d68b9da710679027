"""The runner of the benchmarks, and that what they measure works; never how long it takes."""

import re

import pytest

from core.tenancy.scope import tenant_transaction
from partnerships.models import Interaction, Participant, Partnership, PartnershipHealth, Project
from tenants.models import Tenant
from tests.benchmarks import large_office
from tests.benchmarks.__main__ import benchmarks, main, number, table
from tests.benchmarks.generated import generate
from tests.benchmarks.kit import Best, Figure
from tests.folders import printed


def test_every_benchmark_measures_and_says_what():
    found = benchmarks()
    assert "import" in found
    for module in found.values():
        assert callable(module.measure)
        assert module.__doc__


def test_the_list_and_a_name_that_is_none(capsys):
    assert main(["--list"]) == 0
    assert re.search(r"^import +Importing", capsys.readouterr().out, re.MULTILINE)
    with pytest.raises(SystemExit):
        main(["nothing-of-that-name"])
    assert "there are" in capsys.readouterr().err


def test_ratios_are_times_the_floors_effort():
    assert Figure("rows", 10, 100, "rows/s", rate=True).ratio == 10
    assert Figure("time", 100, 10, "s").ratio == 10
    assert table([("a", "1"), ("bb", "10")]) == "a    1\nbb  10"
    assert (number(12345.6), number(0.01234)) == ("12,346", "0.0123")


def test_the_best_round_counts():
    best = Best()
    assert best.of(lambda: 7) == 7
    first = best.seconds
    best.of(lambda: sum(range(100_000)))
    assert best.seconds <= first


def test_the_generated_folder_is_sound(db, tmp_path):
    out = printed("import_projects", generate(tmp_path / "data"), "--create-tenants")
    assert "rejected:" not in out
    assert "noted:" not in out
    totals = [0, 0]
    for tenant in Tenant.objects.filter(slug__startswith="office-"):
        with tenant_transaction(tenant.pk):
            totals[0] += Project.objects.count()
            totals[1] += Partnership.objects.count()
    assert totals[0] > 241
    assert totals[1] > 1800


def test_the_large_office_is_sound(committed):
    tenant = large_office.build(committed, scale=0.01)
    with tenant_transaction(tenant.pk):
        assert (Partnership.objects.count(), Interaction.objects.count()) == (30, 3000)
        assert (
            Participant.objects.filter(contact__affiliations__organization__isnull=True).exclude(contact=None).count()
            == 0
        )
        assert PartnershipHealth.objects.exclude(computed_at=None).count() == 30
        assert Interaction.objects.filter(note__contains=large_office.RARE_WORD).count() == 1
