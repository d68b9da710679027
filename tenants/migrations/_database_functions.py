"""What every tenant table leans on: extensions, the one setter of the tenant, the audit triggers' functions."""

SETTERS = """
-- The only way a tenant is set. Transaction-local: nothing survives on a pooled connection. NULL clears it, and
-- a cleared tenant makes every policy raise an error.
create function set_tenant(tenant bigint) returns void language sql as $$
    select set_config('app.tenant_id', coalesce(tenant::text, ''), true)
$$;

create function set_audit(user_id bigint, request_id text, action text, reason text) returns void language sql as $$
    select set_config('app.user_id', coalesce(user_id::text, ''), true),
           set_config('app.request_id', request_id, true),
           set_config('app.action', action, true),
           set_config('app.reason', reason, true)
$$;
"""

DROP_SETTERS = "drop function set_audit(bigint, text, text, text); drop function set_tenant(bigint);"

RECORDERS = """
create function record_insert() returns trigger language plpgsql as $$
begin
    insert into tenants_change (tenant_id, table_name, row_id, kind, user_id, request_id, action, reason)
    select r.tenant_id, tg_table_name, r.id, 'I', nullif(current_setting('app.user_id', true), '')::bigint,
           coalesce(current_setting('app.request_id', true), ''), coalesce(current_setting('app.action', true), ''),
           coalesce(current_setting('app.reason', true), '')
    from after_rows r;
    return null;
end $$;

create function record_update() returns trigger language plpgsql as $$
begin
    insert into tenants_change
        (tenant_id, table_name, row_id, kind, user_id, request_id, action, reason, before, after)
    select n.tenant_id, tg_table_name, n.id, 'U', nullif(current_setting('app.user_id', true), '')::bigint,
           coalesce(current_setting('app.request_id', true), ''), coalesce(current_setting('app.action', true), ''),
           coalesce(current_setting('app.reason', true), ''), d.before, d.after
    from after_rows n
    join before_rows o on o.tenant_id = n.tenant_id and o.id = n.id
    cross join lateral (
        select jsonb_object_agg(x.key, x.value) as before, jsonb_object_agg(x.key, y.value) as after
        from jsonb_each(to_jsonb(o)) x join jsonb_each(to_jsonb(n)) y on y.key = x.key
        where x.value is distinct from y.value
    ) d
    where d.before is not null;
    return null;
end $$;

create function record_delete() returns trigger language plpgsql as $$
begin
    insert into tenants_change (tenant_id, table_name, row_id, kind, user_id, request_id, action, reason, before)
    select o.tenant_id, tg_table_name, o.id, 'D', nullif(current_setting('app.user_id', true), '')::bigint,
           coalesce(current_setting('app.request_id', true), ''), coalesce(current_setting('app.action', true), ''),
           coalesce(current_setting('app.reason', true), ''), to_jsonb(o)
    from before_rows o;
    return null;
end $$;
"""

DROP_RECORDERS = "drop function record_insert(); drop function record_update(); drop function record_delete();"

# The sweeper's one question across tenants. It runs as its owner and answers ids, nothing else.
DUE_JOBS = """
create function tenants_with_due_jobs(at_most integer) returns setof bigint
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return query
        select distinct tenant_id from tenants_job
        where state in ('queued', 'started') and due_at <= now() limit at_most;
end $$;
revoke all on function tenants_with_due_jobs(integer) from public;
grant execute on function tenants_with_due_jobs(integer) to causeway_app;
"""

OPERATIONS = [
    (SETTERS, DROP_SETTERS),
    (RECORDERS, DROP_RECORDERS),
    (DUE_JOBS, "drop function tenants_with_due_jobs(integer);"),
]
