"""The partner brief: one page to walk into a meeting with, on screen, on paper and as PDF.

One sheet of words is composed here; the HTML page and the PDF set the same sheet.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.choices import country_name
from core.pages import leads_on, page
from core.pdf import pdf_from, pdf_response
from core.templatetags.ui import money_short, written_date
from organizations.choices import IpStance, PublicationStance
from partnerships.choices import CAP_LABELS, DIMENSION_LABELS, Band, Confidentiality, Side, TeamRole
from partnerships.models import Partnership
from partnerships.queries.brief import PEOPLE, Brief, brief_of, facts_of
from partnerships.queries.merges import merged_partnership
from partnerships.queries.partnerships import partnerships_in_full
from partnerships.registry import brief_parts
from partnerships.rules.brief import Point, asks, talking_points

NOTE, LINE = 150, 120


@dataclass(frozen=True, slots=True)
class Line:
    """``head`` stands out, ``text`` follows, ``tail`` is said softly."""

    text: str
    head: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[Line]
    empty: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole brief in words: what stands on top, two columns of sections, and the foot."""

    title: str
    standing: str
    health: str
    summary: str
    main: list[Section] = field(default_factory=list)
    side: list[Section] = field(default_factory=list)
    foot: str = ""
    level: str = ""
    language: str = "en"
    author: str = ""


@page("partnerships.view_partnerships")
@leads_on(merged_partnership)
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief as a page that prints on one sheet."""
    partnership = get_object_or_404(partnerships_in_full(request.actor), pk=pk)
    confidential = "confidential" in request.GET
    context = {
        "partnership": partnership,
        "sheet": compose(request, partnership, confidential=confidential),
        "confidential": confidential,
        "log_about": f"partner={partnership.pk}",
    }
    return render(request, "partnerships/brief/brief.html", context)


@page("partnerships.view_partnerships")
def brief_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a tagged PDF."""
    partnership = get_object_or_404(partnerships_in_full(request.actor), pk=pk)
    sheet = compose(request, partnership, confidential="confidential" in request.GET)
    content = pdf_from("partnerships/brief/brief.typ", asdict(sheet))
    return pdf_response(content, f"{sheet.title} {timezone.localdate().isoformat()}")


def compose(request: HttpRequest, partnership: Partnership, *, confidential: bool) -> Sheet:
    """The sheet for this reader, as of now."""
    actor, today = request.actor, timezone.localdate()
    zone = request.tenant.time_zone
    found = brief_of(actor, partnership, today=today, confidential=confidential, time_zone=zone)
    facts = facts_of(partnership, found, today=today)
    parts = [
        Section(str(part.label), [Line(*words) for words in part.read(actor, partnership, today)], str(part.empty))
        for part in brief_parts(actor)
    ]
    level = Confidentiality(found.level).label
    now = timezone.localtime()
    needs = [Line(need.title) for need in found.needs]

    def read(name: str, section: Section) -> list[Section]:
        """What this reader may not see is left out: it is not said that there is none."""
        return [section] if name in found.sees else []

    return Sheet(
        title=partnership.organization.name,
        standing=_standing(partnership),
        health=_health(partnership),
        summary=Truncator(partnership.summary or partnership.organization.description).chars(400),
        main=[
            Section(_("Talking points"), _points(talking_points(facts)), _("Nothing presses."), numbered=True),
            Section(_("Ask for"), _points(asks(facts)), numbered=True),
            *read("touches", Section(_("Last contacts"), _touches(found), _("No contact is on record."))),
            *read("promises", Section(_("We promised"), _promises(found, today), _("Nothing is open."))),
            *parts,
        ],
        side=[
            *read("team", Section(_("People"), _people(found), _("Nobody is on record."))),
            *read("opportunities", Section(_("Opportunities"), _opportunities(found), _("None is open."))),
            *read(
                "objectives",
                Section(_("They want"), _objectives(found, Side.THEIRS), _("Their aims are not on record.")),
            ),
            *read("objectives", Section(_("We want"), _objectives(found, Side.OURS), _("Our aims are not on record."))),
            *read("needs", Section(_("They look for"), needs, _("No open need is on record."))),
            Section(_("How they work"), _practices(found), _("Nobody has described it.")),
        ],
        foot=_("%(office)s · as of %(moment)s · %(level)s · for %(reader)s")
        % {"office": request.tenant.name, "moment": _moment(now), "level": level, "reader": actor.name},
        level=str(level),
        language=get_language() or "en",
        author=request.tenant.name,
    )


def _moment(moment: datetime) -> str:
    return f"{written_date(moment)}, {moment:%H:%M}"


def _standing(partnership: Partnership) -> str:
    organization = partnership.organization
    place = ", ".join(filter(None, [organization.city, country_name(organization.country)]))
    suggested = ""
    if partnership.stage_suggested and partnership.stage_suggested != partnership.stage_declared:
        suggested = _("records suggest %s") % partnership.get_stage_suggested_display()
    since = _("partner since %s") % written_date(partnership.started_on)
    owner = _("owner %s") % partnership.owner.name if partnership.owner else _("no owner")
    parent = _("part of %s") % organization.parent.name if organization.parent else ""
    facts = [
        *(partnership.get_stage_declared_display(), suggested, partnership.get_tier_display()),
        *(organization.get_kind_display(), place, parent, since, owner),
    ]
    return " · ".join(str(each) for each in facts if each)


