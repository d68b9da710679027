"""Who works here, inviting, joining."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import open_page, page, render_form
from tenants.actions.members import (
    accept_invitation,
    change_member_role,
    end_membership,
    invite_member,
    revoke_invitation,
)
from tenants.forms.members import InvitationForm, JoinForm, RoleForm
from tenants.models import User
from tenants.queries.tokens import open_invitation, visible_invitations
from tenants.queries.users import visible_members
from tenants.registry import leaving_notices

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@page("tenants.view_members")
def members(request: HttpRequest) -> HttpResponse:
    """The people of the office; administrators also see and send invitations."""
    return _members(request, InvitationForm())


def _members(request: HttpRequest, form) -> HttpResponse:
    may_invite = request.actor.may("tenants.invite_member")
    rows = [(row, RoleForm(initial={"role": row.role}, prefix=f"m{row.pk}")) for row in visible_members(request.actor)]
    context = {
        "members": rows,
        "invitations": visible_invitations(request.actor) if request.actor.may("tenants.view_invitations") else [],
        "may_invite": may_invite,
    }
    return render_form(request, "tenants/members/list.html", form, **context)


@page("tenants.invite_member", methods=["POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Send an invitation; its link is in the e-mail alone."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        if form.perform(invite_member, actor=request.actor) is not None:
            messages.success(request, _("The invitation to %s is on its way.") % form.cleaned_data["email"])
            return redirect("tenants:members")
    return _members(request, form)


@page("tenants.revoke_invitation", methods=["POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = get_object_or_404(visible_invitations(request.actor), pk=pk)
    return _done(request, revoke_invitation, _("Invitation withdrawn."), invitation=invitation)


@page("tenants.change_member_role", methods=["POST"])
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = get_object_or_404(visible_members(request.actor), pk=pk)
    form = RoleForm(request.POST, prefix=f"m{pk}")
    if not form.is_valid():
        messages.error(request, _("Choose a role from the list."))
        return redirect("tenants:members")
    words = _("%(name)s is now %(role)s.") % {"name": membership.user.name, "role": form.cleaned_data["role"]}
    return _done(request, change_member_role, words, membership=membership, role=form.cleaned_data["role"])


@page("tenants.end_membership", methods=["POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves. Who still carries something is shown where to hand it over; ``anyway`` ends it all the same."""
    membership = get_object_or_404(visible_members(request.actor), pk=pk)
    anyway = request.POST.get("anyway") == "1"
    notices = [] if anyway else leaving_notices(request.actor, membership.user)
    if notices and membership.ended_at is None:
        context = {"membership": membership, "notices": notices}
        return render(request, "tenants/members/leaving.html", context, status=409)
    words = _("%s no longer has access.") % membership.user.name
    return _done(request, end_membership, words, membership=membership, anyway=anyway)


def _done(request: HttpRequest, action, words: str, **subject) -> HttpResponse:
    try:
        action(actor=request.actor, **subject)
        messages.success(request, words)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("tenants:members")


@open_page("The invited person is not a member yet; the link's secret is the permission.", methods=["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: with one's account when signed in, else by making one."""
    invitation = open_invitation(secret)
    if invitation is None:
        return render(request, "tenants/invitations/gone.html", status=404)
    user = request.user if request.user.is_authenticated else None
    has_account = User.objects.filter(email=invitation.email).exists()
    form = JoinForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and (user is not None or form.is_valid()):
        given = {"name": "", "password": None} if user else form.cleaned_data
        try:
            membership = accept_invitation(invitation=invitation, user=user, **given)
        except ActionRefused as refused:
            form = form if form.is_bound else JoinForm({}, email=invitation.email)
            form.errors.clear()
            form.add_error(None, refused.message)
        else:
            if user is None:
                login(request, membership.user, backend=BACKEND)
            return redirect("partnerships:today")
    context = {"invitation": invitation, "signed_in": user, "has_account": has_account}
    return render_form(request, "tenants/invitations/join.html", form, **context)
