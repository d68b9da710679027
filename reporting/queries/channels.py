"""Who works with us in which channel, and where partners are."""

from collections import Counter

from django.db.models import Avg, Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import visible
from core.actor import Actor
from core.choices import country_name
from partnerships.choices import Channel, PartnershipStatus
from partnerships.models import Partnership, ProjectParticipant
from partnerships.queries.partnerships import IS_PLACED
from reporting.queries.health import active_partners
from reporting.queries.scopes import Scope, of_partners, partners, period_words, records
from reporting.rules.answers import Answer, Cell, Column, Figure, Kind, Note, Row

LINES = 25
PLACES = 40


def running(scope: Scope, years: tuple[int, int], path: str = "") -> Q:
    """Projects that ran on a day of the fiscal years: begun by their end, and not ended before their beginning."""
    at, (start, end) = f"{path}__" if path else "", scope.days(*years)
    return Q(**{f"{at}started_on__lte": end}) & (
        Q(**{f"{at}ended_on__isnull": True}) | Q(**{f"{at}ended_on__gte": start})
    )


@visible("reporting.view_insights")
def channel_map(actor: Actor, scope: Scope) -> Answer:
    """Projects that ran in the period by partner and channel, the partners with most first; one statement."""
    actor.require("partnerships.view_projects")
    years = scope.years(1)
    # A project of a partner in the scope is in the scope: there is nothing else to ask of it.
    partner = "organization__partnerships"
    taking = ProjectParticipant.objects.filter(
        of_partners(scope, partner),
        running(scope, years, "project"),
        **{f"{partner}__status": PartnershipStatus.ACTIVE},
    )
    if scope.channel:
        taking = taking.filter(project__channel__in=scope.channel)
    if scope.domain:
        taking = taking.filter(project__domain__in=scope.domain)
    names_of = (f"{partner}__pk", "organization__name", "project__channel")
    groups = taking.values_list(*names_of).annotate(number=Count("pk"))
    counts: Counter[tuple[int, str]] = Counter()
    names: dict[int, str] = {}
    for pk, name, channel, number in groups:
        counts[pk, channel] += number
        names[pk] = name
    sums: Counter[int] = Counter()
    for (pk, _channel), number in counts.items():
        sums[pk] += number
    order = sorted(names, key=lambda pk: (-sums[pk], names[pk], pk))
    used = [(code, str(label)) for code, label in Channel.choices if any(channel == code for _pk, channel in counts)]
    several = sum(len({channel for other, channel in counts if other == pk}) > 1 for pk in names)

    def line(pk: int) -> Row:
        numbers = [counts[pk, code] for code, _label in used]
        cells = [
            Cell(
                number,
                records(scope, "projects", years=years, running="true", partner=pk, channel=code) if number else "",
            )
            for number, (code, _label) in zip(numbers, used, strict=True)
        ]
        total = sum(numbers)
        every = records(scope, "projects", years=years, running="true", partner=pk)
        return Row(str(pk), names[pk], (*cells, Cell(total, every)), Partnership(pk=pk).get_absolute_url())

    words = ngettext(
        "%(n)d partner worked with us in %(period)s, %(several)d in more than one channel",
        "%(n)d partners worked with us in %(period)s, %(several)d in more than one channel",
        len(names),
    )
    return Answer(
        finding=words % {"n": len(names), "several": several, "period": period_words(years)},
        subject=_("Partner"),
        columns=(*(Column(code, label) for code, label in used), Column("all", _("All"), drawn=False)),
        rows=tuple(map(line, order[:LINES])),
        as_of=timezone.now(),
        source=_("Projects that ran in the period, with active partners. The %(n)d partners with the most.")
        % {"n": LINES}
        if len(order) > LINES else _("Projects that ran in the period, with active partners."),
        currency=scope.currency,
        period=period_words(years),
        figures=(Figure("several", _("Partners in more than one channel"), several),),
    )  # fmt: skip


