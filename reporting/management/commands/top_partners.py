"""The organizations with the most joint projects in every office, as CSV."""

from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand

from organizations.choices import OrganizationKind
from reporting.management.offices import add_tenant_argument, each_office, write_csv
from reporting.queries.projects import MOST_PARTNERS, TopPartner, top_partners


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PARTNERS:
        raise ArgumentTypeError(f"a number from 1 to {MOST_PARTNERS}")
    return int(text)


class Command(BaseCommand):
    help = "Print each office's partners of one kind with the most joint projects as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant_argument(parser)
        parser.add_argument("--kind", choices=OrganizationKind.values, default=OrganizationKind.COMPANY.value)
        parser.add_argument("--limit", type=_limit, default=10, metavar="N", help="so many of each office (10)")

    def handle(self, *args, tenant: list[str], kind: str, limit: int, **options) -> None:
        rows = [
            (slug, partner)
            for slug, actor in each_office(tenant)
            for partner in top_partners(actor, kind=kind, limit=limit)
        ]
        write_csv(self.stdout, TopPartner, rows)
