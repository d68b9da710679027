"""Addresses of reports, below /t/<slug>/."""

from django.urls import path

from reporting.views import (
    attention,  # noqa: F401  it registers lines of Today
    board_pack,
    builder,
    dashboards,
    records,
    reports,
    schedules,
    scorecards,
    targets,
)

app_name = "reporting"

urlpatterns = [
    path("insights/", dashboards.director, name="director"),
    path("insights/portfolio/", dashboards.portfolio, name="portfolio"),
    path("insights/channels/", dashboards.channels, name="channels"),
    path("insights/map/", dashboards.places, name="places"),
    path("insights/impact/", dashboards.impact, name="impact"),
    path("insights/board-pack/", board_pack.board_pack, name="board_pack"),
    path("insight-filters/<str:code>/", dashboards.choose_filter, name="filter"),
    path("insight-files/<str:code>/", dashboards.answer_file, name="answer_file"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", builder.builder, name="builder"),
    path("reports/new/file/", builder.built_file, name="built_file"),
    path("reports/new/save/", reports.new, name="report_new"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/edit/", reports.edit, name="report_edit"),
    path("reports/<int:pk>/query/", reports.overwrite, name="report_overwrite"),
    path("reports/<int:pk>/history/", reports.history, name="report_history"),
    path("reports/<int:pk>/delete/", reports.delete, name="report_delete"),
    path("reports/<int:pk>/schedules/new/", schedules.new, name="schedule_new"),
    path("report-schedules/<int:pk>/", schedules.schedule, name="schedule"),
    path("report-schedules/<int:pk>/leave/", schedules.leave, name="schedule_leave"),
    path("report-schedules/<int:pk>/edit/", schedules.edit, name="schedule_edit"),
    path("report-schedules/<int:pk>/pause/", schedules.pause, name="schedule_pause"),
    path("report-schedules/<int:pk>/delete/", schedules.delete, name="schedule_delete"),
    path("partners/<int:pk>/scorecard/", scorecards.scorecard, name="scorecard"),
    path("targets/", targets.targets, name="targets"),
    path("targets/new/", targets.new, name="target_new"),
    path("targets/<int:pk>/remove/", targets.remove, name="target_remove"),
    *(
        path(f"insights/records/{name.removeprefix('records_')}/", view, name=name)
        for name, view in records.VIEWS.items()
    ),
]
