"""Addresses of the office itself, below /t/<slug>/."""

from django.urls import path

from tenants.views import bulk, exports, history, members, search, tokens, units, users, views

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
    path("units/", units.units, name="units"),
    path("units/new/", units.new, name="unit_new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/edit/", units.edit, name="unit_edit"),
    path("units/<int:pk>/close/", units.close, name="unit_close"),
    path("units/<int:pk>/reopen/", units.reopen, name="unit_reopen"),
    path("units/<int:pk>/members/", units.add_member, name="unit_member_new"),
    path("unit-members/<int:pk>/remove/", units.remove_member, name="unit_member_remove"),
    path("changes/<str:request_id>/undo/", history.undo, name="undo"),
    path("recycle-bin/", history.recycle_bin, name="recycle_bin"),
    path("preferences/", users.preferences, name="preferences"),
    path("search/", search.search, name="search"),
    path("ui/search/", search.palette, name="palette"),
    path("lists/<str:code>/views/new/", views.new, name="view_new"),
    path("views/<int:pk>/edit/", views.edit, name="view_edit"),
    path("views/<int:pk>/overwrite/", views.overwrite, name="view_overwrite"),
    path("views/<int:pk>/delete/", views.delete, name="view_delete"),
    path("views/<int:pk>/pin/", views.pin, name="view_pin"),
    path("views/<int:pk>/default/", views.choose_default, name="view_default"),
    path("lists/<str:code>/export/", views.export, name="export"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:pk>/file/", exports.open_file, name="export_file"),
    path("exports/<int:pk>/cancel/", exports.cancel, name="export_cancel"),
    path("exports/<int:pk>/retry/", exports.retry, name="export_retry"),
    path("exports/<int:pk>/delete/", exports.delete, name="export_delete"),
    path("lists/<str:code>/bulk/", bulk.bulk, name="bulk"),
]
