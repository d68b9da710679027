-- The database roles of Causeway. Run once per cluster and database, as a superuser, with psql:
--     psql -v app_password=… -v migrate_password=… -v backup_password=… -d causeway -f config/database_roles.sql
-- Running it again is harmless: passwords are set anew, nothing is dropped.
--
--   causeway_owner    cannot log in; owns every table and runs migrations (BYPASSRLS: a constraint is checked against all rows)
--   causeway_migrate  logs in for `manage.py migrate` only and works as causeway_owner
--   causeway_app      logs in for web, workers and beat: DML only, row-level security always on
--   causeway_search   cannot log in; owns the search views
--   causeway_backup   logs in for pg_dump only: reads everything, writes nothing

\set ON_ERROR_STOP on
select format('create role %I %s', name, attributes)
from (values
    ('causeway_owner', 'nologin bypassrls'),
    ('causeway_migrate', 'login noinherit'),
    ('causeway_app', 'login'),
    ('causeway_search', 'nologin'),
    ('causeway_backup', 'login bypassrls')
) as wanted (name, attributes)
where not exists (select from pg_roles where rolname = name)
\gexec

alter role causeway_app nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'app_password';
alter role causeway_migrate nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'migrate_password';
alter role causeway_backup nosuperuser nocreatedb nocreaterole noreplication password :'backup_password';

grant causeway_owner to causeway_migrate;
grant causeway_search to causeway_owner;
alter role causeway_migrate set role = 'causeway_owner';
alter role causeway_migrate set lock_timeout = '2s';
alter role causeway_app set statement_timeout = '60s';
alter role causeway_app set idle_in_transaction_session_timeout = '120s';

-- This database: the owner builds in it, the application only uses what was built.
select format('alter database %I owner to causeway_owner', current_database()) \gexec
select format('revoke all on database %I from public', current_database()) \gexec
select format('grant connect on database %I to causeway_app, causeway_migrate, causeway_backup', current_database()) \gexec
revoke all on schema public from public;
alter schema public owner to causeway_owner;
grant usage on schema public to causeway_app, causeway_search, causeway_backup;
grant create on schema public to causeway_search;

alter default privileges for role causeway_owner in schema public grant select, insert, update, delete on tables to causeway_app;
alter default privileges for role causeway_owner in schema public grant usage, select on sequences to causeway_app;
alter default privileges for role causeway_owner in schema public grant select on tables to causeway_backup, causeway_search;
alter default privileges for role causeway_owner in schema public grant select on sequences to causeway_backup;
grant select on all sequences in schema public to causeway_backup;
alter default privileges for role causeway_owner revoke execute on functions from public;
alter default privileges for role causeway_owner in schema public grant execute on functions to causeway_app;
