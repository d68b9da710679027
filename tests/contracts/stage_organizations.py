"""What stands on the stage about an organization and the people in it."""

from django.utils import timezone

from organizations.models import (
    Contact,
    OptOut,
    Organization,
    OrganizationSector,
    OrganizationTag,
    Tag,
    WorkingPractices,
)
from tenants.choices import Role
from tests.cast import Office
from tests.factories.organizations import (
    make_capability,
    make_clearance,
    make_guarded_contact,
    make_need,
    make_risk_flag,
)
from tests.factories.units import make_unit


def add_profile(word: str, office: Office, organization: Organization, contact: Contact) -> dict[str, object]:
    """One of everything that belongs to the organization or the person; the ids by the first word of an address."""
    author = office.user(Role.ADMINISTRATOR)
    sector = OrganizationSector.objects.create(organization=organization, scheme="nace", code="26.11")
    tag, _made = Tag.objects.get_or_create(name=word)
    tagged = OrganizationTag.objects.create(organization=organization, tag=tag)
    WorkingPractices.objects.create(organization=organization, procurement=word, fiscal_year_start=4)
    flag = make_risk_flag(organization, note=word, raised_by=author)
    faculty = make_unit(name=f"{word} faculty")
    unit = make_unit(name=f"{word} unit", parent=faculty, members=(author,))
    make_unit(name=f"{word} laboratory", parent=unit)
    need = make_need(organization, title=word, text=word, contact=contact, topics=(word[:60],), budget=1000)
    capability = make_capability(title=word, text=word, unit=unit, lead=author, topics=(word[:60],))
    guarded = make_guarded_contact(office.user(Role.MANAGER), organization, name=f"{word} guarded")
    clearance = make_clearance(guarded, author, purpose=word)
    OptOut.objects.create(email_key=guarded.email.lower(), recorded_by=author)
    Contact.objects.filter(pk=guarded.pk).update(opted_out_at=timezone.now())
    return {
        "aliases": organization.aliases.latest("pk").pk,
        "identifiers": organization.identifiers.latest("pk").pk,
        "sectors": sector.pk,
        "tagged": tagged.pk,
        "tags": tag.pk,
        "risk-flags": flag.pk,
        "needs": need.pk,
        "capabilities": capability.pk,
        "affiliations": contact.affiliations.latest("pk").pk,
        "clearances": clearance.pk,
        "units": unit.pk,
        "unit-members": unit.members.latest("pk").pk,
    }
