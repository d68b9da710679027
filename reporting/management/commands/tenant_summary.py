"""The figures of every office's projects as CSV."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from reporting.management.offices import add_tenant_argument, each_office, write_csv
from reporting.queries.projects import ProjectSummary, project_summary


class Command(BaseCommand):
    help = "Print the figures of each office's projects as CSV. Offices without projects only when named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant_argument(parser)

    def handle(self, *args, tenant: list[str], **options) -> None:
        rows = ((slug, project_summary(actor)) for slug, actor in each_office(tenant))
        shown = [(slug, summary) for slug, summary in rows if tenant or summary.n_projects]
        write_csv(self.stdout, ProjectSummary, shown)