def _health(partnership: Partnership) -> str:
    """One sentence: the band, the score, where most is lost, what holds it down."""
    health = partnership.health
    snapshot = health.snapshot
    if snapshot is None or health.band == Band.INSUFFICIENT:
        return _("There is not enough data to judge its health.")
    losses = sorted(
        ((each["lost"], DIMENSION_LABELS[code]) for code, each in snapshot.dimensions.items() if each["lost"] >= 1),
        key=lambda loss: -loss[0],
    )[:2]
    words = _("%(band)s, %(score)s of 100.") % {
        "band": health.get_band_display(),
        "score": number_format(round(health.score, 1), 1),
    }
    if losses:
        named = _(" and ").join(f"{label} (−{number_format(round(lost, 1), 1)})" for lost, label in losses)
        words = f"{words} {_('Most is lost in %s.') % named}"
    if snapshot.caps:
        words = f"{words} {_('Held down: %s.') % ', '.join(str(CAP_LABELS[code]) for code, _limit in snapshot.caps)}"
    return words


_SAID: dict[str, Callable[[Point], str]] = {
    "overdue": lambda point: _("We owe them: %s") % point.subject,
    "silent": lambda point: ngettext(
        "No contact for %(n)d day: say why, and what is next", "No contact for %(n)d days: say why, and what is next",
        point.number,
    ) % {"n": point.number},
    "slipping": lambda point: _("Slipping: %s") % point.subject,
    "event": lambda point: _("New on their side: %s") % point.subject,
    "unmet": lambda point: _("They look for: %s") % point.subject,
    "review": lambda point: _("The review is overdue") if point.number < 0 else _("A review is due soon"),
    "step": lambda point: point.subject,
    "second_contact": lambda point: _("A second contact: everything runs through %s") % point.subject,
    "their_sponsor": lambda point: _("Who on their side sponsors this"),
    "their_aims": lambda point: _("What they want from this, and how they measure it"),
    "explore_need": lambda point: _("A meeting of experts on: %s") % point.subject,
    "measure": lambda point: _("How they judge this partnership"),
}  # fmt: skip


def _points(points: Iterable[Point]) -> list[Line]:
    return [Line(Truncator(_SAID[point.code](point)).chars(LINE)) for point in points]


def _touches(found: Brief) -> list[Line]:
    lines = []
    for touch in found.touches:
        people = [str(each) for each in touch.participants.all() if each.contact_id]
        kind = f"{touch.get_kind_display()}, {', '.join(people[:3])}" if people else touch.get_kind_display()
        day = written_date(timezone.localtime(touch.occurred_at))
        lines.append(Line(Truncator(touch.note).chars(NOTE), f"{day} · {kind}"))
    return lines


def _promises(found: Brief, today: date) -> list[Line]:
    lines = []
    for each in found.promises:
        who = each.assignee.name if each.assignee else _("nobody yet")
        due = "" if each.due_on is None else written_date(each.due_on)
        late = _("overdue") if each.due_on is not None and each.due_on < today else ""
        lines.append(Line(Truncator(each.title).chars(LINE), tail=" · ".join(filter(None, [who, due, late]))))
    return lines


def _people(found: Brief) -> list[Line]:
    """Theirs by role and then by strength of contact; who decides is said."""
    roles: dict[int, list[str]] = {}
    people = {}
    for member in found.team:
        if member.contact_id:
            roles.setdefault(member.contact_id, []).append(str(member.get_role_display()))
            people[member.contact_id] = member.contact
    decides = {tie.person.pk for tie in found.ties.theirs if tie.decides}
    for tie in found.ties.theirs:
        people.setdefault(tie.person.pk, tie.person)
    lines = []
    for pk, person in list(people.items())[:PEOPLE]:
        said = [*roles.get(pk, []), _("decides") if pk in decides else ""]
        if person.left_on:
            said.append(_("has left"))
        lines.append(Line("", person.name, ", ".join(filter(None, said))))
    sponsors = [each.member.name for each in found.team if each.member_id and each.role == TeamRole.EXECUTIVE_SPONSOR]
    if sponsors:
        lines.append(Line("", ", ".join(sponsors), _("our executive sponsor")))
    return lines


def _opportunities(found: Brief) -> list[Line]:
    lines = []
    for each in found.opportunities:
        value = "" if each.value is None else money_short(each.value, each.currency)
        lines.append(Line(Truncator(each.title).chars(80), tail=" · ".join(filter(None, [each.stage.name, value]))))
    return lines


def _objectives(found: Brief, side: str) -> list[Line]:
    mine = [each for each in found.objectives if each.side in (side, Side.SHARED)]
    return [Line(Truncator(each.title).chars(80), tail=str(each.get_status_display())) for each in mine[:4]]


def _practices(found: Brief) -> list[Line]:
    practices = found.practices
    said = [
        (_("IP"), practices.get_ip_stance_display() if practices.ip_stance != IpStance.UNKNOWN else ""),
        (
            _("Publication"),
            practices.get_publication_stance_display()
            if practices.publication_stance != PublicationStance.UNKNOWN
            else "",
        ),
        (_("Buying"), practices.procurement),
        (_("Approval"), practices.approval_chain),
        (_("Constraints"), practices.constraints),
    ]
    return [Line(Truncator(str(text)).chars(LINE), str(head)) for head, text in said if text]
