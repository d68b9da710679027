"""Small and medium-sized enterprises: size classes and the SME test.

The test is that of the UK's HE-BCI survey, after European Commission Recommendation 2003/361/EC: fewer than
250 employees worldwide, and turnover of at most 50 million euros or a balance sheet of at most 43 million,
and independent, which means that no non-SME owns 25% or more.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

SME_HEADCOUNT_BELOW = 250
SME_TURNOVER_EUR = Decimal(50_000_000)
SME_BALANCE_SHEET_EUR = Decimal(43_000_000)
NON_SME_SHARE_BELOW = Decimal("0.25")


class SizeClass(StrEnum):
    """Classes by headcount: below 10, 50 and 250, and the rest."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SIZE_CLASS_LABELS: dict[SizeClass, str] = {
    SizeClass.MICRO: "Micro (fewer than 10)",
    SizeClass.SMALL: "Small (10 to 49)",
    SizeClass.MEDIUM: "Medium (50 to 249)",
    SizeClass.LARGE: "Large (250 or more)",
}


def size_class(headcount: int | None) -> SizeClass | None:
    """The class of a worldwide headcount; None when it is unknown, ValueError when it is negative."""
    if headcount is None:
        return None
    if headcount < 0:
        raise ValueError(f"headcount is negative: {headcount}")
    if headcount < 10:
        return SizeClass.MICRO
    if headcount < 50:
        return SizeClass.SMALL
    return SizeClass.MEDIUM if headcount < SME_HEADCOUNT_BELOW else SizeClass.LARGE


def sme_status(
    headcount: int | None,
    turnover_eur: Decimal | None,
    balance_sheet_eur: Decimal | None,
    owned_by_non_sme_share: Decimal | None,
) -> bool | None:
    """Whether the facts make an organization an SME; None when the known facts do not decide it.

    headcount: employees worldwide. Money: euros per year. owned_by_non_sme_share: 0 to 1, the largest share
    that enterprises which are not SMEs hold. Unknown facts are None; one failed condition decides for False
    however much else is unknown. ValueError for a negative number or a share above 1.
    """
    facts = {
        "headcount": headcount,
        "turnover_eur": turnover_eur,
        "balance_sheet_eur": balance_sheet_eur,
        "owned_by_non_sme_share": owned_by_non_sme_share,
    }
    for name, value in facts.items():
        if value is not None and not value >= 0:
            raise ValueError(f"{name} is negative: {value}")
    if owned_by_non_sme_share is not None and owned_by_non_sme_share > 1:
        raise ValueError(f"owned_by_non_sme_share is above 1: {owned_by_non_sme_share}")

    few_people = None if headcount is None else headcount < SME_HEADCOUNT_BELOW
    low_turnover = None if turnover_eur is None else turnover_eur <= SME_TURNOVER_EUR
    low_balance = None if balance_sheet_eur is None else balance_sheet_eur <= SME_BALANCE_SHEET_EUR
    independent = None if owned_by_non_sme_share is None else owned_by_non_sme_share < NON_SME_SHARE_BELOW
    return _all_of(few_people, _any_of(low_turnover, low_balance), independent)


def _all_of(*truths: bool | None) -> bool | None:
    """Kleene's conjunction: False beats unknown, unknown beats True."""
    if False in truths:
        return False
    return None if None in truths else True


def _any_of(*truths: bool | None) -> bool | None:
    """Kleene's disjunction: True beats unknown, unknown beats False."""
    if True in truths:
        return True
    return None if None in truths else False
