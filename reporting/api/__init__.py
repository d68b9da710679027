from reporting.api.projects import ProjectSummaryViewSet, TopPartnersViewSet

routes = [("reports/summary", ProjectSummaryViewSet), ("reports/top-partners", TopPartnersViewSet)]
