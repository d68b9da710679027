"""Migrate as the owner of the tables, who is another role than the application's."""

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Django's migrate on the connection of DATABASE_ADMIN_URL; without that variable it says so."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options):
        if options["database"] not in settings.DATABASES:
            raise CommandError("Set DATABASE_ADMIN_URL to the role causeway_migrate: only it may change tables.")
        return super().handle(*args, **options)
