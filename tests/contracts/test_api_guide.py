"""What docs/api.md says there is, against the description of the API: everything, and nothing else."""

import re
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

GUIDE = Path(settings.BASE_DIR) / "docs" / "api.md"
WRITES = {"post": "POST", "patch": "PATCH", "delete": "DELETE"}


@cache
def operations() -> dict[str, dict]:
    """Path below ``v1/`` → method → operation."""
    paths = yaml.safe_load((Path(settings.BASE_DIR) / "config" / "openapi.yaml").read_text())["paths"]
    return {path.removeprefix("/v1/").removesuffix("/"): methods for path, methods in paths.items()}


@cache
def lines() -> dict[str, list[str]]:
    """Path of each list in the guide's tables → what its line says in the further columns."""
    found = {}
    for line in GUIDE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            for path in re.findall(r"`([\w/-]+)/`", cells[0]):
                found[path] = cells[1:]
    return found


def test_every_list_stands_in_the_guide_and_nothing_else_does():
    collections = {path for path in operations() if "{id}" not in path}
    besides = {path for path in collections if any(path.startswith(f"{other}/") for other in lines())}
    assert collections - besides - lines().keys() == set()
    assert lines().keys() - collections == {"analytics"}


def test_what_can_be_written_is_what_the_guide_says():
    wrong = {}
    for path, (writes, *_rest) in lines().items():
        there = operations().get(path, {}).keys() & {"post"}
        there |= operations().get(f"{path}/{{id}}", {}).keys() & {"patch", "delete"}
        if [WRITES[method] for method in WRITES if method in there] != [each for each in writes.split(", ") if each]:
            wrong[path] = sorted(there)
    assert wrong == {}


def test_every_word_to_a_record_stands_in_the_line_of_its_list():
    missing = []
    for path, methods in operations().items():
        home, _id, word = path.partition("/{id}/")
        if word:
            told, asked = lines()[home][1:]
            missing += [path for method in methods if f"`{word}`" not in (told if method == "post" else asked)]
    assert missing == []


def test_every_further_address_of_a_list_is_named():
    text = GUIDE.read_text()
    further = [path for path in operations() if "{id}" not in path and path not in lines()]
    questions = {path.removeprefix("analytics/") for path in further if path.startswith("analytics/")}
    assert [each for each in questions if f"`{each}`" not in text] == []
    assert [each for each in further if not each.startswith("analytics/") and f"{each}/" not in text] == []


def test_filters_and_orders_are_those_of_the_lists():
    wrong = {}
    for name, filters, orders in re.findall(r"^\| ([a-z]+) \|([^|]*)\|([^|]*)\|$", GUIDE.read_text(), re.MULTILINE):
        parameters = {each["name"]: each for each in operations()[name]["get"]["parameters"] if each["in"] == "query"}
        there = parameters.keys() - {"page", "page_size", "ordering"}
        sorting = parameters["ordering"]["schema"]["items"]["enum"]
        said = set(re.findall(r"`(\w+)`", filters)), set(re.findall(r"`(\w+)`", orders))
        if said != (there, {each for each in sorting if not each.startswith("-")}):
            wrong[name] = (there, sorting)
    assert wrong == {}
