"""PostgreSQL with a tenant in every transaction.

The stock backend plus four things, each needed for tenancy:

1. The first statement of a transaction inside a scope, and again after a rollback to a savepoint (which undoes
   settings made inside it), is ``select set_tenant(…)``: transaction-local, so nothing survives on a pooled
   connection. ``set_tenant`` is the only setter there is; its body is one line of SQL (tenants migration 0001).
2. A log-in role that could step over the row policies is refused at the first connection.
3. ``GROUP BY`` names every selected column of a tenant table: its primary key in the database is
   (tenant_id, id), so PostgreSQL does not see that the others depend on ``id`` alone.
4. Deferred DDL of a migration runs in the order keys, foreign keys, policies.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base
from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresSchemaEditor

from core.tenancy.scope import current_audit, tenant_id_or_none

PRIVILEGES = """
select r.rolname, r.rolsuper, r.rolbypassrls,
       exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
               and pg_has_role(current_user, c.relowner, 'member'))
from pg_roles r where r.rolname = current_user
"""


def privileged_role_problem(cursor) -> str | None:
    """Why the connected role must not serve requests, in words; None when it may."""
    cursor.execute(PRIVILEGES)
    name, is_super, bypasses, owns = cursor.fetchone()
    faults = [
        word
        for fault, word in (
            (is_super, "is a superuser"),
            (bypasses, "has BYPASSRLS"),
            (owns, "owns the application's tables"),
        )
        if fault
    ]
    if not faults:
        return None
    return (
        f"The database role {name!r} in DATABASE_URL {' and '.join(faults)}, so row-level security would not "
        "hold. Use the role causeway_app (config/database_roles.sql); migrations use DATABASE_ADMIN_URL."
    )


class DatabaseFeatures(PostgresFeatures):
    def allows_group_by_selected_pks_on_model(self, model) -> bool:
        return super().allows_group_by_selected_pks_on_model(model) and not hasattr(model, "tenant_id")


class DatabaseSchemaEditor(PostgresSchemaEditor):
    def __exit__(self, exc_type, exc_value, traceback):
        self.deferred_sql.sort(key=lambda statement: getattr(statement, "order", 1))
        return super().__exit__(exc_type, exc_value, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    SchemaEditorClass = DatabaseSchemaEditor

    def init_connection_state(self):
        super().init_connection_state()
        if self.alias == "default":
            with self.connection.cursor() as cursor:
                problem = privileged_role_problem(cursor)
            if not self.get_autocommit():
                self.connection.rollback()
            if problem:
                self.close()
                raise ImproperlyConfigured(problem)

    def apply_scope(self) -> None:
        """Tell the running transaction for which tenant and under whose name it works."""
        tenant_id = tenant_id_or_none()
        audit = current_audit()
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select set_tenant(%s), set_audit(%s, %s, %s, %s)",
                (tenant_id, audit.user_id, audit.request_id, audit.action, audit.reason),
            )

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        if not autocommit and tenant_id_or_none() is not None:
            self.apply_scope()

    def _savepoint_rollback(self, sid):
        super()._savepoint_rollback(sid)
        if tenant_id_or_none() is not None:
            self.apply_scope()
