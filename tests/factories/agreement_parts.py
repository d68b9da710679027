"""Obligations, documents, compliance and IP for tests; the scope must be open."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from agreements.models import (
    Agreement,
    ConflictPlan,
    Document,
    Grant,
    IpAsset,
    Obligation,
    Party,
    Screening,
)
from organizations.models import Organization
from tenants.models import User
from tests.factories.agreements import make_agreement, make_executed
from tests.factories.organizations import make_organization

_numbers = count(1)


def make_obligation(agreement: Agreement | None = None, *, due_in: int = 10, **fields) -> Obligation:
    values = {
        "side": "ours",
        "kind": "report",
        "title": "Progress report",
        "due_on": timezone.localdate() + timedelta(days=due_in),
        **fields,
    }
    return Obligation.objects.create(agreement=agreement or make_executed(), **values)


def make_document(agreement: Agreement | None = None, **fields) -> Document:
    values = {"title": f"Draft {next(_numbers)}", "text": "One\nTwo\nThree", "level": "internal", **fields}
    return Document.objects.create(agreement=agreement or make_agreement(), **values)


def make_nda(organization: Organization | None = None, **fields) -> Agreement:
    """An NDA in force with an organization."""
    row = make_executed(**{"kind": "nda", "title": "Mutual NDA", **fields})
    if organization is not None:
        Party.objects.filter(agreement=row).update(organization=organization)
    return row


def make_screening(organization: Organization | None = None, **fields) -> Screening:
    values = {"lists": "EU and UN lists of today", **fields}
    return Screening.objects.create(organization=organization or make_organization(), **values)


def make_conflict_plan(member: User, agreement: Agreement | None = None, **fields) -> ConflictPlan:
    values = {"interest": "Owns shares.", "plan": "Takes no part in talks.", **fields}
    return ConflictPlan.objects.create(agreement=agreement or make_agreement(), member=member, **values)


def make_ip_asset(**fields) -> IpAsset:
    values = {"reference": f"IP-{next(_numbers)}", "title": "An enzyme", "text": "How it folds.", **fields}
    return IpAsset.objects.create(**values)


def make_grant(agreement: Agreement | None = None, asset: IpAsset | None = None, **fields) -> Grant:
    return Grant.objects.create(agreement=agreement or make_agreement(), asset=asset, **fields)
