"""Scoring many partnerships at once: what is kept of their touches and what every signal answers, as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from partnerships.queries.health_basis import KEPT_SECTIONS, Kept
from partnerships.queries.health_series import weekly_scores
from partnerships.registry import HealthScope, signals
from partnerships.rules.health import HealthInput, next_band
from partnerships.rules.health.batch import HealthScores, score_columns
from partnerships.rules.health.columns import SECTION_COLUMNS, HealthColumns, kept_columns


@dataclass(frozen=True)
class Scored:
    """The scores of the partnerships of ``kept``, in its order, with the bands to show."""

    kept: Kept
    sections: Mapping[str, Any]
    columns: HealthColumns
    scores: HealthScores
    bands: np.ndarray

    def inputs(self, rows: np.ndarray) -> list[HealthInput]:
        """What each of these was scored from, as a snapshot keeps it."""
        places = rows.tolist()
        found = {
            code: kept_columns(section).sections(rows)
            if code in KEPT_SECTIONS
            else [section[place] for place in places]
            for code, section in self.sections.items()
        }
        stages = [self.kept.rows["stage"][place] for place in places]
        return [
            HealthInput(stage, **{code: each for code, each in zip(found, sections, strict=True) if each is not None})
            for stage, *sections in zip(stages, *found.values(), strict=True)
        ]


def score_kept(scope: HealthScope, kept: Kept) -> Scored:
    """Score what is kept under the settings of the scope; nothing is written."""
    sections = {
        code: KEPT_SECTIONS[code](kept) if code in KEPT_SECTIONS else _answers(reader(scope), kept)
        for code, reader in signals().items()
    }
    columns = HealthColumns(
        kept.rows["stage"],
        **{
            code: section if code in KEPT_SECTIONS else SECTION_COLUMNS[code](section, scope.config)
            for code, section in sections.items()
        },
    )
    scores = score_columns(columns, scope.config)
    return Scored(kept, sections, columns, scores, _bands(scope, kept, scores))


def _answers(found: Mapping[int, object], kept: Kept) -> list[Any]:
    return [found.get(pk) for pk in kept.rows["id"]]


def _bands(scope: HealthScope, kept: Kept, scores: HealthScores) -> np.ndarray:
    """The bands to show. Only where the natural band is another than the shown one is there anything to weigh.

    The first band of a series is the natural one: what other settings showed says nothing about it.
    """
    bands = scores.band.copy()
    shown = kept.rows["band"]
    unsure = np.flatnonzero((bands != np.array(shown)) & ~kept.starts_series).tolist()
    if unsure:
        ids = tuple(kept.rows["id"][index] for index in unsure)
        week_ago = weekly_scores(replace(scope, partnership_ids=ids))
        for index, pk in zip(unsure, ids, strict=True):
            bands[index] = next_band(
                shown[index],
                week_ago.get(pk),
                float(scores.score[index]),
                float(scores.confidence[index]),
                scope.config.bands,
            )
    return bands
