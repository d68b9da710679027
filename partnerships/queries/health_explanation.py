"""One partner's score explained: its parts as displayed, what changed, what holds it down and what would help."""

import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import InvalidInput
from partnerships.models import HealthObjection, HealthSnapshot, Partnership, PartnershipHealth
from partnerships.queries.health import present_health
from partnerships.queries.health_configuration import health_config_beside
from partnerships.queries.health_records import KnownRecords, known_records
from partnerships.registry import EvidenceRow, evidence_readers
from partnerships.rules.health import INSUFFICIENT, Cap, HealthConfig, HealthInput, HealthScore, score_health
from partnerships.rules.health.explanation import (
    Change,
    PointsTable,
    Tally,
    change_between,
    one_decimal,
    points_table,
    tenths,
)
from partnerships.rules.health.score import main_agreement
from partnerships.rules.health.whatif import (
    COSTS,
    Advice,
    Hypothetical,
    IssuesSettled,
    Move,
    best_advice,
    cure_of,
    possible_moves,
)
from partnerships.wording import (
    cap_words,
    change_words,
    collect_words,
    cure_words,
    loss_words,
    move_words,
)
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class CapInForce:
    """A cap that holds the score down or would: the fact behind it, and what lifts it."""

    code: str
    limit: float
    fact: str
    cure: str


@dataclass(frozen=True, slots=True)
class Help:
    """Something to do, in words, with the points that it brings."""

    code: str
    words: str
    gain: Decimal
    after: Decimal


@dataclass(frozen=True)
class Explanation:
    """Why a partner has its score on a day, from what is known now.

    ``previous`` is the latest score of an earlier day under the same version of the settings; ``people`` are names
    that the reader may see. Where too little is known there are no numbers to show, only what to ``collect``.
    """

    partnership: Partnership
    as_of: date
    config: HealthConfig
    known: KnownRecords
    inputs: HealthInput
    score: HealthScore
    band: str
    host: str
    previous: HealthSnapshot | None = None
    people: dict[str, str] = field(default_factory=dict)
    remedies: tuple[Move, ...] = ()
    ask_critical: Callable[[], Sequence[EvidenceRow]] = tuple

    @property
    def knows_enough(self) -> bool:
        return self.band != INSUFFICIENT

    @property
    def shown_score(self) -> Decimal | None:
        """The score as displayed; None where too little is known."""
        return self.table.score if self.knows_enough else None

    @cached_property
    def table(self) -> PointsTable:
        return points_table(self.score)

    @cached_property
    def change(self) -> Change | None:
        """Since the previous score; None when there is none to compare with."""
        if self.previous is None:
            return None
        points = {code: each["points"] for code, each in self.previous.dimensions.items()}
        return change_between(Tally(self.previous.score, self.previous.raw, points), Tally.of(self.score))

    @cached_property
    def caps(self) -> list[CapInForce]:
        """The caps in force, the lowest first."""
        return [self._cap(cap) for cap in sorted(self.score.caps, key=lambda cap: (cap.limit, cap.code))]

    def _cap(self, cap: Cap) -> CapInForce:
        cure = self.cure(cap.code)
        return CapInForce(cap.code, cap.limit, cap_words(cap), cure_words(cap, cure, self.people))

    def cure(self, code: str) -> tuple[Hypothetical, ...]:
        """The records that would lift a cap in force."""
        return cure_of(self.known.records, code, self.config, host=self.host, remedies=self.remedies)

    @cached_property
    def critical(self) -> Sequence[EvidenceRow]:
        """The issues and invoices behind K4, as far as the reader may see them; read when they are asked for."""
        return self.ask_critical() if self.inputs.critical_issues else ()

    @cached_property
    def advice(self) -> list[Advice]:
        """At most three things to do, those that bring most for their effort first."""
        remedies = [*self.remedies, *_settling(self.critical)]
        moves = possible_moves(self.known.records, self.config, host=self.host, remedies=remedies)
        return best_advice(self.known.records, moves, self.config)

    @property
    def help(self) -> list[Help]:
        """The same in words; nothing where too little is known to speak of points."""
        if not self.knows_enough:
            return []
        return [
            Help(
                each.move.code,
                move_words(each.move, self.people),
                one_decimal(tenths(each.gain)),
                one_decimal(tenths(each.after)),
            )
            for each in self.advice
        ]

    @property
    def words(self) -> list[str]:
        """The score in sentences."""
        if not self.knows_enough:
            return []
        details = self.score.dimension("recency").result.details
        silent = details.get("days_since_touch")
        found = []
        if self.change is not None and self.previous is not None:
            found.append(change_words(self.change, self.previous.as_of, None if silent is None else int(silent)))
        if self.change is None or not self.change.points:
            found.append(loss_words(self.table.lines))
        return [sentence for sentence in found if sentence]

    @property
    def collect(self) -> list[str]:
        """What to record so that the score can be trusted."""
        return collect_words(self.table.lines)


