"""Sweeps over PostgreSQL's catalogue. Each answers a list of problems in words; an empty list is good news.

They read what the database has, never a list kept by hand, so a table that somebody adds is covered at once.
"""

import re
from collections.abc import Iterable

from tests.contracts.statements import unbound

FLOOR = "(tenant_id = (current_setting('app.tenant_id'::text))::bigint)"

# How a search view names the tenant: as its indexes have it.
VIEW_FLOOR = re.compile(
    r"\(?ARRAY\[((?:\w+\.)?tenant_id)\] @> ARRAY\[\(current_setting\('app\.tenant_id'::text\)\)::bigint\]\)?"
)

TENANT_TABLES = """
select c.oid, c.relname from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname
"""

# The one global table that has a tenant_id: it is read to find out whether somebody belongs to the tenant.
GLOBAL_WITH_TENANT = {"tenants_membership"}


def tenant_tables(cursor) -> dict[int, str]:
    cursor.execute(TENANT_TABLES)
    tables = {oid: name for oid, name in cursor.fetchall() if name not in GLOBAL_WITH_TENANT}
    assert len(tables) >= 15, "the sweep found hardly any tenant table: it is not looking in the right place"
    return tables


def _ask(cursor, statement: str, oid: int) -> list[tuple]:
    cursor.execute(statement, [oid])
    return cursor.fetchall()


def row_security_problems(cursor) -> list[str]:
    """Row security is on and forced, with the restrictive floor in exactly its loud form and no other policy."""
    problems = []
    for oid, table in tenant_tables(cursor).items():
        enabled, forced = _ask(cursor, "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s", oid)[
            0
        ]
        if not (enabled and forced):
            problems.append(f"{table}: row-level security is not enabled and forced")
        policies = {
            name: (permissive, roles, using, check)
            for name, permissive, roles, using, check in _ask(
                cursor,
                "select polname, polpermissive, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), "
                "pg_get_expr(polwithcheck, polrelid) from pg_policy where polrelid = %s",
                oid,
            )
        }
        if policies.get("tenant_floor") != (False, "{causeway_app}", FLOOR, FLOOR):
            problems.append(f"{table}: the restrictive floor is missing or has another form")
        if policies.keys() != {"tenant_floor", "tenant_rows", "search_rows"}:
            problems.append(f"{table}: its policies are {sorted(policies)}")
        elif policies["search_rows"][1] != "{causeway_search}":
            problems.append(f"{table}: search_rows is for {policies['search_rows'][1]}")
    return problems


def key_problems(cursor) -> list[str]:
    """The primary key is (tenant_id, id); every unique rule and every reference begins with the tenant."""
    tables = tenant_tables(cursor)
    problems = []
    for oid, table in tables.items():
        rules = _ask(
            cursor,
            """
            select con.conname, con.contype, con.confrelid, con.condeferrable, con.confdeltype,
                   array(select a.attname::text from unnest(con.conkey) with ordinality k (number, place)
                         join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.number order by k.place),
                   array(select a.attname::text from unnest(con.confkey) with ordinality k (number, place)
                         join pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.number order by k.place)
            from pg_constraint con where con.conrelid = %s
            """,
            oid,
        )
        primary = [columns for _name, kind, *_rest, columns, _remote in rules if kind == "p"]
        if primary != [["tenant_id", "id"]]:
            problems.append(f"{table}: its primary key is {primary}")
        for name, kind, remote, deferrable, on_delete, columns, remote_columns in rules:
            if kind == "f" and remote in tables:
                if columns[:1] != ["tenant_id"] or remote_columns[:1] != ["tenant_id"]:
                    problems.append(f"{table}: {name} refers to a tenant's table without the tenant")
                if deferrable or on_delete != "a":
                    problems.append(f"{table}: {name} is deferrable or acts on delete")
        for name, columns in _ask(
            cursor,
            """
            select i.indexrelid::regclass::text,
                   array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k (number, place)
                         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number order by k.place)
            from pg_index i where i.indrelid = %s and i.indisunique
            """,
            oid,
        ):
            if columns[:1] != ["tenant_id"]:
                problems.append(f"{table}: the unique index {name} does not begin with the tenant")
    return problems


def reference_problems(cursor, models) -> list[str]:
    """Every foreign key of a tenant's model exists in the database, together with the tenant."""
    from core.tenancy.models import TenantReferencing

    problems, seen = [], 0
    for model in models:
        for field in model._meta.local_fields:
            if not isinstance(field, TenantReferencing):
                continue
            seen += 1
            cursor.execute(
                """
                select count(*) from pg_constraint con
                where con.conrelid = %s::regclass and con.contype = 'f' and con.convalidated and
                      array(select a.attname::text from unnest(con.conkey) with ordinality k (number, place)
                            join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.number
                            order by k.place) = array['tenant_id', %s]
                """,
                [model._meta.db_table, field.column],
            )
            if cursor.fetchone()[0] != 1:
                problems.append(f"{model._meta.label}.{field.name}: no composite reference in the database")
    assert seen >= 10, "the sweep found hardly any reference"
    return problems


def index_problems(cursor) -> list[str]:
    """Rows that point at a row are found by an index of all of them; one with a condition finds only some."""
    cursor.execute(
        """
        select con.conrelid::regclass || '.' || a.attname,
               exists (
                   select from pg_index i
                   where i.indrelid = con.conrelid and i.indisvalid and i.indpred is null
                     and i.indkey[0] = con.conkey[1] and i.indkey[1] = con.conkey[2]
               )
        from pg_constraint con
        join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[2]
        join pg_attribute t on t.attrelid = con.conrelid and t.attnum = con.conkey[1] and t.attname = 'tenant_id'
        where con.contype = 'f' and cardinality(con.conkey) = 2
        order by 1
        """
    )
    found = cursor.fetchall()
    assert len(found) >= 10, "the sweep found hardly any reference"
    return [f"{reference}: no whole index" for reference, is_whole in found if not is_whole]


