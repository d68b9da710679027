"""Members and API tokens over HTTP."""

from tenants.api.members import MemberViewSet
from tenants.api.tokens import TokenViewSet

routes = [("members", MemberViewSet), ("tokens", TokenViewSet)]
