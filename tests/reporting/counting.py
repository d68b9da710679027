"""What the tests of answers count with: the scope, partner by partner and project by project."""

from decimal import Decimal

from django.utils import timezone

from partnerships.models import Partnership, Project, ProjectParticipant
from reporting.queries.asking import ask
from reporting.queries.scopes import scope_of
from reporting.registry import question_of

EVERYTHING: dict = {}
SOME = {"country": "dk", "tier": ["key", "strategic", "developing"]}


def asked(office, code: str, given: dict, role: str = "administrator"):
    actor = office.actor(role)
    return ask(actor, question_of(code), scope_of(actor, given))


def in_scope(partner: Partnership | None, given: dict) -> bool:
    if partner is None:
        return not given
    wanted = given.get("country", "")
    if wanted and partner.organization.country.lower() != wanted.lower():
        return False
    return not given.get("tier") or partner.tier in given["tier"]


def partners_of(given: dict) -> list[Partnership]:
    rows = Partnership.objects.select_related("organization", "health")
    return [each for each in rows if each.status == "active" and in_scope(each, given)]


def project_in_scope(project: Project, given: dict) -> bool:
    if not given:
        return True
    members = {each.organization_id for each in ProjectParticipant.objects.filter(project=project)}
    rows = Partnership.objects.select_related("organization")
    return any(in_scope(each, given) for each in rows if each.organization_id in members)


def our_award(project: Project) -> Decimal | None:
    own = [each.award for each in ProjectParticipant.objects.filter(project=project, organization__is_own=True)]
    return own[0] if own and own[0] is not None else project.award


def this_year() -> int:
    return timezone.localdate().year
