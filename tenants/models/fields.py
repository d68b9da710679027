"""A reference to a colleague: the database proves the membership."""

from django.conf import settings
from django.db import models

from core.tenancy.models import TenantReferencing


class MemberForeignKey(TenantReferencing, models.ForeignKey):
    """A user who is, or was, a member of the row's tenant: (tenant_id, column) → membership (tenant_id, user_id).

    ``to`` is always the user model. A user without membership here is refused by the database.
    """

    reference_table = ("tenants_membership", "user_id")

    def __init__(self, to=settings.AUTH_USER_MODEL, on_delete=models.PROTECT, **kwargs):
        super().__init__(to, on_delete, **kwargs)
