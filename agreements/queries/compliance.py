"""What stands in the way of signing and of giving things out: screenings, conflicts of interest, and the NDAs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, DocumentLabel, LegalStatus, ScreeningResult
from agreements.models import Agreement, ConflictPlan, Document, DocumentShare, Party, Screening
from agreements.queries.agreements import expired, in_force, in_law, readable, visible_agreements
from agreements.queries.documents import visible_documents, visible_shares
from agreements.rules.kinds import KINDS
from core.actions import visible
from core.actor import Actor
from organizations.models import Organization

NDA_KINDS = sorted(code for code, kind in KINDS.items() if kind.confidential)
EXPIRING = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to sign. ``code`` is for programs, ``message`` says what to do, about which organization."""

    code: str
    message: str
    organization_id: int


# Screenings


@visible("agreements.view_screenings")
def visible_screenings(actor: Actor) -> QuerySet[Screening]:
    """Every comparison with lists of restricted parties, latest first, with organization and who made it."""
    return Screening.objects.select_related("organization", "screened_by").order_by("-screened_on", "-pk")


def lock_screening(pk: int) -> Screening:
    """The row, locked and read anew, with its organization; call inside an action."""
    return Screening.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)


def compliance_blocks(agreement: Agreement) -> list[Refusal]:
    """Why an agreement may not be executed: a party with a hit that nobody decided, or whose last one was true.

    Hits decided false and a later clear screening free a party; one that was never screened is not blocked. The
    institution itself is not looked at.
    """
    parties = Party.objects.filter(agreement=agreement, organization__is_own=False).values("organization_id")
    rows = Screening.objects.filter(organization__in=parties).select_related("organization")
    by_party: defaultdict[Organization, list[Screening]] = defaultdict(list)
    for row in rows.order_by("organization__name_key", "organization_id", "screened_on", "pk"):
        by_party[row.organization].append(row)
    refusals = []
    for organization, screenings in by_party.items():
        if any(row.result == ScreeningResult.OPEN for row in screenings):
            words = _("The screening of %s has a hit that nobody has decided. Decide it first.") % organization.name
            refusals.append(Refusal("screening_open", words, organization.pk))
        elif screenings[-1].result == ScreeningResult.TRUE_HIT:
            words = _("%s is a restricted party by its last screening. Nothing may be signed with it.")
            refusals.append(Refusal("screening_hit", words % organization.name, organization.pk))
    return refusals


# Conflicts of interest


@visible("agreements.view_conflict_plans")
def visible_conflict_plans(actor: Actor) -> QuerySet[ConflictPlan]:
    """Interests and their plans of agreements that the actor may read; staff see everybody's, others their own."""
    rows = ConflictPlan.objects.filter(agreement__in=Agreement.objects.filter(readable(actor)).values("pk"))
    if not actor.may("agreements.view_all_conflict_plans"):
        rows = rows.filter(member_id=actor.user_id)
    return rows.select_related("agreement", "member", "approved_by").order_by("-created_at", "-pk")


def lock_conflict_plan(pk: int) -> ConflictPlan:
    """The row, locked and read anew, with its agreement; call inside an action."""
    return ConflictPlan.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=pk)


# The NDA register


def nda_in_force(organization: Organization, day: date) -> Agreement | None:
    """The agreement under which confidential things may be given to an organization on that day; None without one.

    An NDA proper comes before an agreement that contains one, and the longest before the others. An amendment is part
    of what it amends. Whether the reader may see it is not asked: the answer decides whether something may leave the
    office.
    """
    party = Party.objects.filter(agreement=OuterRef("pk"), organization=organization)
    rows = Agreement.objects.filter(Exists(party), in_force(day), kind__in=NDA_KINDS, amends=None)
    proper_first = Case(When(kind=AgreementKind.NDA, then=0), default=1)
    return rows.order_by(proper_first, F("expires_on").desc(nulls_first=True), "pk").first()


@visible("agreements.view_ndas")
def visible_ndas(actor: Actor) -> QuerySet[Agreement]:
    """The register: executed agreements the actor may read that are or contain an NDA; those that end first, first.

    An amendment is part of what it amends, and no entry of its own.
    """
    executed = in_law() | Q(status=LegalStatus.TERMINATED)
    rows = visible_agreements(actor).filter(executed, kind__in=NDA_KINDS, amends=None)
    return rows.order_by(F("expires_on").asc(nulls_last=True), "pk")


def expiring(today: date) -> Q:
    """In force, and for ninety days at most."""
    return in_force(today) & Q(expires_on__lte=today + EXPIRING)


def ended(today: date) -> Q:
    """Past its last day, or terminated: what was received under it is to be returned or destroyed."""
    return expired(today) | Q(status=LegalStatus.TERMINATED)


@visible("agreements.view_ndas")
def given_under(actor: Actor, nda: Agreement) -> QuerySet[DocumentShare]:
    """What was given out under an NDA, of documents that the actor may read."""
    return visible_shares(actor).filter(nda=nda)


@visible("agreements.view_ndas")
def received_under(actor: Actor, nda: Agreement) -> QuerySet[Document]:
    """What lies in an NDA's file and was not ours to give: to be returned or destroyed when it ends.

    Exhibits and correspondence that were never shared with anybody count; drafts and the paper itself do not.
    """
    labels = [DocumentLabel.EXHIBIT, DocumentLabel.CORRESPONDENCE]
    given = Exists(DocumentShare.objects.filter(document=OuterRef("pk")))
    return visible_documents(actor).filter(~given, agreement=nda, label__in=labels)
