"""Tables of money and of calls as files, and the awards that projects already hold, as rows to import."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from core.choices import COUNTRY_CODES, CURRENCY_CODES
from core.imports.report import Tally
from core.imports.tables import Row, Table, Unreadable
from partnerships.choices import Channel
from partnerships.choices_delivery import FundingImport, FundingMeasure, FundingSource, ResearchDomain
from partnerships.models import ProjectParticipant
from partnerships.rules.imports import Parsed
from partnerships.rules.imports.funding import (
    CALL_COLUMNS,
    CONTRACT_COLUMNS,
    FUNDING_COLUMNS,
    LONGEST_ID,
    Codes,
    ImportedFunding,
    ImportedScheme,
    parse_call,
    parse_contract,
    parse_funding,
)

Read = tuple[Row, Parsed[ImportedFunding]]
AWARDS = "awards"
EU = "European Union"
CODES = Codes(
    measures=FundingMeasure.values,
    sources=FundingSource.values,
    channels=Channel.values,
    domains=ResearchDomain.values,
    countries=COUNTRY_CODES,
    currencies=CURRENCY_CODES,
)


LAYOUTS: Mapping[str, tuple[Sequence[str], Callable[..., Parsed[ImportedFunding]]]] = {
    FundingImport.TABLE: (FUNDING_COLUMNS, parse_funding),
    FundingImport.CONTRACTS: (CONTRACT_COLUMNS, parse_contract),
}


def read_funding_file(path: Path, tally: Tally) -> list[Read]:
    """The rows of a table of money; raises Unreadable. The header tells our own layout from that of Section 117."""
    with Table(path, ()) as table:
        is_contracts = {"contract_id", "amount_usd"} <= set(table.header)
    return _read_money(FundingImport.CONTRACTS if is_contracts else FundingImport.TABLE, path, tally)


def read_funding_file_as(kind: str, path: Path, tally: Tally) -> list[Read]:
    """The rows of a file that is said to be of this kind; raises Unreadable, also for one that is of the other."""
    with Table(path, ()) as table:
        header = set(table.header)
    fitting = [each for each, (columns, _parse) in LAYOUTS.items() if set(columns) <= header]
    if fitting and kind not in fitting:
        words = _("%(file)s has the columns of another kind of file. Choose “%(kind)s”, and the file again.")
        raise Unreadable(words % {"file": path.name, "kind": FundingImport(fitting[0]).label})
    return _read_money(kind, path, tally)


def _read_money(kind: str, path: Path, tally: Tally) -> list[Read]:
    columns, parse = LAYOUTS[kind]
    return _read(path, columns, lambda values: parse(values, codes=CODES), tally)


def read_calls_file(path: Path, tally: Tally) -> list[tuple[Row, Parsed[ImportedScheme]]]:
    """The rows of a table of calls; raises Unreadable."""
    return _read(path, CALL_COLUMNS, parse_call, tally)


def _read(path: Path, columns: Sequence[str], parse: Callable, tally: Tally) -> list:
    with Table(path, columns) as table:
        rows = [(row, parse(row.values)) for row in table.scan()]
        for broken in table.broken:
            tally.reject(path.name, broken.line, broken.reason)
    return rows


def award_rows(tally: Tally, *, whole_consortium: bool = False) -> Iterator[Read]:
    """What the European Union awarded in imported projects, as commitments in the year in which each begins.

    Of the institution's own part alone: the awards of the others are promised to them and not to us. With
    ``whole_consortium`` theirs too, each as an entry of that partner. What cannot be told is named in ``tally``, by
    the project's id, because there is no line to name.
    """
    rows = ProjectParticipant.objects.filter(project__external_id__isnull=False).select_related(
        "project", "organization"
    )
    if not whole_consortium:
        rows = rows.filter(organization__is_own=True)
    for number, each in enumerate(rows.order_by("project__external_id", "organization__external_id", "pk")):
        project, own = each.project, each.organization.is_own
        where = f"{project.external_id}:{'own' if own else each.organization.external_id or each.organization_id}"
        reason = _missing(each, where)
        if reason:
            tally.reject(AWARDS, 0, f"{where}: {reason}")
            continue
        record = ImportedFunding(
            external_id=where,
            booked_on=project.started_on,
            measure=FundingMeasure.COMMITTED,
            amount=each.award,
            currency=project.currency,
            source=FundingSource.INTERNATIONAL,
            channel=project.channel,
            domain=project.domain,
            partner="" if own else each.organization.name,
            partner_id="" if own else each.organization.external_id or "",
            project=project.external_id,
            funder=EU,
            reference=project.external_id[:80],
        )
        yield Row(number, 0, {}), Parsed(record)


def _missing(each: ProjectParticipant, where: str) -> str:
    """Why an award cannot become an entry; empty when it can."""
    if each.award is None:
        return _("the award is not known")
    if each.project.started_on is None:
        return _("the project has no start, so the year is not known")
    if len(where) > LONGEST_ID:
        return _("its id has more than %d characters") % LONGEST_ID
    return ""
