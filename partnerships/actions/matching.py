"""Matching fairly: computing a matching, keeping it with its reasons, and making the offers that it proposes."""

from collections import Counter

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from partnerships.actions.candidacies import check_places, note_matching
from partnerships.choices_talent import CandidateStatus, MatchSide
from partnerships.models import Candidacy, MatchRun, Position, TalentProgram
from partnerships.queries.matching import as_result, compute_matching, lock_matching
from partnerships.queries.positions import lock_program
from partnerships.rules.talent import MATCHED_FROM


@action("partnerships.run_matching")
def run_matching(
    *, actor: Actor, program: TalentProgram, term: str = "", proposes: str = MatchSide.CANDIDATES
) -> MatchRun:
    """Match the candidates of a program's term to its places, and mark what is proposed; nothing is offered yet.

    The candidacies are locked while it counts. It replaces what an earlier matching proposed. Refused where nobody can
    be matched, because no candidate is ranked by both sides.
    """
    row = lock_program(program.pk)
    if proposes not in MatchSide.values:
        raise InvalidInput("unknown_side", _("Choose whom the matching shall serve best."), field="proposes")
    found = compute_matching(row, term, proposes, lock=True)
    if not found.matched:
        message = _("Nobody can be matched: no candidate and position with a free place rank each other.")
        raise ActionRefused("nobody_matched", message)
    run = MatchRun.objects.create(
        program=row,
        term=term,
        proposes=proposes,
        candidates=len(found.explained),
        matched=len(found.matched),
        result=as_result(found),
        made_by_id=actor.user_id,
    )
    earlier = Candidacy.objects.filter(position__program=row, position__term=term, matching__isnull=False)
    ids = list(earlier.filter(status__in=MATCHED_FROM).values_list("pk", flat=True))
    Candidacy.objects.filter(pk__in=ids).update(matching=None, version=F("version") + 1, updated_at=timezone.now())
    note_matching(found.matched, run)
    return run


@action("partnerships.accept_matching")
def accept_matching(*, actor: Actor, matching: MatchRun) -> MatchRun:
    """Make an offer to everybody whom a matching proposes and about whom nothing was decided since.

    All or none: refused where a position has fewer places left than it proposes, and where nothing is left to offer.
    """
    run = lock_matching(matching.pk)
    wanted = Candidacy.objects.filter(matching=run, status__in=MATCHED_FROM)
    places = list(
        Position.objects.select_for_update(of=("self",))
        .filter(pk__in=list(wanted.values_list("position_id", flat=True)))
        .order_by("pk")
    )
    rows = list(wanted.select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        message = _("Nothing is left to offer: a later matching replaced this one, or all was decided.")
        raise ActionRefused("nothing_proposed", message)
    more = Counter(row.position_id for row in rows)
    for position in places:
        check_places(position, more[position.pk])
    now = timezone.now()
    for row in rows:
        row.status, row.version, row.updated_at = CandidateStatus.OFFERED, row.version + 1, now
    Candidacy.objects.bulk_update(rows, ["status", "version", "updated_at"])
    return run
