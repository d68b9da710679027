"""Load the two demonstration offices, unless they are there."""

import random
import zoneinfo
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from core.tenancy.scope import AuditContext, audit_context, tenant_scope
from organizations.models import Affiliation, Contact, Organization
from partnerships.choices import Confidentiality, Direction, ProjectStatus, TeamRole
from partnerships.management.demo.balance import tell_balance
from partnerships.management.demo.daily import tell_daily
from partnerships.management.demo.funding import tell_money
from partnerships.management.demo.house import tell_offers, tell_units, tell_views
from partnerships.management.demo.names import CITIES, OFFICES
from partnerships.management.demo.opportunities import tell_opportunities
from partnerships.management.demo.partners import tell_clearances, tell_partners
from partnerships.management.demo.projects import tell_projects
from partnerships.management.demo.story import DAYS, Story, courses, moment, tell
from partnerships.management.demo.talent import tell_talent
from partnerships.models import (
    Interaction,
    Participant,
    Partnership,
    PartnershipHealth,
    Project,
    ProjectParticipant,
    TeamMember,
)
from tenants.actions.tenants import add_member, open_tenant
from tenants.models import Membership, Unit

PASSWORD = "causeway-demo"  # noqa: S105 - a demonstration's, printed at its start


class Command(BaseCommand):
    help = "Load two demonstration offices with three years of invented history. A second run changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--logins", action="store_true", help="only print the log-ins")

    def handle(self, *args, **options):
        if not options["logins"]:
            for office in OFFICES:
                self._load(office)
        for office in OFFICES:
            for name, mailbox, role, _title in office["members"]:
                self.stdout.write(f"{office['name']}: {_address(mailbox, office)}  {PASSWORD}  ({name}, {role})")

    @transaction.atomic
    def _load(self, office: dict) -> None:
        details = {key: office[key] for key in ("country", "currency", "time_zone", "fiscal_year_start")}
        tenant, made = open_tenant(slug=office["slug"], name=office["name"], **details)
        if not made:
            return
        members = [
            add_member(
                tenant=tenant,
                email=_address(mailbox, office),
                name=name,
                role=role,
                password=PASSWORD,
                job_title=title,
            )
            for name, mailbox, role, title in office["members"]
        ]
        with (
            tenant_scope(tenant.pk),
            audit_context(AuditContext(action="load_demo", reason="Demonstration data")),
        ):
            self._tell(office, members)

    def _tell(self, office: dict, members: list[Membership]) -> None:
        chance = random.Random(office["slug"])
        used_names: set[str] = set()
        now = timezone.now().astimezone(zoneinfo.ZoneInfo(office["time_zone"]))
        staff = [member for member in members if member.role != "viewer"]
        owners = [member for member in members if member.role in ("manager", "officer")]
        units = tell_units(members)
        themes: dict[int, str] = {}
        dealt = courses(len(office["partners"]), chance)
        for (name, kind, sector, city, theme), course in zip(office["partners"], dealt, strict=True):
            story = tell(course, theme, len(staff), used_names, chance)
            organization = _organization(name, kind, sector, city, chance)
            people = _people(organization, story)
            partnership = Partnership.objects.create(
                organization=organization,
                stage_declared=course.stage,
                tier=course.tier,
                owner_id=chance.choice(owners).user_id if course.name != "lapsed" or chance.random() < 0.6 else None,
                started_on=(now - timedelta(days=story.age_days)).date(),
                unit=units[theme],
                summary=f"Main theme: {theme}.",
            )
            themes[partnership.pk] = theme
            PartnershipHealth.objects.create(partnership=partnership)
            if partnership.owner_id is not None:
                TeamMember.objects.create(
                    partnership=partnership,
                    member_id=partnership.owner_id,
                    role=TeamRole.OWNER,
                    started_on=partnership.started_on,
                )
            _touches(partnership, story, people, staff, now)
            _works(organization, units[theme], story, office["currency"], now)
        partners = list(Partnership.objects.select_related("organization").order_by("pk"))
        tell_opportunities(partners, owners, office["currency"], now, random.Random(f"{office['slug']} pipeline"))
        tell_projects(partners, staff, now, random.Random(f"{office['slug']} delivery"))
        books = (office["currency"], office["fiscal_year_start"])
        tell_money(partners, *books, now, random.Random(f"{office['slug']} money"))
        tell_talent(partners, staff, office["currency"], now, random.Random(f"{office['slug']} talent"))
        tell_balance(partners, staff, office["currency"], now, random.Random(f"{office['slug']} balance"))
        tell_offers(units, members, random.Random(f"{office['slug']} offers"))
        tell_partners(partners, themes, random.Random(f"{office['slug']} partners"))
        tell_views(members)
        tell_clearances(partners, members, now)
        tell_daily(partners, themes, members, now, random.Random(f"{office['slug']} daily"))


