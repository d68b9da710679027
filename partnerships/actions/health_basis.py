"""Keeping what the touches of partnerships add up to (``queries.health_basis``)."""

from datetime import datetime

from django.db import connection

from core.prepared import tell
from partnerships.queries.health import id_array
from partnerships.queries.health_basis import COLUMNS, FEW, FORWARD, SCAN, SCAN_FEW, basis_parameters, due_rows
from partnerships.registry import HealthScope

_NAMES = [name.strip() for name in COLUMNS.split(",")]
STORE = f"""
    insert into partnerships_healthbasis (tenant_id, partnership_id, {COLUMNS})
    select %(tenant)s, made.* from ({{rows}}) as made
    on conflict (tenant_id, partnership_id) do update set {", ".join(f"{name} = excluded.{name}" for name in _NAMES)}
"""  # noqa: S608 - constants; every value is a parameter


def refresh_basis(scope: HealthScope, *, until: datetime, now: datetime, afresh: bool) -> None:
    """Make the kept sums exact for the day, so that ageing them gives what reading all touches would.

    ``afresh`` reads the touches of all partnerships asked for; otherwise only where that is due. The caller holds the
    partnerships' rows of health. ``until`` is the moment up to which a contact has taken place.
    """
    parameters = basis_parameters(scope, until, now)
    again, forward = (scope.partnership_ids, ()) if afresh else due_rows(scope, parameters)
    for ids, rows in ((again, SCAN if len(again) > FEW else SCAN_FEW), (forward, FORWARD)):
        if scope.planned and 0 < len(ids) <= FEW:
            tell(STORE.format(rows=rows), {**parameters, "ids": id_array(ids)})
        elif ids:
            with connection.cursor() as cursor:
                cursor.execute(STORE.format(rows=rows), {**parameters, "ids": id_array(ids)})
