"""The office's record of board packs that were made."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from tenants.choices import ExportFormat
from tenants.models import Export

PACK = "board-pack"
LONGEST = 2000


@action("reporting.make_board_pack")
def note_board_pack(*, actor: Actor, questions: Sequence[str], query: str) -> Export:
    """Write down who made a pack of which questions and with which filter, beside the files of lists.

    Refused: no question, and a filter that is too long to be written down.
    """
    if not questions:
        raise InvalidInput("no_question", _("Choose at least one question."), field="questions")
    kept = "&".join(filter(None, [query, f"questions={','.join(questions)}"]))
    if len(kept) > LONGEST:
        raise InvalidInput("long_query", _("The filter is too long for the office's record. Choose less."))
    return Export.objects.create(
        member_id=actor.user_id,
        list_code=PACK,
        query=kept,
        file_format=ExportFormat.PDF,
        rows=len(questions),
        request_id=actor.request_id,
    )
