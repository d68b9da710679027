"""The rows of the five files of a project folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partnerships.rules.imports.reading import Parsed, Reader

UNKNOWN = "unknown"
KINDS = ("university", "company", "research_institute", "public_body", "other")
TYPE_CODES = dict(zip(("hes", "prc", "rec", "pub", "oth"), KINDS, strict=True))
TYPES = {kind: kind for kind in (*KINDS, UNKNOWN)}
PRECISIONS = {"address": "address", "city-ror": "city", "city": "city", "country": "country"}
ROLES = {
    "coordinator": "coordinator",
    "participant": "participant",
    "thirdparty": "participant",
    "partner": "partner",
    "associatedpartner": "partner",
    "internationalpartner": "partner",
    "unknown": UNKNOWN,
}
STATED = {"signed": "active", "closed": "completed", "terminated": "ended_early"}
LONGEST_ID, LONGEST_NAME, LONGEST_TITLE = 50, 300, 500


@dataclass(frozen=True, slots=True)
class Institution:
    """A row of tenants.csv: an office and the institution it works for."""

    slug: str
    org_id: str
    name: str
    country: str
    website: str
    identifiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """A row of tenant_projects.csv: an office's own part in a project. ``role`` is "unknown" when not given."""

    slug: str
    project_id: str
    role: str
    award: Decimal | None


@dataclass(frozen=True, slots=True)
class ImportedOrganization:
    """A row of organizations.csv; empty text and None mean that the source does not know."""

    org_id: str
    name: str
    alias: str
    kind: str
    sme: bool | None
    country: str
    city: str
    place: tuple[Decimal, Decimal] | None
    precision: str
    website: str
    identifiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """A row of projects.csv. ``stated`` is what the source says of its state, as one of ours, or empty."""

    project_id: str
    title: str
    acronym: str
    started_on: date | None
    ended_on: date | None
    stated: str
    total_cost: Decimal | None
    award: Decimal | None
    currency: str
    programme: str
    website: str


@dataclass(frozen=True, slots=True)
class ImportedParticipation:
    """A row of participations.csv: one organization in one project."""

    project_id: str
    org_id: str
    role: str
    award: Decimal | None


def parse_institution(values: Mapping[str, str], *, countries: Collection[str]) -> Parsed[Institution]:
    row = Reader(values)
    record = Institution(
        slug=row.required("tenant", LONGEST_ID),
        org_id=row.text("org_id"),
        name=row.required("name", 200),
        country=row.country("country", countries),
        website=row.website("website"),
        identifiers=row.identifier("ror_id", "ror"),
    )
    if len(record.org_id) > LONGEST_ID:
        row.fault("too_long", "org_id", LONGEST_ID)
    return _answer(row, record)


def parse_link(values: Mapping[str, str]) -> Parsed[ProjectLink]:
    row = Reader(values)
    record = ProjectLink(
        slug=row.required("tenant", LONGEST_ID),
        project_id=row.required("project_id", LONGEST_ID),
        role=row.one_of("tenant_role", ROLES, UNKNOWN),
        award=row.money("tenant_ec_contribution_eur"),
    )
    return _answer(row, record)


def parse_organization(values: Mapping[str, str], *, countries: Collection[str]) -> Parsed[ImportedOrganization]:
    row = Reader(values)
    kind = row.one_of("type_code", TYPE_CODES, "") or row.one_of("type", TYPES, UNKNOWN)
    place = row.place("latitude", "longitude")
    record = ImportedOrganization(
        org_id=row.required("org_id", LONGEST_ID),
        name=row.required("display_name", LONGEST_NAME),
        alias=row.optional("short_name", LONGEST_NAME),
        kind=kind,
        sme=row.flag("sme"),
        country=row.country("country", countries),
        city=row.optional("city", 120),
        place=place,
        precision=row.one_of("geo_precision", PRECISIONS, "") if place else "",
        website=row.website("website"),
        identifiers=(
            *row.identifier("pic", "pic"),
            *row.identifier("ror_id", "ror"),
            *row.identifier("grid_id", "grid"),
            *row.identifier("isni", "isni"),
        ),
    )
    return _answer(row, record)


def parse_project(values: Mapping[str, str], *, currencies: Collection[str]) -> Parsed[ImportedProject]:
    row = Reader(values)
    record = ImportedProject(
        project_id=row.required("project_id", LONGEST_ID),
        title=row.required("display_title", LONGEST_TITLE),
        acronym=row.optional("acronym", 60),
        started_on=row.day("start_date"),
        ended_on=row.day("end_date"),
        stated=row.one_of("status", STATED, ""),
        total_cost=row.money("total_cost_eur"),
        award=row.money("ec_contribution_eur"),
        currency=row.currency("currency", currencies, "EUR"),
        programme=row.optional("programme", 300),
        website=row.website("url"),
    )
    if record.started_on and record.ended_on and record.ended_on < record.started_on:
        row.fault("dates_reversed", "end_date", record.started_on)
    return _answer(row, record)


def parse_participation(values: Mapping[str, str]) -> Parsed[ImportedParticipation]:
    row = Reader(values)
    record = ImportedParticipation(
        project_id=row.required("project_id", LONGEST_ID),
        org_id=row.required("org_id", LONGEST_ID),
        role=row.one_of("role", ROLES, UNKNOWN),
        award=row.money("ec_contribution_eur"),
    )
    return _answer(row, record)


def status_by_dates(project: ImportedProject, today: date) -> tuple[str, bool]:
    """The project's state on a day, and whether it is more than a guess.

    Dates decide: planned before the start, completed after the end. Without an end a project is in force unless the
    source calls it closed. Without any date the source's word counts; when there is none either, it is taken as
    completed, the likelier state of an old record, and that is the guess. One that the source calls
    terminated has ended early.
    """
    if project.started_on and project.started_on > today:
        return "planned", True
    if project.stated == "ended_early":
        return "ended_early", True
    if project.ended_on:
        return ("completed" if project.ended_on < today else "active"), True
    if project.started_on:
        return project.stated or "active", True
    return (project.stated, True) if project.stated else ("completed", False)


def _answer(row: Reader, record):
    if row.faults:
        return Parsed(None, tuple(row.faults))
    return Parsed(record, (), tuple(row.notes))
