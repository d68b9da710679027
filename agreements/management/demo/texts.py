"""What the demonstration's agreements say: titles, answers that are clear, the words of two drafts. All invented."""

TITLES = {
    "nda": "Mutual non-disclosure on {theme}",
    "mou": "Memorandum of understanding on {theme}",
    "research": "Sponsored research in {theme}",
    "collaboration": "Joint research in {theme}",
    "master": "Master research agreement, {partner}",
    "work_order": "Work order: {theme} pilot",
    "material": "Transfer of {theme} samples",
    "data": "Use of {theme} measurement data",
    "service": "Laboratory services, {theme}",
    "consultancy": "Advice on {theme}",
    "gift": "Gift for the {theme} chair",
    "option": "Option on {theme} results",
    "license": "License of {theme} software",
    "placement": "Placements in {theme}",
    "capstone": "Capstone projects in {theme}",
    "consortium": "Membership of the {theme} consortium",
    "embedded": "Industrial fellow in {theme}",
}

# Answers with which no rule fires, by question.
CLEAR = {
    "statement_of_work": True,
    "tasks_and_deliverables": True,
    "foreground_owner": "university",
    "academic_use": True,
    "sponsor_rights": True,
    "improvements_unlimited": False,
    "option_exercise_days": 90,
    "option_start_event": "Receipt of the final report",
    "option_negotiation_days": 90,
    "prosecution_control": "University",
    "prosecution_costs": "Licensee, from the date of the license",
    "diligence_milestones": True,
    "termination_for_failure": True,
    "royalty_bearing": True,
    "royalty_base": "Net sales",
    "royalty_rate": "3 %",
    "royalty_reporting": "Every six months",
    "royalty_audit": True,
    "background_schedule": True,
    "background_license_scope": "For the project only",
    "right_to_publish": True,
    "publication_review_days": 30,
    "publication_delay_days": 45,
    "theses_carved_out": True,
    "publication_approval": False,
    "nationality_restriction": False,
    "confidentiality_years": 5,
    "results_confidential": False,
    "public_funding": False,
    "students_or_visitors": True,
    "participation_recorded": True,
    "overhead_percent": 30,
    "gift_deliverables": False,
    "data_exchanged": True,
    "data_use_term": True,
    "software_results": True,
    "open_source_position": True,
    "materials_moved": False,
    "survival_clause": True,
    "liability_capped": True,
}

# What the partner asked for, and which rules then fire.
CONTESTED = [
    {"publication_delay_days": 120, "results_confidential": True},
    {"foreground_owner": "sponsor", "academic_use": False},
    {"foreground_owner": "joint"},
    {"improvements_unlimited": True, "liability_capped": False},
    {"publication_approval": True, "theses_carved_out": False},
]

PLACES = {"foreground_owner": "7.1", "right_to_publish": "9.2", "publication_review_days": "9.3", "royalty_rate": "5.1"}

DRAFT = """{title}

1. Purpose
The parties work together in {theme} as described in Annex 1.

2. Work
The university carries out the tasks of Annex 1 and delivers the results named there.

3. Payment
{partner} pays {value} in the installments of Annex 2, within 30 days of each invoice.

4. Results
Results belong to the party whose people made them.

5. Publication
The university may publish after a review of 30 days. Theses are not delayed.

6. Confidentiality
Confidential information is kept for five years after disclosure.

7. Term
Either party may end the agreement with 90 days' notice.
"""

REDLINE = (
    ("Results belong to the party whose people made them.", "Results belong to {partner}, which grants academic use."),
    ("after a review of 30 days", "after a review of 60 days and a further delay of 120 days"),
    ("kept for five years after disclosure", "kept for ten years after disclosure"),
    ("within 30 days of each invoice", "within 60 days of each invoice"),
)

NOTES = {
    "triaged": "Budget and statement of work are here.",
    "with_partner": "Sent to their counsel.",
    "redline": "They want more time before publication.",
    "approval": "Legal has no objection.",
    "signing": "Out for signature.",
    "closed": "Signed by both sides.",
}
HOLDS = ["Waiting for their new budget year", "Their counsel changed; they will write in two weeks"]
ENDS = {
    "terminated": "Both sides agreed to stop after the pilot.",
    "withdrawn": "They found another laboratory.",
}
EVIDENCE = ["Report sent to their project lead.", "Paid; the receipt is in the ledger.", "Done at the review meeting."]
LISTS = "EU consolidated list, UN, UK and OFAC, as of {day:%-d %b %Y}"
NAMESAKE = "A person of the same surname on the UN list. Another date of birth and country: not our partner."
HIT = "The name of a holding company above them is on the UK list. Registration number asked for."
TRUE_HIT = "The majority owner is on the EU list since last spring. Confirmed with their register of owners."
INTERESTS = [
    ("Holds 4 % of the shares, bought before the project.", "Takes no part in the choice of suppliers; yearly review."),
    ("Sits on their scientific advisory board, paid by the day.", ""),
]
