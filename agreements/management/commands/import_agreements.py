"""Import a table of executed agreements into an office; docs/import.md has the columns and the rules."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from agreements.actions.imports import import_agreements
from agreements.rules.imports import COLUMNS, parse_agreement
from core.actor import Actor
from core.choices import CURRENCY_CODES
from core.imports.report import Outcome, Tally
from core.imports.tables import Table, Unreadable
from core.tenancy.scope import tenant_transaction
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Import executed agreements from a CSV file. Rows that cannot be read are named and left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file in UTF-8")
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the office")
        parser.add_argument("--dry-run", action="store_true", help="do everything, report it, and write nothing")

    def handle(self, *args, file: Path, tenant: str, dry_run: bool, **options) -> None:
        office = Tenant.objects.filter(slug=tenant).first()
        if office is None:
            raise CommandError(_("There is no office %s here.") % tenant)
        tally = Tally()
        try:
            with Table(file, COLUMNS) as table:
                rows = [(row, parse_agreement(row.values, currencies=CURRENCY_CODES)) for row in table.scan()]
                for broken in table.broken:
                    tally.reject(file.name, broken.line, broken.reason)
        except Unreadable as unusable:
            raise CommandError(_("Nothing was imported.") + f"\n  {unusable}") from None
        with tenant_transaction(office.pk):
            actor = Actor.system(office.pk, request_id="import")
            import_agreements(actor=actor, file=file.name, rows=rows, tally=tally)
            if dry_run:
                transaction.set_rollback(True)
        self._account(tenant, tally, dry_run)

    def _account(self, slug: str, tally: Tally, dry_run: bool) -> None:
        self.stdout.write(f"{slug}: " + (_("dry run, nothing written") if dry_run else _("imported")))
        for file, counts in tally.counts.items():
            numbers = ", ".join(f"{counts[outcome]} {outcome.label}" for outcome in Outcome)
            self.stdout.write(f"  {file}  {numbers}")
        for label, number in tally.made.items():
            self.stdout.write(f"  {label}  {number} {Outcome.CREATED.label}")
        for remark in tally.remarks:
            word = _("rejected") if remark.rejected else _("noted")
            self.stdout.write(f"  {remark.file}, {_('line')} {remark.line}: {word}: {remark.text}")