@visible("partnerships.view_partnerships")
def explain_health(actor: Actor, partnership: Partnership, *, as_of: date, today: date, time_zone: str) -> Explanation:
    """Explain a partner's score as of a day, today or before, under the settings in force.

    ``partnership`` comes with its health. Today's band is the one that lists show; it may lag behind its border for a
    while, so that a score on the border does not flicker. That of another day is the score's own.
    """
    config = health_config_beside(partnership)
    known = known_records(actor, partnership, as_of=as_of, config=config, time_zone=time_zone)
    inputs = known.records.inputs(config)
    score = score_health(inputs, config)
    return Explanation(
        partnership=partnership,
        as_of=as_of,
        config=config,
        known=known,
        inputs=inputs,
        score=score,
        band=_band(partnership, score) if as_of == today else score.band,
        host=str(partnership.owner_id or actor.user_id or ""),
        previous=_previous(partnership, as_of, config.version),
        people=dict(known.people) if actor.may("partnerships.view_ties") else {},
        remedies=tuple(_remedies(actor, partnership, as_of, config, inputs)),
        ask_critical=lambda: evidence_readers()["critical_issues"](actor, partnership, as_of, config),
    )


@visible("partnerships.view_partnerships")
def explained_health(actor: Actor, partnership: Partnership, as_of: date | None = None) -> PartnershipHealth:
    """A partnership's present health, with ``explanation``: why the score is what it is today, or was on a past day."""
    health = present_health(actor, partnership)
    health.explanation = explain_on(actor, partnership, as_of)
    return health


def explain_on(actor: Actor, partnership: Partnership, as_of: date | None) -> Explanation:
    """Explain a score as of a day on the office's calendar, today without one; InvalidInput for one to come."""
    zone = Tenant.objects.values_list("time_zone", flat=True).get(pk=actor.tenant_id)
    today = timezone.localdate(timezone=zoneinfo.ZoneInfo(zone))
    if as_of is not None and not partnership.started_on <= as_of <= max(today, partnership.started_on):
        words = _("Choose a day from the start of the partnership up to today.")
        raise InvalidInput("no_such_day", words, field="as_of")
    return explain_health(actor, partnership, as_of=as_of or today, today=today, time_zone=zone)


def _band(partnership: Partnership, score: HealthScore) -> str:
    health = partnership.health
    if health.computed_at is None or INSUFFICIENT in (health.band, score.band):
        return score.band
    return health.band


def _previous(partnership: Partnership, as_of: date, version: int) -> HealthSnapshot | None:
    rows = HealthSnapshot.objects.filter(partnership=partnership, as_of__lt=as_of, config_version=version)
    return rows.defer("inputs").order_by("-as_of", "-pk").first()


def _remedies(
    actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig, inputs: HealthInput
) -> Sequence[Move]:
    """What apps above know to do about their own records; asked only where there is something to be done."""
    readers = evidence_readers()
    return [
        row.remedy
        for code in _remediable(inputs, config)
        if code in readers
        for row in readers[code](actor, partnership, as_of, config)
        if row.remedy is not None
    ]


def _settling(critical: Sequence[EvidenceRow]) -> list[Move]:
    """To settle all of them: one left open holds the score down as well as many."""
    if not critical:
        return []
    if len(critical) == 1 and critical[0].remedy is not None:
        return [critical[0].remedy]
    return [Move("settle", (IssuesSettled(),), COSTS["settle"] * sum(row.contribution for row in critical))]


def _remediable(inputs: HealthInput, config: HealthConfig) -> list[str]:
    """Delivery while something is late, runway while the main agreement ends and nobody renews it."""
    found = []
    if inputs.delivery is not None and inputs.delivery.credit < inputs.delivery.weight:
        found.append("delivery")
    main = None if inputs.runway is None else main_agreement(inputs.runway, config)
    if main is not None and main.days_left is not None and not main.renewal_progress:
        found.append("runway")
    return found


@visible("partnerships.view_partnerships")
def visible_objections(actor: Actor) -> QuerySet[HealthObjection]:
    """What colleagues doubt about scores, open ones first, then the latest, with who wrote and who answered."""
    rows = HealthObjection.objects.select_related("partnership__organization", "written_by", "answered_by")
    return rows.order_by(F("answered_at").desc(nulls_first=True), "-created_at", "-pk")


def lock_objection(pk: int) -> HealthObjection:
    """The row, locked and read anew; call inside an action."""
    return HealthObjection.objects.select_for_update(of=("self",)).get(pk=pk)
