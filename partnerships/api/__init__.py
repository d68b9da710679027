"""Partnerships, their interactions, projects and health over HTTP."""

from partnerships.api.interactions import InteractionViewSet
from partnerships.api.partnerships import PartnershipViewSet
from partnerships.api.projects import ProjectViewSet

routes = [
    ("partnerships", PartnershipViewSet),
    ("interactions", InteractionViewSet),
    ("projects", ProjectViewSet),
]
