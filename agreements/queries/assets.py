"""Reading IP and the rights granted in it, and finding exclusive rights that cannot both stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from agreements.models import Agreement, Grant, IpAsset
from agreements.queries.agreements import in_law, levels_of, readable
from agreements.rules.grants import GrantTerms, overlap
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actions import visible
from core.actor import Actor
from core.errors import InvalidInput


def readable_asset(actor: Actor) -> Q:
    """IP of the actor's levels, and what the actor handles at any level."""
    allowed = Q(level__in=levels_of(actor))
    return allowed if actor.user_id is None else allowed | Q(lead_id=actor.user_id)


@visible("agreements.view_ip_assets")
def visible_ip_assets(actor: Actor) -> QuerySet[IpAsset]:
    """The IP the actor may read, by reference, with unit and who handles it."""
    return IpAsset.objects.filter(readable_asset(actor)).select_related("unit", "lead").order_by("reference", "pk")


@visible("agreements.view_grants")
def visible_grants(actor: Actor) -> QuerySet[Grant]:
    """The rights that agreements the actor may read grant, newest first.

    ``seen_asset`` is the IP where the actor may read that, else None: show it and never ``asset``.
    """
    asset = IpAsset.objects.filter(readable_asset(actor), pk=OuterRef("asset_id"))
    shows_assets = actor.may("agreements.view_ip_assets")
    return (
        Grant.objects.filter(agreement__in=Agreement.objects.filter(readable(actor)).values("pk"))
        .select_related("agreement", "asset")
        .annotate(asset_readable=Exists(asset if shows_assets else asset.none()))
        .order_by("-created_at", "-pk")
    )


@visible("agreements.view_grants")
def grants_of_asset(actor: Actor, asset: IpAsset) -> QuerySet[Grant]:
    """Who has which right in a piece of IP, as far as the actor may read the agreements."""
    return visible_grants(actor).filter(asset=asset)


def lock_ip_asset(pk: int) -> IpAsset:
    """The row, locked and read anew; call inside an action."""
    return IpAsset.objects.select_for_update(of=("self",)).get(pk=pk)


def lock_assets_of(agreement: Agreement) -> list[int]:
    """The ids of the IP in which an agreement grants rights, locked: of two that bind it, one waits for the other."""
    granted = Grant.objects.filter(agreement=agreement, asset__isnull=False).values("asset_id")
    rows = IpAsset.objects.select_for_update(of=("self",)).filter(pk__in=granted).order_by("pk")
    return [row.pk for row in rows.only("pk")]


def drafts_about(assets: Collection[int]) -> list[int]:
    """The agreements that are not executed and grant rights in these pieces of IP, by id."""
    if not assets:
        return []
    rows = Grant.objects.filter(asset_id__in=assets, agreement__status__in=BEFORE_EXECUTION)
    return list(rows.order_by("agreement_id").values_list("agreement_id", flat=True).distinct())


def lock_grant(pk: int) -> Grant:
    """The row, locked and read anew, with its agreement; call inside an action."""
    return Grant.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=pk)


def terms_of(grant: Grant) -> GrantTerms:
    """A grant as the rules see it; without days of its own it runs as long as its agreement. Needs ``agreement``."""
    agreement = grant.agreement
    return GrantTerms(
        id=grant.pk,
        agreement=grant.agreement_id,
        kind=grant.kind,
        exclusivity=grant.exclusivity,
        asset=grant.asset_id,
        fields=frozenset(grant.fields),
        territories=frozenset(grant.territories),
        starts_on=grant.starts_on or agreement.effective_on,
        ends_on=grant.ends_on or agreement.expires_on,
    )


def standing_grants(assets: Collection[int], *, besides: Collection[int] = ()) -> QuerySet[Grant]:
    """The rights in these pieces of IP under executed agreements of the office, without those of some agreements.

    An executed amendment has handed its rights over to what it amends; they stand there.
    """
    standing = Agreement.objects.filter(in_law(), amends=None)
    rows = Grant.objects.filter(asset_id__in=assets, agreement__in=standing.values("pk"))
    return rows.exclude(agreement_id__in=besides).select_related("agreement", "asset").order_by("pk")


def overlaps_of(agreement: Agreement) -> list[tuple[Grant, Grant]]:
    """Each right of an agreement with each standing right of another that it collides with, whoever may read that.

    What the agreement amends or renews, and what amends or renews it, is no other: it is the same deal.
    """
    own = list(Grant.objects.filter(agreement=agreement).select_related("agreement", "asset").order_by("pk"))
    assets = {grant.asset_id for grant in own} - {None}
    if not assets:
        return []
    others = [(terms_of(other), other) for other in standing_grants(assets, besides=same_deal(agreement.pk))]
    return [(grant, other) for grant in own for terms, other in others if overlap(terms_of(grant), terms)]


def same_deal(agreement_id: int) -> set[int]:
    """The agreement with those it follows and those that follow it, by amendment or renewal, step by step."""
    found, fresh = {agreement_id}, {agreement_id}
    while fresh:
        before = Agreement.objects.filter(pk__in=fresh).values_list("amends_id", "renews_id")
        after = Agreement.objects.filter(Q(amends__in=fresh) | Q(renews__in=fresh)).values_list("pk", flat=True)
        fresh = ({pk for pair in before for pk in pair} | set(after)) - found - {None}
        found |= fresh
    return found


@dataclass(frozen=True, slots=True)
class Collision:
    """A right that cannot stand beside another. ``agreement`` is None where the reader may not see it."""

    grant: Grant | None
    agreement: Agreement | None
    words: str


@visible("agreements.view_grants")
def collisions_of(actor: Actor, agreement: Agreement) -> list[Collision]:
    """What collides with the rights of an agreement that the actor may read; others' agreements are named if seen."""
    return _told(actor, overlaps_of(agreement))


@dataclass(frozen=True, slots=True)
class Freedom:
    """Whether a right could be granted, and what stands in its way."""

    free: bool
    conflicts: list[Collision]


@visible("agreements.view_freedom")
def freedom_of(
    actor: Actor,
    *,
    asset: int,
    exclusivity: str = "exclusive",
    fields: Iterable[str] = (),
    territories: Iterable[str] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Freedom:
    """Whether a license of a piece of IP that the actor may read could be granted beside all that stand.

    Empty fields and territories mean all of them, an empty day means without limit.
    """
    if not visible_ip_assets(actor).filter(pk=asset).exists():
        raise InvalidInput("not_there", _("There is no such record, or none that you may see."), field="asset")
    wanted = GrantTerms(
        -1, -1, "license", exclusivity, asset, frozenset(fields), frozenset(territories), starts_on, ends_on
    )
    found = [(None, other) for other in standing_grants([asset]) if overlap(wanted, terms_of(other))]
    return Freedom(not found, _told(actor, found))


def _told(actor: Actor, found: list[tuple[Grant | None, Grant]]) -> list[Collision]:
    ids = {other.agreement_id for _grant, other in found}
    seen = {row.pk: row for row in Agreement.objects.filter(readable(actor), pk__in=ids)} if ids else {}
    collisions = []
    for grant, other in found:
        agreement = seen.get(other.agreement_id)
        words = str(agreement) if agreement is not None else _("Another agreement, which you may not read")
        collisions.append(Collision(grant, agreement, words))
    return collisions
