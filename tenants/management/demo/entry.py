"""Give a demonstration office a past that was *known* in the past.

The loaders write all they tell in one go, so everything would have become known on the day of the demonstration:
three years typed in one morning, and nothing to ask about what was known earlier (``HealthScope.known_at``). So each
row afterwards gets the moment at which somebody would have entered it: shortly after the day that it is about, never
before what it refers to, never before the office opened.

Why afterwards and not with a moved clock: the moments of the history come from database triggers, and a loader that
moves Python's clock would leave a history of today. The application's role may only add to the history, and gains
nothing here: it dates its own rows, and the history is written anew by the owner's connection (DATABASE_ADMIN_URL),
which exists where migrations run and nowhere else. An office in which anything but a loader has written is left
alone, and one that was opened before today too, so this can rewrite no history of anybody's work.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from graphlib import TopologicalSorter
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import Model, Q
from django.utils import timezone

from core.tenancy.models import TenantModel
from core.tenancy.scope import AuditContext, audit_context, tenant_transaction
from tenants.models import Change, Membership, Tenant, User

ACTION = "date_demo"
REASON = "Demonstration data"
OPENING = "open_office"
STAMPS = ("created_at", "uploaded_at", "updated_at")
FRESH = timedelta(days=1)

# What a row is about: one of its own columns, or a reader of the days by primary key.
Days = Mapping[int, date | datetime | None]
About = str | Callable[[], Days]

DATE_ROWS = "update {table} r set {stamps} from unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) as m "
DATE_ROWS += "(id, entered, changed) where r.tenant_id = %s and r.id = m.id"

# A history is read in the order of its ids, so the rows come back in the order of their moments.
DATE_HISTORY = """
    with told as (
        select * from unnest(%(tables)s::text[], %(ids)s::bigint[], %(entered)s::timestamptz[],
                             %(changed)s::timestamptz[]) as t (table_name, row_id, entered, changed)
    ),
    gone as (delete from tenants_change where tenant_id = %(tenant)s returning *)
    insert into tenants_change
        (tenant_id, at, table_name, row_id, kind, user_id, request_id, action, reason, before, after)
    select g.tenant_id, coalesce(case when g.kind = 'I' then t.entered else t.changed end, g.at) as moment,
           g.table_name, g.row_id, g.kind, g.user_id, g.request_id, g.action, g.reason, g.before, g.after
    from gone g left join told t on t.table_name = g.table_name and t.row_id = g.row_id
    where g.action <> %(action)s
    order by moment, g.id
