"""Addresses of partnerships, below /t/<slug>/."""

from django.urls import path

from partnerships.views import interactions, partnerships, projects, today

app_name = "partnerships"

urlpatterns = [
    path("", today.today, name="today"),
    path("log/", interactions.log, name="log"),
    path("interactions/<int:pk>/", interactions.interaction, name="interaction"),
    path("interactions/<int:pk>/edit/", interactions.edit, name="interaction_edit"),
    path("partners/", partnerships.partners, name="partners"),
    path("partners/new/", partnerships.new, name="partner_new"),
    path("partners/<int:pk>/", partnerships.partner, name="partner"),
    path("partners/<int:pk>/edit/", partnerships.edit, name="partner_edit"),
    path("partners/<int:pk>/health-panel/", partnerships.health_panel, name="health_panel"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new, name="project_new"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.edit, name="project_edit"),
    path("ui/lookup/partners/", partnerships.lookup, name="lookup"),
]
