"""Addresses of organizations and people, below /t/<slug>/."""

from django.urls import path

from organizations.views import contacts, organizations

app_name = "organizations"

urlpatterns = [
    path("organizations/", organizations.organizations, name="organizations"),
    path("organizations/new/", organizations.new, name="organization_new"),
    path("organizations/<int:pk>/", organizations.organization, name="organization"),
    path("organizations/<int:pk>/edit/", organizations.edit, name="organization_edit"),
    path("ui/lookup/organizations/", organizations.lookup, name="lookup"),
    path("people/", contacts.contacts, name="contacts"),
    path("people/new/", contacts.new, name="contact_new"),
    path("people/<int:pk>/", contacts.contact, name="contact"),
    path("people/<int:pk>/edit/", contacts.edit, name="contact_edit"),
]
