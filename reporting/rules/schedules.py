"""When a report falls due: days by the calendar of the office, in the morning by its clock."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = 7
# Mornings on which nobody looked are caught up so long; what is older is left out.
CAUGHT_UP = timedelta(days=2)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A day of each week (1 is Monday), or one of each month; short months have their last day in place of a later.

    Exactly one of both is set.
    """

    weekday: int | None = None
    day_of_month: int | None = None

    def falls_on(self, day: date) -> bool:
        if self.weekday is not None:
            return day.isoweekday() == self.weekday
        last = calendar.monthrange(day.year, day.month)[1]
        return day.day == min(self.day_of_month or 1, last)

    def latest(self, day: date) -> date:
        """The last day of the rhythm up to and with ``day``."""
        while not self.falls_on(day):
            day -= ONE_DAY
        return day

    def following(self, day: date) -> date:
        """The first day of the rhythm after ``day``."""
        day += ONE_DAY
        while not self.falls_on(day):
            day += ONE_DAY
        return day


def moment_of(day: date, zone: ZoneInfo) -> datetime:
    """The morning of a day, whatever the clock was put to in the night before; in UTC."""
    return datetime.combine(day, time(MORNING), zone).astimezone(UTC)


def due(rhythm: Rhythm, *, now: datetime, zone: ZoneInfo, since: datetime) -> date | None:
    """The day whose morning has come and is to be served now; None: nothing is due.

    Mornings before ``since``, when the rhythm was chosen, were not meant; those long over are left out.
    """
    today = now.astimezone(zone).date()
    day = rhythm.latest(today)
    if moment_of(day, zone) > now:
        day = rhythm.latest(day - ONE_DAY)
    at = moment_of(day, zone)
    return day if since <= at and now - at < CAUGHT_UP else None


def next_moment(rhythm: Rhythm, *, now: datetime, zone: ZoneInfo) -> datetime:
    """When it falls due next."""
    today = now.astimezone(zone).date()
    if rhythm.falls_on(today) and moment_of(today, zone) > now:
        return moment_of(today, zone)
    return moment_of(rhythm.following(today), zone)
