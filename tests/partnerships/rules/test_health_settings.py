"""An office's settings: what is read is what was written, weights make one, and a refusal names its setting."""

import copy
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.health import DEFAULT_CONFIG, InvalidSetting, read_settings, settings_of
from partnerships.rules.health.settings import CODES, changed_settings, flat, unflat

SETTINGS = settings_of(DEFAULT_CONFIG)
PATHS = sorted(flat(DEFAULT_CONFIG))
# Shares of a hundred for the dimensions: cut at eight places, so that they make a hundred exactly.
cuts = st.lists(st.integers(0, 100), min_size=len(CODES) - 1, max_size=len(CODES) - 1).map(sorted)
NOT_NUMBERS = [None, "1", True, [], {}, math.nan, math.inf]


def weights_of(places: list[int]) -> dict[str, float]:
    edges = [0, *places, 100]
    return {code: (high - low) / 100 for code, low, high in zip(CODES, edges, edges[1:], strict=False)}


def with_value(path: str, value: object) -> dict:
    return unflat({**flat(DEFAULT_CONFIG), path: value})


def refused(settings: object) -> InvalidSetting:
    with pytest.raises(InvalidSetting) as problem:
        read_settings(settings, 2)
    return problem.value


@given(cuts)
def test_weights_that_make_one_are_kept_as_they_are(places):
    weights = weights_of(places)
    config = read_settings({**SETTINGS, "weights": weights}, 2)
    assert {code: config.weight(code) for code in CODES} == weights
    assert math.fsum(config.weight(code) for code in CODES) == pytest.approx(1.0, abs=1e-9)
    assert read_settings(settings_of(config), 2) == config


@given(cuts, st.integers(0, len(CODES) - 1), st.sampled_from([-0.3, -0.01, 0.01, 0.2, 1.0]))
def test_weights_that_do_not_make_one_are_refused_by_name(places, number, off):
    weights = weights_of(places)
    weights[CODES[number]] += off
    assert refused({**SETTINGS, "weights": weights}).field.startswith("weights")


@pytest.mark.parametrize("path", [path for path in PATHS if path != "roll_up"])
@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_what_is_no_number_is_refused_at_its_setting(path, value):
    if value is None and path.startswith("caps.silence."):
        return  # an empty step is no step
    field = refused(with_value(path, value)).field
    within = path.rsplit(".", 1)[0] if "." in path else path
    assert field == path or field.startswith(within.split(".silence")[0])


@given(st.sampled_from([path for path in PATHS if "silence" not in path]), st.floats(-1e6, -1e-3))
def test_nothing_may_be_negative_but_a_decline(path, value):
    if path in ("trend.declining", "roll_up"):
        return
    assert refused(with_value(path, value)).field.split(".")[0] == path.split(".")[0]


@given(st.sampled_from(sorted(SETTINGS)))
def test_nothing_may_be_left_out_and_nothing_added(name):
    rest = {key: value for key, value in SETTINGS.items() if key != name}
    assert refused(rest).field == name
    assert refused({**SETTINGS, f"{name}s": 1}).field == f"{name}s"
    if isinstance(SETTINGS[name], dict):
        for member in SETTINGS[name]:
            lacking = copy.deepcopy(SETTINGS)
            del lacking[name][member]
            assert refused(lacking).field == f"{name}.{member}"
            assert refused({**SETTINGS, name: {**SETTINGS[name], "more": 1}}).field == f"{name}.more"


@pytest.mark.parametrize("given_", [None, [], "x", 1])
def test_a_document_is_an_object(given_):
    assert refused(given_).field == "settings"
    assert refused({**SETTINGS, "weights": given_}).field == "weights"


@given(cuts)
def test_flat_and_back_is_the_same_and_changes_name_what_changed(places):
    weights = weights_of(places)
    config = read_settings({**SETTINGS, "weights": weights}, 2)
    assert read_settings(unflat(flat(config)), 2) == config
    changed = {change.path: change.after for change in changed_settings(DEFAULT_CONFIG, config)}
    assert changed == {f"weights.{code}": weights[code] for code in CODES if weights[code] != SETTINGS["weights"][code]}
