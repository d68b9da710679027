"""What other settings would change: everybody scored under them, and nothing written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.actions import visible
from core.actor import Actor
from partnerships.models import Partnership
from partnerships.queries.health_basis import Kept, partnership_ids_of_office
from partnerships.queries.health_configuration import candidate, health_config
from partnerships.queries.health_scoring import score_kept
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.ties import scope_for
from partnerships.rules.health import BANDS, HealthConfig, SettingChange, changed_settings

BATCH = 1000


@dataclass(frozen=True)
class Shift:
    """What other settings make of one partnership; before is None where it was never scored."""

    partnership_id: int
    band_before: str
    band_after: str
    score_before: float | None
    score_after: float

    @property
    def changes_band(self) -> bool:
        return self.band_before != self.band_after

    @property
    def points(self) -> float:
        return self.score_after - (self.score_before or 0.0)

    @property
    def rounded(self) -> float:
        return round(self.points, 1)


@dataclass(frozen=True)
class Preview:
    """Every partnership of the office under other settings, by id. ``changes`` are the settings that differ."""

    config: HealthConfig
    changes: list[SettingChange]
    shifts: list[Shift]

    @property
    def moving(self) -> list[Shift]:
        """Who changes band: the largest change of score first."""
        return sorted(
            (each for each in self.shifts if each.changes_band),
            key=lambda each: (-abs(each.points), each.partnership_id),
        )

    @property
    def bands(self) -> list[tuple[str, int, int]]:
        """(band, how many now, how many then), in the order of the bands."""
        before = Counter(each.band_before for each in self.shifts)
        after = Counter(each.band_after for each in self.shifts)
        return [(band, before[band], after[band]) for band in BANDS]


@visible("partnerships.view_health_preview")
def preview_configuration(actor: Actor, settings: Mapping[str, Any]) -> Preview:
    """Score the whole office today as publishing these settings would. InvalidInput for a setting that cannot be.

    Touches are read anew, since other half-lives make other sums: a few statements for a thousand partnerships.
    """
    current = health_config()
    config = candidate(settings, current.version + 1)
    ids = partnership_ids_of_office()
    scope = scope_for(actor, (), config=config)
    now = timezone.now()
    shifts: list[Shift] = []
    for start in range(0, len(ids), BATCH):
        part = scope.of(ids[start : start + BATCH])
        kept = Kept(part, until=now)
        scored = score_kept(part, kept)
        rows = kept.rows
        columns = (rows["id"], rows["band"], scored.bands.tolist(), rows["score"], scored.scores.score.tolist())
        shifts += [Shift(*each) for each in zip(*columns, strict=True)]
    return Preview(config, changed_settings(current, config), shifts)


def partners_of(actor: Actor, shifts: list[Shift]) -> list[tuple[Partnership, Shift]]:
    """The same with the partnerships, as far as the actor may see them: one statement."""
    found = visible_partnerships(actor).in_bulk([each.partnership_id for each in shifts])
    return [(found[each.partnership_id], each) for each in shifts if each.partnership_id in found]
