"""Reading agreements: what one may see of them is decided here and nowhere else."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from agreements.choices import Level
from agreements.models import Agreement, AgreementEvent, AgreementProject, MoneyLine, Party, Signatory
from agreements.rules.kinds import KINDS
from agreements.rules.workflow import BEFORE_EXECUTION, IN_LAW, TERMINATED, WITHDRAWN, standing
from core.actions import visible
from core.actor import Actor

LINKS = ("parent", "amends", "renews")


def levels_of(actor: Actor) -> list[str]:
    """The levels that the actor may read whoever handles it; none for whoever sees only what is theirs."""
    if not actor.may("agreements.view_all_agreements"):
        return []
    levels = [Level.PUBLIC, Level.INTERNAL]
    if actor.may("agreements.view_partner_shared"):
        levels.append(Level.PARTNER_SHARED)
    if actor.may("agreements.view_confidential"):
        levels.append(Level.CONFIDENTIAL)
    if actor.may("agreements.view_restricted"):
        levels.append(Level.RESTRICTED)
    return levels


def readable(actor: Actor) -> Q:
    """Agreements of the actor's levels, and whatever the actor handles or leads, at any level."""
    allowed = Q(level__in=levels_of(actor))
    if actor.user_id is None:
        return allowed
    return allowed | Q(owner_id=actor.user_id) | Q(principal_investigator_id=actor.user_id)


def may_read(actor: Actor, row: Agreement) -> bool:
    """The same of one row at hand, for a change that is about to be saved."""
    mine = actor.user_id is not None and actor.user_id in (row.owner_id, row.principal_investigator_id)
    return mine or row.level in levels_of(actor)


def _seen_reference(actor: Actor, link: str) -> Subquery:
    """The reference of the agreement that ``link`` names, None where the actor may not read it."""
    return Subquery(Agreement.objects.filter(readable(actor), pk=OuterRef(f"{link}_id")).values("reference")[:1])


def _court_since() -> Subquery:
    """When it came into the court in which it lies: the first move after the last one that lay elsewhere."""
    moves = AgreementEvent.objects.filter(agreement=OuterRef("pk"), court=OuterRef("court"))
    later = AgreementEvent.objects.filter(agreement=OuterRef("agreement"), at__gt=OuterRef("at"))
    later_elsewhere = Exists(later.exclude(court=OuterRef("court")))
    return Subquery(moves.filter(~later_elsewhere).order_by("at", "pk").values("at")[:1])


@visible("agreements.view_agreements")
def visible_agreements(actor: Actor) -> QuerySet[Agreement]:
    """The agreements the actor may read, latest request first, with partner, people, parties and projects.

    ``parent_reference``, ``amends_reference`` and ``renews_reference`` are None where there is no such agreement or
    the actor may not read it: show these and never the rows behind them. ``court_since``: None before the first move.
    """
    parties = Party.objects.select_related("organization").order_by("-is_primary", "organization__name_key", "pk")
    projects = AgreementProject.objects.select_related("project").order_by("pk")
    seen = {f"{link}_reference": _seen_reference(actor, link) for link in LINKS}
    return (
        Agreement.objects.filter(readable(actor))
        .select_related("partnership__organization", "unit", "owner", "principal_investigator")
        .prefetch_related(Prefetch("parties", parties), Prefetch("projects", projects))
        .annotate(court_since=_court_since(), **seen)
        .order_by("-requested_on", "-pk")
    )


@visible("agreements.view_agreements")
def visible_frames(actor: Actor, *, but: Agreement | None = None) -> QuerySet[Agreement]:
    """The agreements under which others can be made, as far as the actor may read them, by reference."""
    frames = [code for code, kind in KINDS.items() if kind.frame]
    rows = visible_agreements(actor).prefetch_related(None).filter(kind__in=frames)
    rows = rows.exclude(status__in=(TERMINATED, WITHDRAWN)).order_by("reference", "pk")
    return rows if but is None else rows.exclude(pk=but.pk)


@visible("agreements.view_agreements")
def visible_money(actor: Actor, agreement: Agreement) -> QuerySet[MoneyLine]:
    """The money schedule of an agreement that the actor may read, by day; undated lines last."""
    return MoneyLine.objects.filter(agreement__in=_one(actor, agreement)).order_by("due_on", "pk")


@visible("agreements.view_agreements")
def visible_signatories(actor: Actor, agreement: Agreement) -> QuerySet[Signatory]:
    """Who signs an agreement that the actor may read, the main counterparty's people first."""
    rows = Signatory.objects.filter(agreement__in=_one(actor, agreement))
    return rows.select_related("party__organization", "member").order_by("-party__is_primary", "party_id", "pk")


@visible("agreements.view_agreements")
def visible_events(actor: Actor, agreement: Agreement) -> QuerySet[AgreementEvent]:
    """Every move of an agreement that the actor may read, newest first."""
    rows = AgreementEvent.objects.filter(agreement__in=_one(actor, agreement))
    return rows.select_related("made_by").order_by("-at", "-pk")


def _one(actor: Actor, agreement: Agreement) -> QuerySet[Agreement]:
    return Agreement.objects.filter(readable(actor), pk=agreement.pk)


def lock_agreement(pk: int) -> Agreement:
    """The row with its partner, locked and read anew; call inside an action."""
    return Agreement.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=pk)


def lock_amendments(agreement: Agreement) -> list[Agreement]:
    """What amends an agreement and has not ended, drafts included, locked, by id; call inside an action."""
    open_or_standing = Q(status__in=BEFORE_EXECUTION | IN_LAW)
    rows = Agreement.objects.select_for_update(of=("self",)).filter(open_or_standing, amends=agreement)
    return list(rows.order_by("pk"))


# What stands on a day


def in_law() -> Q:
    """Executed, and neither terminated nor withdrawn since; its term may have passed."""
    return Q(status__in=IN_LAW)


def in_force(today: date) -> Q:
    """What binds on the day: executed, begun, and not past its last day."""
    begun = Q(effective_on__isnull=True) | Q(effective_on__lte=today)
    return in_law() & begun & (Q(expires_on__isnull=True) | Q(expires_on__gte=today))


def expired(today: date) -> Q:
    """Executed, and past its last day."""
    return in_law() & Q(expires_on__lt=today)


def standing_today(row: Agreement) -> str:
    """The legal status as a reader sees it today: ``expired`` for an executed one whose term has passed."""
    return standing(row.status, row.effective_on, row.expires_on, timezone.localdate())
