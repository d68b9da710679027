"""Settings: how health is computed here, every version of it, and what another one would change."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.pages import page, render_form
from partnerships.actions.health_configuration import publish_configuration
from partnerships.forms.health_configuration import HealthSettingsForm
from partnerships.health_wording import Line, Setting, in_words, label_of, shown
from partnerships.queries.health_configuration import Version, versions
from partnerships.queries.health_preview import Preview, partners_of, preview_configuration
from partnerships.rules.health import SettingChange, changed_settings

MOST_PARTNERS = 100


@page("partnerships.view_health_configuration")
def health_settings(request: HttpRequest) -> HttpResponse:
    """The settings in force in words, and all versions."""
    found = versions(request.actor)
    context = {"version": found[0], "groups": list(in_words(found[0].config)), "versions": found}
    return render(request, "partnerships/health_settings/settings.html", context)


@page("partnerships.view_health_configuration")
def health_settings_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it changed, why, and all its settings."""
    found = versions(request.actor)
    version = _version(found, pk)
    context = {
        "version": version,
        "lines": lines_of(version.changes),
        "groups": list(in_words(version.config)),
        "since": lines_of(_changes(version, found[0])),
        "in_force": found[0],
    }
    return render(request, "partnerships/health_settings/version.html", context)


@page("partnerships.configure_health", methods=["GET", "POST"])
def health_settings_change(request: HttpRequest) -> HttpResponse:
    """Change settings: first a form, then a preview of who would change band, then publishing with a reason.

    ``?from=`` begins with the settings of an older version.
    """
    found = versions(request.actor)
    base = _version(found, request.POST.get("base") or request.GET.get("from") or found[0].version)
    form = HealthSettingsForm(request.POST or None, base=base.config)
    context = {"in_force": found[0], "base": base, "seen": found[0].version}
    step = request.POST.get("step", "preview")
    if request.method == "GET" or step == "edit" or not form.is_valid():
        return _show_form(request, form, context)
    preview = form.perform(preview_configuration, actor=request.actor)
    if preview is None:
        return _show_form(request, form, context)
    if not preview.changes:
        form.add_error(None, _("These are the settings in force. Change at least one of them."))
        return _show_form(request, form, context)
    if step == "publish":
        published = form.perform(publish_configuration, actor=request.actor, note=form.reason, seen=_seen(request))
        if published is not None:
            messages.success(
                request, _("Version %s is in force. All scores are being computed anew.") % published.version
            )
            return redirect("partnerships:health_settings")
        if form.is_stale:
            return _show_form(request, form, context)
    context |= {"seen": _seen(request) if step == "publish" else found[0].version, **_previewed(request, preview)}
    return render_form(request, "partnerships/health_settings/preview.html", form, **context)


def lines_of(changes: Iterable[SettingChange]) -> list[Line]:
    """Changes of settings in words."""
    lines = []
    for change in changes:
        group, label, unit = label_of(change.path)
        setting = Setting(change.path, label, unit)
        lines.append(Line(setting, shown(unit, change.after), shown(unit, change.before), group))
    return lines


def _previewed(request: HttpRequest, preview: Preview) -> dict[str, Any]:
    moving = preview.moving
    return {
        "lines": lines_of(preview.changes),
        "bands": preview.bands,
        "total": len(preview.shifts),
        "moving": len(moving),
        "partners": partners_of(request.actor, moving[:MOST_PARTNERS]),
        "most": MOST_PARTNERS,
    }


def _show_form(request: HttpRequest, form: HealthSettingsForm, context: dict[str, Any]) -> HttpResponse:
    if request.POST.get("step") == "edit":  # back from the preview: nothing has been tried yet
        form.errors.clear()
    return render_form(request, "partnerships/health_settings/change.html", form, **context)


def _changes(version: Version, in_force: Version) -> list[SettingChange]:
    return [] if version.in_force else changed_settings(in_force.config, version.config)


def _version(found: list[Version], number: object) -> Version:
    for version in found:
        if str(version.version) == str(number):
            return version
    raise Http404


def _seen(request: HttpRequest) -> int:
    """The version that the form was made from; none that ever was where the form does not say."""
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
