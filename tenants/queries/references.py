"""What refers to a row, found in the models themselves, so that a table somebody adds is never forgotten."""

from dataclasses import dataclass

from django.db.models import CASCADE, ForeignObjectRel, Model, QuerySet

from core.tenancy.models import TenantModel
from tenants.registry import goes_along, is_computed


@dataclass(frozen=True, slots=True)
class Reference:
    """The rows of one model that refer to a row by one field."""

    field: str
    rows: QuerySet
    is_computed: bool
    goes_along: bool

    @property
    def model(self) -> type[TenantModel]:
        return self.rows.model


def references_to(row: Model) -> list[Reference]:
    """Every reference of the tenant's tables to a row.

    Parts go along with it and come back with it, and so do computed rows; nothing else does.
    """
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or not issubclass(relation.related_model, TenantModel):
            continue
        model, name = relation.related_model, relation.field.name
        cascades = relation.field.remote_field.on_delete is CASCADE
        found.append(
            Reference(
                field=name,
                rows=model.objects.filter(**{name: row.pk}).order_by("pk"),
                is_computed=is_computed(model),
                goes_along=is_computed(model) or (cascades and goes_along(model)),
            )
        )
    return sorted(found, key=lambda each: (not each.model.unaudited_because, each.model._meta.label))


def clear_computed(references: list[Reference]) -> None:
    """Delete the computed rows among them, those without a history first: they may refer to the others."""
    for reference in references:
        if reference.is_computed:
            reference.rows.delete()
