"""What the demonstration's office knows of its partners: tags, other names, how they work, what they look for."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from organizations.choices import (
    ClearanceState,
    ContactPermission,
    Horizon,
    IpStance,
    NeedStatus,
    PublicationStance,
)
from organizations.models import (
    Capability,
    Clearance,
    Contact,
    Need,
    NeedTopic,
    Organization,
    OrganizationAlias,
    OrganizationTag,
    Tag,
    WorkingPractices,
)
from partnerships.choices import Tier
from partnerships.management.demo.names import TOPICS
from partnerships.models import Opportunity, Partnership
from tenants.choices import Role
from tenants.models import Membership

TAGS = ["Net zero", "Advisory board", "Alumni in the lead", "Family-owned", "Hires every year", "Framework wanted"]
LEGAL_FORMS = (
    "A/S",
    "AB",
    "ApS",
    "AG",
    "AS",
    "B.V.",
    "GmbH",
    "Inc.",
    "LLC",
    "Lda",
    "N.V.",
    "Oy",
    "S.p.A.",
    "SAS",
    "SE",
)
# Two of one group, both among the partners of an office; the one that was known first is the parent.
GROUPS = [
    {"Kestrel Wind Services", "Nordlys Vindkraft A/S"},
    {"Isar Semiconductors", "Vela Photonics B.V."},
    {"Clearwater Sensors", "Dairyland Process Controls"},
]
PURPOSES = ("Invite them to the advisory board", "Ask for a guest lecture")
# Title, what is behind it, readiness from and to, how far away.
WANTED = [
    (
        "A partner for a pilot in {topic}",
        "They have a site and a budget, and nobody who has done it.",
        5,
        7,
        Horizon.NEAR,
    ),
    (
        "Graduates who know {topic}",
        "Six positions in two years; a thesis with them is the way in.",
        None,
        None,
        Horizon.NEAR,
    ),
    ("An independent test of {topic}", "Their board wants figures from outside.", 4, 6, Horizon.NEAR),
    ("Early research on {topic}", "Open question, no deadline; a doctoral student would suit.", 1, 3, Horizon.FAR),
    ("A course on {topic} for their engineers", "Twelve people, in their own building.", None, None, Horizon.MIDDLE),
]
STATUSES = [NeedStatus.OPEN] * 5 + [NeedStatus.IN_DISCUSSION] * 2 + [NeedStatus.MET]
APPROVALS = [
    "Site director up to 50,000; above that the board, which meets every quarter.",
    "Research lead and purchasing together; legal reads everything.",
    "One person decides, usually within a week.",
]
PURCHASING = ["Three offers above 25,000.", "A supplier number first, which takes a month.", "No formal rules."]
LIMITS = ["", "No travel in the last quarter.", "Nothing leaves the country without a check.", ""]
SHARE_TAGGED = 0.5
# How many have said what they look for, and how they work; of those that matter most, and of others.
SHARES = {True: (0.85, 0.7), False: (0.35, 0.2)}


def tell_partners(partnerships: Sequence[Partnership], themes: Mapping[int, str], chance: random.Random) -> None:
    """Write it over some of the partners given. ``themes``: by primary key; the scope must be open."""
    tags = [Tag.objects.create(name=name) for name in TAGS]
    for partnership in partnerships:
        topics = TOPICS[themes[partnership.pk]]
        organization = partnership.organization
        if chance.random() < SHARE_TAGGED:
            for tag in chance.sample(tags, k=chance.choice([1, 1, 2])):
                OrganizationTag.objects.create(organization=organization, tag=tag)
        if organization.name.endswith(LEGAL_FORMS) and chance.random() < SHARE_TAGGED:
            OrganizationAlias.objects.create(organization=organization, name=organization.name.rpartition(" ")[0])
        needs, practices = SHARES[partnership.tier in (Tier.STRATEGIC, Tier.KEY)]
        if chance.random() < practices:
            _practices(partnership, chance)
        if chance.random() < needs:
            _needs(partnership, topics, chance)
    _connect(partnerships, chance)
    for group in GROUPS:
        first, *others = sorted((row for row in partnerships if row.organization.name in group), key=_since) or [None]
        for row in others:
            Organization.objects.filter(pk=row.organization_id).update(parent=first.organization)


def _since(partnership: Partnership) -> date:
    return partnership.started_on


def tell_clearances(partnerships: Sequence[Partnership], members: Sequence[Membership], now: datetime) -> None:
    """Who decides at a strategic partner is kept by its owner; colleagues ask: two wait for an answer, two have it."""
    guarded: list[Contact] = []
    for partnership in partnerships:
        if partnership.tier != Tier.STRATEGIC or partnership.owner_id is None:
            continue
        here = Contact.objects.filter(affiliations__organization=partnership.organization_id)
        for contact in here.order_by("-affiliations__is_decision_maker", "pk")[:2]:
            decides = contact.affiliations.filter(is_decision_maker=True).exists()
            contact.owner_id = partnership.owner_id
            contact.permission = ContactPermission.ASK_FIRST if decides else ContactPermission.TELL_OWNER
            contact.save(update_fields=["owner", "permission"])
            guarded += [contact] if decides else []
    asking = [each.user_id for each in members if each.role in (Role.OFFICER, Role.RESEARCHER)]
    for number, contact in enumerate(guarded[:4]):
        row = Clearance(
            contact=contact,
            purpose=PURPOSES[number % 2],
            requested_by_id=next(each for each in asking[number % 2 :] + asking if each != contact.owner_id),
            requested_at=now - timedelta(days=2 + 9 * number),
        )
        if number > 1:
            row.state, row.decided_by_id = ClearanceState.GRANTED, contact.owner_id
            row.decided_at = row.requested_at + timedelta(days=2)
            row.valid_until = now.date() + timedelta(days=60)
        row.save()


def _connect(partnerships: Sequence[Partnership], chance: random.Random) -> None:
    """Opportunities say which need they would meet, and which capability of the partner's department."""
    for row in Opportunity.objects.filter(partnership__in=partnerships).select_related("partnership").order_by("pk"):
        needs = list(Need.objects.filter(organization=row.partnership.organization_id).order_by("pk"))
        offers = list(Capability.objects.filter(unit=row.partnership.unit_id).order_by("pk"))
        if needs and offers:
            chosen = {"need": chance.choice(needs), "capability": chance.choice(offers)}
            Opportunity.objects.filter(pk=row.pk).update(unit=row.partnership.unit_id, **chosen)


