"""The database has what the five rings promise, and each sweep turns red when a fence is taken down."""

import pytest
from django.apps import apps
from django.db import connection

from core.tenancy.models import TenantModel
from tests import databases
from tests.contracts import catalogue

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]

SWEEPS = {
    "row security": catalogue.row_security_problems,
    "keys": catalogue.key_problems,
    "references": lambda cursor: catalogue.reference_problems(cursor, TENANT_MODELS),
    "indexes": catalogue.index_problems,
    "audit": lambda cursor: catalogue.audit_problems(cursor, TENANT_MODELS),
    "privileges": catalogue.privilege_problems,
    "search views": catalogue.search_view_problems,
}


@pytest.mark.parametrize("name", SWEEPS)
def test_the_catalogue_is_whole(db, name):
    with connection.cursor() as cursor:
        assert SWEEPS[name](cursor) == []


def test_every_tenant_model_has_a_tenant_table(db):
    with connection.cursor() as cursor:
        tables = set(catalogue.tenant_tables(cursor).values())
    assert {model._meta.db_table for model in TENANT_MODELS} == tables


PLANTED = {
    "row security off": ("row security", "alter table organizations_contact disable row level security"),
    "not forced": ("row security", "alter table organizations_contact no force row level security"),
    "a careless policy": (
        "row security",
        "create policy oops on organizations_contact to causeway_app using (true)",
    ),
    "a silent floor": (
        "row security",
        "alter policy tenant_floor on organizations_contact "
        "using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint)",
    ),
    "an unprotected new table": ("row security", "create table extra (tenant_id bigint, id bigint)"),
    "a plain primary key": ("keys", "create table extra (tenant_id bigint, id bigint primary key)"),
    "a global unique index": ("keys", "create unique index oops on organizations_contact (email_key)"),
    "a plain foreign key": (
        "keys",
        "create unique index oops on organizations_contact (id); "
        "alter table organizations_contact add constraint oops unique using index oops; "
        "alter table organizations_affiliation add foreign key (contact_id) references organizations_contact (id)",
    ),
    "a lost reference": (
        "references",
        "alter table organizations_affiliation drop constraint organizations_affiliation_contact_ref",
    ),
    "a lost index": ("indexes", "drop index organizatio_tenant__a1b2ad_idx"),
    "an index of some rows": (
        "indexes",
        "drop index organizatio_tenant__a1b2ad_idx; "
        "create index oops on organizations_affiliation (tenant_id, contact_id) where is_decision_maker",
    ),
    "a lost trigger": ("audit", "drop trigger record_delete on organizations_contact"),
    "a disabled trigger": ("audit", "alter table organizations_contact disable trigger record_update"),
    "a history that can be rewritten": ("audit", "grant update on tenants_change to causeway_app"),
    "truncate": ("privileges", "grant truncate on organizations_contact to causeway_app"),
    "a definer's view": ("privileges", "create view leak as select * from organizations_contact"),
    "a materialized view": ("privileges", "create materialized view leak as select 1 as one"),
    "a definer's function": (
        "privileges",
        "create function leak() returns bigint language sql security definer as 'select count(*) from tenants_job'",
    ),
    "a search view of all offices": (
        "search views",
        "create view leak as select id, name from organizations_contact; alter view leak owner to causeway_search; "
        "revoke all on leak from causeway_app; grant select on leak to causeway_app",
    ),
    "a search view with an open part": (
        "search views",
        "create or replace view partnerships_project_search as "
        "select id, 'name'::text as field, title::text as label, lower(title) as plain, search_key(title) as key, "
        "search_words(title) as words, updated_at as at from partnerships_project "
        "where array[tenant_id] @> array[current_setting('app.tenant_id')::bigint] or id > 0",
    ),
    "a search view that can be written": (
        "search views",
        "grant update on organizations_search to causeway_app",
    ),
    "a search view for others": ("search views", "grant select on organizations_search to causeway_migrate"),
    "a table of the search role": (
        "search views",
        "create table extra (id bigint); alter table extra owner to causeway_search",
    ),
    "a role that builds": ("privileges", "grant create on schema public to causeway_app"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_each_sweep_sees_its_planted_fault(db, process_name, fault):
    """In a transaction of the superuser that is rolled back."""
    sweep, statement = PLANTED[fault]
    with databases.superuser(f"test_{process_name}") as cursor:
        cursor.execute("begin")
        try:
            cursor.execute("set local lock_timeout = '5s'")
            cursor.execute("set local role causeway_owner" if sweep != "privileges" else "select 1")
            cursor.execute(statement)
            assert SWEEPS[sweep](cursor) != []
        finally:
            cursor.execute("rollback")


def test_the_tests_run_as_the_application(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, session_user, r.rolsuper, r.rolbypassrls from pg_roles r where rolname = current_user"
        )
        assert cursor.fetchone() == ("causeway_app", "causeway_app", False, False)
