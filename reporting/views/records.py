"""The records behind the numbers of reports: one list for each kind, with what they add up to."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, ngettext_lazy

from agreements.queries.agreements import visible_agreements
from agreements.queries.assets import visible_grants, visible_ip_assets
from core.actor import Actor
from core.pages import page
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from core.templatetags.ui import money
from organizations.models import RiskFlag
from partnerships.models import LedgerEntry, Objective, Placement, TalentEvent
from partnerships.queries.funding import visible_funding
from partnerships.queries.governance import visible_ledger, visible_objectives
from partnerships.queries.opportunities import WEIGHTED, visible_opportunities
from partnerships.queries.placements import visible_placements
from reporting import filters
from reporting.filters_built import built_records
from reporting.queries import behind
from reporting.queries.money import MONEY
from reporting.queries.subjects import SUBJECTS

PARTNER = gettext_lazy("Partner")
OWN = "partnership.organization.name"


def record_list(
    code: str,
    label: str,
    reads: Callable[[Actor], QuerySet],
    filterset: type,
    columns: Sequence[Column],
    counted: Any,
    *,
    sort: str = "",
) -> List:
    """A list of records behind numbers; its first column leads to the record."""
    return register_list(
        List(
            code=f"behind_{code}",
            label=label,
            url_name=f"reporting:records_{code}",
            reads=reads,
            filterset_class=filterset,
            columns=columns,
            default_sort=sort or columns[0].name,
            row_template="reporting/records/_row.html",
            counted=counted,
            empty=Empty(gettext_lazy("There is no such record yet."), icon="file-text"),
            no_match=gettext_lazy("No record matches the filter. Remove one of its parts, or clear it."),
        )
    )


def amount(label: str, path: str, currency: str = "currency") -> Column:
    return Column("amount", label, sort=path.replace(".", "__"), numeric=True, value=path, currency=currency)


LISTS = [
    record_list(
        "opportunities", gettext_lazy("Opportunities behind a number"), visible_opportunities,
        filters.OpportunityRecords, [
            Column("title", gettext_lazy("Opportunity"), sort="title", css="long-name", value="title"),
            amount(gettext_lazy("Value"), "value"),
            Column("weighted", gettext_lazy("Weighted value"), numeric=True, value="weighted", currency="currency"),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("stage", gettext_lazy("Stage"), sort="stage__position", value="stage.name"),
            Column("source", gettext_lazy("Push or pull"), sort="lead_source", value="get_lead_source_display"),
            Column("channel", gettext_lazy("Channel"), sort="channel", value="get_channel_display"),
        ], ngettext_lazy("%(n)d opportunity", "%(n)d opportunities", "n"),
    ),
    record_list(
        "agreements", gettext_lazy("Agreements behind a number"), visible_agreements, filters.AgreementRecords, [
            Column("title", gettext_lazy("Agreement"), sort="reference", css="long-name", value=str),
            amount(gettext_lazy("Value"), "value"),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("complete", gettext_lazy("Request complete"), sort="complete_on", value="complete_on"),
            Column("executed", gettext_lazy("Executed"), sort="executed_on", value="executed_on"),
            Column("ends", gettext_lazy("Ends"), sort="expires_on", value="expires_on"),
        ], ngettext_lazy("%(n)d agreement", "%(n)d agreements", "n"),
    ),
    record_list(
        "projects", gettext_lazy("Projects behind a number"), behind.projects_behind, filters.ProjectRecords, [
            Column("title", gettext_lazy("Project"), sort="title", css="long-name", value="title"),
            Column("channel", gettext_lazy("Channel"), sort="channel", value="get_channel_display"),
            Column("domain", gettext_lazy("Domain"), sort="domain", value="get_domain_display"),
            Column("started", gettext_lazy("Start"), sort="started_on", value="started_on"),
            Column("ended", gettext_lazy("End"), sort="ended_on", value="ended_on"),
            amount(gettext_lazy("Our award, else the whole"), "ours"),
        ], ngettext_lazy("%(n)d project", "%(n)d projects", "n"),
    ),
    record_list(
        "funding", gettext_lazy("Money behind a number"), visible_funding, filters.FundingRecords, [
            Column("entry", gettext_lazy("Entry"), sort="booked_on", css="long-name", value=str),
            Column("amount", gettext_lazy("In the office's currency"), sort="base_amount", numeric=True,
                   value="base_amount"),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("project", gettext_lazy("Project"), sort="project__title", value="project"),
            Column("source", gettext_lazy("Source"), sort="source", value="get_source_display"),
            Column("year", gettext_lazy("Fiscal year"), sort="fiscal_year", numeric=True, value="fiscal_year"),
        ], ngettext_lazy("%(n)d entry", "%(n)d entries", "n"),
    ),
    record_list(
        "talent", gettext_lazy("People behind a number"), behind.talent_behind, filters.TalentRecords, [
            Column("what", gettext_lazy("What"), sort="kind", css="long-name", value=str),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("region", gettext_lazy("Region"), value="partnership.organization.region"),
            Column("day", gettext_lazy("When"), sort="occurred_on", value="occurred_on"),
            Column("amount", gettext_lazy("People"), sort="people", numeric=True, value="people"),
        ], ngettext_lazy("%(n)d record", "%(n)d records", "n"),
    ),
    record_list(
        "placements", gettext_lazy("Placements behind a number"), visible_placements, filters.PlacementRecords, [
            Column("program", gettext_lazy("Program"), sort="program__name", css="long-name", value="program.name"),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("starts", gettext_lazy("Start"), sort="starts_on", value="starts_on"),
            Column("ends", gettext_lazy("End"), sort="ends_on", value="ends_on"),
            Column("status", gettext_lazy("Status"), sort="status", value="get_status_display"),
        ], ngettext_lazy("%(n)d placement", "%(n)d placements", "n"),
    ),
    record_list(
        "outputs", gettext_lazy("Outputs behind a number"), behind.outputs_behind, filters.OutputRecords, [
            Column("title", gettext_lazy("Output"), sort="title", css="long-name", value="title"),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("project", gettext_lazy("Project"), sort="project__title", value="project"),
            Column("day", gettext_lazy("When"), sort="produced_on", value="produced_on"),
            Column("evidence", gettext_lazy("Evidence"), css="wrap", value=behind.evidence_of),
        ], ngettext_lazy("%(n)d output", "%(n)d outputs", "n"),
    ),
    record_list(
        "grants", gettext_lazy("Rights behind a number"), visible_grants, filters.GrantRecords, [
            Column("right", gettext_lazy("Right"), sort="kind", css="long-name", value=str),
            Column("agreement", gettext_lazy("Agreement"), sort="agreement__reference", value="agreement"),
            Column("executed", gettext_lazy("Executed"), sort="agreement__executed_on", value="agreement.executed_on"),
            Column("ip", gettext_lazy("IP"), value="seen_asset"),
        ], ngettext_lazy("%(n)d right", "%(n)d rights", "n"),
    ),
    record_list(
        "assets", gettext_lazy("IP behind a number"), visible_ip_assets, filters.AssetRecords, [
            Column("title", gettext_lazy("IP"), sort="reference", css="long-name", value=str),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("recorded", gettext_lazy("Recorded"), sort="created_at", value="created_at"),
        ], ngettext_lazy("%(n)d item of IP", "%(n)d items of IP", "n"),
    ),
    record_list(
        "objectives", gettext_lazy("Objectives behind a number"), visible_objectives, filters.ObjectiveRecords, [
            Column("title", gettext_lazy("Objective"), sort="title", css="long-name", value="title"),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("side", gettext_lazy("Whose"), sort="side", value="get_side_display"),
            Column("status", gettext_lazy("Status"), sort="status", value="get_status_display"),
            Column("due", gettext_lazy("By"), sort="due_on", value="due_on"),
        ], ngettext_lazy("%(n)d objective", "%(n)d objectives", "n"),
    ),
    record_list(
        "ledger", gettext_lazy("Give and get behind a number"), visible_ledger, filters.LedgerRecords, [
            Column("what", gettext_lazy("What"), sort="description", css="long-name", value="description"),
            Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
            Column("direction", gettext_lazy("Direction"), sort="direction", value="get_direction_display"),
            Column("day", gettext_lazy("When"), sort="occurred_on", value="occurred_on"),
            amount(gettext_lazy("Estimated value"), "value"),
        ], ngettext_lazy("%(n)d entry", "%(n)d entries", "n"),
    ),
    record_list(
        "flags", gettext_lazy("Risks of partners"), behind.flags_behind, filters.FlagRecords, [
            Column("organization", PARTNER, sort="organization__name_key", css="long-name",
                   value="organization.name"),
            Column("kind", gettext_lazy("Kind"), sort="kind", value="get_kind_display"),
            Column("note", gettext_lazy("What was seen"), css="wrap", value="note"),
            Column("raised", gettext_lazy("Since"), sort="raised_on", value="raised_on"),
        ], ngettext_lazy("%(n)d risk", "%(n)d risks", "n"),
    ),
    record_list(
        "issues", gettext_lazy("Critical issues of projects"), behind.issues_behind, filters.IssueRecords, [
            Column("title", gettext_lazy("Issue"), sort="title", css="long-name", value="title"),
            Column("project", gettext_lazy("Project"), sort="project__title", value="project"),
            Column("topic", gettext_lazy("About"), sort="topic", value="get_topic_display"),
            Column("raised", gettext_lazy("Since"), sort="raised_on", value="raised_on"),
        ], ngettext_lazy("%(n)d issue", "%(n)d issues", "n"),
    ),
    record_list(
        "enterprises", gettext_lazy("Enterprises served"), behind.enterprises_behind, filters.EnterpriseRecords, [
            Column("name", gettext_lazy("Enterprise"), sort="name_key", css="long-name", value="name"),
            Column("city", gettext_lazy("Town"), sort="city", value="city"),
            Column("region", gettext_lazy("Region"), sort="region", value="region"),
            Column("country", gettext_lazy("Country"), sort="country", value="country"),
        ], ngettext_lazy("%(n)d enterprise", "%(n)d enterprises", "n"),
    ),
]  # fmt: skip

# What has no list above, because no other report leads there.
FURTHER_COLUMNS = {
    "partners": [
        Column("name", PARTNER, sort="organization__name_key", css="long-name", value="organization.name"),
        Column("tier", gettext_lazy("Tier"), sort="tier", value="get_tier_display"),
        Column("stage", gettext_lazy("Stage"), sort="stage_declared", value="get_stage_declared_display"),
        Column("country", gettext_lazy("Country"), sort="organization__country", value="organization.country"),
        Column("owner", gettext_lazy("Owner"), sort="owner__name", value="owner.name"),
        Column("since", gettext_lazy("Since"), sort="started_on", value="started_on"),
    ],
    "interactions": [
        Column("what", gettext_lazy("Interaction"), sort="occurred_at", css="long-name", value=str),
        Column("partner", PARTNER, sort="partnership__organization__name_key", value=OWN),
        Column("direction", gettext_lazy("Initiative"), sort="direction", value="get_direction_display"),
        Column("channel", gettext_lazy("Channel"), sort="channel", value="get_channel_display"),
        Column("author", gettext_lazy("Logged by"), sort="logged_by__name", value="logged_by.name"),
    ],
}  # fmt: skip
BUILT_LABELS = {
    "partners": gettext_lazy("Partners behind a built report"),
    "projects": gettext_lazy("Projects behind a built report"),
    "agreements": gettext_lazy("Agreements behind a built report"),
    "opportunities": gettext_lazy("Opportunities behind a built report"),
    "interactions": gettext_lazy("Interactions behind a built report"),
    "placements": gettext_lazy("Placements behind a built report"),
}
COLUMNS = FURTHER_COLUMNS | {declared.code.removeprefix("behind_"): declared.columns for declared in LISTS}
LISTS += [
    record_list(f"built_{code}", BUILT_LABELS[code], subject.reads, built_records(code), COLUMNS[code], subject.counted)
    for code, subject in SUBJECTS.items()
]

# What a column of amounts adds up: the field, and whether it has a currency of its own.
SUMS = {
    "behind_opportunities": ("value", True),
    "behind_agreements": ("value", True),
    "behind_projects": ("ours", True),
    "behind_funding": ("base_amount", False),
    "behind_ledger": ("value", True),
    "behind_built_opportunities": ("value", True),
    "behind_built_agreements": ("value", True),
    "behind_built_projects": ("ours", True),
}


def place_of(row: Any) -> str:
    """Where a record can be seen: its own page, else that of what it belongs to."""
    match row:
        case Objective() | LedgerEntry() | TalentEvent() | Placement():
            return row.partnership.get_absolute_url()
        case RiskFlag():
            return row.organization.get_absolute_url()
    return row.get_absolute_url()


def _view(declared: List):
    @page(declared.reads.code)
    def behind_a_number(request: HttpRequest) -> HttpResponse:
        currency = request.tenant.currency
        listing = build_listing(request, declared, totals=lambda rows, columns: _totals(currency, declared, rows))
        rows = list(listing.rows)
        for row in rows:
            row.place = place_of(row)
        return render_listing(request, listing, "reporting/records/list.html", rows=rows)

    return behind_a_number


def _totals(currency: str, declared: List, rows: QuerySet) -> dict[str, str]:
    """What the amounts add up to in the office's currency; people as a number."""
    if declared.code == "behind_talent":
        return {"amount": str(rows.order_by().aggregate(total=Sum("people"))["total"] or 0)}
    if declared.code not in SUMS:
        return {}
    field, has_currency = SUMS[declared.code]
    counted = rows.filter(currency=currency) if has_currency else rows
    sums = {"amount": Sum(field, output_field=MONEY)}
    if declared.code in ("behind_opportunities", "behind_built_opportunities"):
        sums["weighted"] = Sum(WEIGHTED, output_field=MONEY)
    found = counted.order_by().aggregate(**{f"sum_{name}": each for name, each in sums.items()})
    return {name: money(found[f"sum_{name}"] or 0, currency) for name in sums}


VIEWS = {declared.url_name.partition(":")[2]: _view(declared) for declared in LISTS}
