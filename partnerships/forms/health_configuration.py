"""The settings of health, all in one form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm
from partnerships.choices import Stage
from partnerships.health_wording import (
    GROUPS,
    RANKS,
    ROLL_UPS,
    STAGE_TARGETS,
    TARGETS,
    Group,
    Setting,
    members,
)
from partnerships.rules.health import HealthConfig, flat, unflat
from partnerships.rules.health.settings import WHOLE

STEPS = 2
DIGITS = 6
UNITS = {"percent": "%", "days": _("days"), "points": _("points")}


class HealthSettingsForm(ActionForm):
    """Every setting under the name of its path. Shares are entered in percent.

    ``base`` is the version whose settings it shows: what nobody changed keeps its very number.
    """

    note = forms.CharField(
        label=_("Why it changes"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands beside the version for whoever compares scores later."),
    )

    def __init__(self, *args, base: HealthConfig, **kwargs):
        super().__init__(*args, **kwargs)
        self.base = flat(base)
        self.units: dict[str, str] = {}
        self._groups: list[tuple[Group, list[Setting]]] = []
        for group in GROUPS:
            settings = list(members(group, base, steps=STEPS))
            self._groups.append((group, settings))
            for setting in settings:
                self.units[setting.path] = setting.unit
                self.fields[setting.path] = _field(setting, self.base.get(setting.path))
        self.order_fields([*self.units, "note"])

    @property
    def groups(self) -> list[dict[str, Any]]:
        """What the page shows: each group with its fields, the targets as one row per stage."""
        return [
            {
                "group": group,
                "fields": [self[each.path] for each in settings] if group is not STAGE_TARGETS else [],
                "heads": [label for label, _unit in TARGETS.values()] if group is STAGE_TARGETS else [],
                "rows": [(stage.label, [self[f"targets.{stage}.{name}"] for name in TARGETS]) for stage in Stage]
                if group is STAGE_TARGETS
                else [],
            }
            for group, settings in self._groups
        ]

    @property
    def note_field(self) -> forms.BoundField:
        return self["note"]

    @property
    def carried(self) -> list[forms.BoundField]:
        """The settings as the preview carries them on, unseen."""
        return [self[path] for path in self.units]

    @property
    def weight_sum(self) -> str:
        """What the weights in the form add up to, in percent, as far as they are numbers."""
        total = 0.0
        for path in self.units:
            if path.startswith("weights."):
                try:
                    total += float(self[path].value() or 0)
                except ValueError:
                    continue
        return f"{total:.4g}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.reason = cleaned.pop("note", "")
        changed = set(self.changed_data)
        values = {
            path: _exact(self.units[path], value) if path in changed or path not in self.base else self.base[path]
            for path, value in cleaned.items()
        }
        for path in [path for path in values if path.startswith("caps.silence.") and path.endswith(".days")]:
            limit = path.removesuffix("days") + "limit"
            if (values[path] is None) != (values.get(limit) is None) and limit in values:
                self.add_error(limit, _("Enter both days and points, or neither."))
        return {"settings": unflat(values)} if not self.errors else cleaned


def _field(setting: Setting, value: Any) -> forms.Field:
    label = {"label": _with_unit(setting), "help_text": setting.help, "initial": _entered(setting.unit, value)}
    if setting.unit == "rank":
        return forms.TypedChoiceField(choices=list(RANKS.items()), coerce=int, **label)
    if setting.unit == "rule":
        return forms.ChoiceField(choices=list(ROLL_UPS.items()), **label)
    optional = setting.path.startswith("caps.silence.")
    bounds = {"percent": (0, 100), "days": (0, 36_500)}.get(setting.unit, (None, None))
    kind = forms.IntegerField if setting.path.rpartition(".")[2] in WHOLE or optional else forms.FloatField
    return kind(
        required=not optional,
        min_value=bounds[0],
        max_value=bounds[1],
        widget=forms.NumberInput(attrs={"step": "any" if kind is forms.FloatField else "1", "inputmode": "decimal"}),
        error_messages={
            "required": _("Enter a number."),
            "invalid": _("Enter a number."),
            "min_value": _("Enter at least %(limit_value)s."),
            "max_value": _("Enter at most %(limit_value)s."),
        },
        **label,
    )


def _with_unit(setting: Setting) -> str:
    """The label of a setting, with the unit in which it is entered."""
    unit = UNITS.get(setting.unit)
    return f"{setting.label} ({unit})" if unit else str(setting.label)


def _entered(unit: str, value: Any) -> Any:
    """A setting as it stands in its control."""
    if value is None or unit in ("rank", "rule"):
        return value
    entered = round(100 * value, DIGITS) if unit == "percent" else value
    return int(entered) if entered == int(entered) else entered


def _exact(unit: str, entered: Any) -> Any:
    """What was entered as the rules take it."""
    return round(entered / 100, DIGITS + 2) if unit == "percent" and entered is not None else entered
