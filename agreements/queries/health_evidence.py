"""The agreements and obligations behind two dimensions of a partner's health, and what could be done about them.

A score is made of all of them. What the reader may not read counts without its name, its link and its remedy.
"""

import math
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.choices import ObligationSide, RenewalProgress
from agreements.models import Agreement, Obligation
from agreements.queries.agreements import visible_agreements
from agreements.queries.obligations import DELIVERY_DAYS, visible_obligations
from agreements.queries.runway import read_runway_terms
from core.actor import Actor
from partnerships.models import Partnership
from partnerships.queries.health_records import scope_of
from partnerships.registry import EvidenceRow
from partnerships.rules.health import AgreementTerm, HealthConfig, RunwayInput
from partnerships.rules.health.dimensions import RUNWAY_DAYS, RUNWAY_MONEY_UNIT
from partnerships.rules.health.records import OPEN_CREDIT, obligation_credit
from partnerships.rules.health.score import main_agreement
from partnerships.rules.health.whatif import COSTS, Delivered, Move, Renewal

FIRST_STEP = 0.25  # a renewal that is proposed


def runway_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each agreement that carries the partnership with its weight × the share of a year that it covers.

    Divided by the sum of the weights, in the notes, they add up to the dimension. The main one can be renewed.
    """
    scope = scope_of(partnership, as_of, config, "UTC")  # agreements know days and no moments: any zone will do
    terms = read_runway_terms(scope).get(partnership.pk, [])
    if not terms:
        return []
    main = main_agreement(RunwayInput(tuple(term for _pk, term in terms)), config)
    seen = _seen_agreements(actor, [pk for pk, _term in terms])
    rows = [_runway_row(seen.get(pk), term, is_main=term is main, as_of=as_of) for pk, term in terms]
    return sorted(rows, key=lambda row: -row.contribution)


def _seen_agreements(actor: Actor, ids: Collection[int]) -> dict[int, Agreement]:
    if not actor.may("agreements.view_agreements"):
        return {}
    rows = visible_agreements(actor).select_related(None).prefetch_related(None).filter(pk__in=ids)
    return {row.pk: row for row in rows}


def _runway_row(row: Agreement | None, term: AgreementTerm, *, is_main: bool, as_of: date) -> EvidenceRow:
    weight = 1 + math.log10(1 + float(term.annual_value) / RUNWAY_MONEY_UNIT)
    left = RUNWAY_DAYS if term.days_left is None else max(term.days_left, 0)
    covered = min(1.0, (left + RUNWAY_DAYS * term.renewal_progress) / RUNWAY_DAYS)
    note = f"{weight:.4g} × {covered:.4g}"
    ends = None if term.days_left is None else as_of + timedelta(days=term.days_left)
    if row is None:
        return EvidenceRow(_("An agreement you may not read"), weight * covered, "", ends, note)
    remedy = None
    if is_main and term.days_left is not None and not term.renewal_progress:
        if row.renewal_progress != RenewalProgress.DECLINED and row.renewal_intended:
            remedy = Move("renewal", (Renewal(FIRST_STEP),), COSTS["renewal"], row.reference)
    words = _("%(agreement)s, %(state)s") % {"agreement": row, "state": _state(term.days_left)}
    return EvidenceRow(words, weight * covered, row.get_absolute_url(), ends, note, remedy=remedy)


def _state(left: int | None) -> str:
    if left is None:
        return _("without an end")
    if left < 0:
        return ngettext("ended %(n)d day ago", "ended %(n)d days ago", -left) % {"n": -left}
    return ngettext("ends in %(n)d day", "ends in %(n)d days", left) % {"n": left}


def obligation_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each obligation that fell due within a year with its credit, the latest first; what is late can be done."""
    bound = Q(agreement__partnership=partnership, agreement__executed_on__lte=as_of, waived_reason="")
    found = Obligation.objects.filter(bound, due_on__range=(as_of - timedelta(days=DELIVERY_DAYS), as_of))
    rows = list(found.select_related("agreement").order_by("-due_on", "-pk"))
    if not rows:
        return []
    seen: set[int] = set()
    if actor.may("agreements.view_obligations"):
        readable = visible_obligations(actor).filter(pk__in=[row.pk for row in rows])
        seen = set(readable.order_by().values_list("pk", flat=True))
    return [_obligation_row(row, as_of, config, seen=row.pk in seen) for row in rows]


def _obligation_row(row: Obligation, as_of: date, config: HealthConfig, *, seen: bool) -> EvidenceRow:
    done = row.done_on is not None and row.done_on <= as_of
    late = max(0, ((row.done_on if done else as_of) - row.due_on).days)
    factors = [f"{float(row.weight):g}"] + [f"{OPEN_CREDIT:g}"] * (not done)
    factors += [f"2^(−{late}/{config.half_lives.delay:g})"] * bool(late)
    contribution, note = float(row.weight) * obligation_credit(done, late, config), " × ".join(factors)
    if not seen:
        return EvidenceRow(_("An obligation you may not read"), contribution, "", row.due_on, note)
    whose = {"title": row.title, "side": ObligationSide(row.side).label, "agreement": row.agreement.reference}
    words = _("%(title)s (%(side)s), %(agreement)s") % whose
    remedy = None
    if not done and late:
        remedy = Move("deliver", (Delivered(float(row.weight), late),), COSTS["deliver"], row.title)
    return EvidenceRow(words, contribution, row.get_absolute_url(), row.due_on, note, remedy=remedy)
