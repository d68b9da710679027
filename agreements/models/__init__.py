from agreements.models.agreements import (
    Agreement,
    AgreementEvent,
    AgreementProject,
    MoneyLine,
    Party,
    Signatory,
)
from agreements.models.clauses import AgreementPolicy, ClauseAnswer, DelegatedSigner, Grant, IpAsset, RuleOverride
from agreements.models.compliance import ConflictPlan, Screening
from agreements.models.documents import Document, DocumentShare
from agreements.models.obligations import CalendarFeed, Obligation

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementPolicy",
    "AgreementProject",
    "CalendarFeed",
    "ClauseAnswer",
    "ConflictPlan",
    "DelegatedSigner",
    "Document",
    "DocumentShare",
    "Grant",
    "IpAsset",
    "MoneyLine",
    "Obligation",
    "Party",
    "RuleOverride",
    "Screening",
    "Signatory",
]
