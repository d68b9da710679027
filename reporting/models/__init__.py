from reporting.models.reports import ReportDefinition
from reporting.models.schedules import ReportDelivery, ReportRecipient, ReportSchedule
from reporting.models.targets import Target

__all__ = ["ReportDefinition", "ReportDelivery", "ReportRecipient", "ReportSchedule", "Target"]
