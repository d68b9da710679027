"""Calendar addresses: making and withdrawing one's own, and what a calendar program reads under them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.calendar import create_calendar_feed, note_reading, revoke_calendar_feed
from agreements.forms.obligations import CalendarFeedForm
from agreements.queries.calendar import calendar_of, feed_by_secret, visible_calendar_feeds
from core.errors import ActionRefused, PermissionRefused
from core.pages import open_page, page, render_form

TEMPLATE = "agreements/calendar/list.html"


@page("agreements.view_calendar_feeds")
def feeds(request: HttpRequest) -> HttpResponse:
    """One's calendar addresses; administrators see everybody's."""
    context = {"feeds": visible_calendar_feeds(request.actor)[:100], "form": CalendarFeedForm()}
    return render(request, TEMPLATE, context)


@page("agreements.create_calendar_feed", methods=["POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an address; the answer shows it, once, and is not kept."""
    form, context = CalendarFeedForm(request.POST), {"feeds": visible_calendar_feeds(request.actor)[:100]}
    made = form.perform(create_calendar_feed, actor=request.actor) if form.is_valid() else None
    if made is None:
        return render_form(request, TEMPLATE, form, **context)
    path = reverse("agreements:calendar_feed", args=[made[1]])
    context |= {"address": request.build_absolute_uri(path), "form": CalendarFeedForm()}
    response = render(request, TEMPLATE, context)
    response["Cache-Control"] = "no-store"
    return response


@page("agreements.revoke_calendar_feed", methods=["POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an address useless."""
    feed = get_object_or_404(visible_calendar_feeds(request.actor), pk=pk)
    try:
        revoke_calendar_feed(actor=request.actor, feed=feed)
        messages.success(request, _("Calendar address withdrawn. Programs that read it will find nothing."))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("agreements:calendar_feeds")


@open_page("Calendar programs cannot sign in; the secret in the address is the permission of one member.")
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What the feed's member may see, as calendar text. Whatever is wrong with the address, the answer is one 404."""
    found = feed_by_secret(request.tenant, secret)
    if found is None:
        raise Http404
    feed, member = found
    try:
        text = calendar_of(member, feed, name=_("Obligations, %s") % request.tenant.name, host=request.get_host())
    except PermissionRefused:
        raise Http404 from None
    note_reading(feed, timezone.now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="obligations.ics"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
