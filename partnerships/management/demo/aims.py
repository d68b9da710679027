"""What the two sides of the demonstration's projects want, get and bring out, by what kind of work it is.

``{topic}`` is what the project is about, so that two projects of one partner do not say the same.
"""

from decimal import Decimal

from partnerships.choices import Channel, Side
from partnerships.choices_delivery import BenefitKind, OutputKind
from partnerships.management.demo.names import PROJECTS

RESEARCH, TALENT, TEACHING, USE, GIVING = "research", "talent", "teaching", "use", "giving"
WORK = {
    Channel.RESEARCH: RESEARCH,
    Channel.JOINT_LAB: RESEARCH,
    Channel.CONSORTIUM: RESEARCH,
    Channel.CLINICAL_TRIALS: RESEARCH,
    Channel.RECRUITMENT: TALENT,
    Channel.INTERNSHIPS: TALENT,
    Channel.CAPSTONE: TALENT,
    Channel.GRADUATE_TRAINING: TALENT,
    Channel.CURRICULUM: TEACHING,
    Channel.WORKFORCE_TRAINING: TEACHING,
    Channel.LICENSING: USE,
    Channel.STARTUPS: USE,
    Channel.FACILITIES: USE,
    Channel.PHILANTHROPY: GIVING,
}
# Title, how it is measured, and how much is wanted.
WANTED = {
    RESEARCH: {
        Side.OURS: [
            ("Two joint papers on {topic}", "papers", "2"),
            ("Field data on {topic} for three groups", "data sets", "3"),
            ("A doctoral position on {topic}", "positions", "1"),
            ("A follow-up proposal on {topic}", "proposals", "1"),
        ],
        Side.THEIRS: [
            ("A method for {topic} that runs at their site", "sites", "1"),
            ("Lower costs of {topic}", "percent", "15"),
            ("A decision on the {topic} pilot", "decisions", "1"),
            ("Two engineers who can use the {topic} models", "people", "2"),
        ],
        Side.SHARED: [("A roadmap for {topic} that both boards accept", "roadmaps", "1")],
    },
    TALENT: {
        Side.OURS: [
            ("Paid places in {topic} every year", "places", "6"),
            ("A mentor for each student in {topic}", "mentors", "4"),
            ("Thesis subjects from {topic}", "subjects", "3"),
        ],
        Side.THEIRS: [
            ("Graduates hired for {topic}", "hires", "3"),
            ("Early talks with students of {topic}", "talks", "10"),
            ("A prototype from the {topic} team", "prototypes", "1"),
        ],
        Side.SHARED: [],
    },
    TEACHING: {
        Side.OURS: [
            ("Cases from practice for the {topic} course", "cases", "4"),
            ("Guest teachers for {topic}", "teachers", "2"),
        ],
        Side.THEIRS: [
            ("Staff trained in {topic}", "people", "20"),
            ("A certificate in {topic} for their engineers", "certificates", "12"),
        ],
        Side.SHARED: [],
    },
    USE: {
        Side.OURS: [
            ("A first income from {topic}", "thousand", "50"),
            ("Paid days of the {topic} test rig", "days", "40"),
            ("A pilot customer for {topic}", "customers", "1"),
        ],
        Side.THEIRS: [
            ("Freedom to use {topic} in their field", "products", "1"),
            ("Results on {topic} within four weeks", "weeks", "4"),
            ("A supplier for {topic} close by", "suppliers", "1"),
        ],
        Side.SHARED: [],
    },
    GIVING: {
        Side.OURS: [("Scholarships in {topic}", "scholarships", "5")],
        Side.THEIRS: [("A yearly evening with the scholars of {topic}", "evenings", "1")],
        Side.SHARED: [],
    },
}
GOTTEN = {
    RESEARCH: [
        (Side.OURS, BenefitKind.PUBLICATION, "Right to publish on {topic} after thirty days", None),
        (Side.THEIRS, BenefitKind.INTELLECTUAL_PROPERTY, "Option on results in {topic}", None),
        (Side.SHARED, BenefitKind.DATA, "The measurements on {topic}, for internal use", None),
    ],
    TALENT: [
        (Side.OURS, BenefitKind.KNOWLEDGE, "Real tasks in {topic} for our students", None),
        (Side.THEIRS, BenefitKind.TALENT, "First talk to the graduates in {topic}", None),
    ],
    TEACHING: [
        (Side.OURS, BenefitKind.KNOWLEDGE, "Their material on {topic} for our courses", None),
        (Side.THEIRS, BenefitKind.REPUTATION, "Their name on the {topic} module", None),
    ],
    USE: [
        (Side.OURS, BenefitKind.REVENUE, "Income from {topic}", Decimal(60)),
        (Side.THEIRS, BenefitKind.REVENUE, "Income from {topic}", Decimal(40)),
        (Side.THEIRS, BenefitKind.FACILITIES, "Test time for {topic} ahead of others", None),
    ],
    GIVING: [
        (Side.OURS, BenefitKind.OTHER, "Scholarships for students of {topic}", None),
        (Side.THEIRS, BenefitKind.REPUTATION, "Their name on the {topic} scholarships", None),
    ],
}
OUTPUTS = [
    (OutputKind.PUBLICATION, "What field data tell about {topic}"),
    (OutputKind.DATASET, "Measurements in the field: {topic}"),
    (OutputKind.PROTOTYPE, "Laboratory demonstrator for {topic}"),
    (OutputKind.INVENTION, "A sensor for {topic} that calibrates itself"),
    (OutputKind.SOFTWARE, "Open tools for {topic}"),
    (OutputKind.HIRE, "Graduates in {topic} hired by the partner"),
]
# What came out of the first projects with start-ups: name, and how long ago it was founded.
STARTUPS = [("Clearline Sensing", 120), ("Tideway Robotics", 470)]
# How the work of one partner on one topic goes on in further projects.
PHASES = ["{topic}", "the second phase of {topic}", "the third phase of {topic}", "the next phase of {topic}"]
LONGEST = 3 * 365


def topic_of(title: str) -> str:
    """What a project of the demonstration is about, in the words of its title."""
    for pattern in PROJECTS.values():
        before, _topic, after = pattern.partition("{topic}")
        if title.startswith(before) and title.endswith(after):
            topic = title[len(before) : len(title) - len(after)]
            return topic if before else topic[:1].lower() + topic[1:]
    return title[:1].lower() + title[1:]