@visible("reporting.view_insights")
def places(actor: Actor, scope: Scope) -> Answer:
    """Active partners by town, with where it lies; the towns with most first. One statement."""
    rows = active_partners(actor, scope)
    groups = rows.values_list("organization__country", "organization__city").annotate(
        number=Count("pk"),
        placed=Count("pk", filter=IS_PLACED),
        north=Avg("organization__latitude", filter=IS_PLACED),
        east=Avg("organization__longitude", filter=IS_PLACED),
    )
    found = sorted(groups, key=lambda each: (-each[2], each[1], each[0]))
    everyone, placed = sum(each[2] for each in found), sum(each[3] for each in found)
    countries: Counter[str] = Counter()
    for country, _city, number, *_place in found:
        countries[country] += number
    top, top_number = max(countries.items(), key=lambda each: (each[1], each[0]), default=("", 0))

    def line(country: str, city: str, number: int, north, east) -> Row:
        link = {"country": country or None, "city": city or None}
        address = partners(scope, **link) if number and city and country else ""
        return Row(f"{country}:{city}", ", ".join(filter(None, [city, country])) or _("Town not known"), (
            Cell(number, address),
            Cell(round(float(north), 3) if north is not None else None),
            Cell(round(float(east), 3) if east is not None else None),
        ))  # fmt: skip

    notes = []
    if placed < everyone:
        missing = everyone - placed
        words = ngettext("%(n)d partner has no place on the map", "%(n)d partners have no place on the map", missing)
        notes.append(Note(words % {"n": missing}, partners(scope, placed="false"), missing))
    return Answer(
        finding=ngettext(
            "%(n)d partner in %(countries)d countries, most in %(top)s (%(number)d)",
            "%(n)d partners in %(countries)d countries, most in %(top)s (%(number)d)", everyone,
        ) % {"n": everyone, "countries": sum(map(bool, countries)), "top": country_name(top) or _("an unknown country"),
             "number": top_number} if everyone else _("No active partner is in this selection"),
        subject=_("Town"),
        columns=(
            Column("partners", _("Partners")),
            Column("north", _("Latitude"), Kind.DEGREES, drawn=False),
            Column("east", _("Longitude"), Kind.DEGREES, drawn=False),
        ),
        rows=tuple(line(*where, number, north, east) for *where, number, _placed, north, east in found[:PLACES]),
        totals=Row("", _("All"), (Cell(everyone, partners(scope) if everyone else ""), Cell(None), Cell(None))),
        as_of=timezone.now(),
        source=_("Active partners by the town of the organization."),
        currency=scope.currency,
        figures=(Figure("countries", _("Countries"), sum(map(bool, countries))),),
        notes=tuple(notes),
        more=partners(scope) if len(found) > PLACES else "",
    )  # fmt: skip


@visible("reporting.view_insights")
def countries(actor: Actor, scope: Scope) -> Answer:
    """Active partners by country, and how many of them are small or medium-sized; one statement."""
    groups = (
        active_partners(actor, scope)
        .values_list("organization__country")
        .annotate(number=Count("pk"), small=Count("pk", filter=Q(organization__sme=True)))
    )
    found = sorted(groups, key=lambda each: (-each[1], country_name(each[0])))

    def line(country: str, number: int, small: int) -> Row:
        address = partners(scope, country=country) if country else ""
        few = partners(scope, country=country, sme="true") if country and small else ""
        cells = (Cell(number, address), Cell(small, few))
        return Row(country, country_name(country) or _("Country not known"), cells, address)

    everyone, small = sum(each[1] for each in found), sum(each[2] for each in found)
    return Answer(
        finding=_("%(small)d of %(n)d partners are known to be small or medium-sized")
        % {"small": small, "n": everyone},
        subject=_("Country"),
        columns=(Column("partners", _("Partners")), Column("small", _("Small or medium-sized"))),
        rows=tuple(line(*each) for each in found),
        totals=Row(
            "",
            _("All"),
            (
                Cell(everyone, partners(scope) if everyone else ""),
                Cell(small, partners(scope, sme="true") if small else ""),
            ),
        ),
        as_of=timezone.now(),
        source=_("Active partners by the country of the organization."),
        currency=scope.currency,
    )
