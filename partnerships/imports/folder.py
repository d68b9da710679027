"""The five CSV files of a project folder, checked as a whole before anything of them is written.

    with ProjectFolder(path) as folder:          # StoppedImport when a file is unusable
        for slug in folder.institutions: folder.source(slug)

Opening reads every file once. What is wrong with rows apart from any office (broken rows, ids given twice,
references to nothing) is in ``folder.tally``; the rest is found when an office's rows are read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from django.utils.translation import gettext as _

from core.choices import COUNTRY_CODES, CURRENCY_CODES
from core.imports.report import Outcome, Tally
from core.imports.tables import Row, Table, Unreadable
from partnerships.imports.messages import describe
from partnerships.rules.imports import (
    ImportedOrganization,
    ImportedParticipation,
    ImportedProject,
    Institution,
    Parsed,
    ProjectLink,
    parse_institution,
    parse_link,
    parse_organization,
    parse_participation,
    parse_project,
)

TENANTS, LINKS = "tenants.csv", "tenant_projects.csv"
PROJECTS, PARTICIPATIONS, ORGANIZATIONS = "projects.csv", "participations.csv", "organizations.csv"
COLUMNS: dict[str, Sequence[str]] = {
    TENANTS: ("tenant", "org_id", "name", "country", "ror_id", "website"),
    LINKS: ("tenant", "project_id", "tenant_role", "tenant_ec_contribution_eur"),
    PROJECTS: (
        *("project_id", "acronym", "display_title", "start_date", "end_date", "status", "total_cost_eur"),
        *("ec_contribution_eur", "currency", "programme", "url"),
    ),
    PARTICIPATIONS: ("project_id", "org_id", "role", "ec_contribution_eur"),
    ORGANIZATIONS: (
        *("org_id", "pic", "display_name", "short_name", "type_code", "type", "sme", "country", "city"),
        *("latitude", "longitude", "geo_precision", "website", "ror_id", "grid_id", "isni"),
    ),
}


class StoppedImport(Exception):
    """Files that cannot be read as a whole; nothing was written. ``problems`` has a sentence for each."""

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class OfficeSource:
    """What the folder has for one office; each method reads its file anew, row by row in the file's order."""

    folder: "ProjectFolder"
    institution: Institution
    links: Mapping[str, int]

    def __len__(self) -> int:
        """How many rows there are to read in all."""
        projects = [self.folder.participants_of(project) for project in self.links]
        return len(self.links) * 2 + len(self._org_ids()) + sum(len(rows) for rows in projects)

    def project_links(self) -> Iterator[tuple[Row, Parsed[ProjectLink]]]:
        return self.folder.read(LINKS, self.links.values(), parse_link)

    def projects(self) -> Iterator[tuple[Row, Parsed[ImportedProject]]]:
        return self.folder.read(PROJECTS, self.folder.numbers(PROJECTS, self.links), _parse_project)

    def participations(self) -> Iterator[tuple[Row, Parsed[ImportedParticipation]]]:
        rows = [row for project in self.links for row in self.folder.participants_of(project).values()]
        return self.folder.read(PARTICIPATIONS, rows, parse_participation)

    def organizations(self) -> Iterator[tuple[Row, Parsed[ImportedOrganization]]]:
        """Those that take part in the office's projects, and the institution's own."""
        numbers = self.folder.numbers(ORGANIZATIONS, self._org_ids())
        return self.folder.read(ORGANIZATIONS, numbers, _parse_organization)

    def _org_ids(self) -> set[str]:
        found = {self.institution.org_id} if self.institution.org_id else set()
        return found.union(*(self.folder.participants_of(project) for project in self.links))


