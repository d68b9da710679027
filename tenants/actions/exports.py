"""Taking rows out of a list as a file, on the record."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.exports import FORMATS, MOST_ROWS, Note, TooManyRows, Written, write_file
from core.views_of_lists import checked_list, checked_query, filter_in_words
from tenants.models import Export, Tenant


@dataclass(frozen=True, slots=True)
class Exported:
    """A file and the name it should be stored under."""

    written: Written
    name: str


@action("tenants.export_lists")
def export_lists(*, actor: Actor, list_code: str, query: str, file_format: str) -> Exported:
    """The rows of a list that match, sorted and with the columns of its query, as a file; and a record of it.

    Besides this permission the actor needs the one of the list itself. Refused: a filter that does not hold, and
    more than 20,000 rows, for which there is the API.
    """
    if file_format not in FORMATS:
        raise InvalidInput("unknown_format", _("Choose CSV or Excel."), field="file_format")
    declared = checked_list(actor, list_code)
    query = checked_query(actor, declared, query)
    parameters = QueryDict(query)
    filterset, rows = declared.filtered(actor, parameters)
    office = Tenant.objects.get(pk=actor.tenant_id)
    now = timezone.localtime()
    note = Note(str(declared.label), filter_in_words(filterset, parameters), office.name, actor.name, now)
    try:
        written = write_file(file_format, declared, rows, declared.columns_of(parameters), note)
    except TooManyRows:
        words = _("This is more than %(most)s rows. Narrow the list, or read it page by page over the API.")
        raise ActionRefused("too_many_rows", words % {"most": f"{MOST_ROWS:,}"}) from None
    Export.objects.create(
        member_id=actor.user_id,
        list_code=list_code,
        query=query,
        file_format=file_format,
        rows=written.rows,
        request_id=actor.request_id,
    )
    name = f"{slugify(str(declared.label)) or list_code}-{office.slug}-{now:%Y-%m-%d}.{file_format}"
    return Exported(written, name)
