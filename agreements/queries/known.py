"""What was known of agreements at a moment: conditions for statements that honor ``HealthScope.known_at``."""

from partnerships.queries.health import ENTERED


def executed_then(alias: str) -> str:
    """The condition that an agreement was on record at ``known_at``, and its execution with it."""
    return f"""({ENTERED.format(alias=alias)} and (%(known_at)s::timestamptz is null or not exists (
            select from agreements_agreementevent later
            where later.tenant_id = %(tenant)s and later.agreement_id = {alias}.id
              and later.to_status = 'executed' and later.at > %(known_at)s
        )))"""


def set_since(table: str, alias: str, column: str) -> str:
    """The condition that a column of a row was written after ``known_at``."""
    return f"""(%(known_at)s::timestamptz is not null and exists (
            select from tenants_change later
            where later.tenant_id = %(tenant)s and later.table_name = '{table}' and later.row_id = {alias}.id
              and later.kind = 'U' and later.at > %(known_at)s and later.after ? '{column}'
        ))"""
