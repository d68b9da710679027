"""What the settings of health are called, in which order they stand, and how their values are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.choices import DIMENSION_LABELS, Stage
from partnerships.rules.health import HealthConfig, Weighing, flat

RANKS = dict(enumerate(Stage.labels, 1)) | {len(Stage) + 1: _("never")}
ROLL_UPS = {
    Weighing.WEIGHTED.value: _("Weighted by stage and confidence"),
    Weighing.WORST.value: _("The worst of its members"),
    Weighing.MEAN.value: _("The mean of its members"),
}


@dataclass(frozen=True)
class Setting:
    """One setting: ``unit`` is percent, points, days, number, money, rank or rule."""

    path: str
    label: Promise | str
    unit: str
    help: Promise | str = ""


@dataclass(frozen=True)
class Group:
    code: str
    title: Promise | str
    intro: Promise | str
    settings: tuple[Setting, ...] = ()
    advanced: bool = False


@dataclass(frozen=True)
class Line:
    """One setting with its value in words, and before that another value where two are compared."""

    setting: Setting
    value: str
    before: str = ""
    group: Promise | str = ""


TARGETS = {
    "touches_per_month": (_("Contacts a month"), "number"),
    "channels": (_("Channels"), "number"),
    "external_ties": (_("Their people"), "number"),
    "internal_ties": (_("Our people"), "number"),
    "talent": (_("Talent"), "number"),
    "reference_money": (_("Money a year"), "money"),
}

WEIGHTS = Group(
    "weights",
    _("Weights"),
    _("How much each dimension counts. Together they make 100 %; a weight of 0 leaves the dimension out."),
    tuple(Setting(f"weights.{code}", label, "percent") for code, label in DIMENSION_LABELS.items()),
)
HALF_LIVES = Group(
    "half_lives",
    _("Half-lives"),
    _("After so many days a record counts half of what it counted on its day."),
    (
        Setting("half_lives.recency", _("Contact, for recency"), "days"),
        Setting("half_lives.communication", _("Contact, for who starts it"), "days"),
        Setting("half_lives.ties", _("Ties between people"), "days"),
        Setting("half_lives.breadth", _("Projects that have ended"), "days"),
        Setting("half_lives.ledger", _("What was given and got"), "days"),
        Setting("half_lives.delay", _("Credit for late work"), "days"),
        Setting("half_lives.talent", _("Movement of people"), "days"),
        Setting("half_lives.ratings", _("Ratings"), "days"),
    ),
)
STAGE_TARGETS = Group(
    "targets",
    _("What each stage asks for"),
    _("Contact exactly as often as the stage asks for scores 0.75 in recency. A meeting counts as one contact."),
    tuple(
        Setting(f"targets.{stage}.{name}", label, unit)
        for stage in Stage.values
        for name, (label, unit) in TARGETS.items()
    ),
)
CAPS = Group(
    "caps",
    _("Caps"),
    _("A single grave fact holds the score down, whatever the rest says."),
    (
        Setting("caps.silence_from_rank", _("Silence counts from stage"), "rank"),
        Setting("caps.single_thread", _("One tie only: at most"), "points"),
        Setting("caps.single_thread_from_rank", _("One tie only counts from stage"), "rank"),
        Setting("caps.ending", _("Main agreement ends: at most"), "points"),
        Setting("caps.ending_from_rank", _("Its end counts from stage"), "rank"),
        Setting("caps.ending_within_days", _("Its end lies ahead by at most"), "days"),
        Setting("caps.lapsed_within_days", _("It has ended within"), "days"),
        Setting("caps.critical_issue", _("Critical issue open: at most"), "points"),
        Setting("caps.collapse", _("One dimension collapsed: at most"), "points"),
        Setting("caps.collapse_weight", _("Only dimensions of this weight and more"), "percent"),
        Setting("caps.collapse_coverage", _("Covered by at least"), "percent"),
        Setting("caps.collapse_below", _("Collapsed means scored below"), "percent"),
    ),
)
BANDS = Group(
    "bands",
    _("Bands"),
    _("Where the bands begin, and by how much a border must be passed, so that a score on it does not flicker."),
    (
        Setting("bands.healthy", _("Healthy from"), "points"),
        Setting("bands.watch", _("Watch from"), "points", _("Below it a partner is at risk.")),
        Setting("bands.hysteresis", _("A band changes when its border is passed by"), "points"),
        Setting("bands.confidence", _("No band below a confidence of"), "percent"),
    ),
)
TREND = Group(
    "trend",
    _("Trend"),
    _("How many snapshots of one series a trend looks at, and what counts as one."),
    (
        Setting("trend.snapshots", _("Latest snapshots"), "number"),
        Setting("trend.improving", _("Improving from, in 30 days"), "points"),
        Setting("trend.declining", _("Declining from, in 30 days"), "points"),
    ),
)
LIMITS = Group(
    "limits",
    _("Limits"),
    _("What counts at all."),
    (
        Setting("window_days", _("Records count for"), "days"),
        Setting("young_days", _("A partner is new for"), "days", _("A new partner is not blamed for being empty.")),
        Setting("day_cap", _("One day of contact counts at most"), "number"),
        Setting("tie_threshold", _("A tie is active from a strength of"), "percent"),
    ),
)
ROLL_UP = Group(
    "roll_up",
    _("Groups of partners"),
    _("How the health of a parent organization follows from that of its members."),
    (Setting("roll_up", _("Health of a group"), "rule"),),
)
GROUPS = (WEIGHTS, HALF_LIVES, STAGE_TARGETS, CAPS, BANDS, TREND, LIMITS, ROLL_UP)


def silence(steps: int) -> tuple[Setting, ...]:
    """The settings of so many steps of silence, which stand first among the caps."""
    found: list[Setting] = []
    for number in range(1, steps + 1):
        found.append(Setting(f"caps.silence.{number}.days", _now("Silence, step %s: longer than") % number, "days"))
        found.append(Setting(f"caps.silence.{number}.limit", _now("Silence, step %s: at most") % number, "points"))
    return tuple(found)


def members(group: Group, config: HealthConfig, *, steps: int = 0) -> tuple[Setting, ...]:
    """The settings of a group, with the steps of silence that a configuration has, or ``steps``."""
    more = silence(max(steps, len(config.caps.silence))) if group is CAPS else ()
    return (*more, *group.settings)


def shown(unit: str, value: Any) -> str:
    """A value in words: 16 %, 90 days, 64 points."""
    if value is None:
        return _now("none")
    if unit == "rank":
        return str(RANKS.get(value, value))
    if unit == "rule":
        return str(ROLL_UPS.get(value, value))
    if unit == "percent":
        return _now("%s %%") % _number(100 * value)
    number = _number(value)
    if unit == "days":
        return ngettext("%(number)s day", "%(number)s days", int(value)) % {"number": number}
    if unit == "points":
        return ngettext("%(number)s point", "%(number)s points", 1 if value == 1 else 2) % {"number": number}
    return number


def _number(value: float) -> str:
    text = f"{round(value, 6):f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))
    return number_format(
        text, decimal_pos=len(text.partition(".")[2]), use_l10n=True, force_grouping=abs(value) >= 1000
    )


@dataclass(frozen=True)
class Shown:
    """A group in words; ``rows`` instead of ``lines`` for the table of stages, as (stage, [(value, head)])."""

    group: Group
    lines: list[Line] = field(default_factory=list)
    rows: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


def in_words(config: HealthConfig) -> Iterator[Shown]:
    """All settings of a configuration, by group."""
    values = flat(config)
    for group in GROUPS:
        if group is STAGE_TARGETS:
            rows = [
                (
                    str(stage.label),
                    [
                        (shown(unit, values[f"targets.{stage}.{name}"]), str(label))
                        for name, (label, unit) in TARGETS.items()
                    ],
                )
                for stage in Stage
            ]
            yield Shown(group, rows=rows, heads=[str(label) for label, _unit in TARGETS.values()])
        else:
            lines = [Line(each, shown(each.unit, values.get(each.path))) for each in members(group, config)]
            yield Shown(group, lines)


def label_of(path: str) -> tuple[str, str, str]:
    """(group, setting, unit) of a path, in words."""
    stage = path.split(".")[1] if path.startswith("targets.") else ""
    for group in GROUPS:
        for setting in (*silence(9), *group.settings) if group is CAPS else group.settings:
            if setting.path == path:
                label = f"{Stage(stage).label}: {setting.label}" if stage else str(setting.label)
                return str(group.title), label, setting.unit
    return "", path, "number"
