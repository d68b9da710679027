"""Import a folder of projects into offices; docs/import.md has the columns and the rules."""

import logging
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.core import get_global
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from core.actor import Actor
from core.errors import ActionRefused
from core.imports.report import Outcome, Remark, Tally
from core.tenancy.scope import tenant_scope
from partnerships.actions.health import local_today, recompute_health
from partnerships.actions.imports import import_projects
from partnerships.imports.folder import OfficeSource, ProjectFolder, StoppedImport
from partnerships.rules.imports import Institution
from tenants.actions.tenants import open_tenant
from tenants.models import Tenant

logger = logging.getLogger(__name__)

NOTES_SHOWN = 5


class Command(BaseCommand):
    help = "Import projects, organizations and who takes part from a folder of CSV files (docs/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the five CSV files")
        parser.add_argument(
            "--tenant",
            action="append",
            default=[],
            metavar="SLUG",
            help="only this office; may be repeated. Without it: all of tenants.csv",
        )
        parser.add_argument("--create-tenants", action="store_true", help="open the offices that are not here yet")
        parser.add_argument("--dry-run", action="store_true", help="do everything, report it, and write nothing")
        parser.add_argument("--health", action="store_true", help="compute health at once, not in the background")

    def handle(self, *args, folder: Path, tenant: list[str], create_tenants: bool, **options) -> None:
        try:
            with ProjectFolder(folder) as opened:
                slugs = self._offices(opened, tenant, create_tenants)
                failed = self._import(opened, slugs, options["dry_run"], options["health"], options["verbosity"])
        except StoppedImport as stopped:
            raise CommandError(
                _("Nothing was imported.") + "".join(f"\n  {problem}" for problem in stopped.problems)
            ) from None
        if failed:
            raise CommandError(
                _("%(failed)s of %(all)s offices failed: %(names)s. Nothing was written for them.")
                % {"failed": len(failed), "all": len(slugs), "names": ", ".join(failed)}
            )

    def _offices(self, folder: ProjectFolder, asked: list[str], create: bool) -> list[str]:
        """The offices to import for, in the order of tenants.csv; CommandError when one cannot be."""
        known = list(folder.institutions)
        unknown = [slug for slug in asked if slug not in known]
        if unknown:
            raise CommandError(
                _("tenants.csv has no %(unknown)s. It has: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": ", ".join(known) or _("no usable row")}
            )
        slugs = [slug for slug in known if slug in asked] if asked else known
        here = set(Tenant.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        absent = [slug for slug in slugs if slug not in here]
        if absent and not create:
            raise CommandError(
                _(
                    "There is no office %s here. Nothing was imported. Open it first, or let the import do it with "
                    "--create-tenants."
                )
                % ", ".join(absent)
            )
        return slugs

    def _import(
        self, folder: ProjectFolder, slugs: list[str], dry_run: bool, health: bool, verbosity: int
    ) -> list[str]:
        """Import office by office, each in its own transaction; answers which failed."""
        if folder.tally.remarks:
            self.stdout.write(_("All offices"))
            self._remarks(folder.tally.remarks, verbosity)
        failed = []
        for slug in slugs:
            source = folder.source(slug)
            try:
                with progress_bar(slug, len(source)) as advance:
                    tally = import_office(source, advance, dry_run=dry_run, health=health)
            except (ActionRefused, ValidationError, DatabaseError) as problem:
                words = "; ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
                self._failed(slug, words.strip())
                failed.append(slug)
            except Exception as problem:
                logger.exception("The import for %s failed", slug)
                self._failed(slug, f"{type(problem).__name__}: {problem}")
                failed.append(slug)
            else:
                self._account(slug, tally, dry_run, verbosity)
        return failed

    def _failed(self, slug: str, words: str) -> None:
        self.stdout.write(
            self.style.ERROR(
                _("%(office)s: failed, nothing written: %(words)s")
                % {
                    "office": slug,
                    "words": words,
                }
            )
        )

    def _account(self, slug: str, tally: Tally, dry_run: bool, verbosity: int) -> None:
        state = _("dry run, nothing written") if dry_run else _("imported")
        self.stdout.write(f"{slug}: {state}")
        width = max(map(len, tally.counts), default=0)
        for file, counts in tally.counts.items():
            numbers = ", ".join(f"{counts[outcome]} {outcome.label}" for outcome in Outcome)
            self.stdout.write(f"  {file:{width}}  {numbers}")
        for label, number in tally.made.items():
            self.stdout.write(f"  {label:{width}}  {number} {Outcome.CREATED.label}")
        self._remarks(tally.remarks, verbosity)

    def _remarks(self, remarks: list[Remark], verbosity: int) -> None:
        """All rejections; of the notes the first of each file, or all with --verbosity 2."""
        for file in dict.fromkeys(remark.file for remark in remarks):
            notes = 0
            for remark in (each for each in remarks if each.file == file):
                notes += not remark.rejected
                if remark.rejected or notes <= NOTES_SHOWN or verbosity > 1:
                    word = _("rejected") if remark.rejected else _("noted")
                    self.stdout.write(f"  {file}, {_('line')} {remark.line}: {word}: {remark.text}")
            if notes > NOTES_SHOWN and verbosity <= 1:
                more = _("%(number)s more notes; --verbosity 2 shows them") % {"number": notes - NOTES_SHOWN}
                self.stdout.write(f"  {file}: {more}")


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while it is a terminal, nothing elsewhere: ``with … as advance: advance(rows)``."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda rows: None
        return
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(name, total=total)
        yield lambda rows: progress.advance(bar, rows)


def import_office(
    source: OfficeSource, progress: Callable[[int], None], *, dry_run: bool = False, health: bool = False
) -> Tally:
    """One office in one transaction, opened when it is not there; a dry run rolls everything back."""
    institution = source.institution
    with transaction.atomic():
        tenant, opened = open_tenant(
            slug=institution.slug,
            name=institution.name,
            country=institution.country,
            time_zone=time_zone_of(institution),
            external_id=institution.org_id,
        )
        with tenant_scope(tenant.pk):
            actor = Actor.system(tenant.pk, request_id="import")
            tally = import_projects(actor=actor, source=source, today=local_today(tenant), progress=progress)
            if health:
                recompute_health(actor=actor)
            if dry_run:
                transaction.set_rollback(True)
        if opened:
            tally.made[str(_("office"))] += 1
    return tally


def time_zone_of(institution: Institution) -> str:
    """The time zone of a country that has but one; UTC for the others, to be corrected by hand."""
    zones = [zone for zone, country in get_global("zone_territories").items() if country == institution.country]
    return zones[0] if len(zones) == 1 else "UTC"
