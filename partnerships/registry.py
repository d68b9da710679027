"""Where apps above plug in: signals of health with their evidence, and tabs of a partner's page.

    register_signal("runway", read_runway)        # in an app's ready()
    register_evidence("runway", runway_evidence)
    register_tab(Tab("agreements", _("Agreements"), "agreements/_tab.html", agreements_of, order=60, count=…))

A section of the formula that nobody registers is not measured in this installation, and the formula leaves it out of
score and confidence alike. A reader is one set-based statement for all partnerships asked for.

    register_outcomes(agreement_outcomes)         # what a score is held against: was it renewed?
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest

from core.actor import Actor
from partnerships.models import Partnership
from partnerships.rules.health import HealthConfig, HealthInput
from partnerships.rules.health.whatif import Move


@dataclass(frozen=True, slots=True)
class HealthScope:
    """What is asked of a reader: one tenant, some partnerships (None: all), one day in the tenant's time zone.

    ``known_at`` asks for what was known at that moment: records entered later must not count, whatever day they are
    about (``queries.health.known``). None: what is known now.
    """

    tenant_id: int
    partnership_ids: tuple[int, ...] | None
    as_of: date
    time_zone: str
    config: HealthConfig
    known_at: datetime | None = None

    def of(self, partnership_ids: Sequence[int]) -> "HealthScope":
        """The same, asked of others."""
        return replace(self, partnership_ids=tuple(partnership_ids))


Reader = Callable[[HealthScope], Mapping[int, object]]

SECTIONS = {field.name for field in fields(HealthInput)} - {"stage"}

_signals: dict[str, Reader] = {}


def register_signal(section: str, reader: Reader) -> None:
    """Let ``reader`` answer a section for each partnership id; a missing id gets no section. Once per section."""
    if section not in SECTIONS:
        raise ImproperlyConfigured(f"The health formula has no section {section!r}")
    if section in _signals:
        raise ImproperlyConfigured(f"Two readers want the health section {section!r}")
    _signals[section] = reader


def signals() -> Mapping[str, Reader]:
    return dict(_signals)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One record behind a dimension of one partner's score.

    ``contribution``: what it adds to the sum that the formula uses. Rows of one ``group`` add up to one such sum.
    ``text``, ``url`` and ``note`` hold nothing that the actor may not see; a row without a ``url`` is not linked.
    ``remedy``: what could be done about it, for the advice to weigh; the move's code is one of ``whatif.COSTS``.
    """

    text: str
    contribution: float
    url: str = ""
    when: date | None = None
    note: str = ""
    group: str = ""
    remedy: Move | None = None


EvidenceReader = Callable[[Actor, Partnership, date, HealthConfig], Sequence[EvidenceRow]]

_evidence: dict[str, EvidenceReader] = {}


def register_evidence(section: str, reader: EvidenceReader) -> None:
    """Let ``reader`` answer the records behind a dimension of one partner's score on a day. Once per section."""
    if section not in SECTIONS:
        raise ImproperlyConfigured(f"The health formula has no section {section!r}")
    if section in _evidence:
        raise ImproperlyConfigured(f"Two readers want to show the evidence of {section!r}")
    _evidence[section] = reader


def evidence_readers() -> Mapping[str, EvidenceReader]:
    return dict(_evidence)


TabContext = Callable[[HttpRequest, Partnership], Mapping[str, Any]]
TabCount = Callable[[Actor], QuerySet]


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a partner's page, ``?tab=<code>``, for who holds ``permission`` (empty: who sees partners).

    ``context`` answers what ``template`` shows beside ``partnership``; it is called when the tab is opened and not
    before. ``count`` answers the rows behind the figure on the tab, as a queryset that names the partnership as
    ``OuterRef("pk")`` and holds nothing the actor may not see: the counts of all tabs are one statement.
    """

    code: str
    label: str
    template: str
    context: TabContext
    order: int
    permission: str = ""
    count: TabCount | None = None


_tabs: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    """Add a tab to the page of every partner. The same code twice raises."""
    if tab.code in _tabs:
        raise ImproperlyConfigured(f"Two tabs are called {tab.code}")
    _tabs[tab.code] = tab


def tabs_for(actor: Actor) -> list[Tab]:
    """The tabs this actor may open, in order."""
    shown = sorted(_tabs.values(), key=lambda tab: (tab.order, tab.code))
    return [tab for tab in shown if not tab.permission or actor.may(tab.permission)]


BriefWords = tuple[str] | tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class BriefPart:
    """A section of the partner brief from an app above, for who holds ``permission``.

    ``read(actor, partnership, today)`` answers lines of (text, head, tail), head and tail optional; ``empty`` is said
    when there are none.
    """

    code: str
    label: str
    permission: str
    read: Callable[[Actor, Partnership, date], Sequence[BriefWords]]
    empty: str


_brief_parts: dict[str, BriefPart] = {}


def register_brief_part(part: BriefPart) -> None:
    """Add a section to every brief. The same code twice raises."""
    if part.code in _brief_parts:
        raise ImproperlyConfigured(f"Two parts of the brief are called {part.code}")
    _brief_parts[part.code] = part


def brief_parts(actor: Actor) -> list[BriefPart]:
    return [part for part in _brief_parts.values() if actor.may(part.permission)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that was to go on after ``ended_on``, and whether it did. ``kind`` and ``label`` say what it was."""

    partnership_id: int
    ended_on: date
    renewed: bool
    kind: str
    label: str


OutcomeReader = Callable[[Actor, date], Sequence[Outcome]]
_outcomes: list[OutcomeReader] = []


def register_outcomes(reader: OutcomeReader) -> None:
    """Let ``reader(actor, until)`` answer what ended up to a day: all of which it is settled what came of it.

    It answers what the actor may see, in a fixed number of statements. The same reader twice counts once.
    """
    if reader not in _outcomes:
        _outcomes.append(reader)


def outcomes(actor: Actor, until: date) -> list[Outcome]:
    """All that apps above have registered, latest end first."""
    found = [outcome for reader in _outcomes for outcome in reader(actor, until)]
    return sorted(found, key=lambda outcome: (-outcome.ended_on.toordinal(), outcome.partnership_id, outcome.label))
