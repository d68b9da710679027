"""One's own preferences."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.pages import next_address, page, render_form
from tenants.actions.users import change_preferences
from tenants.forms.users import PreferencesForm
from tenants.queries.users import mail_of_member


@page("tenants.change_preferences", methods=["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How the pages look, which zone times are shown in, and which mail one gets. The menu sends one choice alone."""
    names = ("name", "time_zone", "theme", "density", "single_key_shortcuts")
    initial = {name: getattr(request.user, name) for name in names}
    initial |= mail_of_member(request.actor)
    quick = request.POST.keys() & {"theme", "density"} if "name" not in request.POST else set()
    given = {**initial, **request.POST.dict()} if quick else request.POST or None
    form = PreferencesForm(given, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.perform(change_preferences, actor=request.actor)
        if quick:
            return redirect(next_address(request) or "tenants:preferences")
        messages.success(request, _("Preferences saved."))
        return redirect("tenants:preferences")
    return render_form(request, "tenants/users/preferences.html", form)
