"""Where apps above plug in: signals of health with their evidence, and tabs of a partner's page.

    register_signal("runway", read_runway)        # in an app's ready()
    register_evidence("runway", runway_evidence)
    register_tab(Tab("agreements", _("Agreements"), "agreements/_tab.html", agreements_of, order=60, count=…))

A section of the formula that nobody registers is not measured in this installation, and the formula leaves it out of
score and confidence alike. A reader is one set-based statement for all partnerships asked for. Sections that add up
(``ADDITIVE``) may have several readers, and their evidence too: what is delivered stands in projects and in agreements.

    register_outcomes(agreement_outcomes)         # what a score is held against: was it renewed?
    register_commitments(read_commitments)        # what agreements say of a partner, for alerts
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import partial
from operator import add
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest

from core.actor import Actor
from partnerships.models import Partnership
from partnerships.rules.health import DeliveryInput, HealthConfig, HealthInput
from partnerships.rules.health.alerts import Agreement
from partnerships.rules.health.whatif import Move


@dataclass(frozen=True, slots=True)
class HealthScope:
    """What is asked of a reader: one tenant, some partnerships (None: all), one day in the tenant's time zone.

    ``known_at`` asks for what was known at that moment: records entered later must not count, whatever day they are
    about (``queries.health.known``). None: what is known now. ``planned``: the same is asked over and over, so the
    connection keeps the plans of the statements (``core.prepared``).
    """

    tenant_id: int
    partnership_ids: tuple[int, ...] | None
    as_of: date
    time_zone: str
    config: HealthConfig
    known_at: datetime | None = None
    planned: bool = False

    def of(self, partnership_ids: Sequence[int]) -> "HealthScope":
        """The same, asked of others."""
        return replace(self, partnership_ids=tuple(partnership_ids))


Reader = Callable[[HealthScope], Mapping[int, Any]]

SECTIONS = {field.name for field in fields(HealthInput)} - {"stage"}


def _delivered(one: DeliveryInput, other: DeliveryInput) -> DeliveryInput:
    return DeliveryInput(one.weight + other.weight, one.credit + other.credit)


# How the answers of several readers of one section become one; every other section has one reader.
ADDITIVE: Mapping[str, Callable[[Any, Any], Any]] = {"delivery": _delivered, "critical_issues": add}

_signals: dict[str, list[Reader]] = {}


def register_signal(section: str, reader: Reader) -> None:
    """Let ``reader`` answer a section for each partnership id; a missing id gets no section.

    Once per section, but for those that add up.
    """
    if section not in SECTIONS:
        raise ImproperlyConfigured(f"The health formula has no section {section!r}")
    if section in _signals and section not in ADDITIVE:
        raise ImproperlyConfigured(f"Two readers want the health section {section!r}")
    readers = _signals.setdefault(section, [])
    if reader in readers:
        raise ImproperlyConfigured(f"A reader of {section!r} is registered twice")
    readers.append(reader)


def signals() -> Mapping[str, Reader]:
    """One reader per section, which answers what all that were registered say together."""
    return {
        section: readers[0] if len(readers) == 1 else partial(_together, section, tuple(readers))
        for section, readers in _signals.items()
    }


def _together(section: str, readers: Sequence[Reader], scope: HealthScope) -> Mapping[int, Any]:
    found: dict[int, Any] = {}
    for reader in readers:
        for pk, answer in reader(scope).items():
            found[pk] = ADDITIVE[section](found[pk], answer) if pk in found else answer
    return found


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

_evidence: dict[str, list[EvidenceReader]] = {}


def register_evidence(section: str, reader: EvidenceReader) -> None:
    """Let ``reader`` answer the records behind a dimension of one partner's score on a day.

    Once per section, but for those that add up: there the rows of all readers stand one after another.
    """
    if section not in SECTIONS:
        raise ImproperlyConfigured(f"The health formula has no section {section!r}")
    if section in _evidence and section not in ADDITIVE:
        raise ImproperlyConfigured(f"Two readers want to show the evidence of {section!r}")
    readers = _evidence.setdefault(section, [])
    if reader in readers:
        raise ImproperlyConfigured(f"A reader of {section!r} is registered twice")
    readers.append(reader)


def evidence_readers() -> Mapping[str, EvidenceReader]:
    """One reader per section, which answers the rows of all that were registered."""
    return {
        section: readers[0] if len(readers) == 1 else partial(_rows_together, tuple(readers))
        for section, readers in _evidence.items()
    }


def _rows_together(
    readers: Sequence[EvidenceReader], actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig
) -> list[EvidenceRow]:
    return [row for reader in readers for row in reader(actor, partnership, as_of, config)]


@dataclass(frozen=True, slots=True)
class Commitments:
    """What agreements say of one partner on a day: the main agreement, and how late the longest overdue duty is."""

    agreement: Agreement | None = None
    overdue_days: int | None = None


CommitmentReader = Callable[[HealthScope], Mapping[int, Commitments]]

_commitments: list[CommitmentReader] = []


def register_commitments(reader: CommitmentReader) -> None:
    """Let ``reader`` answer what agreements say of the partnerships asked for, in one statement. Once."""
    if _commitments:
        raise ImproperlyConfigured("Two readers want to say what agreements commit partners to")
    _commitments.append(reader)


def commitments(scope: HealthScope) -> Mapping[int, Commitments]:
    """By partnership; nothing where no app knows of agreements."""
    return _commitments[0](scope) if _commitments else {}


TabContext = Callable[[HttpRequest, Any], Mapping[str, Any]]
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


def counted_by(actor: Actor, tabs: Iterable[Tab]) -> dict[str, QuerySet]:
    """The rows behind the figures on tabs, by the tabs' codes."""
    return {tab.code: tab.count(actor) for tab in tabs if tab.count is not None}


_project_tabs: dict[str, Tab] = {}


def register_project_tab(tab: Tab) -> None:
    """Add a tab to the page of every project; ``context`` gets the project. The same code twice raises.

    ``count`` names the project as ``OuterRef("pk")``; its template has the project as ``project``.
    """
    if tab.code in _project_tabs:
        raise ImproperlyConfigured(f"Two tabs of projects are called {tab.code}")
    _project_tabs[tab.code] = tab


def project_tabs_for(actor: Actor) -> list[Tab]:
    """The tabs of a project that this actor may open, in order."""
    shown = sorted(_project_tabs.values(), key=lambda tab: (tab.order, tab.code))
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
