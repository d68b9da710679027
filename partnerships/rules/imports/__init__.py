"""What the rows of an import mean: text in, typed records out, and a list of what is wrong."""

from partnerships.rules.imports.reading import Parsed, Problem, repair_website
from partnerships.rules.imports.rows import (
    ImportedOrganization,
    ImportedParticipation,
    ImportedProject,
    Institution,
    ProjectLink,
    parse_institution,
    parse_link,
    parse_organization,
    parse_participation,
    parse_project,
    status_by_dates,
)

__all__ = [
    "ImportedOrganization",
    "ImportedParticipation",
    "ImportedProject",
    "Institution",
    "Parsed",
    "Problem",
    "ProjectLink",
    "parse_institution",
    "parse_link",
    "parse_organization",
    "parse_participation",
    "parse_project",
    "repair_website",
    "status_by_dates",
]