def _practices(partnership: Partnership, chance: random.Random) -> None:
    stance = chance.choice([PublicationStance.FREE, PublicationStance.SHORT_REVIEW, PublicationStance.LONG_DELAY])
    WorkingPractices.objects.create(
        organization=partnership.organization,
        procurement=chance.choice(PURCHASING),
        approval_chain=chance.choice(APPROVALS),
        fiscal_year_start=chance.choice([1, 1, 4, 7, 10]),
        payment_days=chance.choice([30, 45, 60]),
        ip_stance=chance.choice(
            [IpStance.OWNS_RESULTS, IpStance.NONEXCLUSIVE_LICENSE, IpStance.SHARES, IpStance.CASE_BY_CASE]
        ),
        publication_stance=stance,
        publication_delay_days={PublicationStance.SHORT_REVIEW: 30, PublicationStance.LONG_DELAY: 180}.get(stance),
        constraints=chance.choice(LIMITS),
    )


def _needs(partnership: Partnership, topics: Sequence[str], chance: random.Random) -> None:
    people = list(Contact.objects.filter(affiliations__organization=partnership.organization_id).order_by("pk"))
    wanted = chance.sample(WANTED, k=chance.choice([1, 1, 2]))
    for (title, words, low, high, horizon), topic in zip(wanted, chance.sample(topics, k=len(wanted)), strict=True):
        row = Need.objects.create(
            organization=partnership.organization,
            contact=chance.choice(people) if people else None,
            title=title.format(topic=topic),
            text=words,
            public_summary=title.format(topic=topic),
            trl_min=low,
            trl_max=high,
            horizon=horizon,
            status=chance.choice(STATUSES),
        )
        NeedTopic.objects.create(need=row, code=topic.lower())
