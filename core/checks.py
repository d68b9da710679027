"""System checks that name the variable at fault, and those that keep the tenancy whole."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections, models

from core.tenancy.backend.base import privileged_role_problem
from core.tenancy.models import TenantManager, TenantModel, TenantReferencing

REQUIRED = {
    "SECRET_KEY": "a long random string",
    "DATABASE_URL": "postgres://causeway_app:…@host/causeway",
    "REDIS_URL": "redis://:…@host:6379/0",
    "ALLOWED_HOSTS": "the host names, comma-separated",
}


@register(Tags.security)
def environment(app_configs, **kwargs) -> list[Error]:
    """Every required variable is set, and the secret key is not a short one."""
    from environ import Env

    env = Env()
    problems = [
        Error(f"The environment variable {name} is not set.", hint=f"Set it to {hint}.", id="causeway.E001")
        for name, hint in REQUIRED.items()
        if not env.str(name, default="") and not (name == "ALLOWED_HOSTS" and settings.DEBUG)
    ]
    if settings.SECRET_KEY and len(settings.SECRET_KEY) < 32:
        problems.append(
            Error(
                "SECRET_KEY is shorter than 32 characters.",
                hint="Make a longer random one.",
                id="causeway.E002",
            )
        )
    return problems


@register(Tags.database)
def database_role(app_configs, databases=None, **kwargs) -> list[Error]:
    """The application's own connection cannot step over the row policies."""
    if not databases or "default" not in databases:
        return []
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    try:
        with connections["default"].cursor() as cursor:
            problem = privileged_role_problem(cursor)
    except ImproperlyConfigured as refused:
        problem = str(refused)
    except OperationalError as away:
        return [Error(f"The database in DATABASE_URL does not answer: {away}", id="causeway.E003")]
    return [Error(problem, id="causeway.E004")] if problem else []


@register(Tags.models)
def tenant_models(app_configs, **kwargs) -> list[Error]:
    """Own models are tenant-owned or say why not; references between tenant models carry the tenant."""
    own = {"tenants", "organizations", "partnerships", "agreements", "reporting"}
    problems = []
    for model in apps.get_models():
        if model._meta.app_label not in own or not model._meta.managed:
            continue
        name = model._meta.label
        if not issubclass(model, TenantModel):
            if not getattr(model, "global_because", ""):
                problems.append(
                    Error(
                        f"{name} is not a TenantModel and gives no global_because.",
                        obj=model,
                        id="causeway.E010",
                    )
                )
            continue
        for manager in model._meta.managers:
            if not isinstance(manager, TenantManager):
                problems.append(Error(f"{name}.{manager.name} is not scoped.", obj=model, id="causeway.E011"))
        problems += _field_problems(model, name)
    return problems


def _field_problems(model, name: str) -> list[Error]:
    problems = []
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and not isinstance(field, TenantReferencing):
            if issubclass(field.remote_field.model, TenantModel):
                problems.append(
                    Error(f"{name}.{field.name} must be a TenantForeignKey.", obj=model, id="causeway.E012")
                )
        if field.unique and not field.primary_key and not isinstance(field, TenantReferencing):
            problems.append(Error(f"{name}.{field.name} is unique across tenants.", obj=model, id="causeway.E013"))
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields[:1] != ("tenant",):
            problems.append(
                Error(
                    f"{name}: {constraint.name} does not begin with the tenant.",
                    obj=model,
                    id="causeway.E014",
                )
            )
    for index in model._meta.indexes:
        if index.fields[:1] != ["tenant"]:
            problems.append(
                Error(f"{name}: {index.name} does not begin with the tenant.", obj=model, id="causeway.E015")
            )
    if model._meta.local_many_to_many:
        problems.append(Error(f"{name} has an automatic many-to-many table.", obj=model, id="causeway.E016"))
    return problems
