"""The board pack: what goes in, that it says what the pages say, who may have it, and the record of it."""

import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typst
from django.conf import settings

from core.tenancy.scope import tenant_transaction
from reporting.pack import SHADES, TEMPLATE, pack_of
from reporting.registry import question_of
from reporting.views import board_pack
from tenants.models import Export
from tests.api_kit import counted
from tests.reporting.generated import fill

SIX = ["health", "money", "pipeline", "turnaround", "outcomes", "talent"]
MOST = 55


@pytest.fixture
def generated(alpha):
    with tenant_transaction(alpha.id):
        fill(alpha)
    return alpha


@pytest.fixture
def made(monkeypatch):
    """The data of which packs were set."""
    seen = []

    def keep(*args, **kwargs):
        seen.append(pack_of(*args, **kwargs))
        return seen[-1]

    monkeypatch.setattr(board_pack, "pack_of", keep)
    return seen


def address(office) -> str:
    return f"{office.prefix}/insights/board-pack/"


def exports(office) -> list[Export]:
    with tenant_transaction(office.id):
        return list(Export.objects.all())


def asked(title: str = "Autumn", questions=SIX) -> dict:
    return {"title": title, "questions": questions}


def inside(pdf: bytes) -> bytes:
    """The document with its packed parts unpacked."""
    parts = [pdf]
    for part in pdf.split(b"stream\n")[1:]:
        try:
            parts.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return b"\n".join(parts)


def set_of(data: dict, selector: str) -> list[dict]:
    """What the template makes of the data, by the setter's own reading of the finished document."""
    path = str(Path(settings.BASE_DIR) / "templates" / TEMPLATE)
    return json.loads(typst.query(path, selector, sys_inputs={"data": json.dumps(data)}))


class PageNumbers(HTMLParser):
    """What a page of questions shows: the lines of each table, and the figures, without words for screen readers."""

    def __init__(self, page: str):
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.figures: list[str] = []
        self._into: list[str] | None = None
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._into = self.tables[-1][-1]
        elif tag == "dd":
            self.figures.append("")
            self._into = self.figures
        self._hidden += tag == "span" and (bool(self._hidden) or given.get("class") == "sr")

    def handle_endtag(self, tag):
        self._hidden -= tag == "span" and bool(self._hidden)
        if tag in ("td", "th", "dd"):
            self._into = None

    def handle_data(self, data):
        if self._into is not None and not self._hidden:
            self._into[-1] = " ".join(f"{self._into[-1]}{data}".split(" "))


def words_of(content: dict) -> str:
    if "children" in content:
        return "".join(words_of(each) for each in content["children"])
    return content.get("text") or words_of(content["body"]) if content.get("func") != "space" else " "


def test_the_form_offers_what_may_be_asked_and_six_are_chosen(generated, client_of):
    page = client_of(generated, "administrator").get(address(generated), {"country": "DK"})
    form = page.context["form"]
    assert page.status_code == 200
    assert form["questions"].value() == SIX
    assert [code for code, _label in form.fields["questions"].choices][:7] == [*SIX, "stages"]
    assert [chip["value"] for chip in page.context["chips"]] == ["Denmark"]
    narrow = client_of(generated, "researcher").get(address(generated)).context["form"]
    assert "turnaround" not in [code for code, _label in narrow.fields["questions"].choices]


def test_the_insights_page_leads_to_it_with_its_filter(generated, client_of):
    text = client_of(generated).get(f"{generated.prefix}/insights/", {"country": "DK"}).content.decode()
    assert "insights/board-pack/?country=DK" in text


def test_the_pdf_says_what_the_pages_say(generated, client_of, made):
    client = client_of(generated, "administrator")
    panels = client.get(f"{generated.prefix}/insights/").context["panels"]
    answer = client.post(address(generated), asked())
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="autumn-')
    assert [each["finding"] for each in made[0]["questions"]] == [panel.answer.finding for panel in panels]
    headings = set_of(made[0], "heading.where(outlined: true)")
    assert [words_of(each["body"]) for each in headings] == [panel.answer.finding for panel in panels]
    for part, panel in zip(made[0]["questions"], panels, strict=True):
        assert len(part["rows"]) == len(panel.answer.rows)
        assert len(part["head"]) == len(panel.answer.columns) + 1
        assert [each["label"].split(",")[0] for each in part["figures"]] == [
            each.label.split(",")[0] for each in panel.answer.figures
        ]
    tables = [each for each in set_of(made[0], "table") if each]
    assert len(tables) == sum(bool(part["rows"]) for part in made[0]["questions"])


def test_the_pdf_is_tagged_and_has_its_pages_counted(generated, client_of, made):
    content = client_of(generated, "administrator").post(address(generated), asked()).content
    data = inside(content)
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in data
    assert b"/Outlines" in data
    path = Path(settings.BASE_DIR) / "templates" / TEMPLATE
    pictures = typst.compile(str(path), format="png", ppi=20, sys_inputs={"data": json.dumps(made[0])})
    assert len(pictures) >= 8, "cover, contents, and a page for each question"
    assert f"/Count {len(pictures)}".encode() in data


