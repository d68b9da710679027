"""Doubting a score in words. Nothing here changes a score: it follows from records alone."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from partnerships.models import HealthObjection, Partnership, PartnershipHealth
from partnerships.queries.health_explanation import lock_objection

LONGEST = 2000


@action("partnerships.object_to_health")
def object_to_health(*, actor: Actor, partnership: Partnership, text: str) -> HealthObjection:
    """Say what is wrong with a partner's present score; it stays beside the score until somebody answers.

    Refused for the same words of the same person while they wait for an answer: sent twice, it is meant once.
    """
    text = _sentence(text, "text", _("Say what is wrong with the score."))
    health = PartnershipHealth.objects.select_for_update(of=("self",)).get(partnership=partnership)
    waiting = HealthObjection.objects.filter(partnership=partnership, written_by_id=actor.user_id, answered_at=None)
    if waiting.filter(text=text).exists():
        raise ActionRefused("said_already", _("You have said this already, and it waits for an answer."), field="text")
    return HealthObjection.objects.create(
        partnership=partnership,
        snapshot_id=health.snapshot_id,
        score=health.score,
        band=health.band,
        text=text,
        written_by_id=actor.user_id,
    )


@action("partnerships.answer_objection")
def answer_objection(
    *, actor: Actor, objection: HealthObjection, answer: str, seen: int | None = None
) -> HealthObjection:
    """Answer a doubt, which closes it. Refused for one that is answered already."""
    row = lock_objection(objection.pk)
    if row.answered_at is not None:
        raise ActionRefused("answered", _("Somebody has answered this already."))
    answer = _sentence(answer, "answer", _("Say what you found, and what was done."))
    changes = {"answer": answer, "answered_by_id": actor.user_id, "answered_at": timezone.now()}
    apply_edit(row, changes, seen=seen)
    return row


def _sentence(text: str, field: str, missing: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput("required", missing, field=field)
    if len(text) > LONGEST:
        words = _("Say it in at most %(most)d characters.") % {"most": LONGEST}
        raise InvalidInput("too_long", words, field=field)
    return text
