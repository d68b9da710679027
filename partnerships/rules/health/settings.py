"""An office's settings as people and programs write them: read strictly, laid flat, and compared.

A settings document is what ``settings_of`` answers: a configuration without its version, with the weights by dimension.
Nothing may be left out and nothing added, so that no setting falls back unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from partnerships.rules.health.config import (
    BandRules,
    CapRules,
    HalfLives,
    HealthConfig,
    InvalidSetting,
    StageTargets,
    TrendRules,
    gettext_noop,
)
from partnerships.rules.health.dimensions import DIMENSIONS

PARTS = {"half_lives": HalfLives, "bands": BandRules, "trend": TrendRules, "caps": CapRules}
WHOLE = frozenset(
    {
        "window_days",
        "young_days",
        "snapshots",
        "silence_from_rank",
        "single_thread_from_rank",
        "ending_from_rank",
        "ending_within_days",
        "lapsed_within_days",
    }
)
CODES = tuple(dimension.code for dimension in DIMENSIONS)


def settings_of(config: HealthConfig) -> dict[str, Any]:
    """The settings document of a configuration, of values that JSON can carry."""
    values = asdict(config)
    del values["version"]
    values["weights"] = {code: config.weight(code) for code in CODES}
    values["targets"] = [asdict(target) for target in config.targets]
    values["caps"]["silence"] = [list(step) for step in config.caps.silence]
    return values


def read_settings(settings: Mapping[str, Any], version: int) -> HealthConfig:
    """The configuration that a settings document means. InvalidSetting names what is wrong, missing or unknown."""
    values = _members(settings, "settings", [field.name for field in fields(HealthConfig) if field.name != "version"])
    weights = _members(values["weights"], "weights", CODES)
    values["weights"] = tuple((code, _number(weights[code], f"weights.{code}")) for code in CODES)
    values["targets"] = tuple(_targets(values["targets"]))
    for name, kind in PARTS.items():
        values[name] = kind(**_part(values[name], name, kind))
    for name in ("window_days", "young_days", "day_cap", "tie_threshold"):
        values[name] = _number(values[name], name)
    return HealthConfig(version=version, **values)


def _targets(given: Any) -> Iterator[StageTargets]:
    names = [field.name for field in fields(StageTargets)]
    for number, target in enumerate(_list(given, "targets"), 1):
        values = _members(target, f"targets.{number}", names)
        stage = values.pop("stage")
        numbers = {name: _number(value, f"targets.{stage}.{name}") for name, value in values.items()}
        try:
            yield StageTargets(stage, **numbers)
        except InvalidSetting:
            raise
        except ValueError:
            raise InvalidSetting(f"targets.{number}.stage", gettext_noop("There is no such stage.")) from None


def _part(given: Any, path: str, kind: type) -> dict[str, Any]:
    values = _members(given, path, [field.name for field in fields(kind)])
    return {
        name: _silence(value) if name == "silence" else _number(value, f"{path}.{name}")
        for name, value in values.items()
    }


def _silence(given: Any) -> tuple[tuple[int, float], ...]:
    path, steps = "caps.silence", []
    for step in _list(given, path):
        if len(_list(step, path)) != 2:
            raise InvalidSetting(path, gettext_noop("Give each step of silence as days and a limit."))
        steps.append((_whole(_number(step[0], path), path), _number(step[1], path)))
    return tuple(steps)


def _members(given: Any, path: str, names: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InvalidSetting(path, gettext_noop("Give an object with a member for each setting."))
    prefix = "" if path == "settings" else f"{path}."
    for name in given:
        if name not in names:
            raise InvalidSetting(f"{prefix}{name}", gettext_noop("There is no such setting."))
    for name in names:
        if name not in given:
            raise InvalidSetting(f"{prefix}{name}", gettext_noop("Give this setting too: none may be left out."))
    return dict(given)


def _list(given: Any, path: str) -> Any:
    if not isinstance(given, list | tuple):
        raise InvalidSetting(path, gettext_noop("Give a list."))
    return given


def _number(given: Any, path: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise InvalidSetting(path, gettext_noop("Enter a number."))
    return _whole(given, path) if path.rpartition(".")[2] in WHOLE else given


def _whole(given: float, path: str) -> int:
    if given != given or given in (float("inf"), float("-inf")) or given != int(given):
        raise InvalidSetting(path, gettext_noop("Enter a whole number."))
    return int(given)


def flat(config: HealthConfig) -> dict[str, Any]:
    """Every setting by its path, in the order in which people read them: ``weights.recency``, ``caps.silence.1.days``.

    A missing step of silence is simply not there.
    """
    settings = settings_of(config)
    values = {f"weights.{code}": weight for code, weight in settings["weights"].items()}
    values |= {f"half_lives.{name}": value for name, value in settings["half_lives"].items()}
    for target in settings["targets"]:
        values |= {f"targets.{target['stage']}.{name}": value for name, value in target.items() if name != "stage"}
    for number, (days, limit) in enumerate(settings["caps"].pop("silence"), 1):
        values |= {f"caps.silence.{number}.days": days, f"caps.silence.{number}.limit": limit}
    for name in ("caps", "bands", "trend"):
        values |= {f"{name}.{member}": value for member, value in settings[name].items()}
    names = ("window_days", "young_days", "day_cap", "tie_threshold", "roll_up")
    return values | {name: settings[name] for name in names}


def unflat(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings document of settings by path; a step of silence without days is no step."""
    document: dict[str, Any] = {"weights": {}, "half_lives": {}, "targets": [], "caps": {}, "bands": {}, "trend": {}}
    targets: dict[str, dict[str, Any]] = {}
    silence: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        group, *rest = path.split(".")
        if group == "targets":
            targets.setdefault(rest[0], {"stage": rest[0]})[rest[1]] = value
        elif rest[:1] == ["silence"]:
            silence.setdefault(rest[1], {})[rest[2]] = value
        elif rest:
            document[group][rest[0]] = value
        else:
            document[path] = value
    document["targets"] = list(targets.values())
    steps = [silence[number] for number in sorted(silence, key=int)]
    document["caps"]["silence"] = [[step["days"], step["limit"]] for step in steps if step["days"] is not None]
    return document


@dataclass(frozen=True)
class SettingChange:
    """One setting that two configurations do not share; None where one of them has no such setting."""

    path: str
    before: Any
    after: Any


def changed_settings(before: HealthConfig, after: HealthConfig) -> list[SettingChange]:
    """What differs between two configurations, in the order of the settings; their versions aside."""
    old, new = flat(before), flat(after)
    paths = [*new, *(path for path in old if path not in new)]
    return [SettingChange(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]