def test_the_filter_and_the_order_of_the_pages_hold(generated, client_of, made):
    client = client_of(generated, "administrator")
    client.post(f"{address(generated)}?tier=key&first_year=2024", asked(questions=["stages", "money", "health"]))
    data = made[0]
    assert [part["code"] for part in data["questions"]] == ["health", "money", "stages"]
    facts = dict(data["facts"])
    assert "Key" in facts["Selection"]
    assert "<" not in json.dumps([data["facts"], [part["source"] for part in data["questions"]]])
    assert facts["Period"].startswith("Fiscal years: 2024")
    panel = client.get(f"{generated.prefix}/insights/", {"tier": "key", "first_year": 2024}).context["panels"][1]
    assert data["questions"][1]["finding"] == panel.answer.finding


def test_it_is_on_the_record(generated, client_of):
    client_of(generated, "viewer").post(f"{address(generated)}?country=DK", asked(questions=["health", "risks"]))
    [record] = exports(generated)
    assert (record.member.email, record.list_code, record.file_format, record.rows) == (
        "viewer@alpha.example", "board-pack", "pdf", 2,
    )  # fmt: skip
    assert record.query == "country=DK&questions=health,risks"


def test_every_number_of_the_pages_is_in_the_pack(generated, client_of, made):
    """Cell by cell and figure by figure, as the reader of the page sees them."""
    client = client_of(generated, "administrator")
    shown = PageNumbers(client.get(f"{generated.prefix}/insights/").content.decode())
    client.post(address(generated), asked())
    parts = [part for part in made[0]["questions"] if part["rows"]]
    assert len(parts) == len(shown.tables) > 3
    for part, lines in zip(parts, shown.tables, strict=True):
        kept = [part["head"], *part["rows"], *([part["totals"]] if part["totals"] else [])]
        assert kept == lines, part["code"]
    figures = [each for part in made[0]["questions"] for each in part["figures"]]
    assert [" ".join([each["value"], *each["facts"]]) for each in figures] == shown.figures
    assert any(each["facts"] for each in figures)


def test_shaded_tables_have_the_shades_of_the_page(generated, client_of, made):
    client = client_of(generated, "administrator")
    client.post(address(generated), asked(questions=["health", "money", "stages", "channels"]))
    [health, money, stages, channels] = made[0]["questions"]
    for part, where in ((health, "insights/"), (stages, "insights/portfolio/"), (channels, "insights/channels/")):
        page = client.get(f"{generated.prefix}/{where}").content.decode()
        table = page[page.index(f'id="{part["code"]}"') :].partition("<tbody>")[2].partition("</tbody>")[0]
        classes = [re.findall(r'<td class="([^"]*)"', line) for line in table.split("</tr>")[:-1]]
        steps = [[int(each[-1]) if each.startswith("heat") else None for each in line] for line in classes]
        assert part["shades"] == steps, part["code"]
        assert max(step for line in steps for step in line if step is not None) == 7
        assert part["shaded"] == [False, *(step is not None for step in steps[0])]
    assert (money["shades"], any(money["shaded"])) == ([], False)
    path = str(Path(settings.BASE_DIR) / "templates" / TEMPLATE)
    pages = typst.compile(path, format="svg", sys_inputs={"data": json.dumps({**made[0], "questions": [channels]})})
    steps = [step for line in channels["shades"] for step in line if step]
    for step, (ground, _text) in enumerate(SHADES, start=1):
        assert sum(page.decode().count(f'fill="{ground}"') for page in pages) == steps.count(step)


@pytest.mark.parametrize("given", [{"title": "Autumn"}, asked(questions=["nothing"]), asked(title="")])
def test_without_a_question_or_a_title_the_form_is_kept_and_nothing_recorded(generated, client_of, given):
    answer = client_of(generated).post(f"{address(generated)}?country=DK", given)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert answer.context["form"]["title"].value() == given["title"]
    assert [chip["value"] for chip in answer.context["chips"]] == ["Denmark"]
    assert exports(generated) == []


def test_who_may_not_ask_a_question_does_not_get_it_in_a_pack(generated, client_of):
    answer = client_of(generated, "researcher").post(address(generated), asked(questions=["turnaround"]))
    assert answer.status_code == 422
    assert exports(generated) == []


def test_nobody_from_elsewhere_makes_one(generated, beta, client_of):
    assert client_of(beta).post(address(generated), asked()).status_code in (403, 404)
    assert exports(generated) == []


def test_a_filter_that_the_record_cannot_hold_is_refused(generated, client_of):
    many = "&".join(["tier=key"] * 400)
    answer = client_of(generated).post(f"{address(generated)}?{many}", asked())
    assert answer.status_code == 422
    assert exports(generated) == []


def test_an_empty_office_has_a_pack_too(alpha, client_of):
    every = [code for code, _label in client_of(alpha).get(address(alpha)).context["form"].fields["questions"].choices]
    assert client_of(alpha).post(address(alpha), asked(questions=every)).status_code == 200


def test_all_questions_cost_a_bounded_number_of_statements(generated, client_of):
    client = client_of(generated, "administrator")
    every = [code for code, _label in client.get(address(generated)).context["form"].fields["questions"].choices]
    with counted() as statements:
        assert client.post(address(generated), asked(questions=every)).status_code == 200
    assert len(statements) <= MOST
    assert all(question_of(code) for code in every)
