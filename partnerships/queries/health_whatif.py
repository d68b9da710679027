"""From what somebody imagines to records that the formula takes; nothing of it is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import InvalidInput
from partnerships.choices import RatingScale
from partnerships.models import Partnership
from partnerships.queries.governance import RATING_SCALES
from partnerships.queries.health_explanation import Explanation, explain_on
from partnerships.rules.health import (
    ENGAGEMENT_SIZES,
    RENEWAL_PROGRESS,
    TALENT_WEIGHTS,
    HealthScore,
    TouchRecord,
)
from partnerships.rules.health.explanation import PointsTable, one_decimal, points_table, tenths
from partnerships.rules.health.whatif import (
    NOBODY_NEW,
    Contact,
    Engagement,
    Exchange,
    Hypothetical,
    Rating,
    Renewal,
    Talent,
    what_if,
)
from partnerships.rules.touches import TOUCH_WEIGHTS


def imagined_contact(
    explanation: Explanation,
    *,
    kind: str,
    direction: str,
    occurred_on: date,
    contact_id: int | None = None,
    somebody_new: bool = False,
    decides: bool = False,
) -> Hypothetical:
    """An interaction of our host with one person of theirs, known or new, or with nobody named."""
    people = [str(contact_id)] if contact_id else [NOBODY_NEW.format(1)] if somebody_new or decides else []
    hosts = (explanation.host,) if explanation.host else ()
    age = (explanation.as_of - occurred_on).days
    touch = TouchRecord(age, TOUCH_WEIGHTS[kind], direction == "I", tuple(people), hosts)  # type: ignore[index]
    return Contact(touch, decides)


def imagined_project(channel: str, size: str) -> Hypothetical:
    return Engagement(channel, ENGAGEMENT_SIZES[size])


def imagined_exchange(direction: str) -> Hypothetical:
    return Exchange(direction == "get")


def imagined_rating(score: int, scale: str = RatingScale.FIVE) -> Hypothetical:
    lowest, highest = RATING_SCALES[scale]
    return Rating((score - lowest) / (highest - lowest))


def imagined_renewal(progress: str) -> Hypothetical:
    return Renewal(RENEWAL_PROGRESS[progress])


def imagined_talent(kind: str) -> Hypothetical:
    return Talent(TALENT_WEIGHTS[kind])


@dataclass(frozen=True, slots=True)
class Difference:
    """One dimension before and after, as displayed."""

    code: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Imagined:
    """The score as it is and as it would be, as displayed; the dimensions that change most first."""

    before: HealthScore
    after: HealthScore
    now: PointsTable
    then: PointsTable
    dimensions: tuple[Difference, ...]

    @property
    def change(self) -> Decimal:
        return one_decimal(tenths(self.after.score) - tenths(self.before.score))

    @property
    def held(self) -> Difference:
        """What caps take, before and after."""
        return Difference("caps", self.now.held, self.then.held)


def imagine(explanation: Explanation, added: Iterable[Hypothetical]) -> Imagined:
    """Recompute a partner's score as if these were recorded too."""
    found = what_if(explanation.known.records, added, explanation.config)
    now, then = points_table(found.before), points_table(found.after)
    afterwards = {line.code: line for line in then.lines}
    dimensions = [
        Difference(line.code, line.got, afterwards[line.code].got)
        for line in now.lines
        if "scored" in (line.state, afterwards[line.code].state)
    ]
    dimensions.sort(key=lambda each: -abs(each.change))
    return Imagined(found.before, found.after, now, then, tuple(dimensions))


@visible("partnerships.view_partnerships")
def imagine_for(
    actor: Actor, partnership: Partnership, records: Sequence[Mapping[str, Any]], as_of: date | None = None
) -> Imagined:
    """Recompute a partner's score with records as plain values of a ``type``; InvalidInput for one that cannot be.

    "interaction" takes kind, direction, occurred_on, contact, somebody_new and decides; "project" channel and size;
    "ledger_entry" direction; "evaluation" score and scale; "renewal" progress; "talent" talent.
    """
    explanation = explain_on(actor, partnership, as_of)
    return imagine(explanation, [_imagined(explanation, place, each) for place, each in enumerate(records)])


def _imagined(explanation: Explanation, place: int, given: Mapping[str, Any]) -> Hypothetical:
    kinds: dict[str, tuple[tuple[str, ...], Callable[..., Hypothetical]]] = {
        "interaction": (("kind",), lambda: _contact_of(explanation, place, given)),
        "project": (("channel",), lambda: imagined_project(given["channel"], given.get("size") or "standard")),
        "ledger_entry": (("direction",), lambda: imagined_exchange(given["direction"])),
        "evaluation": (("score",), lambda: _rating_of(place, given)),
        "renewal": (("progress",), lambda: imagined_renewal(given["progress"])),
        "talent": (("talent",), lambda: imagined_talent(given["talent"])),
    }
    needed, make = kinds[given["type"]]
    for name in needed:
        if given.get(name) in (None, ""):
            raise InvalidInput("required", _("This kind of record needs it."), field=f"records.{place}.{name}")
    return make()


def _contact_of(explanation: Explanation, place: int, given: Mapping[str, Any]) -> Hypothetical:
    day, contact = given.get("occurred_on") or explanation.as_of, given.get("contact")
    if not explanation.as_of - timedelta(days=explanation.config.window_days) <= day <= explanation.as_of:
        words = _("Choose a day that counts: not after the day of the score, nor too long ago.")
        raise InvalidInput("no_such_day", words, field=f"records.{place}.occurred_on")
    if contact is not None and str(contact) not in explanation.people:
        words = _("Nobody with this id is in touch or decides there, or not that you may see.")
        raise InvalidInput("no_such_contact", words, field=f"records.{place}.contact")
    return imagined_contact(
        explanation,
        kind=given["kind"],
        direction=given.get("direction") or "O",
        occurred_on=day,
        contact_id=contact,
        somebody_new=bool(given.get("somebody_new")),
        decides=bool(given.get("decides")),
    )


def _rating_of(place: int, given: Mapping[str, Any]) -> Hypothetical:
    scale = given.get("scale") or RatingScale.FIVE
    lowest, highest = RATING_SCALES[scale]
    if not lowest <= given["score"] <= highest:
        words = _("Choose a rating from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
        raise InvalidInput("out_of_scale", words, field=f"records.{place}.score")
    return imagined_rating(given["score"], scale)
