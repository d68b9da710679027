"""Import a table of funding calls into an office's catalog of schemes; docs/import.md has the columns."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.imports.report import Tally
from core.imports.tables import Unreadable
from core.tenancy.scope import tenant_transaction
from partnerships.actions.imports.funding import import_schemes
from partnerships.imports.funding import read_calls_file
from partnerships.management.commands.import_funding import account
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Import funding calls from a CSV file as schemes. Rows that do not hold are named and left out."

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
            rows = read_calls_file(file, tally)
        except Unreadable as unusable:
            raise CommandError(_("Nothing was imported.") + f"\n  {unusable}") from None
        with tenant_transaction(office.pk):
            actor = Actor.system(office.pk, request_id="import")
            import_schemes(actor=actor, file=file.name, rows=rows, tally=tally)
            if dry_run:
                transaction.set_rollback(True)
        account(self.stdout, tenant, tally, dry_run)
