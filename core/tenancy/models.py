"""The base of every tenant's model: scoped reads, composite keys, row policies and audit, without being asked.

``class Opportunity(TenantModel)`` is all a developer writes. The metaclass adds to its Meta the primary key
(tenant_id, id), the row policies, the audit triggers and, for each TenantForeignKey, the composite reference
and an index that starts with the tenant. Forgetting is not possible; opting out needs a reason in words.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.base import ModelBase
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from core.tenancy.constraints import ChangeTriggers, TenantPolicy, TenantPrimaryKey, TenantReference
from core.tenancy.scope import current_tenant_id


class CurrentTenant(Expression):
    """The tenant in scope when the statement is compiled, not when the queryset was written."""

    output_field = models.BigIntegerField()

    def as_sql(self, compiler, connection):
        return "%s", (current_tenant_id(),)


class TenantManager(models.Manager):
    """Sees the rows of the tenant in scope and refuses to run without one."""

    def get_queryset(self):
        return super().get_queryset().filter(tenant_id=CurrentTenant())


class TenantReferencing:
    """What a foreign key of a tenant's model has in common: the database checks it together with the tenant."""

    reference_table: tuple[str, str] | None = None

    def __init__(self, to, on_delete, **kwargs):
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        return name, path, args, kwargs


class TenantForeignKey(TenantReferencing, models.ForeignKey):
    """A reference to a row of the same tenant; the database refuses any other, and joins carry the tenant."""

    def get_extra_restriction(self, alias, related_alias):
        mine = self.model._meta.get_field("tenant").get_col(alias)
        theirs = self.remote_field.model._meta.get_field("tenant").get_col(related_alias)
        return WhereNode([Exact(mine, theirs)])


class TenantOneToOneField(TenantReferencing, models.OneToOneField):
    """The same for at most one row per referenced row; uniqueness is a constraint that starts with the tenant."""

    get_extra_restriction = TenantForeignKey.get_extra_restriction

    @property
    def unique(self) -> bool:
        """Yes for the ORM, which else refuses to join the other way round; no in migrations, where the rule is made."""
        return self.model.__module__ != "__fake__"


def _starts_with(rules, field: str) -> bool:
    """Whether one of the rules brings an index that finds every row by this field; a partial one does not."""
    whole = (rule for rule in rules if getattr(rule, "condition", None) is None)
    return any(list(getattr(rule, "fields", ()))[:2] == ["tenant", field] for rule in whole)


class TenantModelBase(ModelBase):
    def __new__(mcs, name, bases, attrs, **kwargs):
        meta = attrs.get("Meta")
        abstract = meta is not None and vars(meta).get("abstract", False)
        if not abstract and any(isinstance(base, TenantModelBase) for base in bases):
            attrs["Meta"] = mcs.tenant_meta(name, bases, attrs, meta)
        return super().__new__(mcs, name, bases, attrs, **kwargs)

    @staticmethod
    def tenant_meta(name, bases, attrs, meta):
        options = {key: value for key, value in vars(meta).items() if not key.startswith("__")} if meta else {}
        references = [key for key, value in attrs.items() if isinstance(value, TenantReferencing)]
        for base in bases:
            for field in getattr(getattr(base, "_meta", None), "fields", ()):
                if isinstance(field, TenantReferencing):
                    references.append(field.name)
        constraints = list(options.get("constraints", ()))
        indexes = list(options.get("indexes", ()))
        for field in references:
            if isinstance(attrs.get(field), models.OneToOneField):
                constraints.append(
                    models.UniqueConstraint(fields=["tenant", field], name=f"%(app_label)s_%(class)s_{field}_once")
                )
            elif not _starts_with([*constraints, *indexes], field):
                indexes.append(models.Index(fields=["tenant", field]))
        constraints.append(TenantPrimaryKey(name="%(app_label)s_%(class)s_tenant_key"))
        constraints += [
            TenantReference(field=field, name=f"%(app_label)s_%(class)s_{field}_ref") for field in references
        ]
        append_only = attrs.get("append_only_because") is not None
        unchanging = attrs.get("unchanging_because") is not None
        constraints.append(
            TenantPolicy(name="%(app_label)s_%(class)s_policy", append_only=append_only, unchanging=unchanging)
        )
        if attrs.get("unaudited_because") is None and not append_only:
            constraints.append(ChangeTriggers(name="%(app_label)s_%(class)s_changes", unchanging=unchanging))
        options |= {
            "constraints": constraints,
            "indexes": indexes,
            "base_manager_name": "objects",
            "default_manager_name": "objects",
        }
        return type("Meta", (), options)


class TenantModel(models.Model, metaclass=TenantModelBase):
    """A row that belongs to one tenant. ``tenant`` is set from the scope and never changes.

    ``append_only_because`` takes UPDATE and DELETE from the application role (and needs no audit then);
    ``unchanging_because`` takes UPDATE alone, and the audit records deletions only; ``unaudited_because`` leaves the
    audit triggers out. All are sentences, read by the contract tests.
    """

    append_only_because: str | None = None
    unchanging_because: str | None = None
    unaudited_because: str | None = None

    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.PROTECT,
        default=current_tenant_id,
        editable=False,
        db_index=False,
        related_name="+",
    )

    objects = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.tenant_id != current_tenant_id():
            raise ImproperlyConfigured(f"{self!r} belongs to another tenant than the one in scope")
        super().save(*args, **kwargs)
