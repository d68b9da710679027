"""Members, units and API tokens over HTTP."""

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
]
