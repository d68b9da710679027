"""Finding the partner that a row of money names, or adding it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.imports.report import Tally
from organizations.models import Organization, OrganizationAlias
from partnerships.models import Partnership, PartnershipHealth
from partnerships.rules.imports.funding import ImportedFunding


class Partners:
    """The partners behind the names and ids of some rows; with ``add`` what is missing is added, since its first row.

    Of several organizations with one name that in the row's country is meant; where that does not tell, none is.
    """

    def __init__(self, add: bool, tally: Tally, today: date):
        self.add, self.tally, self.today = add, tally, today
        self.by_id: dict[str, Organization] = {}
        self.by_name: dict[str, list[Organization]] = defaultdict(list)
        self.partnerships: dict[int, Partnership] = {}

    def load(self, records: Iterable[ImportedFunding]) -> None:
        """Read what a batch of rows may name, and add what is missing; a fixed number of statements."""
        records = [each for each in records if each.partner or each.partner_id]
        keys = {each.partner.lower() for each in records} - {""}
        ids = {each.partner_id for each in records} - {""}
        self.by_id = {row.external_id: row for row in Organization.objects.filter(external_id__in=ids)}
        found: dict[str, dict[int, Organization]] = defaultdict(dict)
        for row in Organization.objects.filter(name_key__in=keys).order_by("pk"):
            found[row.name_key][row.pk] = row
        aliases = OrganizationAlias.objects.filter(name_key__in=keys).select_related("organization").order_by("pk")
        for alias in aliases:
            found[alias.name_key][alias.organization_id] = alias.organization
        self.by_name = defaultdict(list, {key: list(rows.values()) for key, rows in found.items()})
        if self.add:
            self._add_organizations(records)
        named = [*self.by_id.values(), *(row for rows in self.by_name.values() for row in rows)]
        present = Partnership.objects.filter(organization__in={row.pk for row in named}).select_related("organization")
        self.partnerships = {row.organization_id: row for row in present}
        if self.add:
            self._add_partnerships(records)

    def of(self, record: ImportedFunding) -> Partnership | None:
        """The partner of a row, None where it names none. Refuses one that is not here, or cannot be told."""
        if not (record.partner or record.partner_id):
            return None
        organization = self._organization(record)
        if organization.is_own:
            raise ActionRefused("own_is_partner", _("%s is the institution itself") % organization.name)
        partnership = self.partnerships.get(organization.pk)
        if partnership is None:
            raise ActionRefused("no_partner", _("%s is here, but is no partner") % organization.name)
        return partnership

    def _organization(self, record: ImportedFunding) -> Organization:
        if record.partner_id and record.partner_id in self.by_id:
            return self.by_id[record.partner_id]
        rows = self.by_name.get(record.partner.lower(), []) if record.partner else []
        if len(rows) > 1:
            rows = [row for row in rows if record.partner_country and row.country == record.partner_country]
            if len(rows) != 1:
                raise ActionRefused("ambiguous", _("several organizations are called %s") % record.partner)
        if not rows:
            words = _("no partner is called %s") if record.partner else _("no partner has the id %s in its source")
            raise ActionRefused("no_partner", words % (record.partner or record.partner_id)[:100])
        return rows[0]

    def _add_organizations(self, records: Iterable[ImportedFunding]) -> None:
        wanted: dict[str, ImportedFunding] = {}
        ids: set[str] = set(self.by_id)
        for each in records:
            key = each.partner.lower()
            if key and key not in wanted and each.partner_id not in ids and not self.by_name.get(key):
                wanted[key] = each
                ids |= {each.partner_id} - {""}
        new = [
            Organization(name=each.partner, country=each.partner_country, external_id=each.partner_id or None)
            for each in wanted.values()
        ]
        Organization.objects.bulk_create(new)
        for key, row in zip(wanted, new, strict=True):
            self.by_name[key] = [row]
            if row.external_id:
                self.by_id[row.external_id] = row
        if new:
            self.tally.made[str(_("organizations"))] += len(new)

    def _add_partnerships(self, records: Iterable[ImportedFunding]) -> None:
        since: dict[int, date] = {}
        organizations: dict[int, Organization] = {}
        for each in records:
            try:
                row = self._organization(each)
            except ActionRefused:
                continue
            if not row.is_own and row.pk not in self.partnerships:
                organizations[row.pk] = row
                since[row.pk] = min(since.get(row.pk, self.today), each.booked_on)
        new = [Partnership(organization=organizations[pk], started_on=since[pk]) for pk in sorted(since)]
        Partnership.objects.bulk_create(new)
        PartnershipHealth.objects.bulk_create(PartnershipHealth(partnership=each) for each in new)
        self.partnerships |= {each.organization_id: each for each in new}
        if new:
            self.tally.made[str(_("partnerships"))] += len(new)
