"""The closed lists of partnerships; the codes of stages, channels and kinds come from the rules."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    AWARENESS = "awareness", _("Awareness")
    INVOLVEMENT = "involvement", _("Involvement")
    SUPPORT = "support", _("Support")
    SPONSORSHIP = "sponsorship", _("Sponsorship")
    STRATEGIC = "strategic", _("Strategic partner")


class Tier(TextChoices):
    STRATEGIC = "strategic", _("Strategic")
    KEY = "key", _("Key")
    DEVELOPING = "developing", _("Developing")
    TRANSACTIONAL = "transactional", _("Transactional")
    PROSPECT = "prospect", _("Prospect")


class PartnershipStatus(TextChoices):
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    ENDED = "ended", _("Ended")


class Channel(TextChoices):
    RESEARCH = "RES", _("Research and development")
    JOINT_LAB = "LAB", _("Joint laboratory")
    CONSORTIUM = "CON", _("Consortium or membership")
    LICENSING = "LIC", _("Licensing")
    STARTUPS = "STU", _("Start-ups")
    RECRUITMENT = "REC", _("Recruitment")
    INTERNSHIPS = "INT", _("Internships")
    CAPSTONE = "CAP", _("Capstone projects")
    GRADUATE_TRAINING = "GRD", _("Graduate training")
    CURRICULUM = "CUR", _("Curriculum")
    WORKFORCE_TRAINING = "CPD", _("Workforce training")
    CLINICAL_TRIALS = "CLI", _("Clinical trials")
    FACILITIES = "FAC", _("Facilities and services")
    PHILANTHROPY = "PHI", _("Philanthropy")


class InteractionKind(TextChoices):
    MEETING = "meeting", _("Meeting")
    CALL = "call", _("Call")
    EMAIL = "email_two_way", _("E-mail exchange")
    SITE_VISIT = "site_visit", _("Site visit")
    EXECUTIVE_VISIT = "executive_visit", _("Executive visit")
    EVENT = "event", _("Event")
    EMAIL_ONE_WAY = "email_one_way", _("E-mail without answer")
    BULK_MAIL = "bulk_mail", _("Mailing")
    NOTE = "note", _("Note")


QUICK_KINDS = [
    InteractionKind.MEETING,
    InteractionKind.CALL,
    InteractionKind.EMAIL,
    InteractionKind.SITE_VISIT,
    InteractionKind.EVENT,
    InteractionKind.NOTE,
]


class Direction(TextChoices):
    OUTBOUND = "O", _("We reached out")
    INBOUND = "I", _("They reached out")


class Confidentiality(TextChoices):
    INTERNAL = "internal", _("Internal")
    CONFIDENTIAL = "confidential", _("Confidential")
    RESTRICTED = "restricted", _("Restricted")


class Source(TextChoices):
    MANUAL = "manual", _("Entered by hand")
    API = "api", _("API")
    IMPORT = "import", _("Import")


class ProjectStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    ENDED_EARLY = "ended_early", _("Ended early")


class ProjectSize(TextChoices):
    SMALL = "small", _("Small")
    STANDARD = "standard", _("Standard")
    MAJOR = "major", _("Major")


class ProjectRole(TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    PARTICIPANT = "participant", _("Participant")
    PARTNER = "partner", _("Partner organization")
    UNKNOWN = "unknown", _("Not known")


class Band(TextChoices):
    HEALTHY = "healthy", _("Healthy")
    WATCH = "watch", _("Watch")
    AT_RISK = "at_risk", _("At risk")
    INSUFFICIENT = "insufficient", _("Not enough data")


class PointsState(TextChoices):
    """How a dimension stands in a score."""

    SCORED = "scored", _("Scored")
    UNKNOWN = "unknown", _("Nothing is known yet")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class ImaginedRecord(TextChoices):
    """What can be imagined to see its effect on a score."""

    INTERACTION = "interaction", _("A contact")
    PROJECT = "project", _("A project")
    LEDGER_ENTRY = "ledger_entry", _("Something given or got")
    EVALUATION = "evaluation", _("A rating by the partner")
    RENEWAL = "renewal", _("Renewal of the main agreement")
    TALENT = "talent", _("Somebody who moves")


class ImaginedRenewal(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    DRAFTED = "drafted", _("Drafted")
    NEGOTIATING = "negotiating", _("Being negotiated")
    AWAITING_SIGNATURE = "awaiting_signature", _("Awaiting signature")


class ImaginedTalent(TextChoices):
    INTERNSHIP = "internship", _("Internship")
    HIRE = "hire", _("Hire")
    CAPSTONE_TEAM = "capstone_team", _("Student project")
    SECONDMENT = "secondment", _("Secondment")
    INDUSTRIAL_PHD = "industrial_phd", _("Industrial PhD")
    GUEST_LECTURE = "guest_lecture", _("Guest lecture")


class AlertRule(TextChoices):
    """The rules of ``rules.health.alerts``, by what they tell."""

    BAND_WORSENED = "A1", _("Band worsened")
    DROPPED = "A2", _("Sharp drop")
    DECLINING = "A3", _("Keeps declining")
    AGREEMENT_ENDS = "A4", _("Main agreement ends")
    CHAMPION_LOST = "A5", _("Champion lost")
    SINGLE_THREAD = "A6", _("Became single-threaded")
    UNUSUAL_SILENCE = "A7", _("Unusual silence")
    DATA_RAN_OUT = "A8", _("Data ran out")
    CAP_HIT = "A9", _("New limit on the score")
    OVERDUE = "A10", _("Obligation overdue")
    BAD_RATING = "A11", _("Poor rating")
    ROOM_TO_GROW = "A12", _("Room to grow")


class AlertStanding(IntegerChoices):
    """Where an alert is: what waits comes first."""

    OPEN = 1, _("Open")
    PUT_OFF = 2, _("Put off")
    ENDED = 3, _("Ended")


class AlertEnd(TextChoices):
    PASSED = "passed", _("No longer true")
    HANDLED = "handled", _("Dealt with")


class TeamRole(TextChoices):
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
    OWNER = "owner", _("Owner")
    DEPUTY = "deputy", _("Deputy")
    CHAMPION = "champion", _("Champion")
    PRINCIPAL_INVESTIGATOR = "principal_investigator", _("Principal investigator")
    LEGAL = "legal", _("Legal or contracts")
    OTHER = "other", _("Other role")


class Side(TextChoices):
    OURS = "ours", _("University")
    THEIRS = "theirs", _("Partner")
    SHARED = "shared", _("Both sides")


class ObjectiveStatus(TextChoices):
    OPEN = "open", _("Not started")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    DROPPED = "dropped", _("Dropped")


class LedgerDirection(TextChoices):
    GIVE = "give", _("We gave")
    GET = "get", _("We got")


class ImaginedDirection(TextChoices):
    """Of an imagined record: who reached out, or who gave."""

    OUTBOUND = "O", _("We reached out")
    INBOUND = "I", _("They reached out")
    GIVE = "give", _("We gave")
    GET = "get", _("We got")


class LedgerKind(TextChoices):
    INTRODUCTION = "introduction", _("Introduction")
    DATA = "data", _("Data or material")
    EQUIPMENT = "equipment", _("Equipment or access")
    TALK = "talk", _("Talk or teaching")
    PRIZE = "prize", _("Prize or scholarship")
    EARLY_ACCESS = "early_access", _("Early access to results")
    EXPERTISE = "expertise", _("Expert time")
    VISIBILITY = "visibility", _("Visibility")
    OTHER = "other", _("Other")


class PartnerEventKind(TextChoices):
    MERGER = "merger", _("Merger or acquisition")
    STRATEGY = "strategy", _("Change of strategy")
    REORGANIZATION = "reorganization", _("Reorganization")
    LEADERSHIP = "leadership", _("Change of leadership")
    RELOCATION = "relocation", _("Opening, closing or move of a site")
    FINANCE = "finance", _("Financial event")
    OTHER = "other", _("Other change")


class RaterSide(TextChoices):
    PARTNER = "partner", _("Partner")
    INVESTIGATOR = "investigator", _("Principal investigator")
    OFFICE = "office", _("Our office")
    THIRD_PARTY = "third_party", _("Third party")


class RatingScale(TextChoices):
    FIVE = "5", _("1 to 5")
    TEN = "10", _("0 to 10")


class StageMeaning(TextChoices):
    OPEN = "open", _("Open")
    ON_HOLD = "on_hold", _("On hold")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


DEFAULT_STAGE_NAMES = {
    "lead": _("Lead"),
    "qualified": _("Qualified"),
    "scoping": _("Scoping"),
    "proposal": _("Proposal"),
    "negotiation": _("Negotiation"),
    "on_hold": _("On hold"),
    "won": _("Won"),
    "lost": _("Lost"),
}


class LeadSource(TextChoices):
    PULL = "pull", _("Industry pull")
    PUSH = "push", _("Technology push")


class LossReason(TextChoices):
    IP_TERMS = "ip_terms", _("IP terms")
    PRICE = "price", _("Price or overhead")
    TIMING = "timing", _("Timing")
    NO_FIT = "no_fit", _("No fit")
    NO_BUDGET = "no_budget", _("No budget")
    PUBLICATION = "publication", _("Publication")
    COMPETITOR = "competitor", _("Went to another university")
    CAPACITY = "capacity", _("Our own capacity")


class HandoverStatus(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELED = "canceled", _("Canceled")


DIMENSION_LABELS = {
    "recency": _("Recency"),
    "breadth": _("Breadth"),
    "depth": _("Depth"),
    "reciprocity": _("Reciprocity"),
    "funding": _("Funding"),
    "delivery": _("Delivery"),
    "runway": _("Agreement runway"),
    "talent": _("Talent"),
    "satisfaction": _("Satisfaction"),
}

CAP_LABELS = {
    "K1": _("no real contact for a long time"),
    "K2": _("only one person on their side is in touch"),
    "K3": _("the main agreement ends and nothing follows it"),
    "K4": _("a critical issue is open"),
    "K5": _("one dimension has collapsed"),
}
