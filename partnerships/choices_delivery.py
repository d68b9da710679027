"""The closed lists of what partnerships deliver, and of the money behind it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectForm(TextChoices):
    """How the two sides work together in a project."""

    SPONSORED = "sponsored", _("Sponsored research")
    COMMISSIONED = "commissioned", _("Commissioned research")
    JOINT = "joint", _("Joint research and development")
    JOINT_LAB = "joint_lab", _("Joint laboratory")
    MEMBERSHIP = "membership", _("Consortium membership")
    LICENSE_PROGRAM = "license_program", _("Licensing program")
    INCUBATION = "incubation", _("Incubation")
    CAPSTONE = "capstone", _("Capstone project")
    JOINT_TRAINING = "joint_training", _("Joint graduate training")
    CURRICULUM = "curriculum", _("Curriculum or industrial college")
    WORKFORCE = "workforce", _("Workforce training")
    CLINICAL_TRIAL = "clinical_trial", _("Clinical trial")
    FACILITY = "facility", _("Use of facilities")
    GIFT = "gift", _("Gift or sponsorship")
    OTHER = "other", _("Other")


class ResearchDomain(TextChoices):
    LIFE_SCIENCES = "life_sciences", _("Life sciences and health")
    MATERIALS = "materials", _("Advanced materials")
    DATA = "data", _("Data and computing")
    ENERGY = "energy", _("Energy and climate")
    MANUFACTURING = "manufacturing", _("Manufacturing and robotics")
    MOBILITY = "mobility", _("Mobility and space")
    FOOD = "food", _("Food and agriculture")
    SOCIETY = "society", _("Society, business and law")
    OTHER = "other", _("Other")


class Light(TextChoices):
    GREEN = "green", _("On course")
    AMBER = "amber", _("Needs attention")
    RED = "red", _("Off course")


class ProjectPersonRole(TextChoices):
    PRINCIPAL_INVESTIGATOR = "principal_investigator", _("Principal investigator")
    CO_INVESTIGATOR = "co_investigator", _("Co-investigator")
    MANAGER = "manager", _("Project manager")
    RESEARCHER = "researcher", _("Researcher")
    STUDENT = "student", _("Student")
    EMBEDDED = "embedded", _("Embedded with the other side")
    SUPERVISOR = "supervisor", _("Supervisor")
    OTHER = "other", _("Other role")


class MilestoneKind(TextChoices):
    MILESTONE = "milestone", _("Milestone")
    DELIVERABLE = "deliverable", _("Deliverable")
    REPORT = "report", _("Report")


class IssueKind(TextChoices):
    RISK = "risk", _("Risk")
    ISSUE = "issue", _("Issue")


class IssueTopic(TextChoices):
    DISPUTE = "dispute", _("Dispute")
    BREACH = "breach", _("Breach")
    COMPLIANCE = "compliance", _("Compliance hold")
    INTELLECTUAL_PROPERTY = "ip", _("Intellectual property")
    MONEY = "money", _("Money")
    STAFF = "staff", _("Staff")
    TECHNICAL = "technical", _("Technical")
    SCHEDULE = "schedule", _("Schedule")
    OTHER = "other", _("Other")


class Severity(TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class OutputKind(TextChoices):
    PUBLICATION = "publication", _("Publication")
    INVENTION = "invention", _("Invention")
    PROTOTYPE = "prototype", _("Prototype")
    SOFTWARE = "software", _("Software")
    DATASET = "dataset", _("Data set")
    STANDARD = "standard", _("Standard or guideline")
    HIRE = "hire", _("Hire")
    STARTUP = "startup", _("Start-up")
    OTHER = "other", _("Other")


class BenefitKind(TextChoices):
    INTELLECTUAL_PROPERTY = "ip", _("Intellectual property")
    REVENUE = "revenue", _("Share of revenue")
    PUBLICATION = "publication", _("Publications")
    DATA = "data", _("Data and materials")
    TALENT = "talent", _("Access to talent")
    KNOWLEDGE = "knowledge", _("Knowledge")
    FACILITIES = "facilities", _("Use of facilities")
    REPUTATION = "reputation", _("Reputation")
    OTHER = "other", _("Other")


class FundingMeasure(TextChoices):
    """What happened to money; the five are never added to each other."""

    COMMITTED = "committed", _("Committed")
    INVOICED = "invoiced", _("Invoiced")
    RECEIVED = "received", _("Received")
    SPENT = "spent", _("Spent")
    IN_KIND = "in_kind", _("In kind")


class FundingSource(TextChoices):
    INDUSTRY = "industry", _("Industry")
    FEDERAL = "federal", _("Federal or national")
    STATE = "state", _("State or regional")
    INTERNATIONAL = "international", _("International and European")
    FOUNDATION = "foundation", _("Foundation")
    INSTITUTION = "institution", _("Institutional match")
    OTHER = "other", _("Other")


class FundingImport(TextChoices):
    """What an import of money is taken from."""

    TABLE = "table", _("Table of money")
    CONTRACTS = "contracts", _("Contracts reported under US Section 117")
    AWARDS = "awards", _("Awards of imported projects, such as those of CORDIS")


class SchemeKind(TextChoices):
    GRANT = "grant", _("Grant")
    VOUCHER = "voucher", _("Voucher")
    TAX_INCENTIVE = "tax_incentive", _("Tax incentive")
    LOAN = "loan", _("Loan")
    FELLOWSHIP = "fellowship", _("Fellowship")
    MATCH = "match", _("Institutional match")
