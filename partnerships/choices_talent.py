"""The closed lists of talent: programs, positions, candidates, placements and what moves between the two sides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProgramKind(TextChoices):
    INTERNSHIP = "internship", _("Internship")
    COOP = "coop", _("Co-op")
    CAPSTONE = "capstone", _("Capstone project")
    THESIS = "thesis", _("Thesis with a partner")
    JOINT_PHD = "joint_phd", _("Joint PhD")
    APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
    SECONDMENT = "secondment", _("Secondment")
    EXECUTIVE_EDUCATION = "executive_education", _("Executive education")


class PositionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting for approval")
    POSTED = "posted", _("Posted")
    CLOSED = "closed", _("Closed")


class WorkPlace(TextChoices):
    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", _("Partly remote")
    REMOTE = "remote", _("Remote")


class CandidateStatus(TextChoices):
    APPLIED = "applied", _("Applied")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    INTERVIEWED = "interviewed", _("Interviewed")
    RANKED = "ranked", _("Ranked")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    REJECTED = "rejected", _("Not chosen")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MatchSide(TextChoices):
    """Whose rankings the matching serves best: the side that proposes."""

    CANDIDATES = "candidates", _("Candidates")
    POSITIONS = "positions", _("Partners")


class PlacementStatus(TextChoices):
    REQUESTED = "requested", _("Requested")
    IN_APPROVAL = "in_approval", _("In approval")
    NEEDS_REVIEW = "needs_review", _("Needs review")
    APPROVED = "approved", _("Approved")
    IN_PROGRESS = "in_progress", _("In progress")
    CHECKED = "checked", _("Mid-term check done")
    EVALUATED = "evaluated", _("Evaluated")
    COMPLETED = "completed", _("Completed")
    ENDED_EARLY = "ended_early", _("Ended early")
    CANCELED = "canceled", _("Canceled")


class ApproverRole(TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    DEPARTMENT = "department", _("Department")
    SITE_SUPERVISOR = "site_supervisor", _("Supervisor at the partner")
    DEAN = "dean", _("Dean")


class Decision(TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class EvaluatorSide(TextChoices):
    STUDENT = "student", _("Student")
    SUPERVISOR = "supervisor", _("Supervisor")


class ReturnOffer(TextChoices):
    NOT_ASKED = "not_asked", _("Not asked yet")
    NONE = "none", _("No offer")
    WAITING = "waiting", _("Offered, waiting for the answer")
    ACCEPTED = "accepted", _("Offered and accepted")
    DECLINED = "declined", _("Offered and declined")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")


class TalentEventKind(TextChoices):
    """What counts as people moving between the two sides; its weights stand in ``rules.health.config``."""

    INDUSTRIAL_PHD = "industrial_phd", _("Industrial PhD")
    SECONDMENT = "secondment", _("Secondment")
    HIRE = "hire", _("Hire")
    CAPSTONE_TEAM = "capstone_team", _("Capstone team")
    INTERNSHIP = "internship", _("Internship")
    COOP = "coop", _("Co-op")
    GUEST_LECTURE = "guest_lecture", _("Guest lecture")
    RECRUITING_EVENT = "recruiting_event", _("Career fair or recruiting event")
