"""Calendar feeds: handing out a secret address, and taking it back."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import CalendarFeed
from agreements.queries.calendar import in_use, lock_calendar_feed
from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.secrets import digest_of, new_secret

MOST_FEEDS = 10
NOTED_EVERY = timedelta(minutes=1)


@action("agreements.create_calendar_feed")
def create_calendar_feed(*, actor: Actor, everything: bool = False) -> tuple[CalendarFeed, str]:
    """A feed of the actor's own and the secret of its address, which is shown this once.

    It holds what the actor looks after, or with ``everything`` whatever the actor may see. One that is made with a
    token ends with it.
    """
    if actor.user_id is None:
        raise ActionRefused("nobodys", _("A calendar belongs to a person."))
    if CalendarFeed.objects.filter(in_use(), member_id=actor.user_id).count() >= MOST_FEEDS:
        raise ActionRefused("too_many_feeds", _("You have ten calendar addresses. Withdraw one that is not used."))
    secret = new_secret()
    feed = CalendarFeed.objects.create(
        member_id=actor.user_id, digest=digest_of(secret), everything=everything, made_with_id=actor.token_id
    )
    return feed, secret


@action("agreements.revoke_calendar_feed")
def revoke_calendar_feed(*, actor: Actor, feed: CalendarFeed) -> CalendarFeed:
    """Make an address useless from the next reading on. One's own; administrators may withdraw any."""
    row = lock_calendar_feed(feed.pk)
    if row.member_id != actor.user_id and actor.role != "administrator":
        raise ActionRefused("not_yours", _("This calendar belongs to somebody else. Ask an administrator."))
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
    return row


def note_reading(feed: CalendarFeed, now: datetime) -> None:
    """Write down that a feed was read, once a minute at most. Not an action: whoever holds the address reads."""
    if feed.last_read_at is None or now - feed.last_read_at > NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
