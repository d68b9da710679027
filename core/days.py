"""Days that people give: a year that nobody can mean, such as 0026, is a slip."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput

EARLIEST = date(1900, 1, 1)
FURTHEST = timedelta(days=100 * 366)


def check_day(day: date, field: str) -> None:
    """Refuse a day before 1900, or more than a hundred years ahead."""
    if not EARLIEST <= day <= timezone.localdate() + FURTHEST:
        raise InvalidInput("out_of_range", _("Check the year."), field=field)


def check_days(fields: Mapping[str, object], *names: str) -> None:
    """The same for those of the fields that are given; an empty one passes."""
    for name in names:
        day = fields.get(name)
        if isinstance(day, date):
            check_day(day, name)
