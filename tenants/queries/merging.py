"""What a merge would move, as far as the actor may see it."""

from dataclasses import dataclass

from core.actor import Actor
from core.versions import VersionedModel
from tenants.queries.references import references_to
from tenants.registry import Part, Record, entry_of, record_for, shown_tables


@dataclass(frozen=True, slots=True)
class Moving:
    """So many rows of one kind."""

    label: str
    count: int


def moving_with(actor: Actor, row: VersionedModel) -> list[Moving]:
    """What refers to a row, counted by kind: records and parts of records that the actor may see, and nothing else."""
    counts: dict[str, int] = {}
    for reference in references_to(row):
        if reference.model._meta.db_table not in shown_tables():
            continue
        entry, record = entry_of(reference.model._meta.db_table), record_for(reference.model)
        if not actor.may(record.visible.code):
            continue
        visible = record.visible(actor).order_by().values("pk")
        rows = reference.rows
        if isinstance(entry, Record):
            rows = rows.filter(pk__in=visible)
        elif isinstance(entry, Part):
            rows = rows.filter(**{f"{entry.owner_column}__in": visible})
        if count := rows.count():
            counts[str(entry.label)] = counts.get(str(entry.label), 0) + count
    return [Moving(label, count) for label, count in sorted(counts.items())]
