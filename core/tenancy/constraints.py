"""What the database itself enforces on a tenant table, as constraints that makemigrations understands.

They are added to every tenant model by its metaclass (``core.tenancy.models``); nobody writes them by hand.
Each appends its DDL to the migration's deferred statements with a place in the order, because the autodetector
sorts constraints by model while a composite foreign key needs the remote primary key first.
"""

from django.db.models import BaseConstraint

APP_ROLE = "causeway_app"
SEARCH_ROLE = "causeway_search"

KEYS, REFERENCES, POLICIES, TRIGGERS = 2, 3, 4, 5


class Deferred(str):
    """A DDL statement that waits for the end of its migration."""

    __slots__ = ("order",)

    def __new__(cls, sql: str, order: int) -> "Deferred":
        statement = super().__new__(cls, sql)
        statement.order = order
        return statement


class TableRule(BaseConstraint):
    """A constraint made of plain DDL; subclasses answer with statements and never validate in Python."""

    order = TRIGGERS

    def statements(self, table: str, model, quote) -> list[str]:
        raise NotImplementedError

    def undo(self, table: str, model, quote) -> list[str]:
        raise NotImplementedError

    def create_sql(self, model, schema_editor):
        for sql in self.statements(schema_editor.quote_name(model._meta.db_table), model, schema_editor.quote_name):
            schema_editor.deferred_sql.append(Deferred(sql, self.order))

    constraint_sql = create_sql

    def remove_sql(self, model, schema_editor):
        made = self.statements(schema_editor.quote_name(model._meta.db_table), model, schema_editor.quote_name)
        pending = [sql for sql in schema_editor.deferred_sql if sql in made]
        for sql in pending:
            schema_editor.deferred_sql.remove(sql)
        if not pending:
            table = schema_editor.quote_name(model._meta.db_table)
            for sql in self.undo(table, model, schema_editor.quote_name):
                schema_editor.execute(sql, params=None)

    def validate(self, model, instance, exclude=None, using="default"):
        return None

    def __eq__(self, other):
        return type(self) is type(other) and self.deconstruct() == other.deconstruct()

    __hash__ = None


class TenantPrimaryKey(TableRule):
    """PRIMARY KEY (tenant_id, id) in the database, while Django's state keeps ``id``.

    It serves the composite references without a second index, and a table with it can be distributed by
    tenant unchanged. Two ALTERs, because a distributed table refuses DROP and ADD in one.
    """

    order = KEYS

    def statements(self, table, model, quote):
        key = quote(f"{model._meta.db_table}_pkey")
        return [
            f"ALTER TABLE {table} DROP CONSTRAINT {key}",
            f"ALTER TABLE {table} ADD CONSTRAINT {key} PRIMARY KEY (tenant_id, id)",
        ]

    def undo(self, table, model, quote):
        key = quote(f"{model._meta.db_table}_pkey")
        return [
            f"ALTER TABLE {table} DROP CONSTRAINT {key} CASCADE",
            f"ALTER TABLE {table} ADD CONSTRAINT {key} PRIMARY KEY (id)",
        ]


class TenantReference(TableRule):
    """(tenant_id, column) → (tenant_id, remote column): the row cannot point into another tenant.

    PostgreSQL checks foreign keys past row-level security, so this alone stops a foreign id. Never deferrable,
    always NO ACTION: clearing and cascading is the ORM's work, where it is scoped.
    """

    order = REFERENCES

    def __init__(self, *, field: str, name: str):
        super().__init__(name=name)
        self.field = field

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def statements(self, table, model, quote):
        field = model._meta.get_field(self.field)
        remote = quote(field.remote_field.model._meta.db_table)
        target = "id"
        if field.reference_table:
            remote, target = quote(field.reference_table[0]), field.reference_table[1]
        return [
            f"ALTER TABLE {table} ADD CONSTRAINT {quote(self.name)} FOREIGN KEY (tenant_id, {quote(field.column)}) "
            f"REFERENCES {remote} (tenant_id, {quote(target)})"
        ]

    def undo(self, table, model, quote):
        return [f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quote(self.name)}"]


class TenantPolicy(TableRule):
    """Forced row-level security: a restrictive floor on the tenant, one permissive grant, no way round.

    ``current_setting`` without ``missing_ok``: no tenant is an error, never an empty answer. The column is not
    cast, so the policy uses the index. The search role reads past it; only the views it owns do, and each of
    them carries the tenant in its own WHERE.
    """

    order = POLICIES

    def __init__(self, *, name: str, append_only: bool = False, unchanging: bool = False):
        super().__init__(name=name)
        self.append_only = append_only
        self.unchanging = unchanging

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        options = {"append_only": self.append_only, "unchanging": self.unchanging}
        return path, args, {**kwargs, **{name: True for name, on in options.items() if on}}

    def statements(self, table, model, quote):
        mine = "tenant_id = current_setting('app.tenant_id')::bigint"
        made = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant_floor ON {table} AS RESTRICTIVE TO {APP_ROLE} USING ({mine}) WITH CHECK ({mine})",
            f"CREATE POLICY tenant_rows ON {table} TO {APP_ROLE} USING (true) WITH CHECK (true)",
            f"CREATE POLICY search_rows ON {table} FOR SELECT TO {SEARCH_ROLE} USING (true)",
        ]
        if self.append_only:
            made.append(f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}")
        if self.unchanging:
            made.append(f"REVOKE UPDATE ON {table} FROM {APP_ROLE}")
        return made

    def undo(self, table, model, quote):
        return [
            f"DROP POLICY IF EXISTS tenant_floor ON {table}",
            f"DROP POLICY IF EXISTS tenant_rows ON {table}",
            f"DROP POLICY IF EXISTS search_rows ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"GRANT UPDATE, DELETE ON {table} TO {APP_ROLE}",
        ]


class ChangeTriggers(TableRule):
    """Every insert, update and delete leaves a row in the audit history, also by bulk and raw SQL.

    Statement triggers with transition tables: one extra INSERT per statement, whatever the row count. What is
    ``unchanging`` is its own history until it goes, so only its deletion is recorded.
    """

    order = TRIGGERS

    def __init__(self, *, name: str, unchanging: bool = False):
        super().__init__(name=name)
        self.unchanging = unchanging

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, **({"unchanging": True} if self.unchanging else {})}

    def statements(self, table, model, quote):
        deletion = (
            f"CREATE TRIGGER record_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS before_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_delete()"
        )
        if self.unchanging:
            return [deletion]
        return [
            f"CREATE TRIGGER record_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS after_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_insert()",
            f"CREATE TRIGGER record_update AFTER UPDATE ON {table} "
            "REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_update()",
            deletion,
        ]

    def undo(self, table, model, quote):
        return [f"DROP TRIGGER IF EXISTS record_{event} ON {table}" for event in ("insert", "update", "delete")]
