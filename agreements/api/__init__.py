"""Agreements over HTTP."""

from agreements.api.agreements import AgreementViewSet
from agreements.api.assets import FreedomViewSet, GrantViewSet, IpAssetViewSet
from agreements.api.compliance import ConflictPlanViewSet, NdaViewSet, ScreeningViewSet
from agreements.api.documents import DocumentViewSet
from agreements.api.obligations import CalendarFeedViewSet, ObligationViewSet
from agreements.api.parts import TurnaroundViewSet

routes = [
    ("agreements", AgreementViewSet),
    ("agreement-turnaround", TurnaroundViewSet),
    ("obligations", ObligationViewSet),
    ("calendar-feeds", CalendarFeedViewSet),
    ("documents", DocumentViewSet),
    ("screenings", ScreeningViewSet),
    ("conflict-plans", ConflictPlanViewSet),
    ("ndas", NdaViewSet),
    ("ip-assets", IpAssetViewSet),
    ("grants", GrantViewSet),
    ("grants/check", FreedomViewSet),
]
