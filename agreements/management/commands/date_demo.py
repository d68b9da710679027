"""Date what the demonstration's loaders have written: the last of them, run once as it is loaded."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agreements.management.demo import entry as agreements
from core.tenancy.scope import tenant_transaction
from partnerships.management.demo import entry as partnerships
from partnerships.management.demo.names import OFFICES
from tenants.management.demo.entry import date_office, may_be_dated
from tenants.models import Tenant

HERE = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = (
        "Let the demonstration offices have known their past as it happened. Needs the owner's connection, on this "
        "machine only. An office in which anybody has worked is left alone; a second run changes nothing."
    )

    def handle(self, *args, **options):
        if urlsplit(settings.SITE_ADDRESS).hostname not in HERE:
            raise CommandError("date_demo rewrites a history, so it runs for a demonstration on this machine only.")
        if "owner" not in settings.DATABASES:
            raise CommandError("date_demo needs DATABASE_ADMIN_URL, as migrate does: the application may not do it.")
        for tenant in Tenant.objects.filter(slug__in=[office["slug"] for office in OFFICES]).order_by("pk"):
            with tenant_transaction(tenant.pk):
                wanted = may_be_dated(tenant)
                opened = partnerships.opening_day() if wanted else None
            if opened is not None:
                about = {**partnerships.ABOUT, **agreements.ABOUT}
                date_office(tenant, opened, about, agreements.LATER)
