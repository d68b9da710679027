"""Calendar feeds: the lists people see of them, and what an address gives to whoever holds it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement, CalendarFeed, Obligation
from agreements.queries.agreements import in_law, visible_agreements
from agreements.queries.obligations import open_obligations
from agreements.rules.calendar_text import Entry, calendar_text
from core.actions import visible
from core.actor import Actor
from core.secrets import digest_of, looks_genuine
from tenants.models import Membership, Tenant
from tenants.queries.tenants import actor_of

MOST_ENTRIES = 2_000
AHEAD = timedelta(days=3 * 366)


@visible("agreements.view_calendar_feeds")
def visible_calendar_feeds(actor: Actor) -> QuerySet[CalendarFeed]:
    """One's own feeds, newest first; administrators see everybody's. The addresses are not among what is stored."""
    rows = CalendarFeed.objects.select_related("member", "made_with").order_by("-created_at", "-pk")
    return rows if actor.role == "administrator" or actor.is_system else rows.filter(member_id=actor.user_id)


def in_use() -> Q:
    """Feeds that are neither withdrawn nor made with a token that is over."""
    lasting = Q(made_with=None) | Q(made_with__revoked_at=None, made_with__expires_at__gt=timezone.now())
    return Q(revoked_at=None) & lasting


def lock_calendar_feed(pk: int) -> CalendarFeed:
    """The row, locked and read anew; call inside an action."""
    return CalendarFeed.objects.select_for_update(of=("self",)).get(pk=pk)


def feed_by_secret(tenant: Tenant, secret: str) -> tuple[CalendarFeed, Actor] | None:
    """The feed behind an address and for whom it reads, in this tenant's scope.

    None for anything else: a wrong or foreign secret, a feed that is not in use, a member who left or was switched off.
    """
    if not looks_genuine(secret):
        return None
    feed = CalendarFeed.objects.filter(in_use(), digest=digest_of(secret)).first()
    if feed is None:
        return None
    membership = (
        Membership.objects.filter(tenant=tenant, user_id=feed.member_id, ended_at=None, user__is_active=True)
        .select_related("user", "tenant")
        .first()
    )
    return None if membership is None else (feed, actor_of(membership, read_only=True))


@visible("agreements.view_obligations")
def calendar_of(actor: Actor, feed: CalendarFeed, *, name: str, host: str) -> str:
    """The calendar of a feed: open obligations and last days of agreements that its member may see, and no others."""
    last = timezone.localdate() + AHEAD
    owner_id = None if feed.everything else actor.user_id
    obligations = open_obligations(actor, owner_id=owner_id).filter(due_on__lte=last)
    ending = visible_agreements(actor).filter(in_law(), expires_on__range=(timezone.localdate(), last), amends=None)
    if owner_id is not None:
        ending = ending.filter(owner_id=owner_id)
    ending = ending.prefetch_related(None).order_by("expires_on", "pk")
    return calendar_text(name, [*_due(obligations[:MOST_ENTRIES], host), *_ends(ending[:MOST_ENTRIES], host)])


def _due(rows: QuerySet[Obligation], host: str) -> Iterator[Entry]:
    for row in rows:
        agreement, partnership = row.agreement, row.agreement.partnership
        partner = partnership.organization.name if partnership is not None else ""
        about = [f"{agreement.reference} {agreement.title}", partner, row.get_side_display(), row.consequence]
        yield Entry(
            uid=f"obligation-{row.pk}-{row.tenant_id}@{host}",
            on=row.due_on,
            summary=row.title,
            changed_at=row.updated_at,
            sequence=row.version,
            description="\n".join(filter(None, about)),
            category=row.get_kind_display(),
        )


def _ends(rows: QuerySet[Agreement], host: str) -> Iterator[Entry]:
    for row in rows:
        yield Entry(
            uid=f"agreement-{row.pk}-{row.tenant_id}@{host}",
            on=row.expires_on,
            summary=_("%s ends") % row.reference,
            changed_at=row.updated_at,
            sequence=row.version,
            description=row.title,
            category=row.get_kind_display(),
        )
