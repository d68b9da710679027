"""What part of the office's records a report is about: one set of filters for all reports, and for the records behind.

Unit, sector, country, owner and tier are the partner's. Channel and domain are the record's own where it has them, else
those of the projects with the partner. The period is made of fiscal years, by the record's own day.
"""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractMonth, ExtractYear, TruncDate
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from organizations.models import OrganizationSector
from partnerships.models import Partnership, ProjectParticipant
from partnerships.rules.funding import first_day, fiscal_year, last_day
from tenants.models import Tenant

ME, NOBODY = "me", "none"
FACETS = ("unit", "sector", "country", "owner", "tier")
NAMES = (*FACETS, "channel", "domain", "first_year", "last_year")


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of a report, with the office's day, currency, calendar and who asks.

    ``owner``: a colleague's id, ``me`` or ``none``. Years are fiscal years, named by the year in which they end; None
    where nobody asked, and then each question has its own.
    """

    today: date
    currency: str
    start_month: int
    zone: str
    user_id: int | None = None
    unit: int | None = None
    sector: str = ""
    country: str = ""
    owner: str = ""
    tier: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    @property
    def this_year(self) -> int:
        """The fiscal year of today."""
        return fiscal_year(self.today, self.start_month)

    @property
    def is_narrow(self) -> bool:
        """Whether any filter of the partner is set."""
        return any(getattr(self, name) not in ("", (), None) for name in FACETS)

    def years(self, number: int) -> tuple[int, int]:
        """First and last fiscal year: what was asked for, else the last ``number`` up to this one."""
        last = self.last_year or max(self.this_year, self.first_year or 0)
        first = self.first_year or last - max(number, 1) + 1
        return min(first, last), last

    def before(self, number: int) -> tuple[int, int]:
        """As many fiscal years just before ``years(number)``."""
        first, last = self.years(number)
        return first - (last - first + 1), first - 1

    def year_of(self, day: date) -> int:
        """The fiscal year of a day."""
        return fiscal_year(day, self.start_month)

    def days(self, first: int, last: int) -> tuple[date, date]:
        """The first day of the one fiscal year, and the last of the other."""
        return first_day(first, self.start_month), last_day(last, self.start_month)

    def parameters(self) -> dict[str, Any]:
        """The filters as an address has them; what is not set is left out."""
        found = {name: getattr(self, name) for name in NAMES}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}

    def during(self, first: int, last: int) -> "Scope":
        """The same for other years."""
        return replace(self, first_year=first, last_year=last)


def scope_of(actor: Actor, given: Mapping[str, Any], office: Tenant | None = None) -> Scope:
    """The scope of cleaned filters by name. ``office`` where it is at hand; else one statement asks for it."""
    office = office or Tenant.objects.get(pk=actor.tenant_id)
    facets = {name: given[name] for name in NAMES if given.get(name)}
    for name in ("tier", "channel", "domain"):
        if name in facets:
            facets[name] = tuple(facets[name])
    if "unit" in facets:
        facets["unit"] = getattr(facets["unit"], "pk", facets["unit"])
    return Scope(
        today=timezone.localdate(timezone=zoneinfo.ZoneInfo(office.time_zone)),
        currency=office.currency,
        start_month=office.fiscal_year_start,
        zone=office.time_zone,
        user_id=actor.user_id,
        **facets,
    )


def of_partners(scope: Scope, path: str = "") -> Q:
    """Rows whose partner, at ``path``, is in the scope; channel and domain left aside."""
    at = f"{path}__" if path else ""
    found = Q()
    if scope.tier:
        found &= Q(**{f"{at}tier__in": scope.tier})
    if scope.unit:
        found &= Q(**{f"{at}unit_id": scope.unit})
    if scope.country:
        found &= Q(**{f"{at}organization__country__iexact": scope.country})
    if scope.owner == NOBODY:
        found &= Q(**{f"{at}owner__isnull": True})
        if path:
            found &= Q(**{f"{path}__isnull": False})
    elif scope.owner:
        found &= Q(**{f"{at}owner_id": scope.user_id if scope.owner == ME else scope.owner})
    if scope.sector:
        code = scope.sector.strip().upper()
        further = OrganizationSector.objects.filter(code__startswith=code).values("organization_id")
        found &= Q(**{f"{at}organization__sector_code__istartswith": code}) | Q(**{f"{at}organization_id__in": further})
    return found


def working_in(scope: Scope, path: str = "", *, channel: bool = True, domain: bool = True) -> Q:
    """Rows whose partner, at ``path``, takes part in a project of the scope's channels, and in one of its domains."""
    at = f"{path}__" if path else ""
    found = Q()
    for wanted, field, values in ((channel, "channel", scope.channel), (domain, "domain", scope.domain)):
        if wanted and values:
            taking = ProjectParticipant.objects.filter(**{f"project__{field}__in": values})
            found &= among(f"{at}organization_id", taking.values("organization_id"))
    return found


