"""Which time it is in a country, where one can know."""

import zoneinfo
from datetime import datetime

from babel.core import get_global


def local_time(country: str, moment: datetime) -> datetime | None:
    """``moment`` on the clocks of a country (ISO 3166); None where they differ across it, or it is not known."""
    names = get_global("territory_zones").get(country.upper(), ())
    times = [moment.astimezone(zone) for zone in map(_zone, names) if zone is not None]
    if not times or len({each.utcoffset() for each in times}) > 1:
        return None
    return times[0]


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    """A zone by its name; None for one that this machine does not know."""
    try:
        return zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError:
        return None
