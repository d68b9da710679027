"""The history of partners, interactions and projects, and deleting them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.pages import delete_and_tell, page
from partnerships.actions.interactions import delete_interaction
from partnerships.actions.partnerships import delete_partnership
from partnerships.actions.projects import delete_project
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.projects import visible_projects
from tenants.pages import render_history


@page("partnerships.view_partnerships")
def partner_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a partner and its organization."""
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    beside = [row.organization] if request.actor.may("organizations.view_organizations") else []
    return render_history(request, row, *beside)


@page("partnerships.view_interactions")
def interaction_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about an interaction."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    return render_history(request, row)


@page("partnerships.view_projects")
def project_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what about a project."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    return render_history(request, row)


@page("partnerships.delete_partnership", methods=["POST"])
def partner_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a partner; the status bar has the way back."""
    row = get_object_or_404(visible_partnerships(request.actor), pk=pk)
    onward = reverse("partnerships:partners")
    return delete_and_tell(request, row, delete_partnership, subject="partnership", onward=onward)


@page("partnerships.delete_interaction", methods=["POST"])
def interaction_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an interaction; the status bar has the way back."""
    row = get_object_or_404(visible_interactions(request.actor), pk=pk)
    onward = row.partnership.get_absolute_url()
    return delete_and_tell(request, row, delete_interaction, subject="interaction", onward=onward)


@page("partnerships.delete_project", methods=["POST"])
def project_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a project; the status bar has the way back."""
    row = get_object_or_404(visible_projects(request.actor), pk=pk)
    onward = reverse("partnerships:projects")
    return delete_and_tell(request, row, delete_project, subject="project", onward=onward)
