"""API tokens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page, render_form
from tenants.actions.tokens import create_token, revoke_token
from tenants.forms.tokens import TokenForm
from tenants.queries.tokens import visible_tokens


@page("tenants.view_tokens")
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens; administrators see everybody's."""
    context = {"tokens": visible_tokens(request.actor), "form": TokenForm(), "now": timezone.now()}
    return render(request, "tenants/tokens/list.html", context)


@page("tenants.create_token", methods=["POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer shows its secret, once, and is not kept."""
    form = TokenForm(request.POST)
    context = {"tokens": visible_tokens(request.actor), "now": timezone.now()}
    if form.is_valid():
        made = form.perform(create_token, actor=request.actor)
        if made is not None:
            token, secret = made
            context |= {"made": token, "secret": secret, "form": TokenForm()}
            response = render(request, "tenants/tokens/list.html", context)
            response["Cache-Control"] = "no-store"
            return response
    return render_form(request, "tenants/tokens/list.html", form, **context)


@page("tenants.revoke_token", methods=["POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token useless."""
    token = get_object_or_404(visible_tokens(request.actor), pk=pk)
    try:
        revoke_token(actor=request.actor, token=token)
        messages.success(request, _("Token “%s” revoked.") % token.name)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("tenants:tokens")
