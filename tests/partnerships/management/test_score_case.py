"""``manage.py score_case``: the worked examples from a file to standard output."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

FIXTURES = json.loads((Path(__file__).parents[1] / "rules" / "health_fixtures.json").read_text())
CASES = {name: case for name, case in FIXTURES.items() if "input" in case}


def test_the_worked_examples(tmp_path, capsys):
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({name: case["input"] for name, case in CASES.items()}))
    call_command("score_case", str(file))
    answered = json.loads(capsys.readouterr().out)
    assert answered.keys() == CASES.keys()
    for name, case in CASES.items():
        expected, got = case["expected"], answered[name]
        assert got.keys() == expected.keys()
        assert (got["band"], got["caps"]) == (expected["band"], expected["caps"])
        for figure in ("raw", "score", "confidence"):
            assert got[figure] == pytest.approx(expected[figure], abs=1e-4)
        assert got["points"] == pytest.approx(expected["points"], abs=1e-4)
    assert answered[next(iter(CASES))]["raw"] != round(answered[next(iter(CASES))]["raw"], 4), "it must not be rounded"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe{", "not JSON"),
        (b"[]", "must hold an object"),
        (b'{"a": {}}', "a: "),
        (b'{"a": 7}', "a: "),
        (b'{"a": {"stage": "nowhere", "account_age": 1, "touches": []}}', "a: "),
    ],
)
def test_bad_input_is_named(tmp_path, capsys, content, words):
    file = tmp_path / "cases.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("score_case", str(file))
    assert capsys.readouterr().out == ""


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("score_case", str(tmp_path / "nowhere.json"))
