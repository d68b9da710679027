"""What signing an agreement brings about: said before it is signed."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from agreements.models import Agreement, Signatory
from agreements.queries.agreements import visible_signatories
from agreements.queries.clauses import check_now
from agreements.queries.compliance import compliance_blocks
from agreements.queries.obligations import terms_of
from agreements.rules.obligations import Duty, derive_duties
from agreements.wording import DUTY_TITLES, RULES
from core.actions import visible
from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Coming:
    """An obligation that will be written down, with its words."""

    duty: Duty
    title: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What stands against signature, who has not signed yet, and which obligations follow from the terms.

    ``screened``: in words, why nothing may be signed with a party; nobody sets that aside.
    """

    begins_on: date
    blocking: list[tuple[str, str]]
    screened: list[str]
    unsigned: list[Signatory]
    coming: list[Coming]


@visible("agreements.view_agreements")
def signing_of(actor: Actor, agreement: Agreement) -> Signing:
    """What would follow if the agreement, which the actor may read, were executed today.

    What an amendment changes is planned with the agreement that it amends, and is not told here.
    """
    today = timezone.localdate()
    begins = agreement.effective_on or today
    duties = [] if agreement.amends_id is not None else derive_duties(terms_of(agreement, begins))
    return Signing(
        begins_on=begins,
        blocking=[(code, str(RULES[code].title)) for code in check_now([agreement.pk], today)[agreement.pk].blocking],
        screened=[each.message for each in compliance_blocks(agreement)],
        unsigned=[row for row in visible_signatories(actor, agreement) if row.signed_on is None],
        coming=[Coming(duty, str(DUTY_TITLES[duty.rule])) for duty in duties],
    )
