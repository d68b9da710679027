"""What an alert of health says in a sentence, with its numbers, and the one thing to do about it."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.choices import CAP_LABELS, Band
from partnerships.models import HealthAlert
from partnerships.rules.health.alerts import aged, band_at

STEPS: dict[str, Promise] = {
    "A1": gettext_lazy("Find out why the relationship got worse"),
    "A2": gettext_lazy("Find out why the score fell"),
    "A3": gettext_lazy("Agree what would stop the decline"),
    "A4": gettext_lazy("Begin the renewal of the main agreement"),
    "A5": gettext_lazy("Win somebody else of theirs for the partnership"),
    "A6": gettext_lazy("Meet a second person of theirs"),
    "A7": gettext_lazy("Get in touch"),
    "A8": gettext_lazy("Record what is known of the partnership"),
    "A9": gettext_lazy("Lift what limits the score"),
    "A10": gettext_lazy("Settle the overdue obligation"),
    "A11": gettext_lazy("Talk about the poor rating"),
    "A12": gettext_lazy("Propose another way to work together"),
}
# The dimension whose records an alert is about; the others are about the score as a whole.
BEHIND = {
    "A4": "runway",
    "A5": "depth",
    "A6": "depth",
    "A7": "recency",
    "A10": "delivery",
    "A11": "satisfaction",
    "A12": "breadth",
}
ICONS = {"A4": "file-text", "A7": "clock", "A8": "database", "A10": "checklist", "A12": "bulb"}


def step_words(alert: HealthAlert) -> str:
    """The one thing to do about it, as an order to oneself."""
    return str(STEPS[alert.rule])


def icon_of(alert: HealthAlert) -> str:
    return ICONS.get(alert.rule, "alert-triangle")


def numbers_of(alert: HealthAlert, today: date) -> dict[str, float]:
    """The numbers of an alert as they are on a day; of one that has ended as they were on its last."""
    numbers = dict(alert.numbers)
    last = min(today, alert.ended_at.date()) if alert.ended_at else today
    taken = int(numbers.pop("on", last.toordinal()))
    return aged(alert.rule, numbers, max(0, last.toordinal() - taken))


def alert_words(alert: HealthAlert, today: date) -> str:
    """What it tells, as one sentence without a period. Comes with ``champion_name`` (``visible_alerts``)."""
    return WORDS[alert.rule](numbers_of(alert, today), getattr(alert, "champion_name", None) or "")


def _number(value: float) -> str:
    return number_format(round(value + 0.0, 1), decimal_pos=1)


def _percent(share: float) -> int:
    return round(100 * share)


def _band_worsened(numbers: Mapping[str, float], name: str) -> str:
    return _("Went from %(before)s to %(after)s, at a score of %(score)s") % {
        "before": Band(band_at(numbers["before"])).label,
        "after": Band(band_at(numbers["after"])).label,
        "score": _number(numbers["score"]),
    }


def _dropped(numbers: Mapping[str, float], name: str) -> str:
    values = {"drop": _number(numbers["drop"]), "score": _number(numbers["score"])}
    return _("Fell by %(drop)s points within 30 days, to %(score)s") % values


def _keeps_declining(numbers: Mapping[str, float], name: str) -> str:
    runs = int(numbers["runs"])
    return ngettext("Declining for %(n)d week on end", "Declining for %(n)d weeks on end", runs) % {"n": runs}


def _agreement_ends(numbers: Mapping[str, float], name: str) -> str:
    left, lead = int(numbers["days_left"]), int(numbers["lead_days"])
    if left < 0:
        return ngettext("The main agreement ended %(n)d day ago", "The main agreement ended %(n)d days ago", -left) % {
            "n": -left
        }
    words = ngettext(
        "The main agreement ends in %(n)d day; its renewal has to begin %(lead)d days ahead",
        "The main agreement ends in %(n)d days; its renewal has to begin %(lead)d days ahead",
        left,
    )
    return words % {"n": left, "lead": lead}


def _champion_lost(numbers: Mapping[str, float], name: str) -> str:
    if numbers["left"]:
        return (
            _("%(name)s, the strongest tie, does not work there any more") % {"name": name}
            if name
            else _("The person with the strongest tie does not work there any more")
        )
    percent = _percent(numbers["kept"])
    if name:
        words = _("Contact with %(name)s, the strongest tie, fell to %(percent)d %% within 90 days")
        return words % {"name": name, "percent": percent}
    return _("Contact with the person of the strongest tie fell to %(percent)d %% within 90 days") % {
        "percent": percent
    }


def _single_threaded(numbers: Mapping[str, float], name: str) -> str:
    before = int(numbers["before"])
    if not numbers["ties"]:
        return _("Nobody of theirs is in touch any more; %(before)d were") % {"before": before}
    return _("Only one person of theirs is still in touch; %(before)d were") % {"before": before}


def _unusual_silence(numbers: Mapping[str, float], name: str) -> str:
    days = int(numbers["days"])
    words = ngettext(
        "No real contact for %(n)d day; %(usual)s are usual",
        "No real contact for %(n)d days; %(usual)s are usual",
        days,
    )
    return words % {"n": days, "usual": number_format(numbers["usual"], decimal_pos=0)}


def _data_ran_out(numbers: Mapping[str, float], name: str) -> str:
    percent = _percent(numbers["confidence"])
    return _("Too little is known by now for a score: %(percent)d %% of what it asks") % {"percent": percent}


def _cap_hit(numbers: Mapping[str, float], name: str) -> str:
    return _("Something new holds the score down: %(reasons)s") % {
        "reasons": ", ".join(str(CAP_LABELS[code]) for code in sorted(numbers))
    }


def _obligation_overdue(numbers: Mapping[str, float], name: str) -> str:
    days = int(numbers["days"])
    words = ngettext("An obligation is overdue by %(n)d day", "An obligation is overdue by %(n)d days", days)
    return words % {"n": days}


def _bad_rating(numbers: Mapping[str, float], name: str) -> str:
    return _("Rated at %(percent)d %% of the scale") % {"percent": _percent(numbers["rating"])}


def _room_to_grow(numbers: Mapping[str, float], name: str) -> str:
    values = {"channels": _number(numbers["channels"]), "target": number_format(numbers["target"], decimal_pos=0)}
    return _("Doing well, through %(channels)s channels where the stage asks for %(target)s") % values


WORDS = {
    "A1": _band_worsened,
    "A2": _dropped,
    "A3": _keeps_declining,
    "A4": _agreement_ends,
    "A5": _champion_lost,
    "A6": _single_threaded,
    "A7": _unusual_silence,
    "A8": _data_ran_out,
    "A9": _cap_hit,
    "A10": _obligation_overdue,
    "A11": _bad_rating,
    "A12": _room_to_grow,
}
