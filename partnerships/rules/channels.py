"""The fourteen channels through which a university and a company work together.

The codes are stored and exported, so they never change; the labels are for people.
"""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """One way of engaging; the breadth of a partnership is counted over these."""

    RESEARCH = "RES"
    JOINT_LAB = "LAB"
    CONSORTIUM = "CON"
    LICENSING = "LIC"
    STARTUPS = "STU"
    RECRUITMENT = "REC"
    INTERNSHIPS = "INT"
    CAPSTONE = "CAP"
    GRADUATE_TRAINING = "GRD"
    CURRICULUM = "CUR"
    WORKFORCE_TRAINING = "CPD"
    CLINICAL_TRIALS = "CLI"
    FACILITIES = "FAC"
    PHILANTHROPY = "PHI"


CHANNEL_LABELS: dict[Channel, str] = {
    Channel.RESEARCH: "Sponsored and joint research",
    Channel.JOINT_LAB: "Joint laboratory or technology center",
    Channel.CONSORTIUM: "Consortium or membership",
    Channel.LICENSING: "Licensing and options",
    Channel.STARTUPS: "Start-ups and incubation",
    Channel.RECRUITMENT: "Recruitment and career fairs",
    Channel.INTERNSHIPS: "Internships and co-op placements",
    Channel.CAPSTONE: "Capstone and student projects",
    Channel.GRADUATE_TRAINING: "Graduate training and fellowships",
    Channel.CURRICULUM: "Curriculum and advisory boards",
    Channel.WORKFORCE_TRAINING: "Workforce training and executive education",
    Channel.CLINICAL_TRIALS: "Clinical trials",
    Channel.FACILITIES: "Facilities, testing and consultancy",
    Channel.PHILANTHROPY: "Philanthropy and gifts",
}
