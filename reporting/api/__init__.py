from reporting.api.analytics import viewset_of
from reporting.api.projects import ProjectSummaryViewSet, TopPartnersViewSet
from reporting.registry import questions

routes = [
    ("reports/summary", ProjectSummaryViewSet),
    ("reports/top-partners", TopPartnersViewSet),
    *((f"analytics/{question.code}", viewset_of(question)) for question in questions()),
]
