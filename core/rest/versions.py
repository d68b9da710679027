"""Which version an update has seen: ``version`` in the body, or If-Match with the ETag of an earlier answer."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.errors import StaleEdit

TAGS = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


def etag_of(row: object) -> str | None:
    """The ETag of a row with a version: the version in quotes."""
    version = getattr(row, "version", None)
    return None if version is None else f'"{version}"'


@dataclass(frozen=True, slots=True)
class Seen:
    """The version an update is about, and whether the header said so rather than the body."""

    version: int | None
    by_header: bool = False


def seen_by(request: Request, row: object, in_body: int | None) -> Seen:
    """What the caller says to have seen. Raises StaleEdit when If-Match does not name the present version.

    A weak tag counts like a strong one, because proxies that compress weaken tags on their way. ``*`` means any.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return Seen(in_body)
    tags = TAGS.findall(header)
    if not tags or TAGS.sub("", header).strip():
        message = _('Send the ETag of the version you saw, for example If-Match: "3".')
        raise serializers.ValidationError({"If-Match": [message]})
    present = getattr(row, "version", None)
    if present is None:
        return Seen(in_body)
    if str(present) not in tags:
        raise StaleEdit(
            _("Somebody else saved this in the meantime. Look at both versions and save again."),
            current_version=present,
        )
    return Seen(in_body if in_body is not None else present, by_header=in_body is None)
