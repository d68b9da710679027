"""The place of the built front end."""

from pathlib import Path

import pytest

from embedded import commands, frontend
from embedded.console import DevError


def test_every_command_finds_a_place_for_the_front_end_before_it_is_built(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(frontend, "_DIST", tmp_path / "static" / "dist")

    with pytest.raises(DevError, match="knows only --write-openapi"):
        commands.run("check", ["--nothing-known"])

    assert (tmp_path / "static" / "dist").is_dir()
    assert not frontend.built_files()
