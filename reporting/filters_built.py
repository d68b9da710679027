"""What narrows the records behind the numbers of a built report: the same subject and dimensions as the report's."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reporting.filters import ScopeFilter
from reporting.queries.subjects import SUBJECTS, Subject


class BuiltRecords(ScopeFilter):
    """Records of a subject by what stands in a line and in a column. The period is that of the subject's day.

    ``has``: with this amount in the office's currency; ``lacks``: without it; ``foreign``: with it in another.
    """

    subject: Subject

    def narrow(self, rows, scope, given):
        rows = self.subject.within_scope(rows, scope)
        for name in ("row", "column"):
            if given.get(f"{name}_by"):
                dimension = self.subject.dimensions[given[f"{name}_by"]]
                rows = dimension.only(rows, scope, given.get(f"{name}_is") or "")
        own = Q(currency=scope.currency)
        for name, unknown, condition in (("has", False, own), ("lacks", True, Q()), ("foreign", False, ~own)):
            if given.get(name):
                rows = rows.alias(amount_known=self.subject.amounts[given[name]].expression)
                rows = rows.filter(condition, amount_known__isnull=unknown)
        return rows


def built_records(code: str) -> type[BuiltRecords]:
    """The filter of a subject's records."""
    subject = SUBJECTS[code]
    dimensions = [(name, dimension.label) for name, dimension in subject.dimensions.items()]
    amounts = [(name, amount.label) for name, amount in subject.amounts.items()]
    filters = {
        "row_by": django_filters.ChoiceFilter(choices=dimensions, label=_("Rows")),
        "row_is": django_filters.CharFilter(max_length=120, label=_("The row")),
        "column_by": django_filters.ChoiceFilter(choices=dimensions, label=_("Columns")),
        "column_is": django_filters.CharFilter(max_length=120, label=_("The column")),
    }
    if amounts:
        filters |= {
            "has": django_filters.ChoiceFilter(choices=amounts, label=_("Known in the office's currency")),
            "lacks": django_filters.ChoiceFilter(choices=amounts, label=_("Not recorded")),
            "foreign": django_filters.ChoiceFilter(choices=amounts, label=_("Known in another currency")),
        }
    return type(f"Built{code.capitalize()}Records", (BuiltRecords,), {"subject": subject, **filters})
