"""Money and schemes for tests; the scope must be open."""

from decimal import Decimal

from django.utils import timezone

from core.tenancy.scope import current_tenant_id
from partnerships.models import FundingEntry, FundingScheme, Partnership
from partnerships.rules.funding import base_amount, fiscal_year
from tenants.models import Tenant
from tests.factories.partnerships import make_partnership


def make_funding(partnership: Partnership | None = None, **fields) -> FundingEntry:
    """An amount received from a partner, in the office's currency unless told otherwise."""
    office = Tenant.objects.get(pk=current_tenant_id())
    if partnership is None and "project" not in fields:
        partnership = make_partnership()
    values = {
        "measure": "received",
        "amount": Decimal("1000.00"),
        "currency": office.currency,
        "rate": Decimal(1),
        "booked_on": timezone.localdate(),
        **fields,
    }
    values.setdefault("base_amount", base_amount(Decimal(values["amount"]), Decimal(values["rate"])))
    values.setdefault("fiscal_year", fiscal_year(values["booked_on"], office.fiscal_year_start))
    return FundingEntry.objects.create(partnership=partnership, **values)


def make_scheme(**fields) -> FundingScheme:
    return FundingScheme.objects.create(**{"name": "Innovation voucher", "funder": "Ministry of Research", **fields})
