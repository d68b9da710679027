"""The demonstration's compliance: who was compared with lists of restricted parties, and who has an interest."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from agreements.actions.clauses import recheck
from agreements.choices import ScreeningResult
from agreements.management.demo import texts
from agreements.models import Agreement, ConflictPlan, Screening
from agreements.rules.workflow import BEFORE_EXECUTION, IN_LAW
from tenants.models import Membership

YEAR = timedelta(days=365)
BEFORE_SIGNING = timedelta(days=6)
# Of so many partners one was never compared, one is to be compared again, one had a hit of another's name.
UNSEEN, DUE, NAMESAKE = 11, 7, 9


def tell_compliance(members: Sequence[Membership], today: date, chance: random.Random) -> None:
    """Screen those with whom something was signed, and some who wait for it; the scope must be open."""
    staff = [each.user_id for each in members if each.role in ("manager", "officer")]
    signed = Agreement.objects.filter(status__in=IN_LAW, partnership__isnull=False, amends=None)
    latest = dict(signed.order_by("executed_on").values_list("partnership__organization_id", "executed_on"))
    rows = []
    for place, (organization, executed_on) in enumerate(sorted(latest.items())):
        if place % UNSEEN == UNSEEN - 1:
            continue
        day = executed_on - BEFORE_SIGNING
        if day + YEAR <= today and place % DUE != DUE - 1:
            day = today - timedelta(days=chance.randint(20, 330))
        namesake = place % NAMESAKE == NAMESAKE - 1
        result = ScreeningResult.FALSE_HIT if namesake else ScreeningResult.CLEAR
        rows.append(_screening(organization, day, result, texts.NAMESAKE if namesake else "", staff, chance))
    rows += _waiting(set(latest), today, staff, chance)
    Screening.objects.bulk_create(rows)
    _interests(members, today)


def _waiting(seen: set[int], today: date, staff: list[int], chance: random.Random) -> list[Screening]:
    """A hit that somebody has to decide, and one that was true: it is why nothing came of the matter."""
    found = []
    for result, words, which in (
        (ScreeningResult.OPEN, texts.HIT, {"status__in": BEFORE_EXECUTION}),
        (ScreeningResult.TRUE_HIT, texts.TRUE_HIT, {"status": "withdrawn"}),
    ):
        rows = Agreement.objects.filter(**which, partnership__isnull=False, complete_on__isnull=False)
        row = rows.exclude(partnership__organization_id__in=seen).order_by("-complete_on", "pk").first()
        if row is not None:
            organization = row.partnership.organization_id
            seen.add(organization)
            found.append(_screening(organization, row.complete_on, result, words, staff, chance))
    return found


def _screening(
    organization: int, day: date, result: str, note: str, staff: list[int], chance: random.Random
) -> Screening:
    return Screening(
        organization_id=organization,
        screened_on=day,
        lists=texts.LISTS.format(day=day),
        result=result,
        note=note,
        valid_until=day + YEAR,
        screened_by_id=chance.choice(staff),
    )


def _interests(members: Sequence[Membership], today: date) -> None:
    """One whose plan was approved before it was signed, and one who waits for it and holds signature up."""
    approver = next(each for each in members if each.role == "administrator")
    led = Agreement.objects.filter(principal_investigator__isnull=False, amends=None, complete_on__isnull=False)
    signed = led.filter(status__in=IN_LAW).order_by("-executed_on", "pk").first()
    ahead = led.filter(status__in=BEFORE_EXECUTION).order_by("-requested_on", "pk").first()
    for row, words, is_approved in ((signed, texts.INTERESTS[0], True), (ahead, texts.INTERESTS[1], False)):
        if row is None:
            continue
        interest, plan = words
        ConflictPlan.objects.create(
            agreement=row,
            member_id=row.principal_investigator_id,
            interest=interest,
            plan=plan,
            approved_by_id=approver.user_id if is_approved else None,
            approved_on=row.complete_on if is_approved else None,
        )
        recheck([row.pk])
