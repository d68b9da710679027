"""Every question of this app, as it is registered: six for a director, the rest for a portfolio's review."""

from django.utils.translation import gettext_lazy as _

from reporting.queries.channels import channel_map, countries, places
from reporting.queries.health import portfolio_health, tiers
from reporting.queries.impact import jobs, small_enterprises, startups, trained
from reporting.queries.money import money_by_source
from reporting.queries.outcomes import outcomes
from reporting.queries.paper import renewals, turnaround_by_court
from reporting.queries.people import talent
from reporting.queries.pipeline import channel_outcomes, pipeline
from reporting.queries.portfolio import give_get, objectives, risks, stage_by_health
from reporting.registry import Measure, Question
from reporting.rules.answers import Kind

DIRECTOR = [
    Question(
        "health", _("How healthy is the portfolio and what moved?"), portfolio_health, "bands",
        measures=[
            Measure("at_risk", _("Partners at risk, at most")),
            Measure("healthy_share", _("Healthy, of those scored"), Kind.PERCENT),
        ],
    ),
    Question(
        "money", _("Where does money come from, over ten years?"), money_by_source, "columns", 10,
        measures=[Measure("year", _("Money of the fiscal year"), Kind.MONEY)],
    ),
    Question(
        "pipeline", _("What is in the pipeline and how fast does it move?"), pipeline, "funnel", 2,
        measures=[Measure("open", _("Open opportunities")), Measure("weighted", _("Weighted value"), Kind.MONEY)],
        also=["partnerships.view_opportunities"],
    ),
    Question(
        "turnaround", _("How long do agreements take and in whose court?"), turnaround_by_court, "stacks", 2,
        measures=[Measure("median", _("Median working days to signature, at most"), Kind.DAYS)],
        also=["agreements.view_agreements", "agreements.view_turnaround"],
    ),
    Question(
        "outcomes", _("What did agreements, IP and start-ups bring?"), outcomes, "funnel", 1,
        measures=[
            Measure("agreements", _("Agreements executed")),
            Measure("startup", _("Start-ups")),
            Measure("income", _("Received through licensing"), Kind.MONEY),
        ],
        also=["agreements.view_agreements"],
    ),
    Question(
        "talent", _("What flows to students?"), talent, "turned", 5,
        measures=[Measure("people", _("People placed or moved")), Measure("hires", _("Hires"))],
        also=["partnerships.view_talent"],
    ),
]  # fmt: skip
PORTFOLIO = [
    Question("stages", _("Stage, health and value"), stage_by_health, "bands",
             measures=[Measure("partners", _("Active partners"))]),
    Question("tiers", _("Tiers, silence and single threads"), tiers, "stacks"),
    Question("renewals", _("What ends in the next 180 days?"), renewals, also=["agreements.view_agreements"]),
    Question("objectives", _("Objectives of both sides"), objectives, "stacks", also=["partnerships.view_objectives"]),
    Question("give-get", _("What was given and got"), give_get, "funnel", also=["partnerships.view_ledger"]),
    Question("risks", _("Register of risks"), risks),
]  # fmt: skip
CHANNELS = [
    Question("channels", _("Who works with us in which channel?"), channel_map, "heat", 1,
             also=["partnerships.view_projects"]),
    Question("channel-outcomes", _("What became of opportunities, by channel?"), channel_outcomes, "flows",
             also=["partnerships.view_opportunities"]),
]  # fmt: skip
PLACES = [
    Question("places", _("Where are our partners?"), places, "map"),
    Question("countries", _("In which countries?"), countries),
]
IMPACT = [
    Question("startups", _("Start-ups"), startups, "turned", 5, also=["partnerships.view_project_outputs"]),
    Question("jobs", _("Jobs"), jobs, "turned", 5, also=["partnerships.view_talent"]),
    Question("trained", _("People trained"), trained, "turned", 5, also=["partnerships.view_talent"]),
    Question("enterprises", _("Small and medium-sized enterprises served"), small_enterprises, "turned", 5,
             also=["partnerships.view_projects"]),
]  # fmt: skip
QUESTIONS = [*DIRECTOR, *PORTFOLIO, *CHANNELS, *PLACES, *IMPACT]
