"""The organizations of an import: rows, other names, identifiers, and the institution's own."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.imports.report import Outcome, Tally
from core.imports.tables import Row
from organizations.models import Organization, OrganizationAlias, OrganizationIdentifier
from partnerships.actions.imports.rows import batches, change_rows, differences
from partnerships.imports.folder import ORGANIZATIONS, TENANTS, OfficeSource
from partnerships.imports.messages import describe
from partnerships.rules.imports import ImportedOrganization, Institution, Parsed
from partnerships.rules.imports.rows import UNKNOWN

Line = tuple[int, ImportedOrganization]


class OrganizationWriter:
    """Writes an office's organizations. ``ids``: primary key by id in the source; ``rejected``: line by that id."""

    def __init__(self, source: OfficeSource, tally: Tally, progress: Callable[[int], None]):
        self.source, self.tally, self.progress = source, tally, progress
        self.ids: dict[str, int] = {}
        self.rejected: dict[str, int] = {}
        self.own_id: int | None = None

    def write(self) -> None:
        """Everything there is to write; refuses when the office belongs to another institution."""
        self._find_own()
        for batch in batches(self.source.organizations()):
            self._write_batch(self._usable(batch))
            self.progress(len(batch))
        self._own_from_tenants_file()

    def _find_own(self) -> None:
        """The institution's own organization must be the one that tenants.csv names, or not be there yet."""
        institution = self.source.institution
        own = Organization.objects.filter(is_own=True).first()
        same = Organization.objects.filter(external_id=institution.org_id).first() if institution.org_id else None
        if own is None:
            if same is not None:
                message = _("%(name)s (%(id)s) is here already, but not as the institution itself.")
                raise ActionRefused("own_is_partner", message % {"name": same.name, "id": same.external_id})
            return
        if institution.org_id and own.external_id not in (None, institution.org_id):
            message = _("This office works for %(name)s (%(id)s), and tenants.csv says %(other)s.")
            raise ActionRefused(
                "other_institution",
                message % {"name": own.name, "id": own.external_id, "other": institution.org_id},
            )
        if institution.org_id and own.external_id is None:
            if same is not None:
                message = _("%(name)s and %(other)s are both here; they are one institution.")
                raise ActionRefused("own_twice", message % {"name": own.name, "other": same.name})
            change_rows(Organization, {own.pk: {"external_id": institution.org_id}})
            self.tally.made[str(_("own organization given its id"))] += 1
        self.own_id = own.pk
        if institution.org_id:
            self.ids[institution.org_id] = own.pk

    def _own_from_tenants_file(self) -> None:
        """Where organizations.csv does not have the institution, what tenants.csv says of it is enough."""
        institution = self.source.institution
        line = self.source.folder.line_of(TENANTS, institution.slug) or 0
        if self.own_id is not None:
            self.tally.count(TENANTS, Outcome.UNCHANGED)
            return
        if institution.org_id in self.ids:
            self.own_id = self.ids[institution.org_id]
        else:
            self._write_batch([(line, _as_organization(institution))], file=TENANTS)
            self.own_id = Organization.objects.values_list("pk", flat=True).get(is_own=True)
            return
        self.tally.count(TENANTS, Outcome.CREATED)

    def _usable(self, batch: Iterable[tuple[Row, Parsed[ImportedOrganization]]]) -> list[Line]:
        usable = []
        for row, parsed in batch:
            if parsed.record is None:
                self.rejected[row.values["org_id"].strip()] = row.line
                self.tally.reject(ORGANIZATIONS, row.line, describe(*parsed.faults))
                continue
            for note in parsed.notes:
                self.tally.note(ORGANIZATIONS, row.line, describe(note))
            usable.append((row.line, parsed.record))
        return usable

    def _write_batch(self, lines: list[Line], file: str = ORGANIZATIONS) -> None:
        present = {
            row.external_id: row
            for row in Organization.objects.filter(external_id__in=[each.org_id for _line, each in lines])
        }
        new: list[Organization] = []
        changes: dict[int, dict[str, object]] = {}
        for _line, record in lines:
            row = present.get(record.org_id)
            if row is None:
                new.append(self._new(record))
            elif differing := differences(row, _fields(record)):
                changes[row.pk] = differing
        Organization.objects.bulk_create(new)
        change_rows(Organization, changes)
        keys = {row.external_id or "": row.pk for row in [*present.values(), *new]}
        self.ids |= keys
        named = self._write_aliases(lines, keys) | self._write_identifiers(lines, keys, file)
        created = {row.pk for row in new}
        for _line, record in lines:
            pk = keys[record.org_id]
            if pk in created:
                self.tally.count(file, Outcome.CREATED)
            else:
                changed = pk in changes or pk in named
                self.tally.count(file, Outcome.UPDATED if changed else Outcome.UNCHANGED)

    def _new(self, record: ImportedOrganization) -> Organization:
        is_own = record.org_id == self.source.institution.org_id
        fields = _fields(record) | {"kind": record.kind}
        return Organization(
            external_id=record.org_id or None,
            is_own=is_own,
            **{name: value for name, value in fields.items() if value is not None},
        )

    def _write_aliases(self, lines: list[Line], keys: dict[str, int]) -> set[int]:
        """Add the other names that are new; answers whose."""
        wanted = {
            keys[record.org_id]: record.alias
            for _line, record in lines
            if record.alias and record.alias.lower() != record.name.lower()
        }
        present = OrganizationAlias.objects.filter(organization_id__in=list(wanted))
        known = {
            (organization, name)
            for organization, *names in present.values_list("organization_id", "name", "name_key")
            for name in names
        }
        new = {
            pk: alias for pk, alias in wanted.items() if (pk, alias) not in known and (pk, alias.lower()) not in known
        }
        # Two spellings may be one for PostgreSQL's lower() and two for Python's; the first stays.
        OrganizationAlias.objects.bulk_create(
            [OrganizationAlias(organization_id=pk, name=alias) for pk, alias in new.items()],
            ignore_conflicts=True,
        )
        return set(new)

    def _write_identifiers(self, lines: list[Line], keys: dict[str, int], file: str) -> set[int]:
        """Add the identifiers that are new; one that another organization holds stays there, and is noted."""
        values = {value for _line, record in lines for _scheme, value in record.identifiers}
        present = OrganizationIdentifier.objects.filter(value__in=list(values))
        holders = {
            (scheme, value): (pk, name)
            for scheme, value, pk, name in present.values_list(
                "scheme", "value", "organization_id", "organization__name"
            )
        }
        new = []
        for line, record in lines:
            pk = keys[record.org_id]
            held: dict[str, list[str]] = {}
            for scheme, value in record.identifiers:
                if (scheme, value) not in holders:
                    holders[scheme, value] = (pk, record.name)
                    new.append(OrganizationIdentifier(organization_id=pk, scheme=scheme, value=value))
                elif holders[scheme, value][0] != pk:
                    held.setdefault(holders[scheme, value][1], []).append(f"{scheme.upper()} {value}")
            for name, taken in held.items():
                message = _("%(name)s has %(identifiers)s already, left out here")
                self.tally.note(file, line, message % {"name": name, "identifiers": ", ".join(taken)})
        OrganizationIdentifier.objects.bulk_create(new)
        return {each.organization_id for each in new}


def _fields(record: ImportedOrganization) -> dict[str, object]:
    """What the file says, by field; None or empty where it does not know."""
    place = record.place or (None, None)
    return {
        "name": record.name,
        "kind": None if record.kind == UNKNOWN else record.kind,
        "sme": record.sme,
        "country": record.country,
        "city": record.city,
        "latitude": place[0],
        "longitude": place[1],
        "geo_precision": record.precision,
        "website": record.website,
    }


def _as_organization(institution: Institution) -> ImportedOrganization:
    return ImportedOrganization(
        org_id=institution.org_id,
        name=institution.name,
        alias="",
        kind="university",
        sme=None,
        country=institution.country,
        city="",
        place=None,
        precision="",
        website=institution.website,
        identifiers=institution.identifiers,
    )
