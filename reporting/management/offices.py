"""What the report commands have in common: an actor for each office asked for, and CSV on standard output."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields
from typing import TextIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from core.actor import Actor
from core.tenancy.scope import tenant_transaction
from tenants.models import Tenant


def add_tenant_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--tenant",
        action="append",
        default=[],
        metavar="SLUG",
        help="only this office; may be repeated. Without it: all, in the order in which they were opened",
    )


def each_office(slugs: list[str]) -> Iterator[tuple[str, Actor]]:
    """(address, actor) of each office, in the order of opening, with its scope and a transaction open.

    Read within the loop's step: the scope ends with it. CommandError for an address that is none.
    """
    offices = Tenant.objects.filter(is_active=True).order_by("pk")
    if slugs:
        offices = offices.filter(slug__in=slugs)
    offices = list(offices)
    unknown = sorted(set(slugs) - {office.slug for office in offices})
    if unknown:
        raise CommandError(_("There is no office %s.") % ", ".join(unknown))
    for office in offices:
        with tenant_transaction(office.pk):
            yield office.slug, Actor.system(office.pk)


def write_csv(out: TextIO, answer: type, rows: Iterable[tuple[str, object]]) -> None:
    """A header and one line for each (office, answer); ``answer`` is the dataclass of the answers."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["tenant", *(field.name for field in fields(answer))])
    writer.writerows([slug, *astuple(row)] for slug, row in rows)
