"""A hundred offices for benchmarks of health: 100,000 partnerships, 5,000,000 interactions, a million contacts.

A few partners of each office have thousands of interactions and most have a handful, over 730 days up to yesterday.
Rows are made by SQL as superuser with triggers off, in the order in which offices would have written them.
"""

from dataclasses import dataclass

from tenants.actions.tenants import add_member, open_tenant
from tests import databases

TENANTS, PARTNERS, CONTACTS, INTERACTIONS, MEMBERS = 100, 1_000, 10, 50, 4
WINDOW = 730


@dataclass(frozen=True)
class Size:
    """How much of everything; ``older`` is how many interactions before the window there are for each within."""

    tenants: int = TENANTS
    partners: int = PARTNERS
    older: int = 0

    @property
    def partnerships(self) -> int:
        return self.tenants * self.partners

    @property
    def interactions(self) -> int:
        return self.partnerships * INTERACTIONS


def build(database: str, size: Size) -> list[int]:
    """Fill a migrated database; answers the ids of the offices."""
    tenants, members = [], []
    for number in range(size.tenants):
        tenant, _made = open_tenant(
            slug=f"office-{number}",
            name=f"Office {number}",
            country="DK",
            currency="EUR",
            time_zone="Europe/Copenhagen",
        )
        tenants.append(tenant.pk)
        for each in range(MEMBERS):
            email = f"member{each}@office-{number}.example"
            members.append(add_member(tenant=tenant, email=email, name=f"Member {each}", role="officer").user_id)
    with databases.superuser(database) as cursor:
        cursor.execute("set session_replication_role = replica; set work_mem = '512MB'")
        cursor.execute("select setseed(0.42)")
        parameters = {
            "tenants": tenants,
            "members": members,
            "member_count": MEMBERS,
            "partners": size.partners,
            "contacts": CONTACTS,
            "interactions": INTERACTIONS * size.partners,
            "older": INTERACTIONS * size.partners * size.older,
            "window": WINDOW,
        }
        indexes = _drop_indexes(cursor, ["partnerships_interaction", "partnerships_participant"])
        for statement in STATEMENTS:
            cursor.execute(_with_defaults(cursor, statement), parameters)
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{statement[0]}', 'id'), max(id)) from {statement[0]}"
            )
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("vacuum analyze")
    return tenants


def _drop_indexes(cursor, tables: list[str]) -> list[str]:
    """Drop the plain indexes of tables, which are quicker made afterwards; answers how to make them."""
    cursor.execute(
        """
        select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = any(%s::regclass[])
          and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        """,
        [tables],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'drop index "{name}"')
    return [definition for _name, definition in found]


def _with_defaults(cursor, statement: tuple[str, dict[str, str], str]) -> str:
    """An INSERT of the named columns; other columns that must not be empty get nothing in their type."""
    table, values, source = statement
    cursor.execute(
        """
        select column_name, data_type from information_schema.columns
        where table_name = %s and is_nullable = 'NO' and is_generated = 'NEVER' and is_identity = 'NO'
          and column_default is null
        """,
        [table],
    )
    nothing = {
        "boolean": "false",
        "integer": "1",
        "bigint": "1",
        "timestamp with time zone": "now() - interval '90 days'",
        "ARRAY": "'{}'",
    }
    columns = {name: nothing.get(kind, "''") for name, kind in cursor.fetchall()} | values
    return f"insert into {table} ({', '.join(columns)}) select {', '.join(columns.values())} from {source}"


# Ids count from one in each table, so that partnership n of the k-th office is (k - 1) * partners + n.
PAIR = "(select t.id as tenant_id, t.ord as office, n from unnest(%(tenants)s::bigint[]) with ordinality t (id, ord)"
OF_OFFICE = PAIR + " cross join generate_series(1, {count}) n order by t.ord, n) as each"
NUMBER = "(office - 1) * {count} + n"
PARTNERSHIP = "(office - 1) * %(partners)s + partner"
KIND = "(array['meeting','call','email_two_way','email_two_way','email_one_way','event','site_visit','note'])"