class _AnyOf(Func):
    """Whether the first is an element of the second, an array. Exact puts ANY into parentheses, which is no SQL."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    arity = 2
    output_field = BooleanField()


def among(path: str, ids: QuerySet) -> Q:
    """Rows whose ``path`` is one of the ids: these are read once for each statement, however badly it is planned."""
    return Q(_AnyOf(F(path), ArraySubquery(ids.order_by())))


def narrowed(
    rows: QuerySet, scope: Scope, *, partner: str = "partnership", channel: str = "", domain: str = ""
) -> QuerySet:
    """The rows of the scope. ``channel`` and ``domain`` are the row's own fields, empty where it has none."""
    found = of_partners(scope, partner)
    if channel and scope.channel:
        found &= Q(**{f"{channel}__in": scope.channel})
    if domain and scope.domain:
        found &= Q(**{f"{domain}__in": scope.domain})
    return rows.filter(found & working_in(scope, partner, channel=not channel, domain=not domain))


def of_projects(rows: QuerySet, scope: Scope, path: str = "") -> QuerySet:
    """The rows whose project, at ``path`` or themselves, is in the scope: with any partner who is."""
    at = f"{path}__" if path else ""
    found = Q()
    if scope.channel:
        found &= Q(**{f"{at}channel__in": scope.channel})
    if scope.domain:
        found &= Q(**{f"{at}domain__in": scope.domain})
    if scope.is_narrow:
        theirs = Q(organization__partnerships__isnull=False) & of_partners(scope, "organization__partnerships")
        mine = ProjectParticipant.objects.filter(theirs).values("project_id")
        found &= among(f"{path}_id" if path else "pk", mine)
    return rows.filter(found)


def projects_of(partners: QuerySet[Partnership]) -> QuerySet:
    """The ids of the projects in which any of the partners takes part."""
    mine = ProjectParticipant.objects.filter(organization_id__in=partners.order_by().values("organization_id"))
    return mine.values("project_id")


def within(scope: Scope, field: str, first: int, last: int, *, is_moment: bool = False) -> Q:
    """Rows whose day, or moment on the office's calendar, falls into the fiscal years, both included."""
    start, end = scope.days(first, last)
    if not is_moment:
        return Q(**{f"{field}__range": (start, end)})
    zone = zoneinfo.ZoneInfo(scope.zone)
    following, _end = scope.days(last + 1, last + 1)
    after, until = (datetime.combine(day, time(), zone) for day in (start, following))
    return Q(**{f"{field}__gte": after, f"{field}__lt": until})


def year_of(scope: Scope, field: str, *, is_moment: bool = False) -> Case | ExtractYear:
    """The fiscal year of a field, as the database computes it."""
    day = TruncDate(field, tzinfo=zoneinfo.ZoneInfo(scope.zone)) if is_moment else F(field)
    year = ExtractYear(day, output_field=IntegerField())
    if scope.start_month == 1:
        return year
    return Case(
        When(**{f"{field}__isnull": True}, then=Value(None, output_field=IntegerField())),
        default=year
        + Case(When(_month_from(day, scope.start_month), then=Value(1)), default=Value(0), output_field=IntegerField()),
        output_field=IntegerField(),
    )


def _month_from(day: Any, month: int) -> GreaterThanOrEqual:
    return GreaterThanOrEqual(ExtractMonth(day, output_field=IntegerField()), Value(month))


def records(scope: Scope, name: str, /, *, years: tuple[int, int] | None = None, **more: Any) -> str:
    """The address of the records called ``name`` in the scope narrowed by ``more``; empty parts are left out."""
    return _address(f"reporting:records_{name}", scope, years, more)


def partners(scope: Scope, /, **more: Any) -> str:
    """The address of the list of partners in the scope that ``more`` narrows further; it knows no period."""
    bare = replace(scope, first_year=None, last_year=None)
    return _address("partnerships:partners", bare, None, {"status": "active", **more})


def _address(name: str, scope: Scope, years: tuple[int, int] | None, more: Mapping[str, Any]) -> str:
    given = scope.during(*years).parameters() if years else scope.parameters()
    given |= {name: value for name, value in more.items() if value not in ("", None, ())}
    query = urlencode(given, doseq=True)
    return f"{reverse(name)}?{query}" if query else reverse(name)


def period_words(years: tuple[int, int]) -> str:
    """ "2024" or "2017 to 2026"."""
    first, last = years
    return str(last) if first == last else _("%(first)d to %(last)d") % {"first": first, "last": last}
