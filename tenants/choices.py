"""The closed lists of this floor."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")
    OFFICER = "officer", _("Officer")
    RESEARCHER = "researcher", _("Researcher")
    VIEWER = "viewer", _("Viewer")


class Theme(TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(TextChoices):
    COMPACT = "compact", _("Compact")
    DEFAULT = "default", _("Default")
    COMFORTABLE = "comfortable", _("Comfortable")


class Digest(TextChoices):
    NEVER = "never", _("Never")
    DAILY = "daily", _("Every morning")
    WEEKLY = "weekly", _("On Monday mornings")


class JobState(TextChoices):
    QUEUED = "queued", _("Queued")
    STARTED = "started", _("Started")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ChangeKind(TextChoices):
    INSERT = "I", _("Created")
    UPDATE = "U", _("Changed")
    DELETE = "D", _("Deleted")


class UnitKind(TextChoices):
    FACULTY = "faculty", _("Faculty or school")
    DEPARTMENT = "department", _("Department")
    CENTER = "center", _("Center or institute")
    FACILITY = "facility", _("Core facility")
    OFFICE = "office", _("Office")


class ViewVisibility(TextChoices):
    PRIVATE = "private", _("Only me")
    TEAM = "team", _("A team of mine")
    OFFICE = "office", _("Everybody in the office")


class ExportFormat(TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")
    PDF = "pdf", _("PDF")


class ListFormat(TextChoices):
    """What a list may be taken out as."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")


class ExportState(TextChoices):
    WAITING = "waiting", _("Waiting")
    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready")
    CANCELED = "canceled", _("Canceled")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
