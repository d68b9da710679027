"""Reading the catalog of schemes, and which of them would pay for something."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, DateField, F, Q, QuerySet, When
from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from organizations.models import Organization
from partnerships.models import FundingScheme, Opportunity, Project
from partnerships.rules.schemes import Candidate, Terms, Verdict, fundable

MOST_SHOWN = 5
MOST_WEIGHED = 2000


@visible("partnerships.view_schemes")
def visible_schemes(actor: Actor) -> QuerySet[FundingScheme]:
    """The catalog: the nearest deadline first, those without one last."""
    return FundingScheme.objects.order_by(F("deadline_on").asc(nulls_last=True), "name", "pk")


@visible("partnerships.view_schemes")
def listed_schemes(actor: Actor) -> QuerySet[FundingScheme]:
    """The catalog as the list shows it: ``coming_on`` is the deadline that lies ahead, None when it is over."""
    today = timezone.localdate()
    ahead = Case(When(deadline_on__gte=today, then=F("deadline_on")), default=None, output_field=DateField())
    return visible_schemes(actor).annotate(coming_on=ahead)


def offered(today: date) -> Q:
    """The schemes that can still be applied for, or will be."""
    return (Q(closed_on=None) | Q(closed_on__gt=today)) & (Q(deadline_on=None) | Q(deadline_on__gte=today))


@visible("partnerships.view_schemes")
def open_schemes(actor: Actor, *, today: date) -> QuerySet[FundingScheme]:
    """Those that can still be applied for, or will be: what forms offer and candidates are held against."""
    return visible_schemes(actor).filter(offered(today))


def lock_scheme(pk: int) -> FundingScheme:
    """The row, locked and read anew; call inside an action."""
    return FundingScheme.objects.select_for_update(of=("self",)).get(pk=pk)


def terms_of(row: FundingScheme) -> Terms:
    return Terms(
        channels=row.channels,
        domains=row.domains,
        sme_only=row.sme_only,
        trl_from=row.trl_from,
        trl_to=row.trl_to,
        country=row.country,
        opens_on=row.opens_on,
        deadline_on=row.deadline_on,
        closed_on=row.closed_on,
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """A scheme with its verdict about one candidate."""

    scheme: FundingScheme
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Fits:
    """What the catalog has for one candidate.

    ``best``: the first of those that would pay, by how much of what they ask for is known to hold, then by deadline.
    ``against``: of the others, how many are ruled out by each condition; ``unknown``: what is not known of the
    candidate, and how many of those that would pay ask for it.
    """

    best: Sequence[Fit] = ()
    fitting: int = 0
    certain: int = 0
    weighed: int = 0
    against: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


def candidate_of_project(project: Project) -> Candidate:
    """What schemes ask of a project; its participants must be loaded."""
    there = [each.organization for each in project.participants.all()]
    return _candidate(project.channel, project.domain, project.trl_now or project.trl_start, there)


def candidate_of_opportunity(actor: Actor, opportunity: Opportunity) -> Candidate:
    """What schemes ask of an opportunity: its partner and the institution; one statement."""
    own = list(Organization.objects.filter(is_own=True).only("country", "is_own", "sme"))
    capability = opportunity.capability
    trl = capability.trl if capability is not None else None
    return _candidate(opportunity.channel, "", trl, [opportunity.partnership.organization, *own])


def _candidate(channel: str, domain: str, trl: int | None, there: Sequence[Organization]) -> Candidate:
    others = [each for each in there if not each.is_own]
    answers = {each.sme for each in others if each.kind in ("company", "unknown")} if others else {None}
    countries = {each.country for each in there}
    return Candidate(
        channel=channel,
        domain=domain,
        trl=trl,
        has_sme=True if True in answers else None if None in answers else False,
        countries=countries - {""},
        knows_countries=bool(there) and "" not in countries,
    )


@visible("partnerships.view_schemes")
def fits_of(actor: Actor, candidate: Candidate, *, today: date, most: int = MOST_SHOWN) -> Fits:
    """Hold a candidate against every scheme on offer, in one statement."""
    rows = list(open_schemes(actor, today=today).defer("eligibility")[:MOST_WEIGHED])
    fitting, against, unknown, certain = [], {}, {}, 0
    for row in rows:
        verdict = fundable(candidate, terms_of(row), today)
        if not verdict.is_fundable:
            for condition in verdict.against:
                against[condition] = against.get(condition, 0) + 1
            continue
        certain += verdict.is_certain
        for condition in verdict.unknown:
            unknown[condition] = unknown.get(condition, 0) + 1
        fitting.append(Fit(row, verdict))
    fitting.sort(key=lambda fit: (len(fit.verdict.unknown) - len(fit.verdict.matched), fit.scheme.deadline_on is None))
    return Fits(fitting[:most], len(fitting), certain, len(rows), against, unknown)
