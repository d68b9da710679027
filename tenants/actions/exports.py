"""Taking rows out of a list as a file, on the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.exports import AT_ONCE, FORMATS, Note, TooManyRows, Written, write_file
from core.lists import List
from core.views_of_lists import checked_list, checked_query, filter_in_words
from tenants.models import Export, Tenant

TOO_LONG = "too_long_to_wait"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file and the name it should be stored under."""

    written: Written
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of a list as somebody wants them in a file; ``query`` in canonical form, ``filter`` in words."""

    declared: List
    query: str
    parameters: QueryDict
    filter: str
    rows: QuerySet


def asked_rows(actor: Actor, *, list_code: str, query: str, file_format: str) -> Asked:
    """What is asked for, if the actor may see that list. Refused: an unknown format, a filter that does not hold."""
    if file_format not in FORMATS:
        raise InvalidInput("unknown_format", _("Choose CSV or Excel."), field="file_format")
    declared = checked_list(actor, list_code)
    query = checked_query(actor, declared, query)
    parameters = QueryDict(query)
    filterset, rows = declared.filtered(actor, parameters)
    return Asked(declared, query, parameters, filter_in_words(filterset, parameters), rows)


def file_name(declared: List, office: Tenant, at: datetime, file_format: str) -> str:
    return f"{slugify(str(declared.label)) or declared.code}-{office.slug}-{at:%Y-%m-%d}.{file_format}"


@action("tenants.export_lists")
def export_lists(*, actor: Actor, list_code: str, query: str, file_format: str) -> Exported:
    """The rows of a list that match, sorted and with the columns of its query, as a file; and a record of it.

    Besides this permission the actor needs the one of the list itself. Refused: a filter that does not hold, and
    (``TOO_LONG``) more than 2,000 rows, which ``request_export`` has written in the background.
    """
    asked = asked_rows(actor, list_code=list_code, query=query, file_format=file_format)
    office = Tenant.objects.get(pk=actor.tenant_id)
    now = timezone.localtime()
    note = Note(str(asked.declared.label), asked.filter, office.name, actor.name, now)
    try:
        written = write_file(file_format, asked.declared, asked.rows, asked.declared.columns_of(asked.parameters), note)
    except TooManyRows:
        words = _("This is more than %(most)s rows. Have it written in the background.")
        raise ActionRefused(TOO_LONG, words % {"most": f"{AT_ONCE:,}"}) from None
    Export.objects.create(
        member_id=actor.user_id,
        list_code=list_code,
        query=asked.query,
        file_format=file_format,
        rows=written.rows,
        request_id=actor.request_id,
    )
    return Exported(written, file_name(asked.declared, office, now, file_format))
