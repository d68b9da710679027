"""What the clause questions and the rules of the checklist say to people, by the codes of ``agreements.rules``."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: dict[int, Promise] = {
    0: _("Good faith"),
    1: _("Statement of work"),
    2: _("Liability and indemnity"),
    3: _("Publication"),
    4: _("Other research results"),
    5: _("Background IP"),
    6: _("Foreground IP"),
    7: _("Export control"),
    8: _("Copyright and participation"),
    9: _("Confidential information"),
    10: _("Material transfer"),
    11: _("Gifts"),
    12: _("Budget and overhead"),
    13: _("Specialized services"),
    14: _("Data"),
    15: _("Conflict of interest"),
    16: _("Software"),
}

SEVERITIES: dict[str, Promise] = {"B": _("Blocks signature"), "W": _("Warning"), "I": _("Hint")}

QUESTIONS: dict[str, Promise] = {
    "statement_of_work": _("Is there a statement of work?"),
    "tasks_and_deliverables": _("Does it name tasks and deliverables?"),
    "foreground_owner": _("Who owns the results?"),
    "joint_exploitation": _("Joint results: may each side use and license them, and how?"),
    "joint_enforcement": _("Joint results: who enforces?"),
    "joint_costs": _("Joint results: who pays for protection?"),
    "joint_accounting": _("Joint results: is income shared or accounted for?"),
    "academic_use": _("May the university use the results for research and teaching?"),
    "sponsor_rights": _("Does the sponsor get a license or an option?"),
    "improvements_unlimited": _("Are improvements or future inventions assigned or licensed without limit?"),
    "option_exercise_days": _("Option: days in which it can be exercised"),
    "option_start_event": _("Option: what starts the period?"),
    "option_negotiation_days": _("Option: days to negotiate after it is exercised"),
    "prosecution_control": _("Who controls the patent applications?"),
    "prosecution_costs": _("Who pays for them?"),
    "diligence_milestones": _("Does the licensee have dated milestones?"),
    "termination_for_failure": _("Can the license be ended when they are missed?"),
    "royalty_bearing": _("Are royalties due?"),
    "royalty_base": _("Royalty: on what?"),
    "royalty_rate": _("Royalty: how much?"),
    "royalty_reporting": _("Royalty: how often is it reported?"),
    "royalty_audit": _("Royalty: may the books be audited?"),
    "background_schedule": _("Is background IP listed in a schedule?"),
    "background_license_scope": _("What may each side do with the other's background IP?"),
    "right_to_publish": _("Is the university free to publish?"),
    "publication_review_days": _("Days to review a manuscript"),
    "publication_delay_days": _("Further days of delay, for example to file a patent"),
    "theses_carved_out": _("Are theses free from delay?"),
    "publication_approval": _("Does publication need the other side's approval?"),
    "nationality_restriction": _("Is anybody kept out by nationality?"),
    "confidentiality_years": _("Years of confidentiality"),
    "results_confidential": _("Are the results themselves confidential?"),
    "public_funding": _("Does public or charity money pay for the same work?"),
    "funder_rights": _("Are the funder's rights reserved?"),
    "students_or_visitors": _("Do students or visitors take part?"),
    "participation_recorded": _("Have they signed what their part asks for?"),
    "overhead_percent": _("Overhead in percent"),
    "overhead_waiver": _("Is a waiver of overhead on record?"),
    "gift_deliverables": _("Does the giver expect a deliverable, IP or a report?"),
    "data_exchanged": _("Are data exchanged?"),
    "data_use_term": _("Are purpose, retention and the role under data protection agreed?"),
    "software_results": _("Will there be software?"),
    "open_source_position": _("Is it agreed how it may be licensed, open source included?"),
    "materials_moved": _("Are materials moved?"),
    "material_agreement": _("Is there a material transfer agreement for them?"),
    "survival_clause": _("Does it say what survives the end?"),
    "liability_capped": _("Is liability capped?"),
}

OWNERS: dict[str, Promise] = {
    "university": _("The university"),
    "sponsor": _("The sponsor"),
    "joint": _("Both together"),
    "inventorship": _("Whoever invents"),
    "none_expected": _("No results expected"),
}


@dataclass(frozen=True)
class Words:
    """A rule for people: what is wrong when it fires, why it matters, and text that would settle it (or nothing)."""

    title: Promise
    why: Promise
    suggestion: Promise | str = ""


RULES: dict[str, Words] = {
    "P01": Words(
        _("The statement of work is missing, or names no tasks and deliverables"),
        _("Without it nobody can say what was promised, when it is done, or which results belong to the project."),
        _("The project is described in Annex 1, with its tasks, deliverables, dates and responsible persons."),
    ),
    "P02": Words(
        _("Nobody has said who owns the results"),
        _("Unclear ownership is what most often breaks a partnership after the work is done."),
        _("Results belong to the party whose people made them."),
    ),
    "P03": Words(
        _("Joint ownership leaves open how results are used, enforced, paid for and accounted for"),
        _("The law of joint ownership differs from country to country; what is not agreed is decided by it."),
        _("Each owner may use and license joint results without accounting to the other; costs are shared equally."),
    ),
    "P04": Words(
        _("The sponsor owns the results, and the university may not use them for research and teaching"),
        _("Researchers could not build on their own work."),
        _("The university keeps a free, perpetual right to use the results for research and teaching."),
    ),
    "P05": Words(
        _("The university owns the results, and the sponsor gets neither a license nor an option"),
        _("The sponsor will ask for it later, when the price is harder to agree."),
        _("The sponsor has a first option, for six months, to negotiate a license in its field."),
    ),
    "P06": Words(
        _("The option lacks its period, what starts it, or the time to negotiate"),
        _("An option without an end blocks the result for everybody."),
        _("The option begins on receipt of the final report, lasts 90 days, and leaves 90 days to negotiate."),
    ),
    "P07": Words(
        _("An exclusive right has no field of use or no territory"),
        _("It then covers every use everywhere, and nothing is left to license to others."),
        _("The license is limited to the field of … and to the territory of …."),
    ),
    "P08": Words(
        _("An exclusive right overlaps with one that was granted to somebody else"),
        _("The same exclusive right cannot be kept for two partners in one field, territory and time."),
    ),
    "P09": Words(
        _("Background IP is not listed, or nobody has said what may be done with it"),
        _("Work may depend on a right that nobody has."),
        _("Annex 2 lists background IP. Each side may use the other's for the project, and for nothing else."),
    ),
    "P10": Words(
        _("The right to publish is missing, delayed for too long, or theses are not free"),
        _("Publishing is what the university is for, and a thesis has its date."),
        _("The university may publish after a review of 30 days and at most 60 more to file. Theses are not delayed."),
    ),
    "P11": Words(
        _("Publication needs approval, or people are kept out by nationality"),
        _("Either ends the freedom of fundamental research from export control. Ask the export control office first."),
    ),
    "P12": Words(
        _("Confidentiality has no end, lasts too long, or covers the results"),
        _("Long secrecy is hard to keep in a university, and secret results cannot be published."),
        _("Confidentiality ends five years after disclosure. Results are not confidential information."),
    ),
    "P13": Words(
        _("Nobody has said who controls and pays for patents"),
        _("Deadlines of patent offices pass while the parties look at each other."),
        _("The university controls prosecution; the licensee pays the costs from the date of the license."),
    ),
    "P14": Words(
        _("An exclusive license has no milestones, or cannot be ended when they are missed"),
        _("The licensee could shelve the result."),
        _("The licensee meets the milestones of Annex 3. After a miss of 90 days the university may end the license."),
    ),
    "P15": Words(
        _("Royalties lack their base, rate, reports or audit"),
        _("What is due cannot be computed, or not be checked."),
        _("A royalty of … % of net sales, reported and paid every six months; the books are open once a year."),
    ),
    "P16": Words(
        _("Improvements or future inventions are given away without limit"),
        _("It binds work that nobody has thought of yet."),
        _("Improvements made within two years, in the licensed field, and dominated by the licensed patents."),
    ),
    "P17": Words(
        _("Public or charity money pays for the same work, and the funder's rights are not reserved"),
        _("The funder's terms come first, whatever is signed here."),
        _("All rights are subject to those of the funder named in Annex 1."),
    ),
    "P18": Words(
        _("Students or visitors take part, and nothing they signed is on record"),
        _("Their results are their own until they have agreed to something else."),
        _("Before they begin, students and visitors sign the participation form of Annex 4."),
    ),
    "P19": Words(
        _("The gift comes with a deliverable, a right or a report"),
        _("Then it is a contract, with other taxes, overhead and reporting."),
    ),
    "P20": Words(
        _("Data are exchanged without terms for their use"),
        _("Purpose, retention and the roles under data protection law have to be agreed before data move."),
        _("The recipient uses the data for the project alone, deletes them a year after its end and is a processor."),
    ),
    "P21": Words(
        _("Software will be made, and nobody has said how it may be licensed"),
        _("One open-source part can decide the license of the whole."),
        _("Software may contain open source under permissive licenses; others need consent in writing."),
    ),
    "P22": Words(
        _("Materials are moved without a material transfer agreement"),
        _("Their use, further transfer and liability are open."),
    ),
    "P23": Words(
        _("Somebody has an interest in the other side, and no plan for it has been approved"),
        _("Signing would make it the institution's conflict."),
    ),
    "P24": Words(
        _("Overhead is below the office's rate, and no waiver is on record"),
        _("The difference is paid by somebody else's teaching or research."),
    ),
    "P25": Words(
        _("The end, the notice period or what survives is missing, or it renews itself and nobody handles it"),
        _("It will end unseen, or run on unseen."),
        _("The agreement ends on …; either side may end it with 60 days' notice. Clauses … survive."),
    ),
    "P26": Words(
        _("Liability has no cap, or the governing law is missing"),
        _("The institution insures what it can foresee."),
        _("Liability is limited to the amounts paid in the last twelve months. The law of … applies."),
    ),
    "P27": Words(
        _("Somebody is to sign who may not sign for this amount"),
        _("An agreement signed without authority may not bind the institution."),
    ),
    "P28": Words(
        _("Work began before signature"),
        _("Until then nothing is agreed: no payment, no ownership, no insurance."),
    ),
}

OWNERSHIP_TEST: dict[str, Promise] = {
    "commissioned_by_sponsor": _("Did the sponsor commission the work?"),
    "critical_to_sponsor": _("Is it critical to the sponsor's strategy?"),
    "relies_on_sponsor_materials": _("Does it rely on the sponsor's materials or background IP?"),
    "impossible_without_sponsor_materials": _("Would it be impossible without them?"),
    "tests_sponsor_materials": _("Does it test the sponsor's materials or products?"),
    "sponsor_led_workplan": _("Did the sponsor lead in writing the work plan?"),
    "sponsor_sets_deliverables": _("Does the sponsor set the deliverables?"),
    "separable_from_other_work": _("Can it be kept apart from the investigator's other work?"),
    "harmless_to_future_research": _("Would the sponsor's ownership leave the investigator's future work unharmed?"),
    "full_cost_and_profit": _("Does the sponsor pay the full cost and more?"),
}

LICENSE_TEST: dict[str, Promise] = {
    "exclusive_license_is_enough": _("Is an exclusive license enough for the sponsor?"),
    "fields_sponsor_will_not_use": _("Are there fields that the sponsor will not use?"),
    "integral_to_research": _("Are the results part of the investigator's lasting research?"),
    "based_on_university_background": _("Do they rest more on the university's background IP?"),
    "university_can_manage_patents": _("Does the university have the budget and people for patents?"),
    "sponsor_needs_no_tax_credit": _("Does the sponsor do without a tax credit for owning the results?"),
}

# What an obligation that a rule makes is called, by the rule's code.
DUTY_TITLES: dict[str, Promise] = {
    "payment": _("Payment by the money schedule"),
    "progress_report": _("Progress report"),
    "final_report": _("Final report"),
    "notice": _("Last day to give notice, or it renews itself"),
    "royalty_report": _("Royalty report"),
    "diligence": _("Diligence milestone"),
    "screening": _("Screen the counterparty again"),
}

# What the moves of an agreement are called on buttons, by the code of ``rules.workflow``.
MOVES: dict[str, Promise] = {
    "complete_request": _("Request is complete"),
    "return_request": _("Return to the investigator"),
    "start_drafting": _("Start drafting"),
    "send_to_partner": _("Send to partner"),
    "log_redline": _("Log redline"),
    "request_approval": _("Ask for approval"),
    "route_for_signature": _("Route for signature"),
    "reopen_negotiation": _("Reopen negotiation"),
    "execute": _("Execute"),
    "hold": _("Put on hold"),
    "resume": _("Resume"),
    "withdraw": _("Withdraw"),
    "terminate": _("Terminate"),
}

# What a move does, said before it is made.
MOVE_MEANS: dict[str, Promise] = {
    "complete_request": _("The clock starts, and our office works on it."),
    "return_request": _("The request lacks something. The clock stands still until it is complete."),
    "start_drafting": _("Legal drafts it."),
    "send_to_partner": _("The draft goes to the partner and is in their court."),
    "log_redline": _("The partner sent changes: a further round begins, in our court."),
    "request_approval": _("The words stand. The office has to approve them."),
    "route_for_signature": _("It was approved and goes to those who sign."),
    "reopen_negotiation": _("Somebody will not sign it so. It goes back to the table."),
    "execute": _("Everybody has signed. From then on it is never edited, only amended or ended."),
    "hold": _("The time until it is resumed counts for nobody."),
    "resume": _("The work is taken up where it stood before the hold."),
    "withdraw": _("It is given up before it was executed. Its record stays."),
    "terminate": _("It ends before its time, from the day you name."),
}
