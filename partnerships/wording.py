"""What a health score says in sentences: why it is what it is, what changed, what holds it down and what would help."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.choices import DIMENSION_LABELS, Channel
from partnerships.rules.health import Cap
from partnerships.rules.health.explanation import CAPS, Change, Line
from partnerships.rules.health.whatif import (
    Contact,
    Delivered,
    Engagement,
    Exchange,
    Hypothetical,
    IssuesSettled,
    Move,
    NewAgreement,
    Rating,
    Renewal,
)

SILENT_DAYS = 30
MOST_CAUSES = 3

COLLECT: dict[str, Promise] = {
    "recency": gettext_lazy("Log the contacts there were: meetings, calls, visits, and messages that were answered."),
    "breadth": gettext_lazy("Add the projects with this partner, past ones too, with their start and end."),
    "depth": gettext_lazy("Name in each contact the people of theirs who took part."),
    "reciprocity": gettext_lazy("Record what each side gave the other, and who reached out."),
    "funding": gettext_lazy("Record what they pay: two years of it show where the money is heading."),
    "delivery": gettext_lazy("Enter the obligations that fell due, and when each was met."),
    "runway": gettext_lazy("Enter the agreements in force with their end."),
    "talent": gettext_lazy("Record internships, hires and student projects."),
    "satisfaction": gettext_lazy("Ask both sides for a rating, and record it."),
}

ASKS: dict[str, Promise] = {
    "recency": gettext_lazy("How much contact is there, and how fresh is it?"),
    "breadth": gettext_lazy("Through how many channels do we work together?"),
    "depth": gettext_lazy("How many people are in touch on both sides, and does one of them decide?"),
    "reciprocity": gettext_lazy("Do both sides start, give and get?"),
    "funding": gettext_lazy("How much money is it, and is it growing?"),
    "delivery": gettext_lazy("Are obligations met?"),
    "runway": gettext_lazy("How long do the agreements still run?"),
    "talent": gettext_lazy("Do people move between the two sides?"),
    "satisfaction": gettext_lazy("What do both sides say?"),
}

# What lies behind a dimension that cost points, and behind one that brought some.
CAUSES: dict[str, tuple[Promise, Promise]] = {
    "recency": (gettext_lazy("less recent contact"), gettext_lazy("more recent contact")),
    "breadth": (gettext_lazy("fewer channels"), gettext_lazy("more channels")),
    "depth": (gettext_lazy("weaker ties"), gettext_lazy("stronger ties")),
    "reciprocity": (gettext_lazy("a less even give and take"), gettext_lazy("a more even give and take")),
    "funding": (gettext_lazy("less money"), gettext_lazy("more money")),
    "delivery": (gettext_lazy("obligations met late or not at all"), gettext_lazy("obligations met")),
    "runway": (gettext_lazy("agreements running out"), gettext_lazy("agreements that run longer")),
    "talent": (gettext_lazy("fewer people moving"), gettext_lazy("more people moving")),
    "satisfaction": (gettext_lazy("older or lower ratings"), gettext_lazy("newer or better ratings")),
    CAPS: (gettext_lazy("a limit that holds the score down"), gettext_lazy("a limit that was lifted")),
}

MOVES: dict[str, Promise] = {
    "email": gettext_lazy("Exchange messages with %(who)s"),
    "call": gettext_lazy("Call %(who)s"),
    "inbound_call": gettext_lazy("Get %(who)s to call: ask for their view"),
    "meeting": gettext_lazy("Meet %(who)s"),
    "meeting_new": gettext_lazy("Meet somebody new on their side"),
    "meeting_decider": gettext_lazy("Meet %(who)s, who decides"),
    "meeting_new_decider": gettext_lazy("Meet somebody of theirs who decides"),
    "visit": gettext_lazy("Visit them, with %(who)s"),
    "give": gettext_lazy("Give them something: an introduction, a talk, early results"),
    "get": gettext_lazy("Ask them for something: data, a guest talk, access"),
    "rating": gettext_lazy("Ask them for a rating"),
    "deliver": gettext_lazy("Deliver what is overdue: %(who)s"),
    "settle": gettext_lazy("Settle what is critical: %(who)s"),
    "renewal": gettext_lazy("Propose the renewal of the main agreement"),
    "project": gettext_lazy("Start a project in a channel not used yet"),
    "internship": gettext_lazy("Arrange an internship"),
}


def points_words(value: Decimal) -> str:
    """ "9.6 points", as the reader writes numbers."""
    number = number_format(value, decimal_pos=1)
    return ngettext("%(number)s point", "%(number)s points", 1 if value == 1 else 2) % {"number": number}


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def change_words(change: Change, since: date, days_silent: int | None) -> str:
    """One sentence about a change: how much since when, and its largest parts."""
    if not change.points:
        return _("Unchanged since %(day)s.") % {"day": _day(since)}
    sentence = _("Fell %(points)s since %(day)s") if change.points < 0 else _("Rose %(points)s since %(day)s")
    sentence %= {"points": points_words(abs(change.points)), "day": _day(since)}
    down = change.points < 0
    same = [(code, part) for code, part in change.parts if (part < 0) is down]
    against = [(code, part) for code, part in change.parts if (part < 0) is not down]
    causes = [_cause(code, part, days_silent) for code, part in same[:MOST_CAUSES]]
    if rest := sum((abs(part) for _code, part in same[MOST_CAUSES:]), Decimal(0)):
        causes.append(_("%(points)s from the rest") % {"points": number_format(rest, decimal_pos=1)})
    words = f"{sentence}: {', '.join(causes)}."
    if against:
        other = ", ".join(_cause(code, part, days_silent) for code, part in against[:MOST_CAUSES])
        words += " " + (_("Against that, up %(causes)s.") if down else _("Against that, down %(causes)s.")) % {
            "causes": other
        }
    return words


def _cause(code: str, part: Decimal, days_silent: int | None) -> str:
    worse, better = CAUSES[code]
    what = str(worse if part < 0 else better)
    if code == "recency" and part < 0 and days_silent is not None and days_silent > SILENT_DAYS:
        what = ngettext("no real contact for %(n)d day", "no real contact for %(n)d days", days_silent) % {
            "n": days_silent
        }
    return _("%(points)s from %(cause)s") % {"points": number_format(abs(part), decimal_pos=1), "cause": what}


def loss_words(lines: Sequence[Line]) -> str:
    """Where most is lost, for a score that nothing can be compared with; empty when nothing is."""
    losses = [line for line in lines if line.state == "scored" and line.lost > 0][:MOST_CAUSES]
    if not losses:
        return ""
    words = [
        _("%(dimension)s (%(points)s)")
        % {"dimension": DIMENSION_LABELS[line.code], "points": number_format(line.lost, decimal_pos=1)}
        for line in losses
    ]
    return _("Most is lost through: %(dimensions)s.") % {"dimensions": ", ".join(words)}


def collect_words(lines: Sequence[Line], *, most: int = 4) -> list[str]:
    """What to record so that the score can be trusted: first what weighs most and is least known."""
    lacking = [line for line in lines if line.state != "not_applicable" and line.coverage < 1]
    lacking.sort(key=lambda line: -line.weight * (1 - line.coverage))
    return [str(COLLECT[line.code]) for line in lacking[:most]]


def cap_words(cap: Cap) -> str:
    """The fact that brought a cap into force."""
    details = cap.details
    if cap.code == "K1":
        days = int(details["days"])
        words = ngettext("No real contact for %(n)d day", "No real contact for %(n)d days", days)
        return words % {"n": days}
    if cap.code == "K2":
        return _("Only one person on their side is in touch") if details["active_external"] else _(
            "Nobody on their side is in touch"
        )  # fmt: skip
    if cap.code == "K3":
        left = int(details["days_left"])
        if left < 0:
            words = ngettext(
                "The main agreement ended %(n)d day ago and nobody renews it",
                "The main agreement ended %(n)d days ago and nobody renews it",
                -left,
            )
            return words % {"n": -left}
        words = ngettext(
            "The main agreement ends in %(n)d day and nobody renews it",
            "The main agreement ends in %(n)d days and nobody renews it",
            left,
        )
        return words % {"n": left}
    if cap.code == "K4":
        issues = int(details["issues"])
        return ngettext("%(n)d critical issue is open", "%(n)d critical issues are open", issues) % {"n": issues}
    names = ", ".join(str(DIMENSION_LABELS[code]) for code in details)
    return _("Close to nothing in: %(dimensions)s") % {"dimensions": names}


def cure_words(cap: Cap, cure: Sequence[Hypothetical], people: Mapping[str, str]) -> str:
    """What lifts a cap, as one sentence."""
    if cap.code == "K4":
        return _("Settling what is open lifts it.")
    if not cure:
        return _("No single record of today lifts it.")
    counted = Counter(_kind_of(each, people) for each in cure)
    needed = ", ".join(words(number) for (words, number) in ((_STEPS[kind], n) for kind, n in counted.items()))
    people_needed = _named(cure, people)
    if cap.code == "K2" and people_needed:
        return _("What lifts it: %(steps)s, with %(people)s.") % {"steps": needed, "people": people_needed}
    return _("What lifts it: %(steps)s.") % {"steps": needed}


def _named(cure: Sequence[Hypothetical], people: Mapping[str, str]) -> str:
    keys = dict.fromkeys(key for each in cure if isinstance(each, Contact) for key in each.touch.external)
    names = [people[key] for key in keys if key in people]
    strangers = len(keys) - len(names)
    if strangers:
        names.append(ngettext("%(n)d further person", "%(n)d further people", strangers) % {"n": strangers})
    return ", ".join(names)


def _kind_of(each: Hypothetical, people: Mapping[str, str]) -> str:
    if isinstance(each, Contact):
        return "call" if each.touch.weight < 1 else "meeting"
    return {
        Engagement: "project",
        Exchange: "exchange",
        Rating: "rating",
        Renewal: "renewal",
        NewAgreement: "agreement",
        Delivered: "deliver",
        IssuesSettled: "issue",
    }.get(type(each), "talent")


_STEPS = {
    "call": lambda n: ngettext("%(n)d call or meeting", "%(n)d calls or meetings", n) % {"n": n},
    "meeting": lambda n: ngettext("%(n)d meeting", "%(n)d meetings", n) % {"n": n},
    "project": lambda n: ngettext("%(n)d major project", "%(n)d major projects in different channels", n) % {"n": n},
    "exchange": lambda n: ngettext("%(n)d gift or favor", "%(n)d gifts or favors in turn", n) % {"n": n},
    "rating": lambda n: ngettext("%(n)d good rating", "%(n)d good ratings", n) % {"n": n},
    "renewal": lambda n: _("a proposal to renew it"),
    "agreement": lambda n: ngettext("%(n)d new agreement for a year", "%(n)d new agreements for a year", n) % {"n": n},
    "deliver": lambda n: ngettext("%(n)d overdue obligation met", "%(n)d overdue obligations met", n) % {"n": n},
    "issue": lambda n: _("settling what is open"),
    "talent": lambda n: ngettext("%(n)d hire", "%(n)d hires", n) % {"n": n},
}  # fmt: skip


def move_words(move: Move, people: Mapping[str, str]) -> str:
    """A move as an order to oneself, with the name of whom or what it concerns where that may be said."""
    if move.code == "renewal" and move.subject:
        return _("Propose the renewal of %(agreement)s") % {"agreement": move.subject}
    if move.code == "settle" and not move.subject:
        return _("Settle all that is critical")
    named = move.code in ("deliver", "settle")
    who = people.get(move.subject) or (move.subject if named else _("somebody of theirs"))
    return str(MOVES[move.code]) % {"who": who}


def channel_words(code: str) -> str:
    return str(Channel(code).label) if code in Channel.values else _("A channel not used yet")