def _address(mailbox: str, office: dict) -> str:
    """Ana works in both offices, so that choosing one has something to choose."""
    return f"{mailbox}@northfield.example" if mailbox == "ana" else f"{mailbox}@{office['slug']}.example"


def _organization(name: str, kind: str, sector: str, city: str, chance: random.Random) -> Organization:
    country, region, latitude, longitude = CITIES[city]
    domain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:24]
    size = chance.choices(["micro", "small", "medium", "large"], [1, 3, 5, 5])[0]
    return Organization.objects.create(
        name=name,
        kind=kind,
        country=country,
        region=region,
        city=city,
        latitude=latitude,
        longitude=longitude,
        geo_precision="city",
        website=f"https://{domain}.example",
        size_class=size,
        sme=size != "large" if kind == "company" else None,
        sector_scheme="nace",
        sector_code=sector,
    )


def _people(organization: Organization, story: Story) -> list[Contact]:
    domain = organization.website.removeprefix("https://")
    contacts = Contact.objects.bulk_create(
        Contact(name=name, email=f"{name.lower().replace(' ', '.')}@{domain}".encode("ascii", "ignore").decode())
        for name, _title, _decides in story.people
    )
    Affiliation.objects.bulk_create(
        Affiliation(contact=contact, organization=organization, title=title, is_decision_maker=decides)
        for contact, (_name, title, decides) in zip(contacts, story.people, strict=True)
    )
    return contacts


def _touches(partnership, story: Story, people: list[Contact], staff: list[Membership], now) -> None:
    rows = Interaction.objects.bulk_create(
        Interaction(
            partnership=partnership,
            kind=touch.kind,
            direction=Direction.INBOUND if touch.inbound else Direction.OUTBOUND,
            occurred_at=moment(now, touch),
            note=touch.note,
            confidentiality=Confidentiality.CONFIDENTIAL if touch.confidential else Confidentiality.INTERNAL,
            logged_by_id=staff[touch.members[0]].user_id,
        )
        for touch in story.touches
    )
    participants = []
    for row, touch in zip(rows, story.touches, strict=True):
        participants += [Participant(interaction=row, contact=people[place]) for place in touch.people]
        participants += [Participant(interaction=row, member_id=staff[place].user_id) for place in touch.members]
    Participant.objects.bulk_create(participants)


def _works(organization: Organization, unit: Unit, story: Story, currency: str, now) -> None:
    for work in story.works:
        running = work.ended_days_ago is None
        project = Project.objects.create(
            title=work.title,
            channel=work.channel,
            unit=unit,
            size=work.size,
            status=ProjectStatus.ACTIVE if running else ProjectStatus.COMPLETED,
            started_on=(now - timedelta(days=min(work.started_days_ago, DAYS))).date(),
            ended_on=None if running else (now - timedelta(days=work.ended_days_ago)).date(),
            currency=currency,
            award=work.award,
        )
        ProjectParticipant.objects.create(project=project, organization=organization, award=work.award)
