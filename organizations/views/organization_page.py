"""The page about one organization, with or without a small form that was refused."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS

from core.actor import Actor
from core.forms import ActionForm
from organizations.forms.profiles import AliasForm, IdentifierForm, RiskFlagForm, SectorForm, TagForm
from organizations.models import Organization
from organizations.queries.contacts import contacts_at
from organizations.queries.groups import group_of
from organizations.queries.needs import visible_needs
from organizations.queries.profiles import (
    practices_of,
    visible_risk_flags,
    visible_sectors,
    visible_tagged,
    visible_tags,
)
from organizations.registry import sections_of

SMALL_FORMS: Mapping[str, type[ActionForm]] = {
    "alias": AliasForm,
    "identifier": IdentifierForm,
    "sector": SectorForm,
    "tag": TagForm,
    "risk_flag": RiskFlagForm,
}


def small_form(name: str, data=None) -> ActionForm:
    """One of the page's small forms; their controls have ids of their own."""
    return SMALL_FORMS[name](data, auto_id=f"id_{name}_%s")


def render_organization(
    request: HttpRequest, organization: Organization, *, refused: Mapping[str, ActionForm] | None = None
) -> HttpResponse:
    """The page; ``refused``: a small form that could not be saved, by its name, which makes it 422."""
    actor = request.actor
    forms = {name: small_form(name) for name in SMALL_FORMS} | dict(refused or {})
    practices = practices_of(actor, organization)
    context = {
        "organization": organization,
        "forms": forms,
        "form": next(iter(refused.values())) if refused else None,
        "group": group_of(actor, organization),
        "practices": practices,
        "fiscal_month": MONTHS.get(practices.fiscal_year_start),
        "sectors": visible_sectors(actor).filter(organization=organization),
        "tagged": visible_tagged(actor).filter(organization=organization),
        "needs": visible_needs(actor).filter(organization=organization)[:50],
        "sections": sections_of(actor, organization),
        **_for_some(actor, organization),
    }
    return render(request, "organizations/organizations/detail.html", context, status=422 if refused else 200)


def _for_some(actor: Actor, organization: Organization) -> dict[str, object]:
    """What not everybody who opens the page is shown."""
    shown: dict[str, object] = {}
    if actor.may("organizations.view_contacts"):
        shown["people"] = contacts_at(actor, organization, on=timezone.localdate())[:50]
    if actor.may("organizations.view_risk_flags"):
        flags = list(visible_risk_flags(actor).filter(organization=organization)[:50])
        shown["risk_flags"] = flags
        shown["open_risks"] = [flag for flag in flags if flag.cleared_on is None]
    if actor.may("organizations.tag_organization"):
        shown["known_tags"] = visible_tags(actor)[:300]
    return shown
