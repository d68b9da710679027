"""What happened in a month, in a few numbers."""

import zoneinfo
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agreements.queries.agreements import visible_agreements
from core.actions import visible
from core.actor import Actor
from partnerships.choices import StageMeaning
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import visible_opportunities
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.past_health import band_before, settings_changed
from partnerships.queries.projects import visible_projects
from reporting.queries.health import ORDER, active_partners
from reporting.queries.scopes import Scope
from reporting.rules.answers import Figure
from reporting.rules.months import month_before


@visible("reporting.view_insights")
def month_in_figures(actor: Actor, scope: Scope, first: date, last: date) -> list[Figure]:
    """What happened from the first to the last day of a month, beside the month before: of what the actor may read.

    Who got worse or better is held against the first of the month, up to today; that has no month before.
    """
    counted = [
        ("partnerships", _("Partnerships begun"), "partnerships.view_partnerships", visible_partnerships, "started_on"),
        ("projects", _("Projects started"), "partnerships.view_projects", visible_projects, "started_on"),
        ("agreements", _("Agreements executed"), "agreements.view_agreements", visible_agreements, "executed_on"),
    ]
    moments = [
        ("interactions", _("Interactions"), "partnerships.view_interactions", visible_interactions, "occurred_at"),
        ("won", _("Opportunities won"), "partnerships.view_opportunities", _won, "closed_at"),
    ]
    figures = [
        _counted(code, label, reads(actor), scope, field, first, is_moment=is_moment)
        for found, is_moment in ((moments, True), (counted, False))
        for code, label, permission, reads, field in found
        if actor.may(permission)
    ]
    return [*_moved(actor, scope, first), *figures]


def _won(actor: Actor) -> QuerySet:
    return visible_opportunities(actor).filter(stage__meaning=StageMeaning.WON)


def _counted(
    code: str, label: str, rows: QuerySet, scope: Scope, field: str, first: date, *, is_moment: bool
) -> Figure:
    earlier, _last = month_before(first)
    after = (first + timedelta(days=32)).replace(day=1)

    def between(start: date, end: date) -> Q:
        if not is_moment:
            return Q(**{f"{field}__gte": start, f"{field}__lt": end})
        zone = zoneinfo.ZoneInfo(scope.zone)
        at = [datetime.combine(day, time(), zone) for day in (start, end)]
        return Q(**{f"{field}__gte": at[0], f"{field}__lt": at[1]})

    bare = rows.order_by().select_related(None).prefetch_related(None).filter(between(earlier, after))
    found = bare.aggregate(
        now=Count("pk", filter=between(first, after), distinct=True),
        before=Count("pk", filter=between(earlier, first), distinct=True),
    )
    return Figure(code, label, found["now"], before=found["before"], before_label=date_format(earlier, "F"))


def _moved(actor: Actor, scope: Scope, first: date) -> list[Figure]:
    """How many active partners are in a worse band, and in a better one, than before the first.

    Nothing is said where the settings of health changed since: no score of before may be compared.
    """
    groups = (
        active_partners(actor, scope)
        .annotate(was=band_before((scope.today - first).days), changed=settings_changed())
        .values_list("was", "health__band", "changed")
        .annotate(number=Count("pk"))
    )
    worse = better = 0
    for was, band, changed, number in groups:
        if changed and changed.astimezone(zoneinfo.ZoneInfo(scope.zone)).date() >= first:
            return []
        if was in ORDER and band in ORDER:
            worse += number if ORDER.index(band) < ORDER.index(was) else 0
            better += number if ORDER.index(band) > ORDER.index(was) else 0
    since = date_format(first, "j F")
    return [
        Figure("worse", _("Partners whose health got worse since %s") % since, worse),
        Figure("better", _("Partners whose health got better since %s") % since, better),
    ]