class ProjectFolder:
    """The surveyed folder. ``institutions``: the rows of tenants.csv by office, in the file's order."""

    def __init__(self, path: Path):
        self.path = path
        self.tally = Tally()
        self.institutions: dict[str, Institution] = {}
        self._tables: dict[str, Table] = {}
        self._ids: dict[str, dict[str, int]] = {TENANTS: {}, PROJECTS: {}, ORGANIZATIONS: {}}
        self._links: dict[str, dict[str, int]] = {}
        self._participants: dict[str, dict[str, int]] = {}
        self._open = ExitStack()

    def __enter__(self) -> "ProjectFolder":
        try:
            self._survey()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def source(self, slug: str) -> OfficeSource:
        return OfficeSource(self, self.institutions[slug], self._links.get(slug, {}))

    def participants_of(self, project_id: str) -> Mapping[str, int]:
        """The number of each participation's row by organization."""
        return self._participants.get(project_id, {})

    def numbers(self, name: str, ids: Iterable[str]) -> list[int]:
        """The row numbers of those ids that the file has."""
        known = self._ids[name]
        return [known[each] for each in ids if each in known]

    def line_of(self, name: str, id_: str) -> int | None:
        """The line at which the file has this id; None when it has not."""
        number = self._ids[name].get(id_)
        return None if number is None else self._tables[name].line_of(number)

    def read(self, name: str, numbers: Iterable[int], parse: Callable) -> Iterator[tuple[Row, Parsed]]:
        for row in self._tables[name].rows(sorted(numbers)):
            yield row, parse(row.values)

    def _survey(self) -> None:
        if not self.path.is_dir():
            raise StoppedImport([_("There is no folder %s.") % self.path])
        problems = []
        for name, columns in COLUMNS.items():
            try:
                self._tables[name] = self._open.enter_context(Table(self.path / name, columns))
            except Unreadable as unusable:
                problems.append(str(unusable))
        surveys = {
            TENANTS: self._survey_tenants,
            LINKS: self._survey_links,
            PROJECTS: lambda table: self._survey_ids(table, "project_id"),
            PARTICIPATIONS: self._survey_participations,
            ORGANIZATIONS: lambda table: self._survey_ids(table, "org_id"),
        }
        # Participations and links are checked against the projects.
        for name in (PROJECTS, TENANTS, LINKS, PARTICIPATIONS, ORGANIZATIONS):
            if name not in self._tables:
                continue
            try:
                surveys[name](self._tables[name])
            except Unreadable as unusable:
                problems.append(str(unusable))
            for broken in self._tables[name].broken:
                self.tally.reject(name, broken.line, broken.reason)
        if problems:
            raise StoppedImport(problems)
        self.tally.remarks.sort(key=lambda remark: (list(COLUMNS).index(remark.file), remark.line))

    def _survey_ids(self, table: Table, column: str) -> None:
        for row in table.scan():
            self._keep(table, self._ids[table.name], row.values[column].strip(), row, column)

    def _survey_tenants(self, table: Table) -> None:
        for row in table.scan():
            slug = row.values["tenant"].strip()
            if not self._keep(table, self._ids[TENANTS], slug, row, "tenant"):
                continue
            parsed = parse_institution(row.values, countries=COUNTRY_CODES)
            if parsed.record is None:
                self.tally.reject(TENANTS, row.line, describe(*parsed.faults))
                continue
            for note in parsed.notes:
                self.tally.note(TENANTS, row.line, describe(note))
            self.institutions[slug] = parsed.record

    def _survey_links(self, table: Table) -> None:
        tenants = self._ids[TENANTS]
        for row in table.scan():
            slug, project = row.values["tenant"].strip(), row.values["project_id"].strip()
            if slug not in tenants:
                self.tally.reject(LINKS, row.line, _("tenants.csv has no tenant %s") % _shown(slug))
            elif project not in self._ids[PROJECTS]:
                self.tally.reject(LINKS, row.line, _("projects.csv has no project %s") % _shown(project))
            elif self._keep(table, self._links.setdefault(slug, {}), project, row, "project_id"):
                self._participants.setdefault(project, {})

    def _survey_participations(self, table: Table) -> None:
        for row in table.scan():
            project, organization = row.values["project_id"].strip(), row.values["org_id"].strip()
            if project not in self._ids[PROJECTS]:
                message = _("projects.csv has no project %s") % _shown(project)
                self.tally.reject(PARTICIPATIONS, row.line, message)
            elif project in self._participants:
                self._keep(table, self._participants[project], organization, row, "org_id")

    def _keep(self, table: Table, ids: dict[str, int], id_: str, row: Row, column: str) -> bool:
        """Remember where an id stands; False when it is empty or has been given before."""
        if not id_:
            self.tally.reject(table.name, row.line, _("%s is empty") % column)
            return False
        first = ids.setdefault(id_, row.number)
        if first == row.number:
            return True
        line = table.line_of(first)
        if table.row(first).values == row.values:
            self.tally.count(table.name, Outcome.UNCHANGED)
            self.tally.note(table.name, row.line, _("the same as line %s") % line)
        else:
            message = _("%(column)s %(id)s is already in line %(line)s, with other values") % {
                "column": column,
                "id": _shown(id_),
                "line": line,
            }
            self.tally.reject(table.name, row.line, message)
        return False


def _parse_organization(values: Mapping[str, str]) -> Parsed[ImportedOrganization]:
    return parse_organization(values, countries=COUNTRY_CODES)


def _parse_project(values: Mapping[str, str]) -> Parsed[ImportedProject]:
    return parse_project(values, currencies=CURRENCY_CODES)


def _shown(id_: str) -> str:
    return id_ if len(id_) <= 60 else f"{id_[:59]}…"