STATEMENTS = [
    (
        "organizations_organization",
        {
            "id": NUMBER.format(count="%(partners)s"),
            "tenant_id": "tenant_id",
            "name": "'Partner ' || n",
            "kind": "'company'",
        },
        OF_OFFICE.format(count="%(partners)s"),
    ),
    (
        "organizations_contact",
        {
            "id": NUMBER.format(count="(%(partners)s * %(contacts)s)"),
            "tenant_id": "tenant_id",
            "name": "'Person ' || n",
            "permission": "'free'",
        },
        OF_OFFICE.format(count="%(partners)s * %(contacts)s"),
    ),
    (
        "organizations_affiliation",
        {
            "id": NUMBER.format(count="(%(partners)s * %(contacts)s)"),
            "tenant_id": "tenant_id",
            "contact_id": NUMBER.format(count="(%(partners)s * %(contacts)s)"),
            "organization_id": "(office - 1) * %(partners)s + (n - 1) / %(contacts)s + 1",
            "is_decision_maker": "n %% 8 = 0",
        },
        OF_OFFICE.format(count="%(partners)s * %(contacts)s"),
    ),
    (
        "partnerships_partnership",
        {
            "id": NUMBER.format(count="%(partners)s"),
            "tenant_id": "tenant_id",
            "organization_id": NUMBER.format(count="%(partners)s"),
            "stage_declared": "(array['awareness','involvement','support','sponsorship','strategic'])[1 + n %% 5]",
            "tier": "'prospect'",
            "status": "'active'",
            "started_on": "current_date - 100 - n",
            "money_expected": "true",
            "talent_expected": "true",
        },
        OF_OFFICE.format(count="%(partners)s"),
    ),
    (
        "partnerships_partnershiphealth",
        {
            "id": NUMBER.format(count="%(partners)s"),
            "tenant_id": "tenant_id",
            "partnership_id": NUMBER.format(count="%(partners)s"),
            "band": "'insufficient'",
        },
        OF_OFFICE.format(count="%(partners)s"),
    ),
    (
        "partnerships_project",
        {
            "id": NUMBER.format(count="%(partners)s"),
            "tenant_id": "tenant_id",
            "title": "'Project ' || n",
            "channel": "(array['RES','REC','CUR','CON','LIC'])[1 + n %% 5]",
            "status": "case when n %% 3 = 0 then 'completed' else 'active' end",
            "size": "'standard'",
            "currency": "'EUR'",
            "started_on": "current_date - 500",
            "ended_on": "case when n %% 3 = 0 then current_date - n %% 400 end",
            "award": "n * 250",
        },
        OF_OFFICE.format(count="%(partners)s"),
    ),
    (
        "partnerships_projectparticipant",
        {
            "id": NUMBER.format(count="%(partners)s"),
            "tenant_id": "tenant_id",
            "project_id": NUMBER.format(count="%(partners)s"),
            "organization_id": NUMBER.format(count="%(partners)s"),
            "role": "'participant'",
        },
        OF_OFFICE.format(count="%(partners)s"),
    ),
    # the k-th partner has a share of 1/(3 + k), so the first thousands and the median about twenty
    (
        "partnerships_interaction",
        {
            "id": "row_number() over (order by office, occurred_at)",
            "tenant_id": "tenant_id",
            "partnership_id": PARTNERSHIP,
            "kind": f"{KIND}[1 + floor(random() * 8)::int]",
            "direction": "case when random() < 0.45 then 'I' else 'O' end",
            "occurred_at": "occurred_at",
            "confidentiality": "'internal'",
            "source": "'manual'",
        },
        """
        (
            select t.id as tenant_id, t.ord as office,
                   least(%(partners)s, 1 + floor(3 * (power((%(partners)s + 3) / 3.0, random()) - 1))::int) as partner,
                   date_trunc('day', now()) - case when n <= %(interactions)s then random() * %(window)s
                       else %(window)s + random() * 9 * %(window)s end * interval '1 day' as occurred_at
            from unnest(%(tenants)s::bigint[]) with ordinality t (id, ord)
            cross join generate_series(1, %(interactions)s + %(older)s) n
        ) as each order by office, occurred_at
        """,
    ),
    (
        "partnerships_participant",
        {
            "id": "row_number() over ()",
            "tenant_id": "i.tenant_id",
            "interaction_id": "i.id",
            "contact_id": "case when who.n < 2 then (partnership_id - 1) * %(contacts)s + 1 + (i.id * 7 + who.n * 3)"
            " %% %(contacts)s end",
            "member_id": "case when who.n = 2 then (%(members)s::bigint[])[((partnership_id - 1) / %(partners)s)"
            " * %(member_count)s + 1 + (i.id * 5 + partnership_id) %% 3] end",
        },
        "(select * from partnerships_interaction order by id) i"
        " cross join lateral generate_series("
        "case when i.id %% 5 = 0 then 2 when i.id %% 4 = 0 then 0 else 1 end, 2) as who (n)",
    ),
]
