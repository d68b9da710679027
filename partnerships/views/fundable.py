"""Whether a scheme would pay for a project or an opportunity, in words: a badge, the best fits, why not the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.actor import Actor
from partnerships.choices import ProjectStatus
from partnerships.models import FundingScheme, Opportunity, Project
from partnerships.queries.schemes import Fits, candidate_of_opportunity, candidate_of_project, fits_of
from partnerships.rules.schemes import Candidate, Reason

# What each condition says when it holds, when it does not, and when nobody knows.
WORDS = {
    "offered": (gettext_lazy("on offer"), gettext_lazy("no longer offered"), ""),
    "opened": (gettext_lazy("open"), gettext_lazy("not open yet"), ""),
    "deadline": (gettext_lazy("deadline ahead"), gettext_lazy("deadline over"), ""),
    "channel": (gettext_lazy("channel fits"), gettext_lazy("for other channels"), ""),
    "domain": (gettext_lazy("domain fits"), gettext_lazy("for other domains"), gettext_lazy("domain not known")),
    "trl": (gettext_lazy("TRL fits"), gettext_lazy("for another TRL"), gettext_lazy("TRL not known")),
    "sme": (
        gettext_lazy("a small company takes part"),
        gettext_lazy("only with a small company"),
        gettext_lazy("not known whether a small company takes part"),
    ),
    "country": (
        gettext_lazy("somebody is in its country"),
        gettext_lazy("for another country"),
        gettext_lazy("countries not known"),
    ),
}
RUNNING = (ProjectStatus.PLANNED, ProjectStatus.ACTIVE)


def reason_in_words(reason: Reason) -> str:
    holds, fails, unknown = WORDS[reason.condition]
    return str(unknown if reason.holds is None else holds if reason.holds else fails)


@dataclass(frozen=True, slots=True)
class Line:
    """One scheme that would pay, with its reasons; ``is_certain``: everything it asks for is known to hold."""

    scheme: FundingScheme
    is_certain: bool
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fundable:
    """What a page says about it. ``badge``: in a few words; ``why``: with the reasons, for who looks longer."""

    fits: Fits
    badge: str
    kind: str
    why: str
    lines: Sequence[Line]
    unknown: Sequence[str]
    against: Sequence[str]


def fundable_project(actor: Actor, project: Project) -> Fundable | None:
    """About a project that is planned or runs; None for others, and for who sees no schemes. One statement."""
    if project.status not in RUNNING or not actor.may("partnerships.view_schemes"):
        return None
    return _told(actor, candidate_of_project(project), timezone.localdate())


def fundable_opportunity(actor: Actor, opportunity: Opportunity) -> Fundable | None:
    """About an opportunity that is not closed; None for others, and for who sees no schemes. Two statements."""
    if opportunity.closed_at is not None or not actor.may("partnerships.view_schemes"):
        return None
    return _told(actor, candidate_of_opportunity(actor, opportunity), timezone.localdate())


def _told(actor: Actor, candidate: Candidate, today: date) -> Fundable | None:
    fits = fits_of(actor, candidate, today=today)
    if not fits.weighed:
        return None
    against = [
        f"{number} {WORDS[condition][1]}"
        for condition, number in sorted(fits.against.items(), key=lambda each: -each[1])
    ]
    unknown = [
        ngettext("%(what)s (asked by %(n)d scheme)", "%(what)s (asked by %(n)d schemes)", number)
        % {"what": WORDS[condition][2], "n": number}
        for condition, number in sorted(fits.unknown.items(), key=lambda each: -each[1])
    ]
    lines = [
        Line(fit.scheme, fit.verdict.is_certain, [reason_in_words(each) for each in _telling(fit.verdict.reasons)])
        for fit in fits.best
    ]
    badge, kind = _badge(fits)
    first = "; ".join(f"{line.scheme.name}: {', '.join(line.reasons)}" for line in lines[:2])
    why = first if fits.fitting else _("Of %(n)d schemes: %(why)s") % {"n": fits.weighed, "why": ", ".join(against)}
    return Fundable(fits, badge, kind, why, lines, unknown, against)


def _telling(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons about the thing itself; that a scheme is on offer goes without saying."""
    return [reason for reason in reasons if reason.condition not in ("offered", "opened", "deadline")]


def _badge(fits: Fits) -> tuple[str, str]:
    if fits.certain:
        return ngettext("Fundable: %d scheme", "Fundable: %d schemes", fits.certain) % fits.certain, "success"
    if fits.fitting:
        return ngettext(
            "Perhaps fundable: %d scheme", "Perhaps fundable: %d schemes", fits.fitting
        ) % fits.fitting, "info"
    return _("No scheme on offer would pay"), "neutral"
