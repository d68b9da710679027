from tenants.models.changes import Change
from tenants.models.exports import LongExport
from tenants.models.fields import MemberForeignKey
from tenants.models.files import FileAccess, StoredFile
from tenants.models.idempotency import KeptAnswer
from tenants.models.invitations import Invitation
from tenants.models.jobs import Job
from tenants.models.tenants import Membership, Tenant
from tenants.models.tokens import ApiToken
from tenants.models.units import Unit, UnitMember
from tenants.models.users import User
from tenants.models.views import Export, SavedView, ViewMark

__all__ = [
    "ApiToken",
    "Change",
    "Export",
    "FileAccess",
    "Invitation",
    "Job",
    "KeptAnswer",
    "LongExport",
    "MemberForeignKey",
    "Membership",
    "SavedView",
    "StoredFile",
    "Tenant",
    "Unit",
    "UnitMember",
    "User",
    "ViewMark",
]
