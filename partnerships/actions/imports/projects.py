"""The action, and the projects and participations it writes."""

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.imports.report import Outcome, Tally
from partnerships.actions.imports.organizations import OrganizationWriter
from partnerships.actions.imports.partners import write_partnerships
from partnerships.actions.imports.rows import batches, change_rows, differences
from partnerships.choices import Channel, ProjectRole, ProjectStatus
from partnerships.imports.folder import LINKS, ORGANIZATIONS, PARTICIPATIONS, PROJECTS, OfficeSource
from partnerships.imports.messages import describe
from partnerships.models import Project, ProjectParticipant
from partnerships.rules.imports import ImportedProject, ProjectLink, status_by_dates
from tenants.actions.jobs import enqueue

KEEPS_ITS_STATE = {(ProjectStatus.ENDED_EARLY, ProjectStatus.COMPLETED)}


@action("partnerships.import_projects")
def import_projects(
    *, actor: Actor, source: OfficeSource, today: date, progress: Callable[[int], None] = lambda rows: None
) -> Tally:
    """Bring the office's projects, their participants and the partnerships up to what the folder says.

    Adds and updates, never removes; what the folder leaves empty stays as it is. All or nothing: any exception leaves
    no trace. A second call with the same folder on the same day writes nothing. Health is computed anew in the
    background when something has changed. Two imports into one office follow one another.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('partnerships.import_projects', %s))",
            [actor.tenant_id],
        )
    tally = Tally()
    organizations = OrganizationWriter(source, tally, progress)
    organizations.write()
    projects = ProjectWriter(source, tally, today, progress)
    projects.write()
    participations = ParticipationWriter(source, tally, organizations, projects, progress)
    participations.write()
    made = write_partnerships(participations.first_starts, own_id=organizations.own_id, today=today)
    if made:
        tally.made[str(_("partnerships"))] += made
    if tally.has_changes:
        enqueue("partnerships.recompute_all_health", key="import")
    return tally


class ProjectWriter:
    """Writes an office's projects. ``ids`` and ``starts``: primary key and first day by id in the source."""

    def __init__(self, source: OfficeSource, tally: Tally, today: date, progress: Callable[[int], None]):
        self.source, self.tally, self.today, self.progress = source, tally, today, progress
        self.ids: dict[str, int] = {}
        self.starts: dict[str, date | None] = {}
        self.links: dict[str, ProjectLink] = {}
        self.rejected: dict[str, tuple[str, int]] = {}

    def write(self) -> None:
        self._read_links()
        for batch in batches(self.source.projects()):
            lines = []
            for row, parsed in batch:
                project = row.values["project_id"].strip()
                if parsed.record is None:
                    self.rejected[project] = (PROJECTS, row.line)
                    self.tally.reject(PROJECTS, row.line, describe(*parsed.faults))
                elif project in self.rejected:
                    file, line = self.rejected[project]
                    message = _("%(file)s rejects it in line %(line)s") % {"file": file, "line": line}
                    self.tally.reject(PROJECTS, row.line, message)
                else:
                    for note in parsed.notes:
                        self.tally.note(PROJECTS, row.line, describe(note))
                    lines.append((row.line, parsed.record))
            self._write_batch(lines)
            self.progress(len(batch))

    def _read_links(self) -> None:
        for row, parsed in self.source.project_links():
            if parsed.record is None:
                self.rejected[row.values["project_id"].strip()] = (LINKS, row.line)
                self.tally.reject(LINKS, row.line, describe(*parsed.faults))
                continue
            for note in parsed.notes:
                self.tally.note(LINKS, row.line, describe(note))
            self.links[parsed.record.project_id] = parsed.record
        self.progress(len(self.source.links))

    def _write_batch(self, lines: list[tuple[int, ImportedProject]]) -> None:
        present = {
            row.external_id: row
            for row in Project.objects.filter(external_id__in=[each.project_id for _line, each in lines])
        }
        new: list[Project] = []
        changes: dict[int, dict[str, object]] = {}
        for line, record in lines:
            fields = self._fields(line, record)
            row = present.get(record.project_id)
            if row is None:
                known = {name: value for name, value in fields.items() if value is not None}
                new.append(Project(external_id=record.project_id, channel=Channel.RESEARCH, **known))
                continue
            if (row.status, fields["status"]) in KEEPS_ITS_STATE:
                fields["status"] = None
            if differing := differences(row, fields):
                changes[row.pk] = differing
        Project.objects.bulk_create(new)
        change_rows(Project, changes)
        created = {row.external_id for row in new}
        self.ids |= {row.external_id: row.pk for row in [*present.values(), *new]}
        for _line, record in lines:
            self.starts[record.project_id] = record.started_on
            outcome = Outcome.UPDATED if self.ids[record.project_id] in changes else Outcome.UNCHANGED
            for file in (PROJECTS, LINKS):
                self.tally.count(file, Outcome.CREATED if record.project_id in created else outcome)

    def _fields(self, line: int, record: ImportedProject) -> dict[str, object]:
        status, certain = status_by_dates(record, self.today)
        if not certain:
            self.tally.note(PROJECTS, line, _("neither dates nor a status: taken as completed"))
        role = self.links[record.project_id].role
        return {
            "title": record.title,
            "acronym": record.acronym,
            "status": status,
            "started_on": record.started_on,
            "ended_on": record.ended_on,
            "currency": record.currency,
            "total_cost": record.total_cost,
            "award": record.award,
            "programme": record.programme,
            "website": record.website,
            "we_coordinate": None if role == ProjectRole.UNKNOWN else role == ProjectRole.COORDINATOR,
        }


