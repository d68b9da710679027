"""Open an office and invite its first administrator: how a new installation begins."""

import zoneinfo

from babel.core import get_global
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.actor import Actor
from core.errors import ActionRefused
from core.tenancy.scope import tenant_scope
from tenants.actions.invitation_mails import make_link, send
from tenants.actions.members import invite_member
from tenants.actions.tenants import open_tenant
from tenants.choices import Role


class Command(BaseCommand):
    help = "Open an office (or find it), invite an administrator by e-mail, and print the link, at SITE_ADDRESS, too."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="its address: /t/<slug>/")
        parser.add_argument("name", help="the institution's name")
        parser.add_argument("--admin", required=True, metavar="EMAIL", help="whom to invite as administrator")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--currency", default="EUR")

    @transaction.atomic
    def handle(self, *args, slug, name, admin, time_zone, currency, **options):
        if time_zone not in zoneinfo.available_timezones():
            raise CommandError(f"{time_zone} is no time zone. Use a name such as Europe/Copenhagen.")
        if currency not in get_global("all_currencies"):
            raise CommandError(f"{currency} is no currency code of ISO 4217.")
        try:
            tenant, made = open_tenant(slug=slug, name=name, time_zone=time_zone, currency=currency)
        except ValidationError as invalid:
            raise CommandError("; ".join(invalid.messages)) from invalid
        actor = Actor.system(tenant.pk, request_id="open_office")
        with tenant_scope(tenant.pk):
            try:
                invitation = invite_member(actor=actor, email=admin, role=Role.ADMINISTRATOR)
            except ActionRefused as refused:
                raise CommandError(str(refused.message)) from refused
            link = make_link(invitation)
            try:
                send(invitation, link)
            except OSError as failure:
                self.stderr.write(f"The e-mail could not be sent ({failure}); hand the link over yourself.")
        self.stdout.write(f"{'Opened' if made else 'Found'} {tenant.name} at /t/{slug}/.")
        self.stdout.write(f"Invited {admin}: {link}")
