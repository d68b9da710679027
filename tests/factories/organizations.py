"""Organizations and people for tests; the scope must be open."""

from itertools import count

from organizations.models import Affiliation, Contact, Organization

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
