"""Lines of Today: their order, who may see them, and what was put off."""

from datetime import date

from django.db.models import DateField, Value
from django.db.models.functions import Cast, Upper

from core import attention
from core.attention import Line, Scope, Source, as_rows, lines_for
from organizations.models import Organization
from tests.factories.organizations import make_organization

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


def test_rows_of_several_sources_come_in_one_statement_and_sorted(in_alpha, monkeypatch, django_assert_num_queries):
    names = ["Zeta Tools", "Alder Chemicals", "Mill Street Robotics"]
    records = Organization.objects.filter(pk__in=[make_organization(name=name).pk for name in names])

    def of(name: str, order: int, **columns) -> Source:
        def lines(actor, scope):
            return [Line(f"{name}-{row.pk}", row.subject, row.note, row.detail) for row in scope.found[name]]

        return Source(name, f"x.view_{name}", lines, order, rows=lambda actor, scope: [as_rows(records, 2, **columns)])

    texts = {"subject": "name", "detail": Upper("name"), "note": "country", "number": "pk"}
    sources = [of("a", 2, day="created_at", **texts), of("b", 1, day=Cast(Value(None), DateField()), subject="name")]
    monkeypatch.setattr(attention, "_sources", {each.name: each for each in sources})
    scope = Scope(today=date(2026, 5, 4), owner_id=None, most=9)
    with django_assert_num_queries(1):
        lines = lines_for(Reader("x.view_a", "x.view_b"), scope)
    first, second = records.order_by("pk")[:2]
    assert [line.key for line in lines] == [f"{name}-{each.pk}" for name in "ba" for each in (first, second)]
    assert [(line.subject, line.reason, line.url) for line in lines[2:]] == [
        (each.name, each.name.upper(), each.country) for each in (first, second)
    ]
    assert [row.number for row in scope.found["a"]] == [first.pk, second.pk]
    assert [tuple(row)[3:] for row in scope.found["b"]] == [(None, "", "", None)] * 2
