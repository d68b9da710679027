"""What the brief of a partner says of its agreements."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.choices import Level
from agreements.models import Agreement
from agreements.queries.agreements import in_force, visible_agreements
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actor import Actor
from partnerships.models import Partnership
from partnerships.registry import BriefPart, BriefWords

MOST = 6
CARRIED_AROUND = (Level.PUBLIC, Level.INTERNAL, Level.PARTNER_SHARED)


def agreements_in_brief(actor: Actor, partnership: Partnership, today: date) -> Sequence[BriefWords]:
    """What is in force, the first to end first, then what is being worked on; nothing confidential, for it is printed.

    Each line: the title, the kind before it, and when it ends or in whose court it lies after it.
    """
    rows = visible_agreements(actor).filter(partnership=partnership, level__in=CARRIED_AROUND)
    rows = rows.prefetch_related(None)
    rows = rows.filter(in_force(today) | Q(status__in=BEFORE_EXECUTION))
    ordered = sorted(rows, key=lambda row: (row.status in BEFORE_EXECUTION, row.expires_on or date.max, row.pk))
    return [(row.title, str(row.get_kind_display()), _where(row)) for row in ordered[:MOST]]


def _where(row: Agreement) -> str:
    if row.status in BEFORE_EXECUTION:
        words = _("%(state)s, in the court of: %(court)s")
        return words % {"state": row.get_workflow_display(), "court": row.get_court_display()}
    return _("until %s") % date_format(row.expires_on, "j M Y") if row.expires_on else _("open-ended")


BRIEF = BriefPart(
    code="agreements",
    label=gettext_lazy("Agreements"),
    permission="agreements.view_agreements",
    read=agreements_in_brief,
    empty=gettext_lazy("No agreement on record that you may read."),
)
