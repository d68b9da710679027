"""Import money into an office from a CSV file, or from the awards of its projects; docs/import.md has the rules."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.imports.report import Outcome, Tally
from core.imports.tables import Unreadable
from core.tenancy.scope import tenant_transaction
from partnerships.actions.imports.funding import Rate, import_funding
from partnerships.imports.funding import AWARDS, award_rows, read_funding_file
from tenants.models import Tenant

RATE = re.compile(r"([A-Za-z]{3})=(\d{1,9}(?:\.\d{1,8})?)@(\d{4}-\d{2}-\d{2})")


def rate(text: str) -> tuple[str, Rate]:
    """ "USD=0.9135@2026-03-09" """
    match = RATE.fullmatch(text)
    try:
        return match[1].upper(), Rate(Decimal(match[2]), date.fromisoformat(match[3]))
    except (TypeError, ValueError):
        raise ArgumentTypeError(_("Give a rate as USD=0.9135@2026-03-09, not %s.") % text) from None


class Command(BaseCommand):
    help = "Import money from a CSV file, or from the awards of imported projects. Rows that do not hold are named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a CSV file in UTF-8")
        parser.add_argument("--awards", action="store_true", help="take over the awards of projects instead of a file")
        parser.add_argument(
            "--whole-consortium", action="store_true", help="with --awards: those of the other participants too"
        )
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="the office")
        parser.add_argument("--add-partners", action="store_true", help="add organizations and partners not here yet")
        parser.add_argument(
            "--rate",
            action="append",
            type=rate,
            default=[],
            metavar="CUR=RATE@DAY",
            help="for rows in this currency without a rate of their own; may be repeated",
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything, report it, and write nothing")

    def handle(
        self, *args, file: Path | None, awards: bool, whole_consortium: bool, tenant: str, dry_run: bool, **options
    ) -> None:
        if (file is None) != awards:
            raise CommandError(_("Name a file, or say --awards: one of the two."))
        office = Tenant.objects.filter(slug=tenant).first()
        if office is None:
            raise CommandError(_("There is no office %s here.") % tenant)
        tally = Tally()
        with tenant_transaction(office.pk):
            try:
                rows = (
                    award_rows(tally, whole_consortium=whole_consortium) if awards else read_funding_file(file, tally)
                )
            except Unreadable as unusable:
                raise CommandError(_("Nothing was imported.") + f"\n  {unusable}") from None
            import_funding(
                actor=Actor.system(office.pk, request_id="import"),
                file=AWARDS if awards else file.name,
                rows=rows,
                tally=tally,
                add_partners=options["add_partners"],
                rates=dict(options["rate"]),
            )
            if dry_run:
                transaction.set_rollback(True)
        account(self.stdout, tenant, tally, dry_run)


def account(out, slug: str, tally: Tally, dry_run: bool) -> None:
    """Print how many rows came out how, and what is to be said about single ones."""
    out.write(f"{slug}: " + (_("dry run, nothing written") if dry_run else _("imported")))
    for file, counts in tally.counts.items():
        numbers = ", ".join(f"{counts[outcome]} {outcome.label}" for outcome in Outcome)
        out.write(f"  {file}  {numbers}")
    for label, number in tally.made.items():
        out.write(f"  {label}  {number} {Outcome.CREATED.label}")
    for remark in tally.remarks:
        word = _("rejected") if remark.rejected else _("noted")
        where = f"{remark.file}, {_('line')} {remark.line}" if remark.line else remark.file
        out.write(f"  {where}: {word}: {remark.text}")
