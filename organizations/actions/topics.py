"""Replacing the topics of a need or a capability."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from organizations.models import Capability, CapabilityTopic, Need, NeedTopic
from organizations.rules.topics import MOST, normal_topic

TOPICS = {Need: (NeedTopic, "need"), Capability: (CapabilityTopic, "capability")}


def replace_topics(row: Need | Capability, topics: Iterable[dict[str, str]], *, is_new: bool = False) -> bool:
    """Replace the topics ({scheme, code} each); answers whether that changed anything. A wrong code is refused."""
    model, owner = TOPICS[type(row)]
    wanted = set()
    for given in topics:
        code = normal_topic(given["scheme"], given["code"])
        if code is None:
            message = _("“%(code)s” is no code of this scheme (%(scheme)s). Correct it, or write it as a plain word.")
            raise InvalidInput("invalid_topic", message % given, field="topics")
        wanted.add((given["scheme"], code))
    if len(wanted) > MOST:
        raise InvalidInput("too_many_topics", _("Give at most %s topics.") % MOST, field="topics")
    there = {} if is_new else {(each.scheme, each.code): each.pk for each in row.topics.all()}
    new, gone = sorted(wanted - there.keys()), [pk for key, pk in there.items() if key not in wanted]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    if new:
        model.objects.bulk_create(model(**{owner: row, "scheme": scheme, "code": code}) for scheme, code in new)
    return bool(new or gone)