class ParticipationWriter:
    """Writes who takes part. ``first_starts``: the earliest known project start by organization's primary key."""

    def __init__(
        self,
        source: OfficeSource,
        tally: Tally,
        organizations: OrganizationWriter,
        projects: ProjectWriter,
        progress: Callable[[int], None],
    ):
        self.source, self.tally, self.progress = source, tally, progress
        self.organizations, self.projects = organizations, projects
        self.first_starts: dict[int, date | None] = {}

    def write(self) -> None:
        for batch in batches(self.source.participations()):
            wanted: dict[tuple[int, int], dict[str, object]] = {}
            for row, parsed in batch:
                reason = self._refusal(row.values["project_id"].strip(), row.values["org_id"].strip())
                if parsed.record is None:
                    reason = describe(*parsed.faults)
                if reason:
                    self.tally.reject(PARTICIPATIONS, row.line, reason)
                    continue
                for note in parsed.notes:
                    self.tally.note(PARTICIPATIONS, row.line, describe(note))
                record = parsed.record
                wanted[self._key(record.project_id, record.org_id)] = {
                    "role": record.role,
                    "award": record.award,
                }
            for outcome in self._write(wanted):
                self.tally.count(PARTICIPATIONS, outcome)
            self.progress(len(batch))
        self._write_own()

    def _refusal(self, project: str, organization: str) -> str:
        """Why this participation cannot be; empty when it can."""
        message = _("%(file)s rejects %(id)s in line %(line)s")
        if project in self.projects.rejected:
            file, line = self.projects.rejected[project]
            return message % {"file": file, "id": project, "line": line}
        if organization in self.organizations.ids:
            return ""
        if organization in self.organizations.rejected:
            line = self.organizations.rejected[organization]
            return message % {"file": ORGANIZATIONS, "id": organization, "line": line}
        return _("organizations.csv has no organization %s") % organization[:60]

    def _key(self, project: str, organization: str) -> tuple[int, int]:
        pk = self.organizations.ids[organization]
        start, known = self.projects.starts[project], self.first_starts.get(pk)
        self.first_starts[pk] = min(known, start) if known and start else known or start
        return self.projects.ids[project], pk

    def _write_own(self) -> None:
        """The institution's own part, where participations.csv leaves it out: tenant_projects.csv tells it."""
        own = self.source.institution.org_id
        for batch in batches(self.projects.ids.items()):
            self._write(
                {
                    (pk, self.organizations.own_id): {
                        "role": self.projects.links[project].role,
                        "award": self.projects.links[project].award,
                    }
                    for project, pk in batch
                    if not own or own not in self.source.folder.participants_of(project)
                }
            )

    def _write(self, wanted: dict[tuple[int, int], dict[str, object]]) -> list[Outcome]:
        projects = {project for project, _organization in wanted}
        present = {
            (row.project_id, row.organization_id): row
            for row in ProjectParticipant.objects.filter(project_id__in=projects)
        }
        new, changed, outcomes = [], [], []
        for (project, organization), fields in wanted.items():
            row = present.get((project, organization))
            if row is None:
                new.append(ProjectParticipant(project_id=project, organization_id=organization, **fields))
                outcomes.append(Outcome.CREATED)
                continue
            if fields["role"] == ProjectRole.UNKNOWN:
                fields = fields | {"role": None}
            differing = differences(row, fields)
            for name, value in differing.items():
                setattr(row, name, value)
            if differing:
                changed.append(row)
            outcomes.append(Outcome.UPDATED if differing else Outcome.UNCHANGED)
        ProjectParticipant.objects.bulk_create(new)
        ProjectParticipant.objects.bulk_update(changed, ["role", "award"], batch_size=500)
        return outcomes
