"""Organizations and people for tests; the scope must be open."""

from itertools import count

from organizations.choices import ContactPermission, RiskKind
from organizations.models import (
    Affiliation,
    Capability,
    CapabilityTopic,
    Clearance,
    Contact,
    Need,
    NeedTopic,
    Organization,
    RiskFlag,
)
from tenants.models import User

_numbers = count(1)


def make_organization(**fields) -> Organization:
    defaults = {"name": f"Organization {next(_numbers)}", "country": "DK"}
    return Organization.objects.create(**{**defaults, **fields})


def make_contact(organization: Organization | None = None, *, decides: bool = False, **fields) -> Contact:
    number = next(_numbers)
    defaults = {"name": f"Person {number}", "email": f"person{number}@partner.example"}
    contact = Contact.objects.create(**{**defaults, **fields})
    if organization is not None:
        Affiliation.objects.create(contact=contact, organization=organization, is_decision_maker=decides)
    return contact


def make_need(organization: Organization | None = None, *, topics: tuple[str, ...] = (), **fields) -> Need:
    defaults = {"title": f"Need {next(_numbers)}", "text": "In full", "public_summary": "In short"}
    need = Need.objects.create(organization=organization or make_organization(), **{**defaults, **fields})
    for code in topics:
        NeedTopic.objects.create(need=need, code=code)
    return need


def make_capability(*, topics: tuple[str, ...] = (), **fields) -> Capability:
    capability = Capability.objects.create(**{"title": f"Capability {next(_numbers)}", **fields})
    for code in topics:
        CapabilityTopic.objects.create(capability=capability, code=code)
    return capability


def make_risk_flag(organization: Organization | None = None, **fields) -> RiskFlag:
    defaults = {"kind": RiskKind.DISPUTE, "note": "Seen in the news"}
    return RiskFlag.objects.create(organization=organization or make_organization(), **{**defaults, **fields})


def make_guarded_contact(keeper: User, organization: Organization | None = None, **fields) -> Contact:
    """Somebody whom colleagues have to ask the keeper about first."""
    return make_contact(organization, owner=keeper, permission=ContactPermission.ASK_FIRST, **fields)


def make_clearance(contact: Contact, asker: User, **fields) -> Clearance:
    return Clearance.objects.create(**{"contact": contact, "requested_by": asker, "purpose": "A workshop", **fields})
