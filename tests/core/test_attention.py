"""Lines of Today: their order, who may see them, and what was put off."""

from datetime import date

from core import attention
from core.attention import Line, Scope, Source, lines_for

SCOPE = Scope(today=date(2026, 5, 4), owner_id=None, most=2)


class Reader:
    """Somebody who may whatever is named."""

    def __init__(self, *codes: str):
        self.codes = codes

    def may(self, code: str) -> bool:
        return code in self.codes


def plant(monkeypatch, **sources: tuple[int, list[str]]) -> list[str]:
    """Sources by name, each with its order and the keys of its lines; answers a list of those that were asked."""
    asked: list[str] = []

    def source(name: str, order: int, keys: list[str]) -> Source:
        def read(actor, scope):
            asked.append(name)
            return [Line(key=key, subject=key, url="/", reason="because") for key in keys]

        return Source(name, f"x.view_{name}", read, order)

    monkeypatch.setattr(attention, "_sources", {name: source(name, *given) for name, given in sources.items()})
    return asked


def test_lines_stand_in_the_order_of_their_sources(monkeypatch):
    plant(monkeypatch, late=(20, ["b-1"]), early=(10, ["a-1"]))
    assert [line.key for line in lines_for(Reader("x.view_late", "x.view_early"), SCOPE)] == ["a-1", "b-1"]


def test_what_was_put_off_makes_room_for_the_next_source(monkeypatch):
    asked = plant(monkeypatch, first=(1, ["a-1", "a-2"]), second=(2, ["b-1"]))
    lines = lines_for(Reader("x.view_first", "x.view_second"), SCOPE, put_off={"a-2"})
    assert [line.key for line in lines] == ["a-1", "b-1"]
    assert asked == ["first", "second"]


def test_a_source_that_one_may_not_see_is_not_asked(monkeypatch):
    asked = plant(monkeypatch, first=(1, ["a-1"]), second=(2, ["b-1"]))
    assert [line.key for line in lines_for(Reader("x.view_second"), SCOPE)] == ["b-1"]
    assert asked == ["second"]
