"""Addresses of the office itself, below /t/<slug>/."""

from django.urls import path

from tenants.views import members, tokens, users

app_name = "tenants"

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:pk>/role/", members.change_role, name="member_role"),
    path("members/<int:pk>/end/", members.end, name="member_end"),
    path("invitations/<int:pk>/revoke/", members.revoke, name="invitation_revoke"),
    path("join/<str:secret>/", members.join, name="join"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.create, name="token_new"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("preferences/", users.preferences, name="preferences"),
]
