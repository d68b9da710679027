from reporting.api.analytics import BuiltAnalyticsViewSet, viewset_of
from reporting.api.projects import ProjectSummaryViewSet, TopPartnersViewSet
from reporting.api.reports import SavedReportViewSet, ScheduleViewSet
from reporting.api.targets import TargetViewSet
from reporting.registry import questions

routes = [
    ("reports", SavedReportViewSet),
    ("report-schedules", ScheduleViewSet),
    ("targets", TargetViewSet),
    ("reports/summary", ProjectSummaryViewSet),
    ("reports/top-partners", TopPartnersViewSet),
    ("analytics/built", BuiltAnalyticsViewSet),
    *((f"analytics/{question.code}", viewset_of(question)) for question in questions()),
]