"""


@dataclass(frozen=True, slots=True)
class Moments:
    """When a row was entered, and when it was changed last."""

    entered: datetime
    changed: datetime


def may_be_dated(tenant: Tenant) -> bool:
    """Whether loaders opened this office today and nobody has worked there since; its scope must be open."""
    loaded = Change.objects.filter(reason=REASON).exists()
    others = Change.objects.filter(Q(user_id__isnull=False) | ~Q(request_id__in=["", OPENING])).exists()
    return loaded and not others and tenant.created_at > timezone.now() - FRESH


def date_office(tenant: Tenant, opened: date, about: Mapping[type[Model], About], later: Mapping[type[Model], str]):
    """Date all audited rows of an office that ``may_be_dated``, its history, its members and the office itself.

    ``about`` says for each model which day its rows are about; a model that is not named, and a row without a day,
    was entered with the latest of what it refers to, or when the office opened. ``later`` names the column that says
    when a row was changed after its entry. A day ahead counts as one that was entered within the last weeks.
    """
    clock = _Clock(ZoneInfo(tenant.time_zone), opened)
    told: dict[str, dict[int, Moments]] = {}
    with tenant_transaction(tenant.pk), audit_context(AuditContext(action=ACTION, reason=REASON)):
        for model in _parents_first():
            told[model._meta.db_table] = found = _moments(model, clock, told, about.get(model), later.get(model))
            _date_rows(tenant, model, found)
        Membership.objects.filter(tenant=tenant).update(joined_at=clock.opened)
        User.objects.filter(memberships__tenant=tenant, date_joined__gt=clock.opened).update(date_joined=clock.opened)
    _date_history(tenant, told)
    Tenant.objects.filter(pk=tenant.pk).update(created_at=clock.opened)  # at last: it says that all of it is done


class _Clock:
    """When somebody in the office would have written something down."""

    def __init__(self, zone: ZoneInfo, opened: date):
        self.zone, self.now = zone, timezone.now()
        self.opened = self.at(opened, time(8))

    def at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone)

    def moment(self, number: int, about: date | datetime | None, not_before: datetime) -> datetime:
        """Within two days, in working hours; ``number`` spreads the rows. Never before it happened."""
        if about is None:
            return not_before
        exact = isinstance(about, datetime)
        day = about.astimezone(self.zone).date() if exact else about
        today = self.now.astimezone(self.zone).date()
        happened = about + timedelta(minutes=15) if exact else self.at(day, time(8))
        if day > today:
            day, happened = today - timedelta(days=3 + number * 11 % 40), not_before
        minutes = 8 * 60 + 30 + number * 53 % 480
        typed = self.at(day + timedelta(days=number * 7 % 3), time(minutes // 60, minutes % 60))
        return min(self.now, max(typed, happened, not_before))


def _audited() -> Iterator[type[TenantModel]]:
    for model in apps.get_models():
        if issubclass(model, TenantModel) and not (model.append_only_because or model.unaudited_because):
            if not model.unchanging_because:
                yield model


def _parents_first() -> Sequence[type[TenantModel]]:
    audited = list(_audited())
    wanted = {model: {parent for _column, parent in _references(model) if parent is not model} for model in audited}
    order = TopologicalSorter({model: parents & set(audited) for model, parents in wanted.items()})
    return list(order.static_order())


def _references(model: type[Model]) -> list[tuple[str, type[Model]]]:
    fields = (field for field in model._meta.concrete_fields if field.is_relation and field.name != "tenant")
    return [(field.attname, field.remote_field.model) for field in fields]


def _moments(
    model: type[Model], clock: _Clock, told: Mapping[str, Mapping[int, Moments]], about: About | None, later: str | None
) -> dict[int, Moments]:
    references = _references(model)
    days = about() if callable(about) else {}
    names = ["pk", about if isinstance(about, str) else "pk", later or "pk"]
    found: dict[int, Moments] = {}
    rows = model.objects.order_by("pk").values_list(*names, *(column for column, _parent in references))
    for pk, own, changed, *parents in rows:
        known = [clock.opened]
        for (_column, parent), key in zip(references, parents, strict=True):
            moments = (found if parent is model else told.get(parent._meta.db_table, {})).get(key)
            if moments is not None:
                known.append(moments.entered + timedelta(minutes=1))
        entered = clock.moment(pk, own if isinstance(about, str) else days.get(pk), min(clock.now, max(known)))
        after = clock.moment(pk, changed, entered) if later is not None else entered
        found[pk] = Moments(entered, max(entered, after))
    return found


def _date_rows(tenant: Tenant, model: type[Model], moments: Mapping[int, Moments]) -> None:
    columns = {field.column for field in model._meta.concrete_fields}
    stamps = [f"{name} = m.{'changed' if name == 'updated_at' else 'entered'}" for name in STAMPS if name in columns]
    if not moments or not stamps:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            DATE_ROWS.format(table=table, stamps=", ".join(stamps)),
            [
                list(moments),
                [each.entered for each in moments.values()],
                [each.changed for each in moments.values()],
                tenant.pk,
            ],
        )


def _date_history(tenant: Tenant, told: Mapping[str, Mapping[int, Moments]]) -> None:
    rows = [(table, pk, each.entered, each.changed) for table, found in told.items() for pk, each in found.items()]
    tables, ids, entered, changed = ([row[place] for row in rows] for place in range(4))
    parameters = {"tables": tables, "ids": ids, "entered": entered, "changed": changed}
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(DATE_HISTORY, {**parameters, "tenant": tenant.pk, "action": ACTION})
        cursor.execute("analyze")  # a year of scores is computed next, which takes half a minute more without
