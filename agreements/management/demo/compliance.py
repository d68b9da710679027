"""The demonstration's look at restricted parties and at interests of its own people."""

import random
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from agreements.choices import ScreeningResult
from agreements.models import Agreement, ConflictPlan, Screening
from partnerships.models import Partnership
from tenants.choices import Role
from tenants.models import Membership

LISTS = "Consolidated lists of the EU, the UN and the US"
HITS = [
    (ScreeningResult.OPEN, "A company of nearly the same name is listed. Asked for the register number."),
    (ScreeningResult.FALSE_HIT, "A namesake was listed.\n\nAnother country and another register number; no relation."),
]
INTERESTS = [
    (
        "Owns 4 % of a start-up that the partner supplies.",
        "Takes no part in prices; the head of department signs.",
        True,
    ),
    ("Sits on the scientific board of the partner, paid.", "Reports hours every quarter; no student of theirs.", True),
    ("Partner of a daughter works in the partner's purchasing.", "Somebody else negotiates; noted in the file.", False),
]
SHARE_SCREENED = 0.6


def tell_compliance(partners: Sequence[Partnership], members: Sequence[Membership], chance: random.Random) -> None:
    """Screen most of the partners, two with a hit, and write plans for three interests; the scope must be open."""
    today = timezone.localdate()
    staff = [each.user_id for each in members if each.role in (Role.MANAGER, Role.OFFICER)]
    screened = [each for each in partners if chance.random() < SHARE_SCREENED]
    told = dict(zip((each.pk for each in chance.sample(screened, k=min(len(HITS), len(screened)))), HITS, strict=False))
    for partner in screened:
        result, note = told.get(partner.pk, (ScreeningResult.CLEAR, ""))
        day = today - timedelta(days=chance.randint(5, 330))
        Screening.objects.create(
            organization_id=partner.organization_id,
            screened_on=day,
            lists=LISTS,
            result=result,
            note=note,
            valid_until=day + timedelta(days=365),
            screened_by_id=chance.choice(staff),
        )
    researchers = [each.user_id for each in members if each.role == Role.RESEARCHER]
    manager = next(each.user_id for each in members if each.role == Role.MANAGER)
    bound = list(Agreement.objects.filter(status="executed").order_by("pk"))
    agreements = chance.sample(bound, k=min(len(INTERESTS), len(bound)))
    for agreement, (interest, plan, is_approved) in zip(agreements, INTERESTS, strict=False):
        signed = {"approved_by_id": manager, "approved_on": agreement.executed_on} if is_approved else {}
        ConflictPlan.objects.create(
            agreement=agreement, member_id=chance.choice(researchers), interest=interest, plan=plan, **signed
        )
