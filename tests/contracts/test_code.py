"""The source keeps the rules that no linter knows, and each sweep turns red when one is broken."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from core.actions import ACTIONS, READS, action
from core.checks import tenant_models
from core.permissions import Permission, Registry, registry
from core.tenancy.models import TenantForeignKey, TenantModel
from organizations.models import Organization
from tests.contracts import code
from tests.contracts.urls import Page, pages


@pytest.mark.parametrize(
    "sweep",
    [
        code.length_problems,
        code.model_problems,
        code.reason_problems,
        code.code_problems,
        code.setter_problems,
        code.secret_problems,
        code.orm_problems,
        code.migration_problems,
        code.mirror_problems,
    ],
)
def test_the_code_is_as_agreed(sweep):
    assert sweep() == []


def test_every_permission_opens_something():
    assert code.unused_permissions(pages()) == []


def test_the_sweeps_look_in_the_right_place():
    assert len(code.app_files()) > 120
    assert len(code.app_files(migrations=True)) >= 4
    assert {path.suffix for path in code.source_files()} >= {".py", ".html", ".mjs", ".css", ".js"}
    assert len(ACTIONS) >= 15
    assert len(READS) >= 8
    assert all((code.ROOT / name).is_file() for name in {*code.BY_HAND, *code.SETTERS, *code.NOT_THE_MAKERS})


# Planted violations: a small tree of files for those that read files

BROKEN = {
    "a long file": (code.length_problems, "partnerships/rules/long.py", "x = 1\n" * 501),
    "a long style sheet": (code.length_problems, "static/src/long.css", "a{}\n" * 501),
    "a setter elsewhere": (
        code.setter_problems,
        "partnerships/queries/sly.py",
        "cursor.execute(\"select set_config('app.tenant_id', '1', false)\")",
    ),
    "the setter called elsewhere": (code.setter_problems, "tenants/tasks.py", 'execute("select set_tenant(2)")'),
    "the scope opened by hand": (code.setter_problems, "tenants/tasks.py", "scope._tenant.set(2)"),
    "a secret that outlives its maker's token": (
        code.secret_problems,
        "partnerships/actions/x.py",
        "Door.objects.create(digest=digest_of(new_secret()))",
    ),
    "a plain manager": (code.orm_problems, "tenants/models/x.py", "everything = models.Manager()"),
    "an imported manager": (code.orm_problems, "tenants/models/x.py", "from django.db.models import Manager"),
    "the base manager": (code.orm_problems, "partnerships/queries/x.py", "rows = Partnership._base_manager.all()"),
    "another connection": (code.orm_problems, "partnerships/queries/x.py", "Project.objects.using('owner').all()"),
    "a raw query": (code.orm_problems, "partnerships/queries/x.py", "Project.objects.raw('select 1')"),
    "a statement by hand": (code.orm_problems, "partnerships/queries/x.py", "connection.cursor().execute('select 1')"),
    "a generic reference": (
        code.orm_problems,
        "tenants/models/x.py",
        "from django.contrib.contenttypes.fields import GenericForeignKey",
    ),
    "a signal": (code.orm_problems, "tenants/models/x.py", "from django.dispatch import receiver"),
    "a migration with code of today": (
        code.migration_problems,
        "tenants/migrations/0009_x.py",
        "from tenants.models import User",
    ),
    "a test of no layer": (code.mirror_problems, "tests/partnerships/weather/test_rules.py", ""),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_each_sweep_of_files_sees_its_planted_fault(tmp_path: Path, fault):
    sweep, name, text = BROKEN[fault]
    (tmp_path / "partnerships" / "rules").mkdir(parents=True)
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert len(sweep(tmp_path)) == 1


def test_generated_and_foreign_files_are_left_alone(tmp_path: Path):
    for name in ("node_modules/x.js", "tenants/migrations/0001_initial.py", ".venv/x.py", "static/dist/app.css"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n" * 501)
    assert code.length_problems(tmp_path) == []


# Planted violations: registries


def registry_with(*permissions: Permission) -> Registry:
    made = Registry()
    made.register([*(registry.get(each) for each in registry.codes()), *permissions])
    return made


@pytest.mark.parametrize(
    ("actions", "reads", "more"),
    [
        ({**ACTIONS, "partnerships.burn_everything": None}, READS, ()),
        (ACTIONS, {**READS, "partnerships.view_everything": []}, ()),
        (ACTIONS, READS, (Permission("partnerships.Burn", "", frozenset({"administrator"})),)),
        (ACTIONS, READS, (Permission("weather.view_rain", "", frozenset({"administrator"})),)),
        (ACTIONS, READS, (Permission("partnerships.burn_bridges", "", frozenset({"king", "administrator"})),)),
        (ACTIONS, READS, (Permission("partnerships.burn_bridges", "", frozenset({"viewer"})),)),
        ({**ACTIONS, "partnerships.view_projects": None}, READS, ()),
        (ACTIONS, {**READS, "partnerships.create_project": []}, ()),
    ],
)
def test_codes_that_do_not_fit_are_seen(actions, reads, more):
    assert len(code.code_problems(actions, reads, registry_with(*more))) == 1


def test_a_permission_that_opens_nothing_is_seen():
    more = registry_with(Permission("partnerships.burn_bridges", "", frozenset({"administrator"})))
    found = code.unused_permissions(pages(), more)
    assert "partnerships.burn_bridges is granted and opens nothing" in found


def test_a_page_makes_a_permission_used():
    more = registry_with(Permission("partnerships.burn_bridges", "", frozenset({"administrator"})))

    def view(request):
        raise NotImplementedError

    view.permission = "partnerships.burn_bridges"
    found = code.unused_permissions([*pages(), Page("burn/", "burn", view)], more)
    assert not [words for words in found if "burn" in words]


def test_what_is_registered_wrongly_is_refused_at_once():
    with pytest.raises(ImproperlyConfigured):
        Registry().register([Permission("partnerships.burn_bridges", "", frozenset())])
    with pytest.raises(ImproperlyConfigured):
        registry_with(registry.get("partnerships.view_projects"))
    with pytest.raises(ImproperlyConfigured):
        registry.get("partnerships.no_such")
    with pytest.raises(RuntimeError):
        action(next(iter(ACTIONS)))(lambda *, actor: None)


# Planted violations: models


@pytest.fixture
def passing_models():
    """Models made in the test leave the registry with it."""
    models_of = apps.all_models["partnerships"]
    before = dict(models_of)
    yield
    models_of.clear()
    models_of.update(before)
    apps.clear_cache()


def problems_of(monkeypatch, *bad: type[models.Model]) -> set[str]:
    with monkeypatch.context() as patch:
        patch.setattr(apps, "get_models", lambda *args, **kwargs: list(bad))
        return {error.id for error in tenant_models(None)}


def test_bad_models_are_seen(passing_models, monkeypatch):
    class Ownerless(models.Model):
        class Meta:
            app_label = "partnerships"

    class Excused(models.Model):
        global_because = "It is a list that all offices share."

        class Meta:
            app_label = "partnerships"

    class Unscoped(TenantModel):
        everything = models.Manager()

        class Meta:
            app_label = "partnerships"

    class PlainReference(TenantModel):
        organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "partnerships"

    class GlobalName(TenantModel):
        name = models.CharField(max_length=9, unique=True)

        class Meta:
            app_label = "partnerships"

    class GlobalRule(TenantModel):
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "partnerships"
            constraints = [models.UniqueConstraint(fields=["name"], name="oops")]

    class GlobalIndex(TenantModel):
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "partnerships"
            indexes = [models.Index(fields=["name"], name="oops")]

    class Automatic(TenantModel):
        organizations = models.ManyToManyField(Organization, related_name="+")

        class Meta:
            app_label = "partnerships"

    class Fine(TenantModel):
        organization = TenantForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "partnerships"

    expected = {
        Ownerless: {"causeway.E010"},
        Excused: set(),
        Unscoped: {"causeway.E011"},
        PlainReference: {"causeway.E012"},
        GlobalName: {"causeway.E013"},
        GlobalRule: {"causeway.E014"},
        GlobalIndex: {"causeway.E015"},
        Automatic: {"causeway.E016"},
        Fine: set(),
    }
    assert {model: problems_of(monkeypatch, model) for model in expected} == expected


def test_a_reason_that_is_none_is_seen(passing_models):
    class Lazy(models.Model):
        global_because = "because"

        class Meta:
            app_label = "partnerships"

    assert len(code.reason_problems([Lazy])) == 1