def audit_problems(cursor, models) -> list[str]:
    """Each tenant table records its changes, or its model says in words why not; histories are append-only."""
    problems = []
    for model in models:
        cursor.execute(
            "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal and tgenabled = 'O'",
            [model._meta.db_table],
        )
        triggers = {name for (name,) in cursor.fetchall()}
        expected = {"record_insert", "record_update", "record_delete"}
        if model.append_only_because:
            cursor.execute(
                "select has_table_privilege('causeway_app', %s, 'UPDATE'), "
                "has_table_privilege('causeway_app', %s, 'DELETE')",
                [model._meta.db_table] * 2,
            )
            if any(cursor.fetchone()):
                problems.append(f"{model._meta.db_table}: the application may rewrite it")
        elif model.unchanging_because:
            cursor.execute("select has_table_privilege('causeway_app', %s, 'UPDATE')", [model._meta.db_table])
            if any(cursor.fetchone()):
                problems.append(f"{model._meta.db_table}: the application may rewrite it")
            if triggers != {"record_delete"}:
                problems.append(f"{model._meta.db_table}: its audit triggers are {sorted(triggers)}")
        elif not model.unaudited_because and triggers != expected:
            problems.append(f"{model._meta.db_table}: its audit triggers are {sorted(triggers)}")
    return problems


def privilege_problems(cursor) -> list[str]:
    """The application can neither own, truncate nor refer to tables, nor become anybody; nothing bypasses the rows."""
    problems = []
    cursor.execute(
        """
        select c.relname, p.privilege from pg_class c, unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER']) p (privilege)
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and has_table_privilege('causeway_app', c.oid, p.privilege)
        """
    )
    problems += [f"causeway_app has {privilege} on {table}" for table, privilege in cursor.fetchall()]
    cursor.execute("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'm'")
    problems += [f"{name} is a materialized view: it shows every tenant's rows" for (name,) in cursor.fetchall()]
    cursor.execute(
        """
        select c.relname, pg_get_userbyid(c.relowner), coalesce('security_invoker=true' = any(c.reloptions), false)
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
        """
    )
    for name, owner, invoker in cursor.fetchall():
        if not invoker and owner != "causeway_search":
            problems.append(f"the view {name} runs as {owner} without security_invoker")
    cursor.execute(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
        "where rolname = 'causeway_app'"
    )
    name, *powers = cursor.fetchone()
    if any(powers):
        problems.append(f"{name} has powers it must not have")
    cursor.execute(
        "select has_schema_privilege('causeway_app', 'public', 'CREATE'), "
        "pg_has_role('causeway_app', 'causeway_owner', 'MEMBER')"
    )
    if any(cursor.fetchone()):
        problems.append("causeway_app may create tables or become their owner")
    cursor.execute(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef order by proname"
    )
    definers = [name for (name,) in cursor.fetchall()]
    if definers != ["tenants_with_due_jobs"]:
        problems.append(f"functions that run as their owner: {definers}")
    return problems


def search_view_problems(cursor) -> list[str]:
    """Views of the search role name the tenant in every part, can only be read, and only by the application.

    They are no security barriers: a barrier would keep words from their index. What a barrier is for, a function
    of an attacker's in WHERE, the application cannot make: it has nowhere to create one.
    """
    problems, tables = [], set(tenant_tables(cursor).values())
    cursor.execute(
        """
        select c.oid, c.relname, pg_get_viewdef(c.oid), coalesce('security_invoker=true' = any(c.reloptions), false)
        from pg_class c where c.relkind = 'v' and pg_get_userbyid(c.relowner) = 'causeway_search'
        """
    )
    views = cursor.fetchall()
    assert len(views) >= 4, "the sweep found hardly any search view"
    for oid, name, definition, invoker in views:
        problems += [f"{name}: {words}" for words in search_view_faults(definition, tables)]
        if invoker:
            problems.append(f"{name} reads as whoever asks, so its indexes are of no use")
        rights = _ask(
            cursor,
            "select grantee::regrole::text, privilege_type from pg_class c, aclexplode(c.relacl) "
            "where c.oid = %s and grantee <> c.relowner order by 1, 2",
            oid,
        )
        if [right for right in rights if right[0] != "causeway_backup"] != [("causeway_app", "SELECT")]:
            problems.append(f"{name} is open to {rights}")
    cursor.execute(
        "select relname from pg_class where pg_get_userbyid(relowner) = 'causeway_search' and relkind <> 'v'"
    )
    problems += [f"causeway_search owns {name}, which is no view" for (name,) in cursor.fetchall()]
    cursor.execute("select has_database_privilege('causeway_app', current_database(), 'TEMP'), rolcanlogin "
                   "from pg_roles where rolname = 'causeway_search'")  # fmt: skip
    if any(cursor.fetchone()):
        problems.append("causeway_app may create temporary functions, or causeway_search may log in")
    return problems


def search_view_faults(definition: str, tables: Iterable[str]) -> list[str]:
    """The tables that a view's definition reads without the tenant, in words."""
    return unbound(VIEW_FLOOR.sub(r"\1 = 1", definition), tables)
