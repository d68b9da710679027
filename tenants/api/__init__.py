"""Members, units, API tokens, saved views and files out of lists over HTTP."""

from tenants.api.exports import ExportViewSet
from tenants.api.members import MemberViewSet
from tenants.api.search import SearchViewSet
from tenants.api.tokens import TokenViewSet
from tenants.api.units import UnitViewSet
from tenants.api.views import ViewViewSet

routes = [
    ("search", SearchViewSet),
    ("members", MemberViewSet),
    ("tokens", TokenViewSet),
    ("views", ViewViewSet),
    ("units", UnitViewSet),
    ("exports", ExportViewSet),
]
