"""The closed lists of agreements."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementKind(TextChoices):
    NDA = "nda", _("Non-disclosure agreement")
    MOU = "mou", _("Memorandum of understanding")
    RESEARCH = "research", _("Sponsored research agreement")
    COLLABORATION = "collaboration", _("Collaborative research agreement")
    MASTER = "master", _("Master agreement")
    WORK_ORDER = "work_order", _("Work order")
    CONSORTIUM = "consortium", _("Consortium or membership agreement")
    MATERIAL = "material", _("Material transfer agreement")
    DATA = "data", _("Data use agreement")
    CLINICAL_TRIAL = "clinical_trial", _("Clinical trial agreement")
    SERVICE = "service", _("Service or facilities agreement")
    CONSULTANCY = "consultancy", _("Consultancy agreement")
    GIFT = "gift", _("Gift agreement")
    OPTION = "option", _("Option agreement")
    LICENSE = "license", _("License agreement")
    ASSIGNMENT = "assignment", _("Assignment")
    INTERINSTITUTIONAL = "interinstitutional", _("Inter-institutional agreement")
    PLACEMENT = "placement", _("Placement or internship agreement")
    CAPSTONE = "capstone", _("Capstone agreement")
    EMBEDDED = "embedded", _("Industrial fellowship or secondment")
    OTHER = "other", _("Other agreement")


class LegalStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    NEGOTIATION = "negotiation", _("In negotiation")
    SIGNATURE = "signature", _("Routed for signature")
    EXECUTED = "executed", _("Executed")
    AMENDED = "amended", _("Amended")
    TERMINATED = "terminated", _("Terminated")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class WorkflowState(TextChoices):
    INTAKE = "intake", _("Intake incomplete")
    TRIAGED = "triaged", _("Triaged")
    DRAFTING = "drafting", _("Drafting")
    WITH_PARTNER = "with_partner", _("With the partner")
    REDLINE = "redline", _("Redline")
    APPROVAL = "approval", _("Internal approval")
    SIGNING = "signing", _("Awaiting signature")
    ON_HOLD = "on_hold", _("On hold")
    CLOSED = "closed", _("Closed")


class Court(TextChoices):
    OFFICE = "office", _("Our office")
    LEGAL = "legal", _("Legal")
    INVESTIGATOR = "investigator", _("Principal investigator")
    PARTNER = "partner", _("Partner")
    NOBODY = "nobody", _("Nobody")


class PartyRole(TextChoices):
    UNIVERSITY = "university", _("University")
    SPONSOR = "sponsor", _("Sponsor")
    PARTNER = "partner", _("Partner")
    LICENSEE = "licensee", _("Licensee")
    LICENSOR = "licensor", _("Licensor")
    PROVIDER = "provider", _("Provider")
    RECIPIENT = "recipient", _("Recipient")
    FUNDER = "funder", _("Public funder")
    MEMBER = "member", _("Member")
    OTHER = "other", _("Other party")


class DocumentLabel(TextChoices):
    REQUEST = "request", _("Request")
    DRAFT = "draft", _("Draft")
    REDLINE = "redline", _("Redline")
    FINAL = "final", _("Final")
    EXECUTED = "executed", _("Executed")
    EXHIBIT = "exhibit", _("Exhibit")
    CORRESPONDENCE = "correspondence", _("Correspondence")


class Level(TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    PARTNER_SHARED = "partner_shared", _("Shared with the partner")
    CONFIDENTIAL = "confidential", _("Confidential")
    RESTRICTED = "restricted", _("Restricted")


class MoneyKind(TextChoices):
    INSTALLMENT = "installment", _("Installment")
    FEE = "fee", _("Fee")
    MILESTONE = "milestone", _("Milestone payment")
    MEMBERSHIP = "membership", _("Membership fee")
    IN_KIND = "in_kind", _("In-kind contribution")
    OTHER = "other", _("Other")


class MoneyDirection(TextChoices):
    IN = "in", _("To us")
    OUT = "out", _("From us")


class ObligationSide(TextChoices):
    OURS = "ours", _("University")
    THEIRS = "theirs", _("Partner")


class ObligationKind(TextChoices):
    DELIVERABLE = "deliverable", _("Deliverable")
    REPORT = "report", _("Report")
    PAYMENT = "payment", _("Payment")
    NOTICE = "notice", _("Notice")
    PUBLICATION_REVIEW = "publication_review", _("Publication review")
    INSURANCE = "insurance", _("Insurance")
    DILIGENCE = "diligence", _("Diligence milestone")
    SCREENING = "screening", _("Screening refresh")


class Recurrence(TextChoices):
    ONCE = "once", _("Once")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every three months")
    HALF_YEARLY = "half_yearly", _("Every six months")
    YEARLY = "yearly", _("Every year")


class GrantKind(TextChoices):
    LICENSE = "license", _("License")
    OPTION = "option", _("Option")
    ASSIGNMENT = "assignment", _("Assignment")


class Exclusivity(TextChoices):
    EXCLUSIVE = "exclusive", _("Exclusive")
    SOLE = "sole", _("Sole")
    CO_EXCLUSIVE = "co_exclusive", _("Co-exclusive")
    NONEXCLUSIVE = "nonexclusive", _("Non-exclusive")


class AssetKind(TextChoices):
    INVENTION = "invention", _("Invention")
    PATENT_FAMILY = "patent_family", _("Patent family")
    SOFTWARE = "software", _("Software")
    DATA = "data", _("Data")
    MATERIAL = "material", _("Material")
    COPYRIGHT = "copyright", _("Copyright work")
    KNOW_HOW = "know_how", _("Know-how")


class ScreeningResult(TextChoices):
    CLEAR = "clear", _("No hit")
    FALSE_HIT = "false_hit", _("Hit, shown to be false")
    TRUE_HIT = "true_hit", _("True hit")
    OPEN = "open", _("Hit, not yet decided")


class RenewalProgress(TextChoices):
    NONE = "none", _("Not begun")
    PROPOSED = "proposed", _("Proposed")
    DRAFTED = "drafted", _("Drafted")
    NEGOTIATING = "negotiating", _("Negotiating")
    AWAITING_SIGNATURE = "awaiting_signature", _("Awaiting signature")
    DECLINED = "declined", _("Will not be renewed")
